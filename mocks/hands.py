"""What moves clocks by hand: by seconds, to an instant, to a task's status, to the end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from understudy.mocks.agenda import Fired
from understudy.mocks.clock import Clock
from understudy.mocks.errors import FakeError
from understudy.mocks.pending import Pending, pending, told
from understudy.mocks.task import Task
from understudy.mocks.tenant import Tenant, Tenants

EVENTS = 100_000
"""How many events `run_until_idle` lets happen before it takes them to be without end."""


class Lead:
    """How far the clocks of tenants that do not exist yet have been moved, in seconds."""

    __slots__ = ("seconds",)

    def __init__(self) -> None:
        self.seconds = 0.0


@dataclass(frozen=True, slots=True)
class World:
    """Every clock of one fake: its tenants', what makes a new one, and how far that one is."""

    tenants: Tenants
    make: Callable[[], Clock]
    lead: Lead


class Time:
    """The clocks of some tenants, read and moved together; `lead` moves those to come."""

    def __init__(
        self,
        tenants: Callable[[], Iterable[Tenant]],
        make: Callable[[], Clock],
        lead: Lead | None = None,
    ) -> None:
        self._tenants = tenants
        self._make = make
        self._lead = lead

    def now(self) -> float:
        """Seconds since 1970: the latest of these clocks, or where a new one would begin."""
        instants = [tenant.clock.now() for tenant in self._tenants()]
        return max(instants) if instants else self._make().now()

    def advance(self, seconds: float) -> list[Fired]:
        """Let time pass; answers what happened on the way, oldest first."""
        happened = _in_order([tenant.advance(seconds) for tenant in self._tenants()])
        if self._lead is not None:
            self._lead.seconds += self._make().advance(seconds) - self._make().now()
        return happened

    def move_to(self, instant: float) -> list[Fired]:
        """Let time pass until `instant`, in seconds since 1970; an earlier one changes nothing."""
        happened = _in_order([tenant.move_to(instant) for tenant in self._tenants()])
        if self._lead is not None:
            self._lead.seconds += max(0.0, instant - self._make().now())
        return happened

    def advance_to(self, task: object, status: str) -> list[Fired]:
        """Let time pass until the task has just entered `status`; what happened on the way.

        `task` is its id, or what an API or a client answered about it (an `id`, `_id` or
        `task_id` in it). Every clock moves by as much. FakeError when there is no such task, or
        it will not come to that status (any more).
        """
        tenant, found = self.find(task)
        happened: list[Fired] = []
        while found.status != status:
            with tenant.lock:
                following, now = found.next, tenant.clock.now()
                skew = found.skew
            statuses = found.plan.statuses
            if self._follows(found, status):
                happened += self.advance(self._next() or 0.0)
                continue
            if status not in statuses[statuses.index(found.status) :] or following is None:
                raise FakeError(
                    f"{found.label} will not come to {status!r}: its way is {', '.join(statuses)}."
                )
            happened += self.advance(max(0.0, following[1] - skew - now))
        return happened

    def _follows(self, found: Task, status: str) -> bool:
        """Whether the task moves as others do, may come to `status`, and something is due yet."""
        reachable = found.lifecycle.reachable(found.status, status)
        return bool(found.lifecycle.follows and reachable and self._next() is not None)

    def run_until_idle(self) -> list[Fired]:
        """Let time pass until nothing is due any more; what happened on the way.

        Every clock moves by as much. A task that is stuck stays so. FakeError when there seems
        to be no end to it.
        """
        happened: list[Fired] = []
        while (ahead := self._next()) is not None:
            happened += self.advance(ahead)
            if len(happened) > EVENTS:
                raise FakeError(
                    f"{EVENTS} events have happened and more are due; the latest was"
                    f" {happened[-1].label!r}."
                )
        return happened

    def pending(self) -> list[Pending]:
        """The unfinished tasks, the one that moves next first."""
        return list(pending(self._tenants()))

    def __str__(self) -> str:
        """Every clock with what is unfinished, as a failed test's report shows it."""
        return told(self._tenants()) or "No tenant has called yet."

    def _next(self) -> float | None:
        """Seconds until the next event of any tenant; None when none is due."""
        ahead: list[float] = []
        for tenant in self._tenants():
            with tenant.lock:
                due = tenant.agenda.next()
                if due is not None:
                    ahead.append(max(0.0, due - tenant.clock.now()))
        return min(ahead, default=None)

    def find(self, task: object) -> tuple[Tenant, Task]:
        """A task by its id, or by what an answer says about it; FakeError when there is none."""
        wanted = _id_of(task)
        known: list[str] = []
        for tenant in self._tenants():
            for _, each in tenant.tasks():
                if each.resource.id == wanted:
                    return tenant, each
                known.append(each.resource.id)
        some = ", ".join(known[-5:]) or "none"
        raise FakeError(f"There is no task {wanted!r}; the latest tasks are: {some}.")


def _id_of(task: object) -> str:
    for name in ("id", "_id", "task_id"):
        value = task.get(name) if isinstance(task, dict) else getattr(task, name, None)
        if value is not None:
            return str(value)
    return str(task)


def _in_order(events: Iterable[Iterable[Fired]]) -> list[Fired]:
    return sorted((each for some in events for each in some), key=lambda each: each.at)
