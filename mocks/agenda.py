"""What is due in a tenant's future: events in the order of their time, fired when asked.

Nothing runs in the background. Whoever holds the tenant settles the agenda before an exchange
and whenever the clock was moved; every event then fires at its own instant, not at the instant
of settling.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from understudy.mocks.task import Task


class Event(Protocol):
    """Something that happens at an instant."""

    @property
    def label(self) -> str:
        """What a reader of the control API is told has happened."""
        ...

    def fire(self, at: float) -> None:
        """Happen, at the instant `at` for which it was due."""
        ...


@dataclass(frozen=True, slots=True)
class Fired:
    """An event that happened: its instant on the clock, and its label."""

    at: float
    label: str


class Due:
    """A place in the agenda: the handle by which an event is withdrawn."""

    __slots__ = ("at", "event")

    def __init__(self, at: float, event: Event) -> None:
        self.at = at
        self.event: Event | None = event


class Agenda:
    """Events by due instant; those due at the same instant keep the order they were added in.

    `begun` is told of every task that begins here, once its first step is put down, `entered`
    of every status a task comes to, the first included. `sooner` is called when something is
    due earlier than all that was.
    """

    __slots__ = ("_heap", "_sequence", "_withdrawn", "begun", "entered", "sooner")

    def __init__(
        self,
        begun: "Callable[[Task], None] | None" = None,
        entered: "Callable[[Task], None] | None" = None,
        sooner: Callable[[], None] | None = None,
    ) -> None:
        self.begun = begun
        self.entered = entered
        self.sooner = sooner
        self._heap: list[tuple[float, int, Due]] = []
        self._sequence = 0
        self._withdrawn = 0

    def __len__(self) -> int:
        """How many events are still due."""
        return len(self._heap) - self._withdrawn

    def add(self, at: float, event: Event) -> Due:
        """Put `event` down for the instant `at`; the answer withdraws it."""
        due = Due(at, event)
        self._sequence += 1
        heapq.heappush(self._heap, (at, self._sequence, due))
        if self.sooner is not None and self._heap[0][2] is due:
            self.sooner()
        return due

    def cancel(self, due: Due) -> None:
        """Withdraw an event; one that has fired or was withdrawn is left as it is."""
        if due.event is None:
            return
        due.event = None
        self._withdrawn += 1
        if self._withdrawn > 64 and self._withdrawn * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].event is not None]
            heapq.heapify(self._heap)
            self._withdrawn = 0

    def next(self) -> float | None:
        """The instant of the earliest event, or None when nothing is due."""
        while self._heap and self._heap[0][2].event is None:
            heapq.heappop(self._heap)
            self._withdrawn -= 1
        return self._heap[0][0] if self._heap else None

    def events(self) -> list[tuple[float, Event]]:
        """What is still due, in the order in which it will happen."""
        entries = sorted(self._heap, key=_order)
        return [(at, due.event) for at, _, due in entries if due.event is not None]

    def settle(self, now: float) -> list[Fired]:
        """Fire every event due at or before `now`, in order, those added meanwhile included."""
        fired: list[Fired] = []
        while self._heap and self._heap[0][0] <= now:
            at, _, due = heapq.heappop(self._heap)
            event = due.event
            if event is None:
                self._withdrawn -= 1
                continue
            due.event = None
            event.fire(at)
            fired.append(Fired(at, event.label))
        return fired


def _order(entry: tuple[float, int, Due]) -> tuple[float, int]:
    return entry[:2]
