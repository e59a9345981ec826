"""The engine as an ASGI application: messages in, messages out, nothing decided here.

It speaks ASGI directly, because a framework's request and response objects would cost more
than the engine itself. Every refusal made here still leaves in the provider's envelope.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import orjson

from understudy.contracts.exchange import Form, Headers, Request
from understudy.mocks.answer import Live, Reply, Stream
from understudy.mocks.engine import Engine
from understudy.mocks.generate.media import probe
from understudy.mocks.line import Line
from understudy.mocks.pacing import held, paced
from understudy.mocks.prepared import Recent
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.safety import Denial, Safety
from understudy.mocks.uploads import Upload, is_multipart
from understudy.mocks.version import Opened

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]
Served: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
"""Any ASGI application."""

_DRAIN = 64 * 1024 * 1024
"""How much of a refused body is read and dropped so that its sender comes to read the reply."""


_QUIET = 15.0
"""Seconds after which a live stream says that it is still there."""


class _Gone(Exception):
    """The client left before its request was whole; there is nobody to answer."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A request's line and headers, with what follows from them; equal bytes, equal arrival.

    `shared` are the lines that let a page of another origin read the reply. With `body` one is
    still to come.
    """

    opened: Opened
    shared: tuple[tuple[str, str], ...]
    body: bool


class Application:
    """An ASGI application over one engine.

    `sleep` is awaited between the pieces of a stream on a `real` clock. A client that leaves
    in the middle of its request leaves nothing behind: no resource, no journal entry, no file.
    """

    def __init__(
        self, engine: Engine, *, safety: Safety | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._engine = engine
        self._safety = safety or Safety()
        self._sleep = sleep
        self._arrivals: Recent[_Arrival | Reply] = Recent()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one HTTP request, or the lifespan; any other kind of scope is refused."""
        if scope["type"] == "http":
            try:
                await self._serve(scope, receive, send)
            except _Gone:
                return
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        lines = tuple(scope["headers"])
        scheme, query = scope.get("scheme", "http"), scope.get("query_string", b"")
        place = scope.get("raw_path") or scope["path"]
        arrival = self._arrivals.get(
            (scope["method"], place, query, scheme, lines, scope.get("root_path", "")),
            self._arrived,
            scope,
        )
        if isinstance(arrival, Reply):
            await _send_whole(send, arrival, ())
            return
        if arrival.body:
            reply = await self._reply(arrival.opened, receive)
        else:
            reply = self._engine.play(arrival.opened.whole(b""), wire=True)
        if self._engine.tenants.outlet.prompt:
            await asyncio.to_thread(self._engine.tenants.hand_over)
        if reply.faults:
            pause, _ = held(self._engine, reply, None)
            if pause > 0:
                await self._sleep(pause)
            if reply.trouble is not None:
                await self._disturb(receive, send, reply, arrival.shared)
                return
        if isinstance(reply.body, Stream):
            await self._send_stream(receive, send, reply, arrival.shared)
        else:
            await _send_whole(send, reply, arrival.shared)

    def _arrived(self, scope: Message) -> _Arrival | Reply:
        """What line and headers settle by themselves; the reply where the engine is not asked."""
        request = _request(scope)
        headers, path = request.headers, request.path
        mounted = scope.get("root_path", "")
        base_url = f"{scope.get('scheme', 'http')}://{headers.get('host')}{mounted}"
        denial = self._safety.denial(request.method, path, headers)
        if denial is not None:
            return _denied(denial)
        preflight = self._safety.preflight(request.method, path, headers)
        if preflight is not None:
            return Reply(preflight[0], preflight[1], b"")
        shared = self._safety.sharing(path, headers) if "origin" in headers else ()
        return _Arrival(self._engine.open(request, base_url), shared, _has_body(headers))

    async def _reply(self, opened: Opened, receive: Receive) -> Reply:
        """The reply to a request with a body."""
        headers = opened.request.headers
        incoming = _Incoming(receive)
        try:
            body = await self._body(headers, incoming)
        except Refusal as refusal:
            if incoming.more and "expect" not in headers:
                await _drain(incoming)
            refused = self._engine.refuse(opened.request, refusal.reason, refusal.message)
            return _closing(refused)
        return self._engine.play(opened.whole(body), wire=True)

    async def _body(self, headers: Headers, incoming: "_Incoming") -> bytes | Form:
        """The request's body within the limits; a multipart body taken apart as it arrives."""
        encoding = headers.get("content-encoding", "identity") or "identity"
        if encoding.strip().lower() != "identity":
            message = f"The body is encoded as {encoding!r}; send it without Content-Encoding."
            raise Refusal(Reason.MEDIA_TYPE, message)
        limits = self._engine.limits
        content_type = headers.get("content-type")
        declared = headers.get("content-length", "") or ""
        length = int(declared) if declared.isdecimal() else 0
        if content_type is None or not is_multipart(content_type):
            return await _bounded(incoming, length, limits.body)
        if length > limits.upload + limits.body:
            raise _too_large(limits.upload + limits.body)
        with Upload(content_type, limits, probe) as upload:
            more = True
            while more:
                chunk, more = await incoming.next()
                upload.feed(chunk)
            return upload.finish()

    async def _send_stream(
        self, receive: Receive, send: Send, reply: Reply, shared: tuple[tuple[str, str], ...]
    ) -> None:
        """Send a stream piece by piece, until its end or until the client leaves."""
        await send(_start(reply.status, reply.headers, shared))
        left = asyncio.ensure_future(_left(receive))
        pieces = paced(self._engine, reply)
        try:
            for pause, content in pieces:
                if pause > 0:
                    await self._sleep(pause)
                if left.done():
                    return
                await send({"type": "http.response.body", "body": content, "more_body": True})
            if isinstance(reply.body, Live):
                await _send_live(send, reply.body, left)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            left.cancel()

    async def _disturb(
        self, receive: Receive, send: Send, reply: Reply, shared: tuple[tuple[str, str], ...]
    ) -> None:
        """Send what a fault leaves of a reply, then end the connection as it says."""
        trouble = reply.trouble
        line = Line(send)
        if trouble is None or trouble.kind in ("refused", "reset"):
            line.reset()
        else:
            start = _start(reply.status, reply.headers, shared)
            if trouble.length:
                start["headers"].append((b"content-length", str(trouble.length).encode()))
            await send(start)
            for pause, content in paced(self._engine, reply):
                if pause > 0:
                    await self._sleep(pause)
                await send({"type": "http.response.body", "body": content, "more_body": True})
            line.end(b"understudy\r\n" if trouble.kind == "broken-chunk" else b"")
        await _left(receive)


