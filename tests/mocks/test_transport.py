"""The in-process transports, through the user's own client library."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest

from understudy.contracts.contract import Contract
from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, Chunk, Stream
from understudy.mocks.call import Call
from understudy.mocks.clock import AutoClock, Clock, ManualClock, RealClock
from understudy.mocks.engine import Engine
from understudy.mocks.envelope import DeclaredEnvelope
from understudy.mocks.limits import Limits
from understudy.mocks.provider import Provider, edition
from understudy.mocks.resource import generic
from understudy.mocks.transport import AsyncTransport, Transport

OK = {"200": {"description": "Fine.", "content": {"application/json": {"schema": {}}}}}
FORM = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
DOCUMENT: dict[str, Json] = {
    "openapi": "3.1.0",
    "info": {"title": "Reels", "version": "1"},
    "servers": [{"url": "https://api.reels.example/v1"}],
    "paths": {
        "/reels": {
            "post": {
                "operationId": "upload",
                "requestBody": {"content": {"multipart/form-data": {"schema": FORM}}},
                "responses": OK,
            },
            "delete": {
                "operationId": "clear",
                "responses": {"204": {"description": "Gone."}},
            },
        },
        "/watch": {
            "get": {
                "operationId": "watch",
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
                "responses": {
                    "200": {"description": "Pieces.", "content": {"text/event-stream": {}}}
                },
            }
        },
        "/echo": {
            "post": {
                "operationId": "echo",
                "requestBody": {"content": {"application/json": {"schema": {}}}},
                "responses": OK,
            },
        },
    },
}
BASE = "https://api.reels.example/v1"
LIBRARIES = [httpx2, httpx]


def echo(call: Call) -> Answer:
    return Answer(200, {"body": call.reading.body, "wire": call.wire, "base_url": call.base_url})


def upload(call: Call) -> Answer:
    file = call.file("file")
    assert file is not None
    return Answer(200, {"size": file.size, "kept": len(file.content)})


def watch(call: Call) -> Answer:
    pieces = [Chunk(0.0, b"one"), Chunk(4.0, b"two"), Chunk(6.0, b"three")]
    return Answer(200, None, "text/event-stream", raw=Stream(pieces))


def engine_of(clock: Clock | None = None, limits: Limits | None = None) -> Engine:
    contract = Contract.load(DOCUMENT)
    special = {"echo": echo, "upload": upload, "watch": watch}
    made = edition(contract, special, generic, ("/v1",))
    provider = Provider("reels", (made,), DeclaredEnvelope(contract))
    return Engine([provider], clock=lambda: clock or ManualClock(), limits=limits, strict=True)


def client(library: ModuleType, engine: Engine, slept: list[float] | None = None) -> Any:
    sleep = (slept if slept is not None else []).append
    return library.Client(transport=Transport(engine, sleep=sleep), base_url=BASE)


@pytest.mark.parametrize("library", LIBRARIES)
def test_transport__answers_in_the_callers_own_classes(library: ModuleType) -> None:
    """A request of httpx2 gets a response of httpx2, one of httpx gets httpx's."""
    reply = client(library, engine_of()).post("/echo", json={"a": [1]})
    assert isinstance(reply, library.Response)
    assert reply.json() == {"body": {"a": [1]}, "wire": False, "base_url": BASE}
    assert reply.headers["content-length"] == str(len(reply.content))


def test_transport__one_serves_both_libraries() -> None:
    """The same transport may be handed to clients of both."""
    transport: Any = Transport(engine_of(), sleep=lambda seconds: None)
    for library in LIBRARIES:
        assert library.Client(transport=transport).post(f"{BASE}/echo", json=1).status_code == 200


@pytest.mark.parametrize("library", LIBRARIES)
def test_transport__no_content_has_no_length(library: ModuleType) -> None:
    """A 204 is empty and says nothing of a length."""
    engine = engine_of()
    contract = engine.providers["reels"].editions[0].contract
    assert contract.operations["clear"].statuses == ("204",)
    reply = client(library, engine).delete("/reels")
    assert (reply.status_code, reply.content) == (204, b"")
    assert "content-length" not in reply.headers


@pytest.mark.parametrize("library", LIBRARIES)
def test_transport__multipart_is_streamed(library: ModuleType) -> None:
    """A file passes through chunk by chunk; only its head is kept."""
    content = bytes(1 << 20)
    reply = client(library, engine_of()).post("/reels", files={"file": ("a.mp4", content)})
    assert reply.json() == {"size": 1 << 20, "kept": 65536}


@pytest.mark.parametrize("library", LIBRARIES)
def test_transport__limits_are_those_of_the_wire(library: ModuleType) -> None:
    """In process too, too large a body is a 413 and an encoded one a 415."""
    caller = client(library, engine_of(limits=Limits(body=10, upload=10)))
    assert caller.post("/echo", json="x" * 20).status_code == 413
    assert caller.post("/reels", files={"file": ("a", b"x" * 200)}).status_code == 413
    lines = {"content-encoding": "gzip", "content-type": "application/json"}
    assert caller.post("/echo", content=b"1", headers=lines).status_code == 415


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("clock", "slept", "moved"),
    [
        (lambda: RealClock(lambda: 1e9, speed=2.0), [2.0, 3.0], 0.0),
        (ManualClock, [], 0.0),
        (AutoClock, [], 10.0),
    ],
)
def test_transport__streams_keep_the_clocks_pace(
    library: ModuleType, clock: Any, slept: list[float], moved: float
) -> None:
    """Each piece comes when it is asked for; only a real clock makes the caller wait."""
    ticking, waited = clock(), []
    before = ticking.now()
    with client(library, engine_of(ticking), waited).stream("GET", "/watch?q=%C3%BC") as reply:
        pieces = reply.iter_raw()
        assert next(pieces) == b"one"
        assert (waited, ticking.now()) == ([], before)
        assert list(pieces) == [b"two", b"three"]
    assert waited == slept
    assert ticking.now() - before == moved


@pytest.mark.parametrize("library", LIBRARIES)
def test_async_transport__does_the_same(library: ModuleType) -> None:
    """Plain bodies, uploads from an async source, and streams, without any thread."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        yield b"x" * 70_000
        yield b"\r\n--b--\r\n"

    async def scene() -> None:
        engine = engine_of(RealClock(lambda: 1e9, speed=2.0))
        transport: Any = AsyncTransport(engine, sleep=sleep)
        async with library.AsyncClient(transport=transport, base_url=BASE) as caller:
            assert (await caller.post("/echo", json=5)).json()["body"] == 5
            lines = {"content-type": "multipart/form-data; boundary=b"}
            sent = await caller.post("/reels", content=pieces(), headers=lines)
            assert sent.json() == {"size": 70_000, "kept": 65536}
            refused = await caller.post("/reels", content=b"--b", headers=lines)
            assert refused.status_code == 400
            async with caller.stream("GET", "/watch") as reply:
                assert [piece async for piece in reply.aiter_raw()] == [b"one", b"two", b"three"]

    asyncio.run(scene())
    assert slept == [2.0, 3.0]


def test_transport__truncated_multipart_is_a_400() -> None:
    """A generator that ends before the closing boundary is refused, and nothing stays open."""

    def pieces() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        yield b"x" * 2_000_000

    lines = {"content-type": "multipart/form-data; boundary=b"}
    assert (
        client(httpx2, engine_of()).post("/reels", content=pieces(), headers=lines).status_code
        == 400
    )
