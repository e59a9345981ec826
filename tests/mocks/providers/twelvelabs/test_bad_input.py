"""Whatever comes that cannot be meant is refused in the provider's words, and changes nothing."""

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import orjson
import pytest
from aim import bodies_of, path_of
from junk import DEEP, FIELD, FILE, JUNK, TORN, form, shown
from stage import NOBODY, client_of, new_index
from twelvelabs_rows import STOCK
from twelvelabs_stage import EVERY, KEY, NAME, OPERATIONS, Ids, aimed, wrong_method

from understudy.contracts.exchange import Headers, Request
from understudy.contracts.redaction import alias
from understudy.mocks import Fake
from understudy.mocks.answer import Reply

TAKING = [name for name in EVERY if bodies_of(OPERATIONS[name])]
FORMS = [name for name in TAKING if "multipart/form-data" in bodies_of(OPERATIONS[name])]
WORDS = [name for name in TAKING if name not in FORMS]
# Any text is the id of an integration.
NAMING = [
    name
    for name in EVERY
    if "{" in (template := OPERATIONS[name].template) and "integration" not in template
]
VIDEO = "https://media.example/ferry.mp4"


@pytest.fixture(scope="module")
def stocked() -> tuple[Fake, Ids]:
    """A tenant with one of everything; no test of this file changes it."""
    fake = Fake(NAME, time="manual")
    return fake, {name: each for stock in STOCK for name, each in stock(fake).items()}


@pytest.fixture
def unchanged(stocked: tuple[Fake, Ids]) -> Iterator[tuple[Fake, Ids]]:
    """The same, held against what it was before the test."""
    fake, _ = stocked
    before = shown(fake)
    yield stocked
    assert shown(fake) == before


def ask(
    fake: Fake,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    query: str = "",
    key: str = KEY,
    media_type: str = "application/json",
) -> Reply:
    """The reply to a request in whose parts any bytes may be, past what client libraries let by."""
    lines = [("host", "127.0.0.1"), ("x-api-key", key)]
    if body:
        lines.append(("content-type", media_type))
    request = Request(method, f"/twelvelabs/v1.3{path}", query, Headers(lines), body)
    return fake.engine.handle(request, wire=False)


def call(stocked: tuple[Fake, Ids], name: str, body: bytes = b"", **more: Any) -> Reply:
    """A call of the operation about things that are there."""
    fake, ids = stocked
    return ask(fake, OPERATIONS[name].method, aimed(name, ids), body, **more)


def refused(reply: Reply, *statuses: int) -> str:
    """Check the envelope, and answer the message."""
    assert isinstance(reply.body, bytes)
    assert 400 <= reply.status < 500, reply
    assert not statuses or reply.status in statuses, (reply.status, reply.body)
    body = orjson.loads(reply.body)
    body = body.get("error", body)
    assert set(body) <= {"code", "message", "docs_url"}
    assert body["code"]
    assert body["message"]
    assert len(reply.body) < 4000
    return str(body["message"])


@pytest.mark.parametrize("name", EVERY)
def test_bad_key__refused(unchanged: tuple[Fake, Ids], name: str) -> None:
    """A wrong key and none at all: 401 at every operation, before anything else is looked at."""
    for key in ("invalid-key", "not-a-real-key"):
        assert "API key" in refused(call(unchanged, name, key=key), 401)
    fake, ids = unchanged
    path = f"/twelvelabs/v1.3{aimed(name, ids)}"
    nameless = Request(OPERATIONS[name].method, path, "", Headers([("host", "127.0.0.1")]), b"")
    assert "API key" in refused(fake.engine.handle(nameless, wire=False), 401)


@pytest.mark.parametrize("name", EVERY)
def test_bad_method__refused(unchanged: tuple[Fake, Ids], name: str) -> None:
    """A method that the path does not take is a 405 that names those that it takes."""
    fake, ids = unchanged
    path = aimed(name, ids)
    for method in (wrong_method(path), "TRACE", "CONNECT", "get", "M" * 1000, "É"):
        reply = ask(fake, method, path)
        refused(reply, 405)
        assert OPERATIONS[name].method in dict(reply.headers)["allow"]


