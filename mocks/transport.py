"""The engine as a transport of httpx2 or httpx: the user's own client, and no port.

One transport serves both libraries and looks at each request to see whose classes it must
answer with, so neither library is imported before a request of it has come.
"""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from understudy.contracts.exchange import Form, Headers, Request
from understudy.mocks.answer import Reply, Stream, Trouble
from understudy.mocks.engine import Engine
from understudy.mocks.generate.media import probe
from understudy.mocks.pacing import held, paced
from understudy.mocks.prepared import Recent
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.uploads import Upload, is_multipart
from understudy.mocks.version import Opened

Pieces = Iterator[tuple[float, bytes]]
Answered = Callable[[Request, str, Reply], None]
"""Sees the request, its scheme and host, and the reply before it is given; may raise instead."""


@dataclass(frozen=True, slots=True)
class _Classes:
    """What one library's client insists on being answered with."""

    response: Any
    whole: Any
    pieces: Any
    async_pieces: Any
    library: Any


class _Transport:
    """What the synchronous and the asynchronous transport share."""

    def __init__(self, engine: Engine, answered: Answered | None) -> None:
        self._engine = engine
        self._answered = answered
        self._libraries: dict[str, _Classes] = {}
        self._opened: Recent[Opened] = Recent()

    def _open(self, foreign: Any) -> Opened:
        """What line and headers say; those that came before are not read again."""
        raw = (foreign.method, str(foreign.url), tuple(foreign.headers.raw))
        return self._opened.get(raw, self._read, foreign)

    def _read(self, foreign: Any) -> Opened:
        return self._engine.open(_request(foreign), _base_url(foreign))

    def _answer(self, opened: Opened, body: bytes | Form) -> Reply:
        prepared = opened.whole(body)
        reply = self._engine.play(prepared, wire=False)
        if self._answered is not None:
            self._answered(prepared.request, prepared.root, reply)
        return reply

    def _refuse(self, opened: Opened, refusal: Refusal) -> Reply:
        return self._engine.refuse(opened.request, refusal.reason, refusal.message)

    def _upload(self, headers: Headers) -> Upload | None:
        """A reader for the request's body where it is to be taken apart while it comes."""
        content_type = headers.get("content-type")
        if content_type is None:
            return None
        encoding = headers.get("content-encoding")
        if encoding is not None:
            message = f"The body is encoded as {encoding!r}; send it without Content-Encoding."
            raise Refusal(Reason.MEDIA_TYPE, message)
        if not is_multipart(content_type):
            return None
        return Upload(content_type, self._engine.limits, probe)

    def _bounded(self, body: bytes) -> bytes:
        limit = self._engine.limits.body
        if len(body) > limit:
            message = f"The body is over the limit of {limit} bytes."
            raise Refusal(Reason.TOO_LARGE, message)
        return body

    def _held(self, foreign: Any, reply: Reply) -> float:
        """The real seconds to wait before a reply; the library's time-out when that is too long."""
        limits = foreign.extensions.get("timeout") or {}
        pause, in_time = held(self._engine, reply, limits.get("read"))
        if not in_time:
            raise self._classes(foreign).library.ReadTimeout("timed out", request=foreign)
        return pause

    def _response(self, foreign: Any, reply: Reply, pieces: Callable[..., Any]) -> Any:
        classes = self._classes(foreign)
        headers = list(reply.headers)
        if reply.trouble is not None:
            error = _error(classes.library, foreign, reply, reply.trouble)
            if reply.status == 0:
                raise error
            if reply.trouble.length:
                headers.append(("content-length", str(reply.trouble.length)))
            return classes.response(reply.status, headers=headers, stream=pieces(classes, error))
        if isinstance(reply.body, Stream):
            return classes.response(reply.status, headers=headers, stream=pieces(classes))
        body = b"" if reply.status == 204 else reply.body
        if body:  # said here: a response that is given `content` looks for it at some length
            headers.append(("content-length", str(len(body))))
        return classes.response(reply.status, headers=headers, stream=classes.whole(body))

    def _classes(self, foreign: Any) -> _Classes:
        """The classes of the library that made this request, built once."""
        name = type(foreign).__module__.partition(".")[0]
        classes = self._libraries.get(name)
        if classes is None:
            classes = self._libraries[name] = _classes_of(importlib.import_module(name))
        return classes


