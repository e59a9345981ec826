"""One request and its response, as plain values that belong to no HTTP library."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from understudy.contracts.json import Json
from understudy.contracts.record import record


class Headers:
    """Header lines in the order they came; names compare without case.

    A name may occur more than once; `get` answers the first, because that is the one the
    vendors honour when a client sends two `Content-Type` lines.
    """

    __slots__ = ("_first", "_lines")

    def __init__(self, lines: Iterable[tuple[str, str]] = ()) -> None:
        self._lines = tuple((name.lower(), value) for name, value in lines)
        first: dict[str, str] = {}
        for name, value in self._lines:
            first.setdefault(name, value)
        self._first = first

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of `name`, else `default`."""
        return self._first.get(name.lower(), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of `name`, in order."""
        wanted = name.lower()
        return tuple(value for known, value in self._lines if known == wanted)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._first

    def __repr__(self) -> str:
        return f"Headers({list(self._lines)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._lines == other._lines

    def __hash__(self) -> int:
        return hash(self._lines)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body.

    `content` holds the whole part, or its first bytes when the receiver hashed and dropped a
    large file; `size` and `digest` (SHA-256, hex) always describe the whole. `facts` is what
    a receiver measured while the bytes went by (`duration`, `width`, ...).
    """

    name: str
    content: bytes
    filename: str | None = None
    content_type: str | None = None
    size: int = 0
    digest: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart body, its parts in the order they came."""

    parts: tuple[Part, ...]


@record(frozen=True, slots=True)
class Request:
    """What a caller sent. `path` and `query` are as on the wire: percent-encoded, no `?`.

    `body` is the raw bytes, or a `Form` when the receiver already took a multipart body apart.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = field(default_factory=Headers)
    body: bytes | Form = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `body` is the whole body, streams included."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its response, and when it happened (seconds since 1970) if that is known."""

    request: Request
    response: Response
    host: str = ""
    at: float | None = None
