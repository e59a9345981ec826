"""What a behaviour answers, and what leaves the engine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from understudy.contracts.json import Json
from understudy.contracts.record import record
from understudy.contracts.violation import Violation

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a streamed reply; `delay` is seconds on the clock since the piece before."""

    delay: float
    content: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    """A reply in pieces. Each piece is produced when it is asked for, never before."""

    chunks: Iterable[Chunk]


class Source(Protocol):
    """Where a live stream comes from: its listeners are called when there is more to read."""

    listeners: list[Callable[[], None]]

    @property
    def ended(self) -> int:
        """Grows when whoever listens is to hang up."""
        ...


@dataclass(frozen=True, slots=True)
class Live(Stream):
    """A stream without an end of its own: an adapter that can wait goes on after the chunks.

    `read` answers what has come since it was last asked, empty when nothing has.
    """

    read: Callable[[], bytes]
    source: Source


@record(frozen=True, slots=True)
class Answer:
    """A status with JSON content, with ready bytes or a stream (`raw`), or with no body.

    `media_type` is None exactly when there is no body.
    """

    status: int
    content: Json = None
    media_type: str | None = JSON
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | Stream | None = None


def nothing(status: int = 204, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An answer without a body."""
    return Answer(status, None, None, headers)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an adapter does to a reply's connection, because a fault says so.

    `refused`: there never was a connection, and nothing was done. `reset`: it is reset in place
    of the reply. The others send the body as it is (cut already), then end the connection:
    `truncated` before `length`, the announced number of bytes, is reached; `cut` before the end
    of a stream; `broken-chunk` after a chunk whose size is no number.
    """

    kind: Literal["refused", "reset", "truncated", "cut", "broken-chunk"]
    length: int = 0


@record(frozen=True, slots=True)
class Reply:
    """What an adapter puts on the wire, with what the engine knows of it.

    `tenant` and `operation` are empty where the request reached none. `latency` is in seconds
    on the clock, see `pacing.held`. `faults` are the labels of those that changed this reply;
    what they broke is no violation. `status` is 0 where `trouble` says that nothing is sent.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | Stream
    violations: tuple[Violation, ...] = ()
    tenant: str = ""
    operation: str = ""
    latency: float = 0.0
    trouble: Trouble | None = None
    faults: tuple[str, ...] = ()
