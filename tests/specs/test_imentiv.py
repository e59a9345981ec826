"""Imentiv AI: nothing of the vendor's document is lost, its defects are mended, bounds are kept."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Form, Headers, Part, Request

HERE = Path(__file__).parent
DOCUMENT = yaml.safe_load((files("understudy.specs") / "imentiv" / "v1.yaml").read_text("utf-8"))
INVENTORY = yaml.safe_load((HERE / "imentiv-inventory.yaml").read_text("utf-8"))
LIFECYCLES = yaml.safe_load(
    (files("understudy.specs") / "imentiv" / "lifecycles.yaml").read_text("utf-8")
)["lifecycles"]
METHODS = ("get", "put", "post", "delete")
CALLS = {
    operation["operationId"]: (f"{method.upper()} {path}", item, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}
BOUNDS = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum"}
LENGTHS = {"length>=": "minLength", "length<=": "maxLength"}

DOWNLOADS = {
    "download_highlight_video_v1_videos__video_id__highlight_video_get": ["video/mp4"],
    "download_video_emotion_analysis_report_v1_videos__video_id__report_get": ["application/zip"],
    "download_audio_emotion_report_v1_audios__audio_id__report_get": ["text/csv"],
    "download_text_emotion_report_v1_texts__text_id__report_get": ["text/csv"],
    "download_image_emotion_report_v1_images__image_id__report_get": ["text/csv"],
    "send_image_v1_images__image_id__annotated_image_get": ["image/png", "image/jpeg"],
}
# The ids of a deletion may stand in the query, so the form is no longer required.
OPTIONAL = {"delete_faces_v1_videos__video_id__faces_delete"}
CHAT = "chat_ai_insights_v2__media_type___media_id__ai_insights_post"
MATCH = "update_speaker_face_match_v2_videos__video_id__speaker_face_match_put"


def resolve(node):
    """The node, local references followed; what stands beside a reference stays."""
    while "$ref" in node:
        target = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def branches(schema) -> list[dict]:
    """A schema, or its alternatives."""
    schema = resolve(schema)
    inner = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    return [schema, *(part for each in inner for part in branches(each))]


def types(schema) -> set[str]:
    """Every type that a schema or one of its alternatives admits."""
    kinds = [part["type"] for part in branches(schema) if "type" in part]
    return {name for kind in kinds for name in ([kind] if isinstance(kind, str) else kind)}


def properties(schema, prefix="") -> dict[str, tuple[dict, bool]]:
    """Every property by its dotted place, and whether it must be there."""
    found = {}
    for part in branches(schema):
        for name, inner in part.get("properties", {}).items():
            place = f"{prefix}.{name}" if prefix else name
            found[place] = (resolve(inner), name in part.get("required", []))
            found.update(properties(inner, place))
        for key, mark in (("items", "[]"), ("additionalProperties", ".*")):
            if isinstance(part.get(key), dict):
                found[f"{prefix}{mark}"] = (resolve(part[key]), False)
                found.update(properties(part[key], f"{prefix}{mark}"))
    return found


def agrees(told: str, schema, *, widened: bool = False) -> bool:
    """Whether a schema has the types, the bounds and the default of an inventory line.

    `widened` ones may be null besides: an empty field of a form, a body read in two ways.
    """
    words, _, default = told.removesuffix(" required").partition(" = ")
    kinds, _, rules = words.partition(" ")
    wanted = set(kinds.split("|"))
    if wanted != {"any"} and types(schema) - wanted - ({"null"} if widened else set()):
        return False
    if wanted != {"any"} and not wanted <= types(schema):
        return False
    held = {}
    for part in branches(schema):
        held.update(part)
    if "default" in held:
        ours = held["default"]
        spelt = ",".join(ours) if isinstance(ours, list) else str(ours)
        spelt = spelt.lower() if isinstance(ours, bool) else spelt or "''"
    else:
        spelt = ""
    return (not default or spelt == default) and bounded(rules, held)


def bounded(rules: str, held) -> bool:
    """Whether a schema has the bounds, the pattern and the constant that a line tells of."""
    kind, _, rest = rules.partition(" ")
    if kind in ("pattern", "const"):
        return held[kind] == rest
    for rule in rules.split():
        name = next(word for word in (*LENGTHS, *BOUNDS) if rule.startswith(word))
        if held[{**LENGTHS, **BOUNDS}[name]] != float(rule.removeprefix(name)):
            return False
    return True


def parameters(operation_id) -> dict[str, dict]:
    """The parameters of an operation by name."""
    _, item, operation = CALLS[operation_id]
    nodes = [*item.get("parameters", []), *operation.get("parameters", [])]
    return {parameter["name"]: parameter for parameter in map(resolve, nodes)}


def fits(schema: str, value) -> bool:
    """Whether a component accepts a value."""
    held = {**DOCUMENT["components"]["schemas"][schema], "components": DOCUMENT["components"]}
    return Draft202012Validator(held).is_valid(value)


def test_document__has_every_operation_and_no_other():
    """61 operations on 48 paths, named as the vendor names them."""
    assert {name: call for name, (call, *_) in CALLS.items()} == {
        name: known["call"] for name, known in INVENTORY.items()
    }
    assert (len(CALLS), len(DOCUMENT["paths"])) == (61, 48)


def test_document__stands_at_the_vendors_address_and_asks_for_the_key():
    """One server, and one header for every operation."""
    assert DOCUMENT["servers"] == [{"url": "https://api.imentiv.ai"}]
    scheme = DOCUMENT["components"]["securitySchemes"]["api-key"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "X-API-Key")
    assert DOCUMENT["security"] == [{"api-key": []}]
    assert all("security" not in operation for *_, operation in CALLS.values())


@pytest.mark.parametrize("name", INVENTORY)
def test_inventory__no_parameter_is_lost(name):
    """Name, place, type, bounds, default and need of each parameter are as documented."""
    ours = parameters(name)
    for parameter, told in INVENTORY[name].get("parameters", {}).items():
        place, _, rest = told.partition(" ")
        assert ours[parameter]["in"] == place, parameter
        assert ours[parameter].get("required", False) == told.endswith(" required"), parameter
        assert agrees(rest, ours[parameter]["schema"]), (parameter, told)


@pytest.mark.parametrize("name", INVENTORY)
def test_inventory__no_field_of_a_request_is_lost(name):
    """Media type, fields, bounds, defaults and need are as documented."""
    told = INVENTORY[name].get("request", {})
    assert bool(told) == ("requestBody" in CALLS[name][2])
    for heading, fields in told.items():
        need, _, media_type = heading.partition(" ")
        body = resolve(CALLS[name][2]["requestBody"])
        assert body.get("required", False) == (need == "required" and name not in OPTIONAL)
        assert list(body["content"]) == [media_type]
        ours = properties(body["content"][media_type]["schema"])
        for field, line in fields.items():
            schema, required = ours[field]
            # In the vendor's prose a name may be left out of the object with `mappings`.
            assert required == line.endswith(" required"), field
            assert agrees(line, schema, widened="form" in media_type), (field, line, schema)


@pytest.mark.parametrize("name", INVENTORY)
def test_inventory__no_field_of_a_reply_is_lost(name):
    """Statuses, media types, fields and bounds are as documented; downloads have real types."""
    responses = CALLS[name][2]["responses"]
    for status, contents in INVENTORY[name]["replies"].items():
        content = resolve(responses[str(status)])["content"]
        if name in DOWNLOADS:
            assert list(content) == DOWNLOADS[name]
            continue
        assert set(contents) == set(content)
        for media_type, fields in contents.items():
            ours = properties(content[media_type]["schema"])
            for field, line in fields.items():
                schema, required = ours[field]
                assert required == line.endswith(" required"), field
                assert agrees(line, schema), (field, line, schema)


def test_document__every_reply_that_the_prose_names_is_declared():
    """401, 405 and 422 everywhere, 404 wherever an id is named, the others where they belong."""
    held: dict[str, set[str]] = {}
    for name, (call, _, operation) in CALLS.items():
        assert {"401", "405", "422"} <= set(operation["responses"]), name
        assert "404" in operation["responses"] or "{" not in call, name
        for status in operation["responses"]:
            held.setdefault(status, set()).add(name)
    reports = {name for name in DOWNLOADS if "report" in name}
    assert held["202"] == reports | {"generate_pdf_report_v2_reports_pdf__media_id__get"}
    assert held["402"] == {
        "process_highlight_v1_videos_highlights_post",
        "update_highlight_video_v1_videos__video_id__highlights_put",
        "trigger_personality_analysis_v2_videos__video_id__personality_analyze_post",
    }
    assert held["403"] == {MATCH}
    assert held["500"] == {CHAT}
    assert held["400"] == {
        "merge_face_v1_videos__video_id__faces_put",
        "delete_faces_v1_videos__video_id__faces_delete",
        "update_highlight_video_v1_videos__video_id__highlights_put",
        "trigger_speaker_face_match_v2_videos__video_id__speaker_face_match_post",
        MATCH,
        CHAT,
    }


def test_document__a_422_may_be_a_list_or_a_sentence():
    """The vendor's schema knows the list alone; rules are broken in sentences."""
    item = {"loc": ["body", 0, "title"], "msg": "Field required", "type": "missing"}
    assert fits("HTTPValidationError", {"detail": [item]})
    assert fits("HTTPValidationError", {"detail": "A file or an address is needed."})
    assert not fits("HTTPValidationError", {"detail": [{"loc": "body"}]})
    assert not fits("HTTPValidationError", {"message": "no"})


