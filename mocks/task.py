"""A task: a resource on its way through a lifecycle, along a timeline fixed when it began."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from understudy.contracts.lifecycle import Failure, Lifecycle, LifecycleError
from understudy.mocks.agenda import Agenda, Due
from understudy.mocks.clock import LATEST, whole
from understudy.mocks.errors import FakeError
from understudy.mocks.store import Collection, Resource

Enter = Callable[[Resource, str, float], None]
"""Called after a task entered a status (not the initial one): the resource, the status, when."""


class TaskError(FakeError):
    """A task was asked for what its lifecycle, or where it stands, does not allow."""


GONE = "(vanished)"
"""What a plan says in place of a status where its task vanishes: the resource is removed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task is to run: to success at its own pace, unless said otherwise.

    `status` is the terminal status (None: success, or with `at` the first failure); `at` is the
    stage that ends in it (None: the first that may). A `stuck` task never leaves `at` (None: the
    last stage), one that is to `vanish` is removed at its end. `share` is how much of the whole
    time has passed when a failure comes, 0 to 1. `slow` multiplies every duration. `reason` and
    `code` replace the declared ones.
    """

    status: str | None = None
    at: str | None = None
    stuck: bool = False
    slow: float = 1.0
    reason: str = ""
    code: str = ""
    vanish: bool = False
    share: float | None = None


SUCCESS = Outcome()


@dataclass(frozen=True, slots=True)
class Plan:
    """A timeline: the statuses in order, and the seconds spent in each.

    The statuses are the lifecycle's stages from the first on, then the terminal one; the last
    is terminal, or `GONE`, or the one that the task is stuck in, and its duration is infinite.
    """

    lifecycle: Lifecycle
    statuses: tuple[str, ...]
    seconds: tuple[float, ...]
    reason: str = ""
    code: str = ""
    media_seconds: float = 0.0
    speed: float = 1.0

    @classmethod
    def of(
        cls,
        lifecycle: Lifecycle,
        media_seconds: float = 0.0,
        *,
        speed: float = 1.0,
        outcome: Outcome = SUCCESS,
    ) -> "Plan":
        """The timeline for a medium of `media_seconds`; TaskError for an undeclared outcome.

        Durations are divided by `speed` and multiplied by the outcome's `slow`.
        """
        pace = _pace(speed, outcome.slow, media_seconds)
        every = tuple(stage.duration(media_seconds) / pace for stage in lifecycle.stages)
        spent: float | None = None
        if outcome.share is not None:
            outcome, spent = _shared(lifecycle, outcome, every)
        end, last, failure = _ending(lifecycle, outcome)
        stages, seconds = lifecycle.stages[: last + 1], every[: last + 1]
        if spent is not None:
            seconds = (*seconds[:-1], spent)
        statuses = tuple(stage.status for stage in stages)
        if outcome.stuck:
            seconds = (*seconds[:-1], math.inf)
        else:
            statuses, seconds = (*statuses, end), (*seconds, math.inf)
        return cls(
            lifecycle,
            statuses,
            seconds,
            reason=outcome.reason or failure.reason if failure else "",
            code=outcome.code or failure.code if failure else "",
            media_seconds=media_seconds,
            speed=pace,
        )

    @property
    def total(self) -> float:
        """Seconds until the terminal status; infinite for a task that is stuck."""
        if not self.lifecycle.finished(self.statuses[-1]):
            return math.inf
        return math.fsum(self.seconds[:-1])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task stands on its plan: all of it that a snapshot keeps beside the plan.

    Instants are seconds since 1970; `due` is infinite where no step follows. `hooked` is whether
    somebody is told of each status.
    """

    step: int
    entered: float
    skew: float
    due: float
    read_at: float | None
    reason: str
    code: str
    hooked: bool


