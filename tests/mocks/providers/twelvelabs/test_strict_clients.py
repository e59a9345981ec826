"""Laws for clients that take nothing but what their document says.

The client generated for Go from the document of mid 2025 is the strictest known: it decodes
integers, times and one-of without mercy. A hand-written wrapper around it doubles header lines.
Here its requests and its decoding are played on a real port, byte for byte where that matters.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection
from urllib.parse import quote

import httpx2
import pytest
from media import mp4
from stage import LONG, MODELS, NOBODY, new_index, new_task, new_video, upload

from understudy.contracts.json import Json
from understudy.mocks import Fake

AGENT = ("User-Agent", "OpenAPI-Generator/1.0.0/go")
KEY = ("x-api-key", "tlk_test")
JSON = ("Content-Type", "application/json")
BOUNDARY = "strict"
FORM = ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
URL = "https://media.example/red-fox.mp4?duration=61.7"

Lines = Iterable[tuple[str, str]]

INTEGERS = {
    *("width", "height", "size", "video_count", "total_count", "rank", "output_tokens"),
    *("page", "limit_per_page", "total_page", "total_results", "total_inner_matches"),
    *("ready", "validating", "pending", "queued", "indexing", "failed", "total_result"),
}
"""Fields that Go reads into int32; so are start and end, in chapters and highlights only."""
TIMES = {"created_at", "updated_at", "indexed_at", "expires_at", "page_expires_at", "ended_at"}

USAGE = {"output_tokens": int}
CHAPTER = {
    "chapter_number": int,
    "start": int,
    "end": int,
    "chapter_title": str,
    "chapter_summary": str,
}
HIGHLIGHT = {"start": int, "end": int, "highlight": str, "highlight_summary": str}
BRANCHES: Mapping[str, list[dict[str, object]]] = {
    "/summarize": [
        {"id": str, "summary": str, "usage": USAGE},
        {"id": str, "chapters": [CHAPTER], "usage": USAGE},
        {"id": str, "highlights": [HIGHLIGHT], "usage": USAGE},
    ],
    "/analyze": [{"id": str, "data": str, "usage": USAGE}],
    "/generate": [{"id": str, "data": str, "usage": USAGE}],
}


def matches(value: Json, shape: object) -> bool:
    """Whether a value decodes into a shape, with no field that the shape does not know."""
    if isinstance(shape, dict):
        known = isinstance(value, dict) and set(value) == set(shape)
        return known and all(matches(value[name], shape[name]) for name in shape)  # type: ignore[index, call-overload]
    if isinstance(shape, list):
        return isinstance(value, list) and all(matches(each, shape[0]) for each in value)
    return type(value) is shape


def fields(value: Json) -> Iterator[tuple[str, Json]]:
    """Every field at every depth, by its name."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name, each
            yield from fields(each)
    elif isinstance(value, list):
        for each in value:
            yield from fields(each)


def decoded(body: Json) -> None:
    """Fail as Go does: on a float in an integer's place, and on a time that is none."""
    for name, value in fields(body):
        if name in INTEGERS and not isinstance(value, list):
            assert type(value) is int, (name, value)
        if name in TIMES and value is not None:
            assert isinstance(value, str), (name, value)
            assert datetime.fromisoformat(value).utcoffset() is not None, (name, value)


def multipart(parts: Iterable[tuple[str, str | bytes]]) -> bytes:
    """A form; bytes are a file."""
    body = b""
    for name, value in parts:
        disposition = f'form-data; name="{name}"'
        content = value if isinstance(value, bytes) else value.encode()
        if isinstance(value, bytes):
            disposition += '; filename="film.mp4"'
        body += f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
        body += content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


