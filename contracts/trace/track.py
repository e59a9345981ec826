"""One task through all the exchanges that showed it, and the laws of its lifecycle."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.contracts.trace.sighting import Sighting, instant


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that a sighting breaks: where in the reply, what was there, what the law expects.

    `rule` is the place within the lifecycle's declaration that asks for it.
    """

    pointer: str
    value: Json
    expected: str
    rule: str = ""


@dataclass(slots=True)
class Track:
    """What is known of one task so far; `see` tells what a further sighting contradicts."""

    lifecycle: Lifecycle
    id: str
    status: str | None = None
    progress: float | None = None
    created: float | None = None
    updated: float | None = None
    made: bool = False
    gone: bool = False
    ended_looks: int = 0
    restarts: int = 0
    links: dict[str, Json] = field(default_factory=dict)

    def see(self, seen: Sighting) -> Iterator[Breach]:
        """The laws that `seen` breaks, given all before; it is remembered then."""
        yield from self._existence(seen)
        if seen.missing:
            return
        if seen.act == "restart" and seen.status in (None, self.lifecycle.initial):
            self._restart()
        yield from self._identity(seen)
        yield from self._status(seen)
        yield from self._progress(seen)
        yield from self._stamps(seen)
        self.gone = seen.act == "delete"

    def follow(self, restarts: int, status: Json) -> None:
        """Begin anew with another task, which may own this one, if it looks as if it had.

        `restarts` counts those of the account so far: what is still at its end after one has
        not followed it.
        """
        if restarts > self.restarts and self.status is not None:
            first = status == self.lifecycle.initial
            ended = self.lifecycle.finished(self.status) and status not in (None, self.status)
            if first or ended:
                self._restart()
        self.restarts = restarts

    def _restart(self) -> None:
        """Forget how far the task had come: it begins anew, under its old id."""
        self.status = self.progress = None
        self.ended_looks = 0
        self.links.clear()

    def _existence(self, seen: Sighting) -> Iterator[Breach]:
        """A task is there from its creation until its deletion, and nowhere else."""
        if seen.missing:
            if any(self.links.get(name, value) != value for name, value in seen.links.items()):
                return  # it was asked for below another owner than its own
            if self.made and not self.gone:
                yield Breach(
                    "", seen.asked, f"task {self.id!r}, which was not deleted, to be found"
                )
            self.gone = self.made
        elif seen.act == "create":
            if self.made:
                yield Breach(seen.pointer, seen.id, "an id that no task had before")
                self._restart()  # that is all: what the other task of that id did says no more
                self.created = self.updated = None
            self.made = True
        elif self.gone:
            yield Breach(seen.pointer, seen.id, f"no task {self.id!r} after its deletion")
        else:
            self.made = True

    def _identity(self, seen: Sighting) -> Iterator[Breach]:
        """The id is the one asked for, and the ids of what belongs to a task never change."""
        if seen.asked is not None and str(seen.asked) != seen.id:
            yield Breach(seen.pointer, seen.id, f"the id that was asked for, {str(seen.asked)!r}")
        for name, value in seen.links.items():
            before = self.links.setdefault(name, value)
            if before != value:
                yield Breach(f"{seen.pointer}/{name}", value, f"{before!r}, as in earlier replies")

    def _status(self, seen: Sighting) -> Iterator[Breach]:
        """Only declared statuses; only moves that the transitions allow; an end is an end."""
        status, life = seen.status, self.lifecycle
        if status is None or seen.act == "delete":  # the last word on a task is no status of it
            return
        pointer = f"{seen.pointer}/{life.status_field.replace('.', '/')}"
        if status not in life.statuses or not isinstance(status, str):
            yield Breach(pointer, status, f"one of {', '.join(life.statuses)}", "/transitions")
            return
        before, self.status = self.status, status
        if before is None:
            return
        if life.finished(before) and status != before:
            rule = f"/transitions/{before}"
            yield Breach(pointer, status, f"{before!r}, which is an end, to stay", rule)
        elif not life.reachable(before, status):
            after = ", ".join(life.transitions.get(before, ())) or "nothing"
            rule = f"/transitions/{before}"
            yield Breach(pointer, status, f"a status that can follow {before!r} ({after})", rule)
        self.ended_looks = self.ended_looks + 1 if life.finished(before) else 0

    def _progress(self, seen: Sighting) -> Iterator[Breach]:
        """A percentage lies between 0 and 100 and never falls."""
        value = _number(seen.progress)
        if value is None:
            return
        pointer = f"{seen.pointer}/{(self.lifecycle.progress_field or '').replace('.', '/')}"
        if not 0 <= value <= 100:
            yield Breach(pointer, seen.progress, "a percentage from 0 to 100", "/progress")
        elif self.progress is not None and value < self.progress:
            yield Breach(
                pointer, seen.progress, f"at least {self.progress:g}, as before", "/progress"
            )
        self.progress = value

    def _stamps(self, seen: Sighting) -> Iterator[Breach]:
        """The creation never changes, the change never goes back nor before the creation."""
        created, updated = instant(seen.created), instant(seen.updated)
        if created is not None:
            if self.created is not None and created != self.created:
                yield Breach(seen.pointer, seen.created, "the creation time of earlier replies")
            self.created = created
        if updated is None:
            return
        if self.created is not None and updated < self.created:
            yield Breach(seen.pointer, seen.updated, "a time of change after the creation")
        if self.updated is not None and updated < self.updated:
            yield Breach(seen.pointer, seen.updated, "a time of change no earlier than before")
        self.updated = updated


def _number(value: Json) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value.rstrip("%"))
        except ValueError:
            return None
    return None