@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize(
    "odd", ["%00", "a%00b", "%FF%FE", "%", "%zz", "%2e%2e", "..", "%F0%9F%8E%AC", "-1", "9" * 400]
)
def test_bad_id__refused(unchanged: tuple[Fake, Ids], name: str, odd: str) -> None:
    """NUL bytes, broken text, dots and numbers instead of an id: 400 or 404, named."""
    fake, ids = unchanged
    operation = OPERATIONS[name]
    refused(ask(fake, operation.method, path_of(operation, otherwise=odd)), 400, 404, 415)
    last = operation.template.rpartition("{")[2].partition("}")[0]
    known = {name: odd if name.partition("@")[0] == last else each for name, each in ids.items()}
    path = aimed(name, known)
    if path != aimed(name, ids):
        refused(ask(fake, operation.method, path), 400, 404, 415)


@pytest.mark.parametrize("name", NAMING)
def test_unknown_id__refused(unchanged: tuple[Fake, Ids], name: str) -> None:
    """Ids of the right form that nothing has."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    refused(ask(unchanged[0], operation.method, path), 400, 404)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "page=%00",
        "%00=1",
        "page=1&page=2&colour=" + "9" * 100,
        "x=" + "a" * 100_000,
        "&".join(f"k{number}=v" for number in range(20_000)),
        "page=" + "9" * 5_000,
        "page=%FF",
        "[[[[=1",
        "page[gte]=1",
    ],
    ids=["unknown", "nul", "nul name", "twice", "long", "many", "huge", "latin", "open", "range"],
)
def test_bad_query__refused(unchanged: tuple[Fake, Ids], name: str, query: str) -> None:
    """What the operation does not take in its query; where any name is metadata, it filters."""
    reply = call(unchanged, name, query=query)
    if name in ("list-videos", "list-indexed-assets") and reply.status == 200:
        assert isinstance(reply.body, bytes)
        assert orjson.loads(reply.body)["data"] == []
    else:
        refused(reply)


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_bad_json__refused(unchanged: tuple[Fake, Ids], name: str, junk: bytes) -> None:
    """Text that is no JSON, JSON that is not what the operation takes, or too much of it."""
    refused(call(unchanged, name, junk), 400, 413)


@pytest.mark.parametrize("name", TAKING)
@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/xml", "application/", "/", "\x00", "é", "a" * 5000, "text/html;"],
)
def test_bad_media_type__refused(unchanged: tuple[Fake, Ids], name: str, media_type: str) -> None:
    """A body of a type that the operation does not take."""
    refused(call(unchanged, name, b"index_name=films", media_type=media_type), 400, 415)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("media_type", "body"), TORN.values(), ids=TORN)
def test_bad_form__refused(
    unchanged: tuple[Fake, Ids], name: str, media_type: str, body: bytes
) -> None:
    """Multipart bodies that end early, have no boundary, or hold what no field takes."""
    fake, ids = unchanged
    refused(call(unchanged, name, body, media_type=media_type), 400, 413)
    with client_of(fake, KEY) as api:
        response = api.post(aimed(name, ids), content=body, headers={"content-type": media_type})
    assert response.status_code in (400, 413), response.text
    assert set(response.json()) in ({"code", "message", "docs_url"}, {"error"})


BOTH = [
    (b"user_metadata", DEEP),
    (b"user_metadata", b"\xff"),
    (b"user_metadata", b"[1]"),
    (b"user_metadata", b'{"a": NaN}'),
    (b"user_metadata", b'{"a": {"b": 1}}'),
    (b"enable_video_stream", b"perhaps"),
    (b"video_url", b"ferry"),
    (b"video_url", b"https://"),
    (b"index_id", b"0" * 24),
]


@pytest.mark.parametrize(("field", "value"), BOTH)
def test_bad_field__refused_beside_good_ones(
    unchanged: tuple[Fake, Ids], field: bytes, value: bytes
) -> None:
    """One wrong field of an upload is enough, whatever else is right."""
    fields = {b"index_id": unchanged[1]["index-id"].encode(), b"video_url": VIDEO.encode()}
    fields[field] = value
    body = form(*(FIELD % each for each in fields.items()))
    media_type = "multipart/form-data; boundary=x"
    reply = call(unchanged, "create-video-indexing-task", body, media_type=media_type)
    assert field.decode() in refused(reply, 400, 404)


def test_bad_path__refused(unchanged: tuple[Fake, Ids]) -> None:
    """Paths that no operation has."""
    for path in ("", "//", "/..", "/%00", "/indexes%2F", "/" + "a/" * 10_000, "/é", "/indexes//x"):
        refused(ask(unchanged[0], "GET", path), 404, 400)


@pytest.fixture(scope="module")
def port(stocked: tuple[Fake, Ids]) -> Iterator[int]:
    """The same tenant behind a real port."""
    fake, _ = stocked
    yield int(fake.serve().rpartition(":")[2])
    fake.close()


def talk(port: int, request: bytes, *, hang_up: bool = False) -> bytes:
    """All that comes back for raw bytes; with `hang_up` nothing more is sent after them."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as wire:
        wire.sendall(request)
        if hang_up:
            wire.shutdown(socket.SHUT_WR)
        received = b""
        while piece := wire.recv(65536):
            received += piece
        return received


