"""The ASGI application, driven by hand-made messages."""

import asyncio
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from understudy.contracts.contract import Contract
from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, Chunk, Stream
from understudy.mocks.asgi import Application
from understudy.mocks.call import Call
from understudy.mocks.clock import AutoClock, Clock, ManualClock, RealClock
from understudy.mocks.engine import Engine
from understudy.mocks.envelope import DeclaredEnvelope
from understudy.mocks.limits import Limits
from understudy.mocks.provider import Provider, edition
from understudy.mocks.resource import generic

MIB = 1024 * 1024
OK = {"200": {"description": "Fine.", "content": {"application/json": {"schema": {}}}}}
DOCUMENT: dict[str, Json] = {
    "openapi": "3.1.0",
    "info": {"title": "Reels", "version": "1"},
    "paths": {
        "/echo": {
            "post": {
                "operationId": "echo",
                "requestBody": {"content": {"application/json": {"schema": {}}}},
                "responses": OK,
            },
            "get": {"operationId": "look", "responses": OK},
        },
        "/reels": {
            "post": {
                "operationId": "upload",
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "required": ["file"],
                                "properties": {
                                    "title": {"type": "string"},
                                    "file": {"type": "string", "format": "binary"},
                                },
                            }
                        }
                    },
                },
                "responses": OK,
            }
        },
        "/watch": {
            "get": {
                "operationId": "watch",
                "responses": {
                    "200": {"description": "Pieces.", "content": {"text/event-stream": {}}}
                },
            }
        },
    },
}


def echo(call: Call) -> Answer:
    return Answer(200, {"body": call.reading.body, "base_url": call.base_url})


def upload(call: Call) -> Answer:
    file = call.file("file")
    assert file is not None
    return Answer(200, {"size": file.size, "kept": len(file.content), "name": file.filename})


def watch(call: Call) -> Answer:
    pieces = [Chunk(0.0, b"one"), Chunk(4.0, b"two"), Chunk(6.0, b"three")]
    return Answer(200, None, "text/event-stream", raw=Stream(pieces))


def engine_of(clock: Clock | None = None, limits: Limits | None = None) -> Engine:
    contract = Contract.load(DOCUMENT)
    special = {"echo": echo, "upload": upload, "watch": watch}
    made = edition(contract, special, generic)
    provider = Provider("reels", (made,), DeclaredEnvelope(contract))
    return Engine([provider], clock=lambda: clock or ManualClock(), limits=limits, strict=True)