class Strict:
    """Sends header lines as they are given, in their order, doubled where they are doubled."""

    def __init__(self, url: str) -> None:
        self._netloc = url.removeprefix("http://")

    def send(
        self, method: str, path: str, lines: Lines = (), body: bytes | Iterable[bytes] = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and the whole body; pieces are sent in chunks, without a length."""
        with closing(HTTPConnection(self._netloc, timeout=10)) as wire:
            wire.putrequest(method, f"/twelvelabs/v1.3{path}")
            for name, value in (AGENT, *lines):
                wire.putheader(name, value)
            if isinstance(body, bytes):
                wire.putheader("Content-Length", str(len(body)))
                wire.endheaders(body)
            else:
                wire.putheader("Transfer-Encoding", "chunked")
                wire.endheaders(body, encode_chunked=True)
            response = wire.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read()

    def json(self, method: str, path: str, content: Json = None, lines: Lines = (KEY,)) -> Json:
        """A body that Go decodes: its media type is JSON and every type is right."""
        body = b"" if content is None else json.dumps(content).encode()
        status, headers, answer = self.send(method, path, (*lines, JSON), body)
        assert status in (200, 201), answer
        assert headers["content-type"].startswith("application/json")
        shown: Json = json.loads(answer)
        decoded(shown)
        return shown


@pytest.fixture
def strict(fake: Fake) -> Strict:
    """A client on a port of its own."""
    return Strict(fake.serve())


@pytest.fixture
def video(fake: Fake, api: httpx2.Client, index: str) -> str:
    """A video whose length is no whole number of seconds."""
    return new_video(fake, api, index, URL)


@pytest.mark.parametrize("kind", ["summary", "chapter", "highlight"])
def test_one_of__summaries_match_exactly_one_branch(strict: Strict, video: str, kind: str) -> None:
    """No field that the document does not have, and whole seconds as integers."""
    shown = strict.json("POST", "/summarize", {"video_id": video, "type": kind})
    assert [matches(shown, branch) for branch in BRANCHES["/summarize"]].count(True) == 1


@pytest.mark.parametrize("path", ["/analyze", "/generate"])
def test_one_of__answers_match_the_branch_without_a_stream(
    strict: Strict, video: str, path: str
) -> None:
    """Id, text and usage alone, under both names."""
    asked: Json = {"video_id": video, "prompt": "Who runs?", "stream": False}
    assert matches(strict.json("POST", path, asked), BRANCHES[path][0])


def test_one_of__newer_fields_are_for_the_sdks_that_name_themselves(
    strict: Strict, video: str
) -> None:
    """The line of the generated SDKs makes the difference, whatever the agent says."""
    asked: Json = {"video_id": video, "type": "chapter"}
    told = strict.json("POST", "/summarize", asked, (KEY, ("X-Fern-Language", "JavaScript")))
    assert isinstance(told, dict)
    assert told["summarize_type"] == "chapter"
    agent = ("User-Agent", "twelvelabs/1.0.2")
    assert "summarize_type" not in dict(
        fields(strict.json("POST", "/summarize", asked, (KEY, agent)))
    )


def test_types__integers_and_times_everywhere(
    fake: Fake, api: httpx2.Client, strict: Strict, index: str, video: str
) -> None:
    """Each operation that answers with numbers or times, decoded as Go decodes it."""
    [task] = api.get("/tasks").json()["data"]
    parts = {"model_name": "marengo3.0", "video_url": URL, "video_embedding_scope": "clip"}
    files = {name: (None, value) for name, value in parts.items()}
    embedding = api.post("/embed/tasks", files=files).json()["_id"]
    fake.clock.advance(LONG)
    api.post("/tasks/transfers/import/bucket", json={"index_id": index})
    for path in (
        "/indexes",
        f"/indexes/{index}",
        f"/indexes/{index}/videos",
        f"/indexes/{index}/videos/{video}?embedding_option=visual-text&embedding_option=audio",
        "/tasks",
        f"/tasks/{task['_id']}",
        f"/tasks/status?index_id={index}",
        f"/tasks/transfers/import/bucket/status?index_id={index}",
        "/tasks/transfers/import/bucket/logs",
        "/embed/tasks",
        f"/embed/tasks/{embedding}",
        f"/embed/tasks/{embedding}/status",
    ):
        strict.json("GET", path)
    strict.json("POST", "/gist", {"video_id": video, "types": ["title", "topic", "hashtag"]})


def test_types__what_is_deleted_or_changed_has_no_body(
    strict: Strict, index: str, video: str
) -> None:
    """204 comes with nothing, for Go takes any byte for a fault."""
    place = f"/indexes/{index}/videos/{video}"
    for method, path, content in (
        ("PUT", f"/indexes/{index}", b'{"index_name": "renamed"}'),
        ("PUT", place, b'{"user_metadata": {"season": 2}}'),
        ("DELETE", place, b""),
        ("DELETE", f"/indexes/{index}", b""),
    ):
        status, headers, body = strict.send(method, path, (KEY, JSON), content)
        assert (status, body) == (204, b"")
        assert "content-type" not in headers


def test_search__pages_decode_strictly(strict: Strict, index: str, video: str) -> None:
    """Clips and groups of all pages, with counters as integers."""
    options = [("index_id", index), ("query_text", "fox"), ("threshold", "none")]
    options += [("search_options", "visual"), ("search_options", "audio"), ("page_limit", "1")]
    for group in ("clip", "video"):
        body = multipart([*options, ("group_by", group)])
        status, _, answer = strict.send("POST", "/search", (KEY, FORM), body)
        assert status == 200, answer
        shown = json.loads(answer)
        decoded(shown)
        assert shown["data"]
        token = shown["page_info"].get("next_page_token")
        if token:
            strict.json("GET", f"/search/{token}")


def test_lines__first_content_type_counts(strict: Strict, index: str) -> None:
    """Uploads come as multipart and, on a second line, as JSON; the other way round is JSON."""
    form = multipart([("index_id", index), ("video_url", URL)])
    status, _, body = strict.send("POST", "/tasks", (KEY, FORM, JSON), form)
    assert status == 200, body
    status, _, body = strict.send("POST", "/tasks", (KEY, JSON, FORM), form)
    assert status in (400, 415), body
    text = json.dumps({"index_name": "double", "models": MODELS}).encode()
    status, _, body = strict.send("POST", "/indexes", (KEY, JSON, JSON), text)
    assert status == 201, body


def test_lines__first_key_is_the_account(strict: Strict, index: str) -> None:
    """Two lines with the same key are that account; of two keys the first is taken."""
    other = ("x-api-key", "tlk_other")
    for lines, count in (((KEY, KEY), 1), ((KEY, other), 1), ((other, KEY), 0)):
        shown = strict.json("GET", "/indexes", lines=lines)
        assert isinstance(shown, dict)
        assert len(shown["data"]) == count  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_upload__in_chunks_without_a_length(
    fake: Fake, api: httpx2.Client, strict: Strict, index: str, size: int
) -> None:
    """A form whose length nobody knows is read to its end, wherever the chunks are cut."""
    film = mp4(duration=12.0)
    form = multipart([("index_id", index), ("video_file", film)])
    pieces = (form[at : at + size] for at in range(0, len(form), size))
    status, _, body = strict.send("POST", "/tasks", (KEY, FORM, JSON), pieces)
    assert status == 200, body
    fake.clock.advance(LONG)
    [video] = api.get(f"/indexes/{index}/videos").json()["data"]
    assert video["system_metadata"]["size"] == len(film)
    assert video["system_metadata"]["duration"] == 12


@pytest.mark.parametrize("path", ["/analyze", "/generate"])
def test_stream__every_line_ends(strict: Strict, video: str, path: str) -> None:
    """Chunked, one object a line, a newline after the last one too: JavaScript drops a tail."""
    asked = json.dumps({"video_id": video, "prompt": "Who runs?"}).encode()
    status, headers, body = strict.send("POST", path, (KEY, JSON), asked)
    assert status == 200
    assert headers["transfer-encoding"] == "chunked"
    *lines, tail = body.split(b"\n")
    assert tail == b""
    kinds = [json.loads(line)["event_type"] for line in lines]
    assert kinds[0] == "stream_start"
    assert kinds[-1] == "stream_end"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=ready,failed", 2),
        (quote("status=ready,failed", safe="="), 2),
        ("status=ready&status=failed", 2),
        ("status=ready", 1),
        ("status=uploading,indexing", 0),
    ],
)
def test_lists__comma_joined_or_repeated(
    fake: Fake, api: httpx2.Client, strict: Strict, index: str, query: str, count: int
) -> None:
    """Go joins statuses with commas, the others repeat them."""
    for url in (URL, "https://media.example/understudy-fail.mp4"):
        new_task(api, index, url)
    fake.clock.advance(LONG)
    shown = strict.json("GET", f"/tasks?{query}")
    assert isinstance(shown, dict)
    assert len(shown["data"]) == count  # type: ignore[arg-type]


def test_lists__model_options_of_indexes(api: httpx2.Client, strict: Strict, index: str) -> None:
    """Comma-joined options are options, all of which an index must have."""
    new_index(api, "other")
    for options, count in (("visual", 2), ("visual,audio", 2)):
        shown = strict.json("GET", f"/indexes?model_options={options}&model_family=marengo")
        assert isinstance(shown, dict)
        assert len(shown["data"]) == count  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/embed", [("model_name", "marengo3.0")]),
        ("/embed", [("model_name", "marengo3.0"), ("text", "fox"), ("text_truncate", "middle")]),
        ("/embed/tasks", [("model_name", "marengo3.0")]),
        ("/embed/tasks", [("model_name", "none"), ("video_url", URL)]),
    ],
)
def test_refusal__of_embeddings_has_the_three_fields(
    strict: Strict, path: str, parts: list[tuple[str, str | bytes]]
) -> None:
    """Go decodes a 400 of these into code, message and docs_url."""
    status, headers, body = strict.send("POST", path, (KEY, FORM, JSON), multipart(parts))
    assert status == 400
    assert headers["content-type"].startswith("application/json")
    assert matches(json.loads(body), {"code": str, "message": str, "docs_url": str})


def test_refusal__of_a_stream_is_no_stream(strict: Strict) -> None:
    """What is refused is refused before a stream begins, as JSON that every client decodes."""
    asked = json.dumps({"video_id": NOBODY, "prompt": "Who runs?"}).encode()
    status, headers, body = strict.send("POST", "/analyze", (KEY, JSON), asked)
    assert status == 404
    assert headers["content-type"].startswith("application/json")
    assert json.loads(body)["code"] == "resource_not_exists"


def test_sdk__null_temperature_of_older_ones(api: httpx2.Client, video: str) -> None:
    """Python 0.4.11 sends `temperature: null` unless told otherwise; it counts as left out."""
    for path in ("/analyze", "/generate"):
        asked = {"video_id": video, "prompt": "Who runs?", "stream": False}
        left_out = api.post(path, json=asked).json()
        shown = api.post(path, json={**asked, "temperature": None}).json()
        assert shown["data"] == left_out["data"]


def test_sdk__strings_for_booleans_in_forms(api: httpx2.Client, index: str) -> None:
    """Forms carry booleans in words, in lower case."""
    assert upload(api, index, URL, enable_video_stream="false").status_code == 200
    assert upload(api, index, URL, enable_video_stream="maybe").status_code == 400
