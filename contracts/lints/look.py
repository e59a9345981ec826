"""What a lint sees of one exchange, and what it may say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from understudy.contracts.exchange import Request, Response
from understudy.contracts.operation import Operation
from understudy.contracts.trace.sighting import Sighting

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Warned:
    """A habit that was seen: its kind, where, and a sentence with what would be better."""

    kind: str
    place: str
    operation: str
    message: str


@dataclass(frozen=True, slots=True)
class Look:
    """One exchange: who made it, when it began (seconds; None where unknown), what it showed.

    `named` holds the ids that the request names, `seen` the tasks that the reply shows.
    """

    place: str
    account: str
    operation: Operation
    request: Request
    response: Response
    at: float | None
    named: frozenset[str]
    seen: tuple[Sighting, ...]

    @property
    def polled(self) -> Sighting | None:
        """The one task whose reading this is."""
        reads = [seen for seen in self.seen if seen.act == "read" and not seen.missing]
        return reads[0] if len(reads) == 1 and len(self.seen) == 1 else None

    def warn(self, kind: str, message: str) -> Warned:
        """A warning about this exchange."""
        return Warned(kind, self.place, self.operation.id, message)


class Lint(Protocol):
    """Watches for one habit."""

    def see(self, look: Look) -> Iterator[Warned]:
        """What one exchange, after those before it, gives reason to say."""
        ...

    def end(self) -> Iterator[Warned]:
        """What only the whole gives reason to say."""
        ...


def wait_asked(response: Response, at: float | None) -> float | None:
    """Seconds that a reply asks its caller to wait: Retry-After, else X-Ratelimit-Reset.

    A reset is an instant in seconds since 1970 when it lies beyond 1e9, else a number of seconds.
    """
    for name in ("retry-after", "x-ratelimit-reset"):
        text = response.headers.get(name) or ""
        try:
            number = float(text)
        except ValueError:
            continue
        if number < 1e9:
            return number
        if at is not None:
            return max(0.0, number - at)
    return None