def test_document__the_two_answers_about_an_annotated_video_exclude_each_other():
    """A link carries no status and no message, so strict clients can tell them apart."""
    running = {"video_id": "v", "message": "m", "status": "in progress"}
    link = {
        "video_id": "v",
        "download_url": "u",
        "filename": "f",
        "expires_in_minutes": 60,
        "expires_at": "2025-11-03T10:20:00Z",
    }
    names = ("AnnotatedVideoResponse", "SignedDownloadUrlResponse")
    assert [fits(name, running) for name in names] == [True, False]
    assert [fits(name, link) for name in names] == [False, True]


def test_document__conversations_stream_beside_json():
    """One success, two media types, and a schema for what an event carries."""
    content = CALLS[CHAT][2]["responses"]["200"]["content"]
    assert list(content) == ["application/json", "text/event-stream"]
    assert content["text/event-stream"]["x-event-schema"]
    assert parameters(CHAT)["stream"]["schema"]["default"] is True


@pytest.mark.parametrize(
    ("schema", "value", "good"),
    [
        ("VideoMetadataForm", {"title": "a" * 50, "description": "a" * 300}, True),
        ("VideoMetadataForm", {"title": "a" * 51}, False),
        ("VideoMetadataForm", {"description": "a" * 301}, False),
        ("ImageUpload", {"title": "a" * 150, "description": "a" * 300}, True),
        ("ImageUpload", {"title": "a" * 151}, False),
        ("ImageUpload", {"title": ""}, False),
        ("AudioMetadataForm", {"title": "a" * 1000}, True),
        ("Ids", "1,2,30", True),
        ("Ids", "1,,2", False),
        ("Ids", "", False),
        ("Score", -0.1, False),
        ("Millis", None, True),
        ("AnalysisType", "by_segment", True),
        ("AnalysisType", "all", False),
        ("PersonalityAnalysisStatus", {"status": "processing", "percentage": 40}, True),
        ("PersonalityAnalysisStatus", {"status": "processing", "percentage": 101}, False),
        ("PersonalityAnalysisStatus", {"status": "queue"}, False),
        ("AIInsightsChatRequest", {"message": "a" * 10_000}, True),
        ("AIInsightsChatRequest", {"message": "a" * 10_001}, False),
        ("ReplaceTranscriptRequest", {"transcript": "a", "format": "srt"}, False),
        ("TranscriptEmotions", {"max_emotion": {"label": "joy"}, "emotions": {"joy": 0.7}}, False),
        ("TranscriptEmotions", {"max_emotion": {"label": "joy"}, "emotions": {"joy": "1"}}, True),
        ("VideoResponse", {"id": "v", "status": "done"}, True),
        ("VideoResponse", {"id": "v", "status": "ready"}, False),
        ("VideoResponse", {"id": "v", "status": "queue", "fps": None}, False),
    ],
)
def test_schema__draws_the_line_where_the_facts_do(schema, value, good):
    """Values on either side of each documented bound."""
    assert fits(schema, value) == good


