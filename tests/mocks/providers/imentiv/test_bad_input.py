"""Whatever comes that cannot be meant is refused in Imentiv's words, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from aim import bodies_of, contract_of, operations_of, path_of, wrong_method
from imentiv_stage import KINDS, LONG, NOBODY, Api
from junk import shown

from understudy.contracts.exchange import Headers, Request
from understudy.mocks import Fake
from understudy.mocks.answer import Reply

NAME = "imentiv/v1"
OPERATIONS = contract_of(NAME).operations
EVERY = operations_of(NAME)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TAKING = [name for name in EVERY if bodies_of(OPERATIONS[name])]
OF_JSON = [name for name in TAKING if JSON in bodies_of(OPERATIONS[name])]
OF_FORM = [name for name in TAKING if FORM in bodies_of(OPERATIONS[name])]
OF_PARTS = [name for name in TAKING if name not in (*OF_JSON, *OF_FORM)]
NAMING = [name for name in EVERY if "{" in OPERATIONS[name].template]
HUGE = "9" * 400

Ids = dict[str, str]
Stocked = tuple[Fake, Ids]


@pytest.fixture(scope="module")
def stocked() -> Stocked:
    """A tenant with completed media of each kind; no test of this file changes it."""
    fake = Fake("imentiv", time="manual")
    api = Api(fake)
    made = {kind: api.upload(kind)["id"] for kind in KINDS}
    fake.clock.advance(LONG)
    video = made["videos"]
    api.put(f"/v1/videos/{video}/faces/names", json=[{"face_id": 1, "name": "Ada"}])
    api.post(f"/v1/videos/{video}/report")
    api.post(f"/v2/videos/{video}/personality/analyze", {"face_id": 1})
    api.get(f"/v2/video/{video}/ai-insights")
    ids = {f"{kind[:-1]}_id": id for kind, id in made.items()}
    ids |= {"frame_id": "1", "face_id": "1", "segment_index": "0", "media_type": "video"}
    return fake, {**ids, "media_id": video}


@pytest.fixture
def unchanged(stocked: Stocked) -> Iterator[Stocked]:
    """The same, held against what it was before the test."""
    before = shown(stocked[0])
    yield stocked
    assert shown(stocked[0]) == before


def ask(
    fake: Fake,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    query: str = "",
    key: str | None = "imk_test",
    media_type: str = FORM,
) -> Reply:
    """The reply to a request in whose parts any bytes may be."""
    lines = [("host", "127.0.0.1"), *([("x-api-key", key)] if key is not None else [])]
    if body:
        lines.append(("content-type", media_type))
    request = Request(method, f"/imentiv{path}", query, Headers(lines), body)
    return fake.engine.handle(request, wire=False)


def call(stocked: Stocked, name: str, body: bytes = b"", **more: Any) -> Reply:
    """A call of the operation about things that are there."""
    fake, ids = stocked
    return ask(fake, OPERATIONS[name].method, path_of(OPERATIONS[name], ids), body, **more)


def refused(reply: Reply, *statuses: int) -> Any:
    """Check the envelope of a refusal, and answer its detail."""
    assert isinstance(reply.body, bytes)
    assert 400 <= reply.status < 500, (reply.status, reply.body[:300])
    assert not statuses or reply.status in statuses, (reply.status, reply.body[:300])
    body = orjson.loads(reply.body)
    assert set(body) == {"detail"}
    if not isinstance(body["detail"], str):
        assert reply.status == 422
        assert all(set(each) == {"loc", "msg", "type"} for each in body["detail"])
    assert body["detail"]
    return body["detail"]


@pytest.mark.parametrize("name", EVERY)
def test_bad_key__refused(unchanged: Stocked, name: str) -> None:
    """A wrong key or none is 401 in one sentence, whatever else is wrong."""
    for key in ("invalid-key", "not-a-real-key", "", None):
        reply = call(unchanged, name, key=key, query="page_size=no")
        assert refused(reply, 401) == "Invalid User or Not Authorized"


@pytest.mark.parametrize("name", EVERY)
def test_bad_method__refused(unchanged: Stocked, name: str) -> None:
    """A method that the path does not take is a 405 that names those that it takes."""
    path = path_of(OPERATIONS[name], unchanged[1])
    for method in (wrong_method(NAME, path), "TRACE", "get", "M" * 1000, "É"):
        reply = ask(unchanged[0], method, path)
        refused(reply, 405)
        assert OPERATIONS[name].method in dict(reply.headers)["allow"]


@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize(
    "odd", ["%00", "a%00b", "%FF%FE", "%", "%zz", "%F0%9F%8E%AC", "-1", "9" * 400, NOBODY]
)
def test_bad_id__refused(unchanged: Stocked, name: str, odd: str) -> None:
    """NUL bytes, broken text and numbers beyond all bounds instead of ids."""
    operation = OPERATIONS[name]
    reply = ask(unchanged[0], operation.method, path_of(operation, otherwise=odd))
    refused(reply, 404, 422)


@pytest.mark.parametrize("name", [each for each in NAMING if "{f" in OPERATIONS[each].template])
@pytest.mark.parametrize("odd", ["0", "-1", "1.5", "999999999999", HUGE, "٣", "1 ", "%31%00"])
def test_bad_frame_or_face__refused(unchanged: Stocked, name: str, odd: str) -> None:
    """Frames and faces are small whole numbers that are there."""
    operation, (fake, ids) = OPERATIONS[name], unchanged
    for part in ("frame_id", "face_id"):
        if part in operation.template and not (part == "face_id" and odd == "0"):
            path = path_of(operation, {**ids, part: odd})
            body = b"note=x&happy=1" if bodies_of(operation) else b""
            refused(ask(fake, operation.method, path, body), 404, 422)


QUERIES = {
    "page_size": ("0", "-1", "101", "1.5", "ten", HUGE),
    "direction": ("up", "FORWARD"),
    "face_id": ("x", "1.5", "%00"),
    "start_frame": ("x", "-1", "1.5", HUGE),
    "length": ("x", "-1", HUGE),
    "face_ids": ("1;2", "a", ",", "1,,2"),
    "media_type": ("image", "", "videos"),
    "stream": ("maybe", "2"),
    "%FF": ("1",),
}


def asked_of(name: str) -> set[str]:
    """The names that an operation takes in its query."""
    document, pointer = OPERATIONS[name].document, OPERATIONS[name].pointer
    node, _ = document.resolve(document.at(pointer))
    assert isinstance(node, dict)
    every = [document.resolve(each)[0] for each in node.get("parameters", [])]
    return {each["name"] for each in every if isinstance(each, dict) and each["in"] == "query"}


@pytest.mark.parametrize("name", EVERY)
def test_bad_query__refused(unchanged: Stocked, name: str) -> None:
    """Values that an operation's parameters do not take; what it does not know it ignores."""
    known = asked_of(name)
    for parameter, values in QUERIES.items():
        if parameter in known or parameter == "%FF":
            for value in values:
                reply = call(unchanged, name, query=f"{parameter}={value}")
                refused(reply, 422)