class Wire:
    """Plays server and client at once: hands out messages, keeps what was sent."""

    def __init__(self, pieces: Iterable[bytes] = (b"",), *, cut: bool = False) -> None:
        self._messages = self._made(pieces, cut)
        self.sent: list[Any] = []
        self.slept: list[float] = []

    def _made(self, pieces: Iterable[bytes], cut: bool) -> Iterator[dict[str, object]]:
        for piece in pieces:
            yield {"type": "http.request", "body": piece, "more_body": True}
        if not cut:
            yield {"type": "http.request", "body": b"", "more_body": False}
        else:
            yield {"type": "http.disconnect"}

    async def receive(self) -> Any:
        message = next(self._messages, None)
        if message is None:
            await asyncio.Event().wait()
        return message

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def call(
        self,
        engine: Engine,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        server: Application | None = None,
    ) -> "Wire":
        lines = {"host": "127.0.0.1", **(headers or {})}
        scope = {
            "type": "http",
            "scheme": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(n.encode(), v.encode()) for n, v in lines.items()],
        }
        application = server or Application(engine, sleep=self.sleep)
        asyncio.run(application(scope, self.receive, self.send))
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {n.decode(): v.decode() for n, v in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


JSON = {"content-type": "application/json", "content-length": "9"}


def test_application__body_in_pieces_arrives_whole() -> None:
    """How a body is cut changes nothing; links carry the host that the caller used."""
    wire = Wire([b'{"a"', b":", b" 1}"]).call(engine_of(), "POST", "/reels/echo", JSON)
    assert wire.status == 200
    assert json.loads(wire.body) == {"body": {"a": 1}, "base_url": "http://127.0.0.1/reels"}
    assert wire.headers["content-length"] == str(len(wire.body))


def test_application__too_large_a_body_is_refused() -> None:
    """Announced or not, what is over the limit is a 413, and the connection ends."""
    engine = engine_of(limits=Limits(body=10))
    announced = Wire([b"x" * 20]).call(engine, "POST", "/reels/echo", {"content-length": "20"})
    chunked = Wire([b"x" * 6] * 9).call(
        engine, "POST", "/reels/echo", {"transfer-encoding": "chunked"}
    )
    for wire in (announced, chunked):
        assert wire.status == 413
        assert "10 bytes" in wire.body.decode()
        assert wire.headers["connection"] == "close"


def test_application__encoded_body_is_refused() -> None:
    """A compressed body is not unpacked: it is refused in words."""
    lines = {**JSON, "content-encoding": "gzip"}
    wire = Wire([b"\x1f\x8b"]).call(engine_of(), "POST", "/reels/echo", lines)
    assert wire.status == 415
    assert "gzip" in wire.body.decode()


def form(total: int) -> Iterator[bytes]:
    block = bytes(range(256)) * 256
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="long.mp4"\r\n\r\n'
    yield head
    for _ in range(total // len(block)):
        yield block
    yield b"\r\n--b--\r\n"


FORM = {"content-type": "multipart/form-data; boundary=b", "transfer-encoding": "chunked"}


def test_application__long_upload_does_not_sit_in_memory() -> None:
    """A 128 MiB upload passes through within 4 MiB; the behaviour sees its size and its head."""
    engine = engine_of()
    tracemalloc.start()
    try:
        wire = Wire(form(128 * MIB)).call(engine, "POST", "/reels/reels", FORM)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert json.loads(wire.body) == {"size": 128 * MIB, "kept": 65536, "name": "long.mp4"}
    assert peak < 4 * MIB


def test_application__client_that_leaves_midway_leaves_nothing() -> None:
    """No reply, no journal entry, no open file: the request never happened."""
    engine = engine_of()
    for pieces, lines in ((form(3 * MIB), FORM), (iter([b'{"a"']), JSON)):
        cut = Wire([next(pieces)], cut=True).call(engine, "POST", "/reels/reels", lines)
        assert cut.sent == []
    assert len(engine.tenants) == 0


def test_application__truncated_multipart_is_a_400() -> None:
    """A body that ends before its closing boundary is the client's error."""
    body = list(form(65536))[:-1]
    wire = Wire(body).call(engine_of(), "POST", "/reels/reels", FORM)
    assert wire.status == 400
    assert "closing boundary" in wire.body.decode()


@pytest.mark.parametrize(
    ("clock", "slept", "moved"),
    [
        (RealClock(lambda: 1e9, speed=2.0), [2.0, 3.0], 0.0),
        (ManualClock(), [], 0.0),
        (AutoClock(), [], 10.0),
    ],
)
def test_application__streams_keep_the_clocks_pace(
    clock: Clock, slept: list[float], moved: float
) -> None:
    """Real time waits, divided by speed; manual time does not; auto time moves instead."""
    before = clock.now()
    wire = Wire().call(engine_of(clock), "GET", "/reels/watch")
    assert wire.body == b"onetwothree"
    assert [message["body"] for message in wire.sent[1:]] == [b"one", b"two", b"three", b""]
    assert wire.slept == slept
    assert clock.now() - before == moved


def test_application__stream_ends_when_the_client_leaves() -> None:
    """Nothing more is produced for a client that has gone."""
    wire = Wire([], cut=True)

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)
        wire.slept.append(seconds)

    engine = engine_of(RealClock(lambda: 1e9))
    wire.call(engine, "GET", "/reels/watch", server=Application(engine, sleep=sleep))
    assert wire.body == b"one"


def test_application__strange_host_reaches_no_provider() -> None:
    """A rebound host name gets a 421 and leaves no trace."""
    engine = engine_of()
    wire = Wire().call(engine, "GET", "/reels/echo", {"host": "evil.example"})
    assert wire.status == 421
    assert len(engine.tenants) == 0


def test_application__pages_on_loopback_may_read() -> None:
    """A page of a dev server gets CORS lines, on its preflight too."""
    origin = {"origin": "http://localhost:5173"}
    wire = Wire().call(engine_of(), "GET", "/reels/echo", origin)
    assert wire.headers["access-control-allow-origin"] == "http://localhost:5173"
    asked = {**origin, "access-control-request-method": "GET"}
    preflight = Wire().call(engine_of(), "OPTIONS", "/reels/echo", asked)
    assert preflight.status == 204
    assert "content-length" not in preflight.headers


def test_application__answers_the_lifespan() -> None:
    """Servers that insist on a lifespan get one."""
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(Application(engine_of())({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