FORM = ("content-type", "application/x-www-form-urlencoded")
KEY = ("x-api-key", "k")


def violations(method, target, body=b"", headers=()):
    """What a request breaks."""
    path, _, query = target.partition("?")
    request = Request(method, path, query, Headers([KEY, *headers]), body)
    return Contract.load("imentiv/v1").read(request).violations


@pytest.mark.parametrize(
    ("method", "target", "body", "good"),
    [
        ("PUT", "/v1/videos/v", b"reprocess=True", True),
        ("PUT", "/v1/videos/v", b"reprocess=", True),
        ("PUT", "/v1/videos/v", b"reprocess=maybe", False),
        ("PUT", "/v1/images/i", b"reprocess=maybe", True),
        ("PUT", "/v1/videos/v", b"", True),
        ("PUT", "/v1/videos/v/frames/1/faces/1/emotions", b"happy=&sad=0.5", True),
        ("PUT", "/v1/videos/v/frames/1/faces/1/emotions", b"happy=glad", False),
        ("DELETE", "/v1/videos/v/faces", b"face_ids=1%2C2", True),
        ("DELETE", "/v1/videos/v/faces?face_ids=1,2", b"", True),
        ("DELETE", "/v1/videos/v/faces", b"face_ids=one", False),
        ("GET", "/v1/videos/v/frames?start_frame=&length=&face_ids=", b"", True),
        ("GET", "/v1/videos/v/frames?start_frame=-1", b"", False),
        ("GET", "/v1/videos/v/report/", b"", True),
        ("GET", "/v1/videos?page_size=100&limit=1", b"", True),
        ("GET", "/v1/videos?page_size=101", b"", False),
        ("GET", "/v2/reports/pdf/v?media_type=audio", b"", False),
        ("POST", "/v2/videos/v/ai-insights", b"{}", False),
    ],
)
def test_document__takes_what_clients_send(method, target, body, good):
    """Empty fields, Python's spellings, trailing slashes, names nobody reads; nothing worse."""
    headers = [FORM] if body else []
    assert (not violations(method, target, body, headers)) == good


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        ("POST /v1/videos/highlights", "process_highlight"),
        ("PUT /v1/videos/v/frames/faces", "update_multiple_faces"),
        ("DELETE /v1/audios/a/3", "delete_audio_segment"),
        ("GET /v2/reports/pdf/ai-insights", "generate_pdf_report"),
        ("GET /v2/video/pdf/ai-insights", "get_ai_insights_history"),
        ("GET /v1/audios/highlights/report", "download_audio_emotion_report"),
    ],
)
def test_document__paths_that_overlap_lead_where_they_should(call, operation):
    """A static segment goes before a parameter, whatever the order in the file."""
    method, _, path = call.partition(" ")
    route = Contract.load("imentiv/v1").route(method, path)
    assert route.operation.id.startswith(f"{operation}_v")


