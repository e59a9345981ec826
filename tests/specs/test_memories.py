"""Memories.ai: every name in both families, wire types as recorded, refusals at 200."""

from importlib.resources import files

import pytest
import yaml
from jsonschema import Draft202012Validator

from understudy.contracts.golden import golden
from understudy.contracts.lifecycle import load_lifecycles

FOLDER = files("understudy.specs") / "memories"
DOCUMENT = yaml.safe_load((FOLDER / "v1.yaml").read_text("utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
GETS = {
    "get_video_transcription",
    "get_audio_transcription",
    "generate_summary",
    "list_sessions",
    "get_session_detail",
    "get_folder",
    "get_video_ids_by_task_id",
}
POSTS = {
    "upload_url",
    "upload",
    "list_videos",
    "search",
    "chat",
    "chat_stream",
    "marketer_chat",
    "marketer_chat_stream",
    "delete_videos",
    "scraper_url",
    "upload_img",
    "download",
}
RECORDED = {
    "video": {"upload_url", "list_videos", "search", "get_video_transcription", "delete_videos",
              "generate_summary", "list_sessions", "get_session_detail"},
    "v1": {"chat", "marketer_chat", "get_audio_transcription"},
}  # fmt: skip


def _family(name: str) -> dict[str, tuple[str, dict]]:
    prefix = f"/serve/api/{name}/"
    return {
        path.removeprefix(prefix): next(iter(item.items()))
        for path, item in DOCUMENT["paths"].items()
        if path.startswith(prefix)
    }


def test_document__has_every_name_in_both_families():
    """The same names, methods, parameters, bodies and replies below both paths, and no other."""
    one, other = _family("v1"), _family("video")
    assert len(one) + len(other) == len(DOCUMENT["paths"])
    for family in (one, other):
        methods = {name: method for name, (method, _) in family.items()}
        assert methods == dict.fromkeys(GETS, "get") | dict.fromkeys(POSTS, "post")
    own = ("operationId", "x-provenance")
    for name in one:
        left, right = ({k: v for k, v in f[name][1].items() if k not in own} for f in (one, other))
        assert left == right


def test_document__tells_what_was_recorded():
    """The operations of the notebook, by the family in which it called them."""
    for family, names in RECORDED.items():
        told = {
            name
            for name, (_, operation) in _family(family).items()
            if operation["x-provenance"]["label"] == "recorded"
        }
        assert told == names


def test_document__takes_the_key_bare_or_as_a_bearer():
    """Two schemes over one header, either of which will do."""
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert DOCUMENT["security"] == [{"bearer": []}, {"key": []}]
    assert (schemes["key"]["in"], schemes["key"]["name"]) == ("header", "Authorization")
    assert schemes["bearer"] == {**schemes["bearer"], "type": "http", "scheme": "bearer"}


def test_document__every_success_may_be_a_refusal():
    """The envelope of a refusal is among the JSON replies with 200 of each operation."""
    refusal = {"code": "0001", "msg": "No.", "data": None, "success": False, "failed": True}
    components = {"components": DOCUMENT["components"]}
    for name, reply in DOCUMENT["components"]["responses"].items():
        schema = reply["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, **components})
        assert validator.is_valid(refusal), name
        assert not validator.is_valid({**refusal, "data": {}}), name
        assert not validator.is_valid({**refusal, "code": "0000"}), name


def _fits(schema: str, value: object) -> bool:
    rooted = {**SCHEMAS[schema], "components": DOCUMENT["components"]}
    return Draft202012Validator(rooted).is_valid(value)


VIDEO = {
    "duration": "653", "size": "169612362", "status": "PARSE", "cause": "null",
    "video_no": "VI611471886560694272", "video_name": "a", "create_time": "1755245460412",
}  # fmt: skip
PAGE = {"videos": [VIDEO], "current_page": 1, "page_size": 200, "total_count": "1"}
HIT = {"videoNo": VIDEO["video_no"], "videoName": "a", "startTime": "null", "endTime": "null"}


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ("Video", VIDEO, True),
        ("Video", VIDEO | {"duration": 653}, False),
        ("Video", VIDEO | {"create_time": 1755245460412}, False),
        ("Video", VIDEO | {"cause": None}, False),
        ("Video", VIDEO | {"status": "FAILED"}, False),
        ("Video", VIDEO | {"video_no": "611471886560694272"}, False),
        ("VideoPage", PAGE, True),
        ("VideoPage", PAGE | {"total_count": 1}, False),
        ("VideoPage", PAGE | {"page_size": "200"}, False),
        ("Hit", HIT, True),
        ("Hit", HIT | {"startTime": "13", "endTime": "18", "score": 0.52}, True),
        ("Hit", HIT | {"startTime": 13}, False),
        ("Hit", HIT | {"startTime": None}, False),
        ("VideoQuery", {}, True),
        ("VideoQuery", {"size": 0}, False),
        ("VideoNumbers", ["VI1"] * 100, True),
        ("VideoNumbers", ["VI1"] * 101, False),
        ("VideoNumbers", [], False),
        ("ChatRequest", {"video_nos": ["VI1"], "prompt": "p", "session_id": 1}, True),
        ("ChatRequest", {"video_nos": [], "prompt": "p"}, False),
        ("StreamLine", "Done", True),
        ("StreamLine", {"type": "content", "content": "a"}, False),
        ("Refusal", {"code": "0001", "msg": "", "data": None}, True),
        ("Refusal", {"code": 1, "msg": "", "data": None}, False),
    ],
)
def test_schema__draws_the_line_where_the_facts_do(schema, value, fits):
    """Texts where texts were recorded, numbers where numbers were."""
    assert _fits(schema, value) == fits


def test_lifecycles__have_the_recorded_statuses():
    """UNPARSE, then PARSE or FAIL with the recorded cause; polls are in both families."""
    lifecycles = load_lifecycles("memories")
    parsing = lifecycles["parsing"]
    assert set(parsing.transitions) == set(SCHEMAS["VideoStatus"]["enum"])
    assert parsing.failure().reason == "Indexing failed. "
    operations = {o["operationId"] for f in ("v1", "video") for _, o in _family(f).values()}
    for lifecycle in lifecycles.values():
        assert lifecycle.polls <= operations
        assert {poll.partition("-")[2] for poll in lifecycle.polls if poll.startswith("v1-")} == {
            poll.partition("-")[2] for poll in lifecycle.polls if poll.startswith("video-")
        }


def test_golden__everything_that_was_recorded_is_there():
    """A file holds what its name says, and each operation that was recorded has an exchange."""
    seen: dict[str, set[str]] = {}
    for each in golden("memories"):
        assert each.file == f"{each.label}.yaml"
        seen.setdefault(each.label, set()).add(each.operation)
    known = {
        f"{family}-{name.replace('_', '-')}" for family, names in RECORDED.items() for name in names
    }
    assert set(seen) == {"recorded", "documented"} and seen["recorded"] == known