class Transport(_Transport):
    """For `httpx2.Client(transport=...)` and `httpx.Client(transport=...)`.

    `sleep` is called between the pieces of a stream on a `real` clock.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        sleep: Callable[[float], None],
        answered: Answered | None = None,
    ) -> None:
        super().__init__(engine, answered)
        self._sleep = sleep

    def handle_request(self, request: Any) -> Any:
        """The fake's response, of the library that made the request."""
        reply = self._reply(request)
        if reply.latency:
            pause = self._held(request, reply)
            if pause > 0:
                self._sleep(pause)
        return self._response(
            request,
            reply,
            lambda known, *end: known.pieces(paced(self._engine, reply), self._sleep, *end),
        )

    def _reply(self, request: Any) -> Reply:
        opened = self._open(request)
        headers = opened.request.headers
        if _is_bodiless(headers):
            return self._answer(opened, b"")
        try:
            upload = self._upload(headers)
            if upload is None:
                return self._answer(opened, self._bounded(request.read()))
            with upload:
                for chunk in request.stream:
                    upload.feed(chunk)
                form = upload.finish()
        except Refusal as refusal:
            return self._refuse(opened, refusal)
        return self._answer(opened, form)

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncTransport(_Transport):
    """For `httpx2.AsyncClient(transport=...)` and `httpx.AsyncClient(transport=...)`.

    `sleep` is awaited between the pieces of a stream on a `real` clock.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        sleep: Callable[[float], Awaitable[None]],
        answered: Answered | None = None,
    ) -> None:
        super().__init__(engine, answered)
        self._sleep = sleep

    async def handle_async_request(self, request: Any) -> Any:
        """The fake's response, of the library that made the request."""
        reply = await self._reply(request)
        if reply.latency:
            pause = self._held(request, reply)
            if pause > 0:
                await self._sleep(pause)
        return self._response(
            request,
            reply,
            lambda known, *end: known.async_pieces(paced(self._engine, reply), self._sleep, *end),
        )

    async def _reply(self, request: Any) -> Reply:
        opened = self._open(request)
        headers = opened.request.headers
        if _is_bodiless(headers):
            return self._answer(opened, b"")
        try:
            upload = self._upload(headers)
            if upload is None:
                return self._answer(opened, self._bounded(await request.aread()))
            with upload:
                async for chunk in request.stream:
                    upload.feed(chunk)
                form = upload.finish()
        except Refusal as refusal:
            return self._refuse(opened, refusal)
        return self._answer(opened, form)

    async def aclose(self) -> None:
        """Nothing is held open."""

    async def __aenter__(self) -> "AsyncTransport":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _is_bodiless(headers: Headers) -> bool:
    return "content-length" not in headers and "transfer-encoding" not in headers


def _base_url(foreign: Any) -> str:
    url = foreign.url
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _request(foreign: Any) -> Request:
    """Line and headers."""
    raw = foreign.headers.raw
    headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw])
    path, _, query = foreign.url.raw_path.decode("ascii").partition("?")
    return Request(foreign.method, path, query, headers)


def _classes_of(library: Any) -> _Classes:
    """Streams that are subclasses of the library's own, because its client checks for that."""

    class _Pieces(library.SyncByteStream):  # type: ignore[misc]  # known at run time only
        def __init__(
            self, pieces: Pieces, sleep: Callable[[float], None], end: Exception | None = None
        ) -> None:
            self._pieces = pieces
            self._sleep = sleep
            self._end = end

        def __iter__(self) -> Iterator[bytes]:
            for pause, content in self._pieces:
                if pause > 0:
                    self._sleep(pause)
                yield content
            if self._end is not None:
                raise self._end

    class _AsyncPieces(library.AsyncByteStream):  # type: ignore[misc]  # as above
        def __init__(
            self,
            pieces: Pieces,
            sleep: Callable[[float], Awaitable[None]],
            end: Exception | None = None,
        ) -> None:
            self._pieces = pieces
            self._sleep = sleep
            self._end = end

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for pause, content in self._pieces:
                if pause > 0:
                    await self._sleep(pause)
                yield content
            if self._end is not None:
                raise self._end

    return _Classes(library.Response, library.ByteStream, _Pieces, _AsyncPieces, library)


def _error(library: Any, foreign: Any, reply: Reply, trouble: Trouble) -> Exception:
    """What the library raises when a connection comes to such an end."""
    sent = len(reply.body) if isinstance(reply.body, bytes) else 0
    kinds = {
        "refused": (library.ConnectError, "[Errno 111] Connection refused"),
        "reset": (library.ReadError, "[Errno 104] Connection reset by peer"),
        "truncated": (
            library.RemoteProtocolError,
            "peer closed connection without sending complete message body"
            f" (received {sent} bytes, expected {trouble.length})",
        ),
        "cut": (
            library.RemoteProtocolError,
            "peer closed connection without sending complete message body"
            " (incomplete chunked read)",
        ),
        "broken-chunk": (library.RemoteProtocolError, "illegal chunk header: 'understudy'"),
    }
    kind, message = kinds[trouble.kind]
    error: Exception = kind(message, request=foreign)
    return error