def test_uploads__numbers_may_be_empty_and_files_of_any_suitable_type():
    """What clients send in a multipart form: empty numbers, `True`, a file without a type."""
    head = ("content-type", "multipart/form-data; boundary=b")
    for kind, good in (("video/x-msvideo", True), (None, True), ("text/plain", False)):
        parts = [Part("title", b"a"), Part("start_millis", b""), Part("end_millis", b"")]
        form = Form((*parts, Part("video_file", b"x", "a.avi", kind, 1)))
        assert (not violations("POST", "/v2/videos", form, [head])) == good, kind
    form = Form((Part("title", b"a"), Part("speaker_diarization", b"False")))
    assert not violations("POST", "/v2/audios", form, [head])


def test_lifecycles__have_the_statuses_of_the_document():
    """Each lifecycle and the schema that shows it know the same statuses; polls exist."""
    schemas = DOCUMENT["components"]["schemas"]
    media, jobs = set(schemas["MediaStatus"]["enum"]), set(schemas["JobStatus"]["enum"])
    for name, lifecycle in LIFECYCLES.items():
        statuses = set(lifecycle["transitions"])
        if name.endswith("-analysis"):
            assert statuses == media, name
        elif name in ("highlights", "csv-report", "pdf-report"):
            assert statuses == jobs, name
        assert set(lifecycle["polls"]) <= set(CALLS), name
    annotation = set(schemas["AnnotationStatus"]["enum"])
    assert set(LIFECYCLES["annotated-video"]["transitions"]) == annotation
    traced_here = {
        trace["lifecycle"]
        for *_, operation in CALLS.values()
        for trace in operation.get("x-traces", [])
    }
    assert traced_here <= set(LIFECYCLES)
    assert {each["lifecycle"] for each in DOCUMENT["x-resources"].values()} <= set(LIFECYCLES)