class Task:
    """Moves one resource along its plan; each move is an event of the tenant's agenda.

    When an event fires, the resource's status field, its `updated` instant and the indexes
    change, stamped with the instant that was due. A task that polls have pushed ahead lives in
    a later time of its own (`skew` seconds after the clock), so that its stamps never go back
    and its durations stay those of the plan. `reason` and `code` are empty until it has failed.
    """

    __slots__ = (
        "_agenda",
        "_collection",
        "_due",
        "_on_enter",
        "_pending",
        "_read_at",
        "_step",
        "code",
        "entered",
        "plan",
        "reason",
        "resource",
        "skew",
    )

    def __init__(
        self,
        resource: Resource,
        plan: Plan,
        collection: Collection,
        agenda: Agenda,
        on_enter: Enter | None,
    ) -> None:
        self.resource = resource
        self.plan = plan
        self.entered = resource.created
        self.skew = 0.0
        self.reason = ""
        self.code = ""
        self._collection = collection
        self._agenda = agenda
        self._on_enter = on_enter
        self._step = 0
        self._due = math.inf
        self._pending: Due | None = None
        self._read_at: float | None = None

    @classmethod
    def begin(
        cls,
        resource: Resource,
        plan: Plan,
        *,
        collection: Collection,
        agenda: Agenda,
        on_enter: Enter | None = None,
        at: float | None = None,
    ) -> "Task":
        """Start a stored resource on its way, in the initial status since it was created.

        With `at` it begins then: a resource may go its way a second time.
        """
        task = resource.task = cls(resource, plan, collection, agenda, on_enter)
        if at is not None:
            task.entered = whole(at)
        field, status = plan.lifecycle.status_field, plan.statuses[0]
        if resource.field(field) != status:
            collection.change(resource, {field: status})
        task._await(task.entered)
        if agenda.begun is not None:
            agenda.begun(task)
        if agenda.entered is not None:
            agenda.entered(task)
        return task

    @classmethod
    def resume(
        cls,
        resource: Resource,
        plan: Plan,
        place: Place,
        *,
        collection: Collection,
        agenda: Agenda,
        on_enter: Enter | None,
    ) -> "Task":
        """A task at a place on its plan; `expect` puts its next step on the agenda again."""
        task = resource.task = cls(resource, plan, collection, agenda, on_enter)
        task._step, task._due, task._read_at = place.step, place.due, place.read_at
        task.entered, task.skew = place.entered, place.skew
        task.reason, task.code = place.reason, place.code
        return task

    def expect(self, at: float) -> None:
        """Put the next step of a resumed task on the agenda, for the instant `at` of the clock."""
        self._pending = self._agenda.add(at, self)

    @property
    def place(self) -> Place:
        """Where it stands on its plan."""
        return Place(
            step=self._step,
            entered=self.entered,
            skew=self.skew,
            due=self._due,
            read_at=self._read_at,
            reason=self.reason,
            code=self.code,
            hooked=self._on_enter is not None,
        )

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle that is played."""
        return self.plan.lifecycle

    @property
    def status(self) -> str:
        """The status since `entered`."""
        return self.plan.statuses[self._step]

    @property
    def finished(self) -> bool:
        """Whether the status is terminal."""
        return self.plan.lifecycle.finished(self.status)

    @property
    def next(self) -> tuple[str, float] | None:
        """The status that follows and the instant it is due, in the task's own time; else None."""
        if self._pending is None:
            return None
        return self.plan.statuses[self._step + 1], self._due

    @property
    def label(self) -> str:
        """The kind, the id and the status: what the agenda says after a move."""
        return f"{self.resource.kind} {self.resource.id} {self.status}"

    def progress(self, now: float) -> float:
        """The share of the plan that lies behind, 0 to 1; a stuck task stays below 1."""
        if self.finished:
            return 1.0
        paced = [
            stage.duration(self.plan.media_seconds) / self.plan.speed
            for stage in self.plan.lifecycle.stages
        ]
        if self._step >= len(paced):  # on a detour
            return 0.99
        inside = min(max(0.0, now + self.skew - self.entered), paced[self._step])
        whole_way = math.fsum(paced) or 1.0
        return min(0.99, (math.fsum(paced[: self._step]) + inside) / whole_way)

    def fire(self, at: float) -> None:
        """Take the step that was due on the clock at `at`; called by the agenda."""
        self._pending = None
        self._enter(self._due)

    def cancel(self) -> None:
        """Stay as it is for ever: the resource has gone."""
        if self._pending is not None:
            self._agenda.cancel(self._pending)
            self._pending = None
        self._due = math.inf

    def skip(self, now: float) -> bool:
        """Take the next step now, whenever it was due; False when there is none to take.

        Only this task's time moves: the step is stamped with the instant for which it was
        planned, and everything after it comes that much earlier on the clock.
        """
        if self._pending is None:
            return False
        self._agenda.cancel(self._pending)
        self._pending = None
        self.skew = max(self.skew, self._due - now)
        self._enter(self._due)
        return True

    def observe(self, now: float, wire: bool) -> bool:
        """A poll is about to read this task on an `auto` clock; True when that moved it.

        In process, a second reading at the same instant comes from a loop that does not sleep:
        the task takes its next step first, so that such a loop ends.
        """
        if wire:
            return False
        again, self._read_at = self._read_at == now, now
        return again and self.skip(now)

    def answered(self, now: float, wire: bool) -> bool:
        """The answer to a poll on an `auto` clock is made; True when that moved the task.

        On the wire nobody's sleep moves the clock, so the poll does: the task takes its next
        step once its present status has been told, and so every status is told, in order.
        """
        return wire and self.skip(now)

    def set_outcome(self, status: str, now: float, *, reason: str = "", code: str = "") -> None:
        """Let what remains of the plan end in `status`, a declared terminal one, at its own pace.

        A failure comes at the end of the next stage in which it may happen; a stuck task goes
        on. TaskError when the status is not terminal, the task has ended, or it is too late.
        """
        self._unfinished()
        outcome = Outcome(status, self._stage_of(status), reason=reason, code=code)
        self.replan(outcome, now)

    def replan(self, outcome: Outcome, now: float) -> None:
        """Let what remains of the plan follow `outcome`, whose stage must not lie behind.

        TaskError when the task has ended, or the outcome is not declared or comes too late.
        """
        self._unfinished()
        old = self.plan
        plan = Plan.of(self.lifecycle, old.media_seconds, speed=old.speed, outcome=outcome)
        if plan.statuses[: self._step + 1] != old.statuses[: self._step + 1]:
            raise TaskError(f"{self.label} is past the stage {plan.statuses[-2]!r}.")
        self.plan = plan
        if self._pending is not None:
            self._agenda.cancel(self._pending)
            self._pending = None
        self._await(now + self.skew)

    def divert(self, status: str, at: float, *, then: tuple[str, float] | None = None) -> None:
        """Leave the plan: enter, at an instant of the task's own time, what may follow here.

        It stays there unless `then` names the status that follows, and after how many seconds.
        TaskError when the task has ended, or the lifecycle does not allow the move.
        """
        self._unfinished()
        if not self.lifecycle.legal(self.status, status):
            raise TaskError(f"{self.label} does not move to {status!r}.")
        if self._pending is not None:
            self._agenda.cancel(self._pending)
            self._pending = None
        behind = self._step + 1
        ahead = [(status, math.inf)] if then is None else [(status, then[1]), (then[0], math.inf)]
        self.plan = replace(
            self.plan,
            statuses=(*self.plan.statuses[:behind], *(each[0] for each in ahead)),
            seconds=(*self.plan.seconds[:behind], *(each[1] for each in ahead)),
        )
        self._enter(max(at, self.entered))

    def end(self, status: str, now: float, *, reason: str = "", code: str = "") -> None:
        """Enter a declared failing status at once, as when somebody kills the task.

        TaskError when it has ended, or when it may not end so from where it stands.
        """
        self.replan(Outcome(status, self.status, reason=reason, code=code), now)
        if self._pending is not None:
            self._agenda.cancel(self._pending)
            self._pending = None
        self._enter(max(now + self.skew, self.entered))

    def _unfinished(self) -> None:
        if self.finished:
            raise TaskError(f"{self.label} has ended; only an unfinished task has an outcome.")

    def _stage_of(self, status: str) -> str | None:
        """The stage, from the present one on, that can end in `status`; None for success."""
        lifecycle = self.lifecycle
        if status == lifecycle.success:
            return None
        ahead = [stage.status for stage in lifecycle.stages[self._step :]]
        declared = _failure(lifecycle, status).stages
        for stage in ahead:
            if stage in declared:
                return stage
        for stage in ahead:
            if lifecycle.legal(stage, status):
                return stage
        raise TaskError(f"{self.label} can no longer end in {status!r}.")

    def _await(self, earliest: float) -> None:
        """Put the next step on the agenda, not before `earliest` in the task's own time."""
        seconds = self.plan.seconds[self._step]
        if seconds == math.inf:
            self._due = math.inf
            return
        self._due = min(max(whole(self.entered + seconds), earliest), LATEST)
        self._pending = self._agenda.add(self._due - self.skew, self)

    def _enter(self, at: float) -> None:
        self._step += 1
        self.entered = whole(at)
        lifecycle, status = self.plan.lifecycle, self.status
        if status == GONE:
            self._due = math.inf
            self._collection.remove(self.resource)
            return
        if lifecycle.finished(status) and status != lifecycle.success:
            self.reason, self.code = self.plan.reason, self.plan.code
        self._collection.change(self.resource, {lifecycle.status_field: status}, at=self.entered)
        self._await(self.entered)
        if self._agenda.entered is not None:
            self._agenda.entered(self)
        if self._on_enter is not None:
            self._on_enter(self.resource, status, self.entered)


