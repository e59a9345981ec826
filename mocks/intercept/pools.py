"""urllib3, and with it requests: connections that are answered here instead of by a socket.

The connection is replaced, not the pool, so that the caller's retries, redirects and pools work
on our replies as on a vendor's.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from types import ModuleType
from typing import Any

from understudy.mocks.engine import Engine
from understudy.mocks.intercept.patch import Patch
from understudy.mocks.intercept.reach import Reach
from understudy.mocks.intercept.transports import Sleep, taken_below
from understudy.mocks.transport import Transport

_PENDING = "_understudy_request"


def pools(library: ModuleType, engine: Engine, reach: Reach, sleep: Sleep) -> list[Patch]:
    """Replace what urllib3's connections do at the three places where they would use a socket."""
    played = Transport(engine, sleep=sleep, answered=reach.answered)
    connection = library.connection.HTTPConnection
    secure = library.connection.HTTPSConnection

    def connect(patch: Patch) -> Any:
        def replacement(self: Any) -> None:
            if patch.active and reach.takes(_host(self)):
                self.is_verified = True  # else the pool warns of a missing certificate
                return
            if patch.active and not taken_below(patch, _host(self)):
                reach.leaves("A connection to", _base_url(self), _host(self))
            patch.original(self)

        return replacement

    def request(patch: Patch) -> Any:
        def replacement(
            self: Any, method: str, url: str, body: Any = None, headers: Any = None, **how: Any
        ) -> None:
            if patch.active and reach.takes(_host(self)):
                setattr(self, _PENDING, (_request(self, method, url, body, headers or {}), how))
                return
            patch.original(self, method, url, body=body, headers=headers, **how)

        return replacement

    def getresponse(patch: Patch) -> Any:
        def replacement(self: Any) -> Any:
            pending = vars(self).get(_PENDING)
            if not patch.active or pending is None or not reach.takes(_host(self)):
                return patch.original(self)
            delattr(self, _PENDING)
            return _response(library, self, played, *pending)

        return replacement

    return [
        Patch(connection, "connect", connect, reach),
        Patch(secure, "connect", connect, reach),
        Patch(connection, "request", request, reach),
        Patch(connection, "getresponse", getresponse, reach),
    ]


def _host(connection: Any) -> str:
    """The host that is meant, also where a proxy of the environment stands before it."""
    return str(connection._tunnel_host or connection.host)


def _base_url(connection: Any) -> str:
    secure = connection.default_port == 443 or connection._tunnel_host
    return f"{'https' if secure else 'http'}://{_host(connection)}"


def _request(connection: Any, method: str, url: str, body: Any, headers: Mapping[str, Any]) -> Any:
    """The call as a request of httpx2, which our transport understands."""
    import httpx2
    from urllib3.util.request import body_to_chunks

    read = body_to_chunks(body, method=method, blocksize=connection.blocksize)
    lines = [(_text(name), _text(value)) for name, value in headers.items()]
    named = {name.lower() for name, _ in lines}
    if "host" not in named:
        lines.insert(0, ("Host", _host(connection)))
    if read.chunks is not None and not named & {"content-length", "transfer-encoding"}:
        length = read.content_length
        framing = ("Transfer-Encoding", "chunked") if length is None else None
        lines.append(framing or ("Content-Length", str(length)))
    place = url if url.startswith("/") else "/" + url.partition("://")[2].partition("/")[2]
    chunks: Iterable[Any] = read.chunks or ()

    class _Body(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for chunk in chunks:
                yield chunk.encode() if isinstance(chunk, str) else bytes(chunk)

    # urllib3 keeps what a caller waits for on the connection; only with a socket of its own would
    # it put a longer patience for reading in the place of that for connecting.
    patience = connection.timeout if isinstance(connection.timeout, int | float) else None
    return httpx2.Request(
        method,
        _base_url(connection) + place,
        headers=lines,
        stream=_Body(),
        extensions={"timeout": {"read": patience}},
    )


def _response(
    library: ModuleType, connection: Any, played: Transport, request: Any, how: Mapping[str, Any]
) -> Any:
    """Our reply as urllib3's connection gives it to its pool; failures are urllib3's own."""
    import httpx2

    try:
        reply = played.handle_request(request)
    except httpx2.ConnectError as error:
        raise library.exceptions.NewConnectionError(connection, str(error)) from error
    except httpx2.TimeoutException as error:
        raise TimeoutError(str(error)) from error
    except httpx2.TransportError as error:
        raise ConnectionResetError(str(error)) from error
    options = {name: how[name] for name in _OPTIONS if name in how}
    pieces = _Pieces(reply.stream)
    known: Any = library.response.HTTPResponse

    class _Response(known):  # type: ignore[misc]  # known at run time only
        def stream(self, amt: int | None = None, decode_content: bool | None = None) -> Any:
            """Piece by piece, as urllib3 reads a chunked reply: what came before a cut is told."""
            if "content-length" in self.headers:
                yield from super().stream(amt, decode_content)
                return
            try:
                yield from pieces
            except ConnectionResetError as error:
                raise library.exceptions.ProtocolError(str(error), error) from error

    return _Response(
        body=io.BufferedReader(pieces),
        headers=library.HTTPHeaderDict(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in reply.headers.raw
        ),
        status=reply.status_code,
        version=11,
        version_string="HTTP/1.1",
        reason=_reason(reply.status_code),
        request_method=request.method,
        request_url=request.url.raw_path.decode("ascii"),
        **options,
    )


_OPTIONS = ("preload_content", "decode_content", "enforce_content_length")


class _Pieces(io.RawIOBase):
    """A body as a file: each piece is asked for when it is read."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._pieces = iter(stream)
        self._rest = b""

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._next():
            yield piece

    def _next(self) -> bytes:
        """What is left of the latest piece, else the next; empty at the end."""
        import httpx2

        piece, self._rest = self._rest, b""
        try:
            while not piece:
                piece = next(self._pieces)
        except StopIteration:
            return b""
        except httpx2.TransportError as error:
            raise ConnectionResetError(str(error)) from error
        return piece

    def readable(self) -> bool:
        """As a file that was opened for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` from one piece at the most; 0 at the end."""
        self._rest = self._next()
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
