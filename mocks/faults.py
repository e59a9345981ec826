"""The faults of a tenant: which of them strike an exchange, a task or a delivery, and how often."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from understudy.mocks.fault import DELIVERED, EXCHANGED, PLANNED, Fault, FaultError
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.outcomes import replan
from understudy.mocks.subject import Subject
from understudy.mocks.task import Task, TaskError

if TYPE_CHECKING:
    from understudy.mocks.call import Call

Report = Callable[[str], None]
Running = Iterable[tuple[str, Task]]
"""Tasks with the names of their providers."""


class Rule:
    """One fault at work: how many matches it has seen, and how many of them it struck.

    `since` is the instant of the first strike; `tasks` are those whose course it changed.
    """

    __slots__ = ("fault", "over", "seen", "since", "struck", "tasks")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.struck = 0
        self.since: float | None = None
        self.over = False
        self.tasks: list[str] = []

    def until(self, now: float, began: float | None = None) -> float | None:
        """The instant at which a strike from now on would end; None without end.

        `began` is where the window begins if that is not the first strike.
        """
        lasting = self.fault.lasting
        if lasting is None:
            return None
        start = began if began is not None else self.since
        return (now if start is None else start) + lasting

    def strikes(self, now: float, draw: Seeded, began: float | None = None) -> bool:
        """Whether it strikes the match at hand, which counts as seen."""
        self.seen += 1
        fault, most, end = self.fault, self.fault.most, self.until(now, began)
        if self.over or self.seen < fault.first or (most is not None and self.struck >= most):
            return False
        if end is not None and now >= end:
            return False
        return fault.probability >= 1 or draw.child(fault.id, self.seen).chance(fault.probability)

    def strike(self, now: float) -> None:
        """Count a strike."""
        self.struck += 1
        if self.since is None:
            self.since = now


class Faults:
    """The faults of one tenant in the order in which they were added; usually there are none.

    `rules` is empty exactly when nothing has to be asked. `playing` is the exchange at hand.
    `report` is told of a fault that fits and cannot strike.
    """

    __slots__ = ("_count", "_draw", "_report", "playing", "rules")

    def __init__(self, seed: int, tenant: str, report: Report | None = None) -> None:
        self.rules: dict[str, Rule] = {}
        self.playing: Call | None = None
        self._draw = Seeded(seed, "faults", tenant)
        self._count = 0
        self._report = report

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Iterator[Fault]:
        return iter([rule.fault for rule in self.rules.values()])

    @property
    def count(self) -> int:
        """How many faults were named here so far; set it to go on from a snapshot."""
        return self._count

    @count.setter
    def count(self, count: int) -> None:
        self._count = count

    def name(self) -> str:
        """An id for another fault."""
        self._count += 1
        return f"fault-{self._count}"

    def add(self, fault: Fault, running: Running = (), now: float = 0.0) -> Fault:
        """Put a fault with an id to work; one of a task by name also on that `running` task.

        FaultError when the id is taken.
        """
        if not fault.id or fault.id in self.rules:
            raise FaultError(f"The fault's id is {fault.id!r}; it must be new and not empty.", "id")
        rule = self.rules[fault.id] = Rule(fault)
        if fault.kind in PLANNED and fault.task:
            for provider, task in running:
                if task.resource.id == fault.task and not task.finished:
                    self._lay(rule, provider, task, now)
        return fault

    def remove(self, id: str, running: Running = (), now: float = 0.0) -> Fault | None:
        """Take a fault away; a `running` task that it holds goes on to success."""
        rule = self.rules.pop(id, None)
        if rule is None:
            return None
        if rule.fault.kind == "stuck":
            for _, task in running:
                if task.resource.id in rule.tasks and not task.finished:
                    task.set_outcome(task.lifecycle.success, now)
        return rule.fault

    def clear(self, running: Running = (), now: float = 0.0) -> int:
        """Take every fault away; how many there were."""
        held = list(running)
        return sum(self.remove(id, held, now) is not None for id in list(self.rules))

    def exchanged(self, call: "Call") -> Iterator[tuple[Rule, float | None]]:
        """The rules that strike this exchange, with the instant at which each ends.

        Whoever takes one decides whether it strikes, and counts it with `Rule.strike`.
        """
        subject = Subject(call)
        for rule in tuple(self.rules.values()):
            fault = rule.fault
            if fault.kind not in EXCHANGED or not _asked(fault, call):
                continue
            fits, began = subject.fits(fault)
            if fits and rule.strikes(call.now, self._draw, began):
                yield rule, rule.until(call.now, began)

    def begun(self, task: Task, provider: str) -> None:
        """Change the course of a task of a provider that has just begun, if a fault says so."""
        asked = "" if self.playing is None else self.playing.operation.id
        for rule in tuple(self.rules.values()):
            fault = rule.fault
            if fault.kind not in PLANNED or fault.task not in ("", task.resource.id):
                continue
            if fault.operation in ("", asked):
                self._lay(rule, provider, task, task.resource.updated)

    def delivered(self, provider: str, event: str, about: str, now: float) -> tuple[Fault, ...]:
        """The faults that strike a delivery which is being queued; they count as struck."""
        found: list[Fault] = []
        for rule in tuple(self.rules.values()):
            fault = rule.fault
            if fault.kind not in DELIVERED or fault.provider not in ("", provider):
                continue
            if fault.event not in ("", event) or fault.task not in ("", about):
                continue
            if rule.strikes(now, self._draw):
                rule.strike(now)
                found.append(fault)
        return tuple(found)

    def draw(self, *names: object) -> Seeded:
        """Chance for the details of a strike."""
        return self._draw.child(*names)

    def _lay(self, rule: Rule, provider: str, task: Task, now: float) -> None:
        """Lay a fault down in a task's plan, if it is one of its lifecycle."""
        fault = rule.fault
        if (fault.at and fault.at not in task.lifecycle.statuses) or fault.provider not in (
            "",
            provider,
        ):
            return
        if not rule.strikes(now, self._draw):
            return
        try:
            replan(task, fault, now)
        except TaskError as error:
            if self._report is not None:
                self._report(f"The fault {fault.id!r} cannot strike: {error}")
            return
        rule.strike(now)
        rule.tasks.append(task.resource.id)


def _asked(fault: Fault, call: "Call") -> bool:
    return fault.provider in ("", call.provider.name) and fault.operation in (
        "",
        call.operation.id,
    )