def _pace(speed: float, slow: float, media_seconds: float) -> float:
    """How many times faster than declared the task runs; TaskError when that makes no sense."""
    for name, factor in (("speed", speed), ("slow", slow)):
        if not (math.isfinite(factor) and factor > 0):
            raise TaskError(f"{name} is {factor!r}; it must be a number above 0.")
    if not (math.isfinite(media_seconds) and media_seconds >= 0):
        raise TaskError(f"A medium cannot last {media_seconds!r} seconds.")
    return speed / slow


def _ending(lifecycle: Lifecycle, outcome: Outcome) -> tuple[str, int, Failure | None]:
    """The terminal status, the place of the last stage before it, and the failure if it is one."""
    last = len(lifecycle.stages) - 1
    try:
        place = last if outcome.at is None else lifecycle.position(outcome.at)
    except LifecycleError as error:
        raise TaskError(str(error)) from None
    if outcome.stuck or outcome.vanish:
        return GONE, place, None
    if outcome.status == lifecycle.success or (outcome.status is None and outcome.at is None):
        return lifecycle.success, last, None
    failure = _failure(lifecycle, outcome.status)
    if outcome.at is None:
        place = lifecycle.position(failure.stages[0])
    elif not lifecycle.legal(outcome.at, failure.status):
        raise TaskError(
            f"Lifecycle {lifecycle.name!r} does not move from {outcome.at!r} to"
            f" {failure.status!r}; it may from {', '.join(failure.stages)}."
        )
    return failure.status, place, failure


def _shared(
    lifecycle: Lifecycle, outcome: Outcome, every: tuple[float, ...]
) -> tuple[Outcome, float]:
    """The failure at that share of the whole time: its stage, and the seconds spent in it.

    Where the stage of that instant may not fail, the next one that may fails as it begins.
    """
    failure = _failure(lifecycle, outcome.status)
    left = math.fsum(every) * min(max(outcome.share or 0.0, 0.0), 1.0)
    for stage, seconds in zip(lifecycle.stages, every, strict=True):
        last = stage is lifecycle.stages[-1]
        if (left < seconds or last) and lifecycle.legal(stage.status, failure.status):
            return replace(outcome, status=failure.status, at=stage.status), min(left, seconds)
        left = max(0.0, left - seconds)
    raise TaskError(
        f"Lifecycle {lifecycle.name!r} does not move to {failure.status!r} that late; it may from"
        f" {', '.join(failure.stages)}."
    )


def _failure(lifecycle: Lifecycle, status: str | None) -> Failure:
    try:
        return lifecycle.failure(status)
    except LifecycleError as error:
        ends = ", ".join(lifecycle.terminal)
        raise TaskError(f"{error} A task of it ends in one of {ends}.") from None