JUNK = {
    "not UTF-8": b'[{"name": "\xff\xfe"}]',
    "cut short": b'{"message": "wh',
    "deep": b"[" * 100_000,
    "huge number": b'[{"face_id": ' + HUGE.encode() + b', "speaker_id": 0, "name": 1}]',
    "NaN": b'[{"start_millis": NaN}]',
    "text": b'"films"',
    "null": b"null",
    "wrong types": orjson.dumps([{"face_id": "a", "name": 7, "start_millis": [], "segment": {}}]),
}


@pytest.mark.parametrize("name", OF_JSON)
@pytest.mark.parametrize("body", JUNK.values(), ids=JUNK)
def test_bad_json__refused(unchanged: Stocked, name: str, body: bytes) -> None:
    """No JSON, JSON of another shape, and fields of wrong types."""
    refused(call(unchanged, name, body, media_type=JSON), 422)


@pytest.mark.parametrize("name", TAKING)
def test_bad_media_type__refused(unchanged: Stocked, name: str) -> None:
    """A body of a type that the operation does not take."""
    for media_type in ("text/plain", "application/xml", ";", "multipart/form-data"):
        refused(call(unchanged, name, b"films", media_type=media_type), 415, 422)


FORMS = [
    ("update_emotion", "happy=-1"),
    ("update_emotion", "happy=1e999"),
    ("update_emotion", "happy=nan"),
    ("update_emotion", "happy=101"),
    ("update_emotion", "happy=0"),
    ("update_emotion", ""),
    ("edit_face_note", "text=x"),
    ("update_multiple", "frame_ids=1&current_face_id=1&new_face_id=0"),
    ("update_multiple", f"frame_ids=1&current_face_id=1&new_face_id={HUGE}"),
    ("update_multiple", f"frame_ids=1&current_face_id={HUGE}&new_face_id=9"),
    ("update_multiple", f"frame_ids=1,{HUGE}&current_face_id=1&new_face_id=9"),
    ("update_multiple", "frame_ids=1,0&current_face_id=1&new_face_id=9"),
    ("update_multiple", "frame_ids=1,&current_face_id=1&new_face_id=9"),
    ("update_multiple", "frame_ids=1,2,9999&current_face_id=1&new_face_id=9"),
    ("merge_face", "selected_face_id=1&merge_face_id=2,99"),
    ("merge_face", "selected_face_id=1&merge_face_id=2,1"),
    ("merge_face", f"selected_face_id={HUGE}&merge_face_id=2"),
    ("merge_face", "selected_face_id=1&merge_face_id="),
    ("delete_faces", "face_ids=2,99"),
    ("delete_faces", "face_ids="),
    ("delete_faces", "face_ids=1%00"),
    ("process_highlight", "video_id="),
    ("process_highlight", ""),
    ("edit_title_or_description_by_id", "title=" + "a" * 51),
    ("edit_title_or_description_by_id", "title=fine&description=" + "a" * 301),
    ("edit_image", "title=" + "a" * 151),
    ("edit_text", "text=%20%0A"),
    ("edit_text", "words=x"),
    ("upload_text", "title=x&text=%20"),
    ("upload_text", "title=&text=x"),
    ("reprocess_v", "reprocess=maybe"),
    ("reprocess_a", "reprocess=2"),
    ("trigger_personality", "face_id=99"),
    ("trigger_personality", f"face_id={HUGE}"),
    ("trigger_personality", "face_id=1&analysis_type=deep"),
    ("trigger_personality", "face_id=1.5"),
]


