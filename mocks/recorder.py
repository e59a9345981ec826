"""Exchanges of a server as JSON lines: what `understudy check` reads, without credentials.

The recorder stands in front of an ASGI application and sees the messages that pass. A credential
is written as its alias, so that the contract still finds one and tells accounts apart.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO
from urllib.parse import unquote_plus

import orjson

from understudy.contracts.json import Json
from understudy.contracts.redaction import HEADERS, alias, secret
from understudy.mocks.asgi import Message, Receive, Send, Served
from understudy.mocks.links import MOUNT

BODY = 16 * 1024 * 1024
"""Bytes of one body beyond which an exchange is not written."""
WHOLE = 512 * 1024 * 1024
"""Bytes of a recording, after which nothing more is written."""
_SHORTEST = 6
"""Characters of a credential below which a reply may hold it by chance."""


class Recorder:
    """An ASGI application that writes every exchange of another into `file`.

    `now` tells the time. A body over `body` bytes leaves a line that says so, and nothing is
    written once the file holds `whole` bytes: `full` is True then.
    """

    def __init__(
        self,
        application: Served,
        file: BinaryIO,
        *,
        now: Callable[[], float],
        body: int = BODY,
        whole: int = WHOLE,
    ) -> None:
        self._application = application
        self._file = file
        self._now = now
        self._body = body
        self._left = whole

    @property
    def full(self) -> bool:
        """Whether the recording has reached its bound."""
        return self._left <= 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, and write it down with its reply once that is whole.

        Files behind links, fetched or put there, are no calls of an API and are not written.
        """
        if scope["type"] != "http" or self.full or _is_file(scope):
            await self._application(scope, receive, send)
            return
        sent, answered = _Gathered(self._body), _Gathered(self._body)
        start: Message = {}
        at = self._now()

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                sent.add(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                answered.add(message.get("body", b""))
            await send(message)

        await self._application(scope, heard, said)
        if "status" in start:
            self._write(_line(scope, sent, start, answered, at))

    def _write(self, line: Mapping[str, Json]) -> None:
        content = orjson.dumps(line) + b"\n"
        self._left -= len(content)
        if not self.full:
            self._file.write(content)
            self._file.flush()


class _Gathered:
    """A body as it comes, up to a bound."""

    __slots__ = ("_chunks", "_left", "over")

    def __init__(self, bound: int) -> None:
        self._chunks: list[bytes] = []
        self._left = bound
        self.over = False

    def add(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        self.over = self._left < 0
        if self.over:
            self._chunks.clear()
        else:
            self._chunks.append(chunk)

    def whole(self) -> bytes:
        return b"".join(self._chunks)


def _line(
    scope: Message, sent: _Gathered, start: Message, answered: _Gathered, at: float
) -> dict[str, Json]:
    lines = [(_latin(name).lower(), _latin(value)) for name, value in scope["headers"]]
    host = next((value for name, value in lines if name == "host"), "localhost")
    place = _latin(scope.get("raw_path") or scope["path"].encode()).partition("?")[0]
    asked = _latin(scope.get("query_string", b""))
    query, told = _query(asked), _told(lines, asked)
    url = f"{scope.get('scheme', 'http')}://{host}{place}{'?' if query else ''}{query}"
    request: dict[str, Json] = {
        "method": scope["method"],
        "url": url,
        "headers": [[name, _header(name, value)] for name, value in lines],
        **_body(sent.whole()),
    }
    replied = [(_latin(name).lower(), _latin(value)) for name, value in start["headers"]]
    response: dict[str, Json] = {
        "status": start["status"],
        "headers": [[name, _header(name, value)] for name, value in replied],
        **_body(answered.whole(), told),
    }
    over = sent.over or answered.over
    return {"request": request, "response": None if over else response, "at": at}


def _told(lines: list[tuple[str, str]], query: str) -> list[str]:
    """The credentials of a request as they came: a reply may repeat them in what it says."""
    found = [
        word
        for name, value in lines
        if name in HEADERS
        for word in (value, value.partition(" ")[2], value.partition("=")[2])
    ]
    pairs = [pair.partition("=") for pair in query.split("&")]
    found += [unquote_plus(value) for name, _, value in pairs if secret(unquote_plus(name))]
    return [word for word in found if len(word) >= _SHORTEST]


def _header(name: str, value: str) -> str:
    if name not in HEADERS:
        return value
    if name == "cookie":
        return "; ".join(_cookie(pair.strip()) for pair in value.split(";"))
    if name.endswith("authorization"):
        method, _, token = value.partition(" ")
        if method.lower() == "basic":
            return f"{method} {base64.b64encode(f'{alias(token)}:'.encode()).decode()}"
        return f"{method} {alias(token)}" if token else alias(value)
    return alias(value)


def _cookie(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={alias(value)}" if equals else pair


def _query(query: str) -> str:
    return "&".join(map(_pair, query.split("&")))


def _pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={alias(value)}" if equals and secret(unquote_plus(name)) else pair


def _body(content: bytes, told: Sequence[str] = ()) -> dict[str, Json]:
    """A body as text, else as base64; fields of JSON that hold credentials show their alias, and
    so does what was `told` with the request."""
    if not content:
        return {}
    for word in told:
        content = content.replace(word.encode("latin-1", "replace"), alias(word).encode())
    try:
        value: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        value = None
    hidden = _hidden(value) if isinstance(value, dict | list) else value
    if hidden != value:
        content = orjson.dumps(hidden)
    try:
        return {"body": content.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(content).decode()}


def _hidden(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {
            name: alias(held) if secret(name) and isinstance(held, str) else _hidden(held)
            for name, held in value.items()
        }
    if isinstance(value, list):
        return [_hidden(held) for held in value]
    return value


def _is_file(scope: Message) -> bool:
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(f"{MOUNT}/")


def _latin(content: bytes) -> str:
    return content.decode("latin-1")
