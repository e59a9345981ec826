"""What has happened in a fake, as it happens: the one list that the events stream reads.

Every tenant writes into it, so that there is one order. It holds the latest happenings only;
who reads too slowly misses some and is told how many.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from understudy.contracts.json import Json
from understudy.contracts.redaction import redact_url
from understudy.mocks.clock import stamp

if TYPE_CHECKING:
    from understudy.mocks.delivery import Delivery
    from understudy.mocks.journal import Entry

Kind = Literal["exchange", "violation", "status", "delivery"]
Shown: TypeAlias = "Callable[[], dict[str, Json]]"
Listener: TypeAlias = "Callable[[], None]"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, at the instant `at` of the tenant's clock.

    `sequence` counts over all tenants of the fake, from 1.
    """

    sequence: int
    kind: Kind
    at: float
    tenant: str
    content: dict[str, Json]


class Feed:
    """The latest `bound` happenings of all tenants, oldest first.

    `listeners` are called, from whichever thread it was, after something happened; they must
    not wait. What is written down is shaped only when it is read: most of it never is.
    """

    __slots__ = ("_held", "_sequence", "ended", "listeners")

    def __init__(self, bound: int) -> None:
        self._held: deque[tuple[int, Kind, float, str, Shown]] = deque(maxlen=bound)
        self._sequence = 0
        self.listeners: list[Listener] = []
        self.ended = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def latest(self) -> int:
        """The sequence of the latest happening; 0 before the first."""
        return self._sequence

    def note(self, kind: Kind, at: float, tenant: str, shown: Shown) -> None:
        """Write down what happened; `shown` says it when somebody asks."""
        self._sequence += 1
        self._held.append((self._sequence, kind, at, tenant, shown))
        if self.listeners:
            self._tell()

    def hang_up(self) -> None:
        """Have every stream of what happens end."""
        self.ended += 1
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()

    def since(
        self, sequence: int, tenants: frozenset[str] = frozenset(), most: int | None = None
    ) -> tuple[list[Happening], int, int]:
        """What came after `sequence`, of the tenants named or of all: at most `most` happenings.

        Also the sequence to ask with next time, and how many happenings in between are gone.
        """
        latest = self._sequence
        held = _copied(self._held)
        if not held:
            return [], max(sequence, latest), 0
        missed = max(0, held[0][0] - sequence - 1)
        found: list[Happening] = []
        for number, kind, at, tenant, shown in held:
            if number <= sequence:
                continue
            sequence = number
            if not tenants or tenant in tenants:
                found.append(Happening(number, kind, at, tenant, shown()))
                if len(found) == most:
                    break
        return found, sequence, missed

    def forget(self, tenant: str | None = None) -> None:
        """Forget what happened, of one tenant or of all; the count goes on."""
        kept = [] if tenant is None else [each for each in self._held if each[3] != tenant]
        self._held.clear()
        self._held.extend(kept)


class Events:
    """What has happened in one tenant or in all: iterate over it, or ask it."""

    def __init__(self, feed: Feed, tenant: str | None = None) -> None:
        self._feed = feed
        self._tenants = frozenset(() if tenant is None else (tenant,))

    def __iter__(self) -> Iterator[Happening]:
        return iter(self._feed.since(0, self._tenants)[0])

    def find(self, kind: Kind) -> tuple[Happening, ...]:
        """The happenings of one kind, oldest first."""
        return tuple(each for each in self if each.kind == kind)


def exchange(entry: "Entry") -> dict[str, Json]:
    """An exchange as the stream tells it."""
    return {
        "provider": entry.provider,
        "operation": entry.operation or None,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "status": entry.status,
        "violations": len(entry.violations),
        "faults": list(entry.faults),
    }


def violation(entry: "Entry", place: int) -> dict[str, Json]:
    """One violation of an exchange."""
    told: dict[str, Json] = asdict(entry.violations[place])
    return {**told, "method": entry.method, "path": entry.path}


def delivery(made: "Delivery") -> "Shown":
    """A delivery as it stands now."""
    content: dict[str, Json] = {
        "id": made.id,
        "provider": made.provider,
        "event": made.event,
        "about": made.about,
        "url": redact_url(made.url),
        "state": made.state,
        "attempts": len(made.attempts),
    }
    return lambda: content


def told(happening: Happening) -> dict[str, Json]:
    """A happening as one object, as it stands in the stream."""
    return {
        "kind": happening.kind,
        "at": stamp(happening.at),
        "tenant": happening.tenant,
        **happening.content,
    }


def _copied(
    held: "deque[tuple[int, Kind, float, str, Shown]]",
) -> list[tuple[int, Kind, float, str, Shown]]:
    """A copy; another thread may be writing at this moment."""
    while True:
        try:
            return list(held)
        except RuntimeError:  # it changed while it was copied
            continue