@pytest.mark.parametrize(("start", "form"), FORMS)
def test_bad_form__refused(unchanged: Stocked, start: str, form: str) -> None:
    """Fields that are missing, out of bounds, or name what is not there: all of it or nothing."""
    names = [each for each in EVERY if each.startswith(start) and each in OF_FORM]
    assert names
    for name in names:
        refused(call(unchanged, name, form.encode()), 400, 404, 422)


BATCHES: list[tuple[str, list[dict[str, object]]]] = [
    ("update_faces_names", [{"face_id": 1, "name": "Bo"}, {"face_id": 99, "name": "Cy"}]),
    ("update_faces_names", [{"face_id": 1, "name": "Bo"}, {"face_id": 2}]),
    ("update_faces_names", [{"face_id": 10**30, "name": "Bo"}]),
    ("update_speaker_names", [{"speaker_id": 0, "name": "Bo"}, {"speaker_id": 9, "name": "Cy"}]),
    ("update_highlight", [
        {"start_millis": 0, "end_millis": 5}, {"start_millis": 9, "end_millis": 9}
    ]),
    ("update_highlight", [{"start_millis": 0, "end_millis": 1e308}]),
    ("update_highlight", [{"start_millis": -1, "end_millis": 5}]),
    ("update_highlight", []),
    ("update_audio", [
        {"start_millis": 0, "end_millis": 5, "segment": "a", "speaker_id": 0},
        {"start_millis": 9, "end_millis": 5, "segment": "b", "speaker_id": 0},
    ]),
    ("update_audio", [{"start_millis": 0, "end_millis": 1e300, "segment": "a", "speaker_id": 0}]),
    ("update_audio", [{"start_millis": 0, "end_millis": 5, "segment": "a", "speaker_id": 10**19}]),
    ("update_speaker_face", []),
    ("update_speaker_face", [
        {"speaker_id": 0, "face_id": 1, "name": "Bo"}, {"speaker_id": 0, "face_id": 2, "name": "Cy"}
    ]),
    ("update_speaker_face", [
        {"speaker_id": 0, "face_id": 1, "name": "Bo"}, {"speaker_id": 1, "face_id": 1, "name": "Cy"}
    ]),
    ("update_speaker_face", [
        {"speaker_id": 0, "face_id": 1, "name": "Bo"}, {"speaker_id": 1, "face_id": 9, "name": "Cy"}
    ]),
    ("update_speaker_face", [{"speaker_id": 9, "face_id": 1, "name": "Bo"}]),
    ("update_speaker_face", [{"speaker_id": 0, "face_id": 1}]),
]  # fmt: skip


