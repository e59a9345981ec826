"""Whatever comes that cannot be meant is refused in the envelope, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from aim import bodies_of, contract_of, operations_of
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from media import png
from memories_stage import LONG, Api, good

from understudy.contracts.exchange import Headers, Request
from understudy.mocks import Fake
from understudy.mocks.answer import Reply

NAME = "memories/v1"
KEY = "sk-test"
OPERATIONS = contract_of(NAME).operations
EVERY = operations_of(NAME)
TAKING = [name for name in EVERY if bodies_of(OPERATIONS[name])]
FORMS = [name for name in TAKING if "application/json" not in bodies_of(OPERATIONS[name])]
WORDS = [name for name in TAKING if name not in FORMS]
NAMING = ("get_video_transcription", "get_audio_transcription", "generate_summary", "download",
          "chat", "delete_videos")  # fmt: skip
ODD = ["\0", "a\0b", "..", "../../etc/passwd", "\N{CLAPPER BOARD}", "-1", "9" * 400, "VI", " ",
       "VI" + "9" * 18, "null", "' or 1=1", "\ud7ff"]  # fmt: skip
DEEP = b"[" * 100_000
HUGE = b"9" * 400


@pytest.fixture(scope="module")
def stocked() -> Fake:
    """A tenant with a parsed video, one on its way, a session, an image and a task."""
    fake = Fake("memories", time="manual")
    api = Api(fake, KEY)
    video = api.upload()
    fake.clock.advance(LONG)
    api.upload()
    good(api.post("chat", {"video_nos": [video], "prompt": "Who?"}))
    good(api.post("scraper_url", {"video_urls": ["https://youtu.be/fox"]}))
    good(api.post("upload_img", files={"files": ("fox.png", png())}))
    return fake


@pytest.fixture
def unchanged(stocked: Fake) -> Iterator[Fake]:
    """The same, held against what it was before the test."""
    before = shown(stocked)
    yield stocked
    assert shown(stocked) == before


def ask(
    fake: Fake,
    operation: str,
    body: bytes = b"",
    *,
    query: str = "",
    media_type: str = "application/json",
    method: str = "",
) -> Reply:
    """The reply to a request in whose parts any bytes may be."""
    lines = [("host", "127.0.0.1"), ("authorization", KEY)]
    if body:
        lines.append(("content-type", media_type))
    at = OPERATIONS[operation]
    path = f"/memories{at.template}"
    request = Request(method or at.method, path, query, Headers(lines), body)
    return fake.engine.handle(request, wire=False)


def refused(reply: Reply, *statuses: int) -> str:
    """Check the envelope, and answer the message."""
    assert isinstance(reply.body, bytes), reply
    assert reply.status in (statuses or (200,)), (reply.status, reply.body)
    body = orjson.loads(reply.body)
    assert set(body) == {"code", "msg", "data", "success", "failed"}, body
    assert body["code"] in ("0001", "0003"), body
    assert body["data"] is None and body["failed"] is True and body["msg"]
    assert len(reply.body) < 4000
    return str(body["msg"])


@pytest.mark.parametrize("name", EVERY)
def test_bad_method__refused(unchanged: Fake, name: str) -> None:
    """A method that the path does not take is a 405 that names the one that it takes."""
    for method in ("PUT", "TRACE", "CONNECT", "get", "M" * 1000, "É"):
        reply = ask(unchanged, name, method=method)
        refused(reply, 405)
        assert OPERATIONS[name].method in dict(reply.headers)["allow"]


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize(
    "body",
    [
        b"{", b"nul", b"\xff\xfe", b'{"a": NaN}', b'"text"', b"5", b"true", DEEP, HUGE,
        b"[" + HUGE + b"]", b'{"a": ' + DEEP, b"[null]", b'[{"video_no": 1}]', b'{"a":1}}',
    ],
    ids=range(14),
)  # fmt: skip
def test_bad_json__refused(unchanged: Fake, name: str, body: bytes) -> None:
    """What is no JSON, no object or list that is wanted, too deep, or too long a number."""
    refused(ask(unchanged, name, body))


@pytest.mark.parametrize("name", TAKING)
@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "nonsense", "a/b; c=\x01"])
def test_bad_media_type__refused(unchanged: Fake, name: str, media_type: str) -> None:
    """415 in the envelope."""
    refused(ask(unchanged, name, b"x", media_type=media_type), 415)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("body", [b"", b"a=b", b"\xff\xff", b"--x\r\n", b"url=&file=&files="])
def test_bad_form__refused(unchanged: Fake, name: str, body: bytes) -> None:
    """A form without what it needs, or that is none."""
    media_type = bodies_of(OPERATIONS[name])[0]
    if "multipart" in media_type:
        media_type += "; boundary=x"
    refused(ask(unchanged, name, body, media_type=media_type))


@pytest.mark.parametrize("family", ["v1", "video"])
@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize("number", ODD)
def test_bad_number__refused(unchanged: Fake, family: str, name: str, number: str) -> None:
    """Whatever is no number of a video here, in query or body."""
    api = Api(unchanged, KEY, family)
    responses = {
        "chat": lambda: api.post(name, {"video_nos": [number], "prompt": "Who?"}),
        "download": lambda: api.post(name, {"video_no": number}),
        "delete_videos": lambda: api.post(name, [number]),
    }
    asked = {"video_no": number, "type": "TOPIC"}
    response = responses.get(name, lambda: api.get(name, **asked))()
    assert response.status_code == 200
    assert response.json()["code"] == "0001", response.text


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("list_videos", {"page": 0}),
        ("list_videos", {"page": -1}),
        ("list_videos", {"page": "1"}),
        ("list_videos", {"page": 1.5}),
        ("list_videos", {"page": 10**30}),
        ("list_videos", {"size": 1001}),
        ("list_videos", {"size": True}),
        ("list_videos", {"status": "ready"}),
        ("list_videos", {"video_no": 5}),
        ("list_videos", {"unique_id": ["a"]}),
        ("search", {"search_param": "fox", "search_type": "BY_TEXT"}),
        ("search", {"search_param": "fox", "top_k": 0}),
        ("search", {"search_param": "fox", "filtering_level": "extreme"}),
        ("search", {"search_param": "x" * 10_001}),
        ("search", {"search_type": "BY_VIDEO"}),
        ("marketer_chat", {"prompt": "Who?", "type": "VIMEO"}),
        ("marketer_chat", {"prompt": "Who?", "session_id": "612000000000000777"}),
        ("marketer_chat", {"prompt": "Who?", "session_id": 1.5}),
        ("scraper_url", {"video_urls": "https://youtu.be/a"}),
        ("scraper_url", {"video_urls": ["https://youtu.be/a"], "quality": "best"}),
        ("delete_videos", []),
        ("delete_videos", ["VI1"] * 101),
        ("delete_videos", {"video_no": "VI1"}),
        ("delete_videos", [1]),
    ],
)
@pytest.mark.parametrize("family", ["v1", "video"])
def test_bad_value__refused(unchanged: Fake, family: str, name: str, body: object) -> None:
    """Each bound of each field."""
    name = f"{family}-{name.replace('_', '-')}"
    refused(ask(unchanged, name, orjson.dumps(body) if body != {"page": 10**30} else b'{"page":1' +
                b"0" * 30 + b"}"))  # fmt: skip


@pytest.mark.parametrize("page", ["0", "a", "-1", "1e999", "%00", ""])
def test_bad_page__refused(unchanged: Fake, page: str) -> None:
    """A page is a whole number from 1 on."""
    refused(ask(unchanged, "video-list-sessions", query=f"page={page}"))


@given(body=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["video_nos", "prompt", "session_id", "search_param", "page", "size",
                         "video_urls", "video_no", "unique_id", "folder_id", "tag"]) | st.text(),
        inner,
    ),
    max_leaves=12,
), name=st.sampled_from(WORDS))  # fmt: skip
@settings(deadline=None, max_examples=100)
def test_any_json__is_answered_on_contract(body: Any, name: str) -> None:
    """No body of any shape makes a 5xx, and each answer is an envelope, a stream or a file."""
    try:
        content = orjson.dumps(body)
    except TypeError:  # beyond 64 bits, or half a surrogate
        return
    with Fake("memories", time="manual") as fake:
        reply = ask(fake, name, content)
    assert reply.status == 200
    if isinstance(reply.body, bytes) and dict(reply.headers)["content-type"] == "application/json":
        assert set(orjson.loads(reply.body)) == {"code", "msg", "data", "success", "failed"}
