"""Lifecycles as declared: the statuses of a task, their order, how long they last, how they end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike

from understudy.contracts.errors import ContractError
from understudy.contracts.json import Json


class LifecycleError(ContractError):
    """A lifecycle cannot be used, or was asked for what it does not declare.

    The message names the file with the line where there is one, and the place in it.
    """


@dataclass(frozen=True, slots=True)
class Stage:
    """A status on the way, and how long it lasts at speed 1."""

    status: str
    seconds: float = 0.0
    per_media_second: float = 0.0

    def duration(self, media_seconds: float = 0.0) -> float:
        """Seconds in this status for a medium of `media_seconds`."""
        return self.seconds + self.per_media_second * media_seconds


@dataclass(frozen=True, slots=True)
class Failure:
    """A way to end badly: the terminal status, the stages it may happen in, and why."""

    status: str
    stages: tuple[str, ...]
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A state machine: `stages` in order, then `success` or one of `failures`.

    `status_field` names the field of the resource that holds the status, `progress_field` the
    one that holds a percentage (None without one); `polls` are the operationIds that count as
    polls on an `auto` clock; `transitions` are all legal moves, also those the fake never makes.
    """

    name: str
    stages: tuple[Stage, ...]
    success: str
    terminal: tuple[str, ...]
    transitions: Mapping[str, tuple[str, ...]]
    failures: tuple[Failure, ...] = ()
    polls: frozenset[str] = frozenset()
    status_field: str = "status"
    progress_field: str | None = None
    description: str = ""
    provenance: Mapping[str, Json] = field(default_factory=dict)

    @property
    def initial(self) -> str:
        """The status in which a task begins."""
        return self.stages[0].status

    @property
    def statuses(self) -> tuple[str, ...]:
        """Every status, in the order of the declared moves."""
        return tuple(self.transitions)

    def legal(self, before: str, after: str) -> bool:
        """Whether a task may move from `before` to `after` in one step."""
        return after in self.transitions.get(before, ())

    def finished(self, status: str) -> bool:
        """Whether `status` is one that a task never leaves."""
        return status in self.terminal

    def reachable(self, before: str, after: str) -> bool:
        """Whether `after` can follow `before` in any number of steps, none included."""
        return after == before or after in set(self._following(before))

    def position(self, status: str) -> int:
        """The place of `status` among the stages; LifecycleError when it is no stage."""
        for index, stage in enumerate(self.stages):
            if stage.status == status:
                return index
        names = ", ".join(stage.status for stage in self.stages)
        raise LifecycleError(f"Lifecycle {self.name!r} has no stage {status!r}; it has {names}.")

    def failure(self, status: str | None = None) -> Failure:
        """The failure that ends in `status`, by default the first; else LifecycleError."""
        for each in self.failures:
            if status is None or each.status == status:
                return each
        known = ", ".join(each.status for each in self.failures) or "none"
        wanted = "failure" if status is None else f"failure {status!r}"
        raise LifecycleError(f"Lifecycle {self.name!r} has no {wanted}; it has {known}.")

    def _following(self, before: str) -> Iterator[str]:
        found: set[str] = set()
        open_ends = [before]
        while open_ends:
            for after in self.transitions.get(open_ends.pop(), ()):
                if after not in found:
                    found.add(after)
                    open_ends.append(after)
                    yield after


def load_lifecycles(
    source: str | PathLike[str] | Mapping[str, Json], *, name: str | None = None
) -> Mapping[str, Lifecycle]:
    """The lifecycles of a provider (`"twelvelabs"`), of a YAML file, or of a mapping, by name.

    A provider without a file has none. `name` is what errors call the source.
    LifecycleError says which file, line and place is wrong, and what would have been right.
    """
    from understudy.contracts.lifecycles import read

    return read(source, name)