@pytest.mark.parametrize(("start", "batch"), BATCHES)
def test_bad_batch__refused_whole(
    unchanged: Stocked, start: str, batch: list[dict[str, object]]
) -> None:
    """One bad element refuses the batch, and the good ones before it change nothing."""
    name = next(each for each in OF_JSON if each.startswith(start))
    body = str(batch).replace("'", '"').encode()
    refused(call(unchanged, name, body, media_type=JSON), 400, 404, 422)


BOUNDARY = "multipart/form-data; boundary=x"


def parts(**fields: str) -> bytes:
    """A multipart form of texts; a name with a dot is a file."""
    lines = b""
    for name, value in fields.items():
        named = f'; filename="{value}"' if name.endswith("_file") else ""
        lines += f'--x\r\ncontent-disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()
        lines += value.encode() + b"\r\n"
    return lines + b"--x--\r\n"


@pytest.mark.parametrize("name", OF_PARTS)
def test_bad_upload__refused(unchanged: Stocked, name: str) -> None:
    """No title, no source, a wrong format, a window that is none, and what is no form."""
    kind = name.split("_")[1]
    url = {"image": "image_url", "audio": "media_url"}.get(kind, "video_url")
    good = {"title": "x", url: "https://x.example/a"}
    window = [{"start_millis": "5000"}, {"start_millis": "-1"}, {"end_millis": "1e300"},
              {"start_millis": "soon"}, {"start_millis": "1", "end_millis": "9"}]  # fmt: skip
    bad = [
        {},
        {"title": "x"},
        {"title": "", url: "https://x.example/a"},
        {"title": "x", f"{kind}_file": "a.exe"},
        *({**good, **each} for each in (window if kind != "image" else [])),
    ]
    for fields in bad:
        refused(call(unchanged, name, parts(**fields), media_type=BOUNDARY), 422)
    for junk in (b"", b"--x", b"--x--", b"--x\r\n\r\n\r\n--x--", b"\xff" * 100):
        refused(call(unchanged, name, junk, media_type=BOUNDARY), 415, 422)


def test_shown__sees_changes(stocked: Stocked) -> None:
    """What the other tests rely on: a single good call is noticed."""
    before = shown(stocked[0])
    assert call(stocked, "upload_text_v2_texts_post", b"title=x&text=y").status == 200
    assert shown(stocked[0]) != before