async def _send_live(send: Send, live: Live, left: "asyncio.Future[None]") -> None:
    """Send what comes, when it comes, until the client leaves or the source hangs up.

    A client that reads slowly is waited for here alone; what it misses, its stream tells it.
    """
    loop, more, ended = asyncio.get_running_loop(), asyncio.Event(), live.source.ended

    def listener() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(more.set)

    live.source.listeners.append(listener)
    left.add_done_callback(lambda _: more.set())
    try:
        while not left.done() and live.source.ended == ended:
            more.clear()
            content = live.read()
            if not content:
                try:
                    async with asyncio.timeout(_QUIET):
                        await more.wait()
                    continue
                except TimeoutError:
                    content = b": nothing has happened\n\n"
            await send({"type": "http.response.body", "body": content, "more_body": True})
    finally:
        live.source.listeners.remove(listener)


class _Incoming:
    """What comes of a body, and whether more is to come: nobody waits for what will not."""

    __slots__ = ("_receive", "more")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.more = True

    async def next(self) -> tuple[bytes, bool]:
        """The next piece, and whether there is another."""
        message = await self._receive()
        self.more = message.get("more_body", False)
        if message["type"] != "http.request":
            raise _Gone
        return message.get("body", b""), self.more


def _request(scope: Message) -> Request:
    """The request line and headers, the path below where this application is mounted.

    The path is `raw_path` where the server knows it.
    """
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw is not None else _encoded(scope["path"])
    path = path.removeprefix(scope.get("root_path", ""))
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    return Request(
        scope["method"], path, scope.get("query_string", b"").decode("latin-1"), Headers(lines)
    )


def _has_body(headers: Headers) -> bool:
    length = headers.get("content-length") or "0"
    return length != "0" or "transfer-encoding" in headers


def _encoded(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/!$&'()*+,;=:@-._~")


async def _bounded(incoming: _Incoming, length: int, limit: int) -> bytes:
    """A whole body; too large a one is noticed by its announced length, else on the way."""
    if length > limit:
        raise _too_large(limit)
    chunk, more = await incoming.next()
    if not more and len(chunk) <= limit:
        return chunk
    whole = bytearray(chunk)
    while more and len(whole) <= limit:
        chunk, more = await incoming.next()
        whole += chunk
    if len(whole) > limit:
        raise _too_large(limit)
    return bytes(whole)


async def _drain(incoming: _Incoming) -> None:
    dropped, more = 0, True
    while more and dropped < _DRAIN:
        chunk, more = await incoming.next()
        dropped += len(chunk)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _send_whole(send: Send, reply: Reply, shared: tuple[tuple[str, str], ...]) -> None:
    body = reply.body if isinstance(reply.body, bytes) else b""
    start = _start(reply.status, reply.headers, shared)
    if reply.status != 204 and reply.status != 304:
        start["headers"].append((b"content-length", str(len(body)).encode()))
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _start(
    status: int, headers: tuple[tuple[str, str], ...], shared: tuple[tuple[str, str], ...]
) -> Message:
    lines = list(_encoded_lines(headers))
    if shared:
        lines += _encoded_lines(shared)
    return {"type": "http.response.start", "status": status, "headers": lines}


@lru_cache(maxsize=256)
def _encoded_lines(lines: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    """Header lines as ASGI wants them; most replies carry the same few."""
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in lines)


def _denied(denial: Denial) -> Reply:
    """A denial in the shape of the control API's errors; no provider was reached."""
    body = orjson.dumps({"error": {"message": denial.message}})
    return _closing(Reply(denial.status, (("content-type", "application/json"),), body))


def _closing(reply: Reply) -> Reply:
    """The reply with a line that ends the connection: the rest of its request is not read."""
    lines = (*reply.headers, ("connection", "close"))
    return Reply(reply.status, lines, reply.body, reply.violations, reply.tenant, reply.operation)


def _too_large(limit: int) -> Refusal:
    return Refusal(Reason.TOO_LARGE, f"The body is over the limit of {limit} bytes.")