LINES = b"Host: 127.0.0.1\r\nx-api-key: tlk_test\r\nConnection: close\r\n"
AT = b"/twelvelabs/v1.3/indexes"
TOLD = {
    "two hosts": b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % (AT, LINES),
    "empty host": b"GET %s HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n" % AT,
    "no host": b"GET %s HTTP/1.1\r\nConnection: close\r\n\r\n" % AT,
    "foreign host": b"GET %s HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n" % AT,
    "no HTTP": b"films\r\n\r\n",
    "NUL in the path": b"GET %s/\x00 HTTP/1.1\r\n%s\r\n" % (AT, LINES),
    "NUL in a header": b"GET %s HTTP/1.1\r\nA: \x00\r\n%s\r\n" % (AT, LINES),
    "length that is none": b"POST %s HTTP/1.1\r\nContent-Length: x\r\n%s\r\n{}" % (AT, LINES),
    "two lengths": b"POST %s HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n%s\r\n{}"
    % (AT, LINES),
    "chunk that is none": b"POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n%s\r\nzz\r\n{}\r\n"
    % (AT, LINES),
    "unknown coding": b"POST %s HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n%s\r\n{}"
    % (AT, LINES),
    "not UTF-8": b"POST %s HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n%s"
    b"\r\n\xff\xfe" % (AT, LINES),
    "long query": b"GET %s?x=%s HTTP/1.1\r\n%s\r\n" % (AT, b"a" * 50_000, LINES),
}


@pytest.mark.parametrize("request_bytes", TOLD.values(), ids=TOLD)
def test_bad_wire__refused(unchanged: tuple[Fake, Ids], port: int, request_bytes: bytes) -> None:
    """What no client library sends is a 4xx all the same, and the server goes on."""
    received = talk(port, request_bytes)
    assert received.startswith(b"HTTP/1.1 4"), received[:200]
    assert talk(port, b"GET %s HTTP/1.1\r\n%s\r\n" % (AT, LINES)).startswith(b"HTTP/1.1 200")


CUT = {
    "chunks": b"POST %s HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
    b'\r\n%s\r\n20\r\n{"index_name": "half' % (AT, LINES),
    "length": b"POST %s HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 900"
    b'\r\n%s\r\n{"index_name": "half' % (AT, LINES),
    "form": b"POST /twelvelabs/v1.3/tasks HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x"
    b"\r\nContent-Length: 900\r\n%s\r\n--x\r\n%s" % (LINES, FILE),
    "headers": b"POST %s HTTP/1.1\r\nHost: 127" % AT,
}


@pytest.mark.parametrize("request_bytes", CUT.values(), ids=CUT)
def test_cut_wire__changes_nothing(
    unchanged: tuple[Fake, Ids], port: int, request_bytes: bytes
) -> None:
    """A caller that hangs up halfway is answered with a refusal or not at all."""
    received = talk(port, request_bytes, hang_up=True)
    assert received == b"" or received.startswith(b"HTTP/1.1 4"), received[:200]
    assert talk(port, b"GET %s HTTP/1.1\r\n%s\r\n" % (AT, LINES)).startswith(b"HTTP/1.1 200")


def test_snapshot__sees_changes(stocked: tuple[Fake, Ids]) -> None:
    """What the other tests rely on: a single good call is noticed."""
    fake, _ = stocked
    assert alias(KEY) in {tenant.name for tenant in fake.engine.tenants}
    before = shown(fake)
    with client_of(fake, KEY) as api:
        new_index(api, "ships")
    assert shown(fake) != before
