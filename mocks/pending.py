"""What a fake is still to do: unfinished tasks and timers, told in sentences."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.mocks.clock import stamp
from understudy.mocks.task import Task

if TYPE_CHECKING:
    from understudy.mocks.tenant import Tenant

SHOWN = 10
"""How many tasks and timers a sentence names."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An unfinished task; `then` is its next status, `seconds` how far ahead on its clock.

    `then` is empty and `seconds` infinite for a task that is stuck.
    """

    tenant: str
    provider: str
    kind: str
    id: str
    status: str
    then: str
    seconds: float

    def __str__(self) -> str:
        """Where it stands, and what it takes to move it."""
        task = f"{self.provider} {self.kind} {self.id!r} is {self.status!r}"
        if not self.then:
            return f"{task} and stuck there: nothing but another outcome moves it"
        return f"{task}, {self.then!r} in {self.seconds:g} s"


def pending(tenants: "Iterable[Tenant]") -> Iterator[Pending]:
    """Every unfinished task of these tenants, the one that moves next first."""
    found: list[Pending] = []
    for tenant in tenants:
        with tenant.lock:
            now = tenant.clock.now()
            found += [
                _described(tenant, provider, task, now)
                for provider, task in tenant.tasks()
                if not task.finished
            ]
    return iter(sorted(found, key=lambda each: each.seconds))


def told(tenants: "Iterable[Tenant]") -> str:
    """Clock, unfinished tasks and timers of these tenants, a line each."""
    lines: list[str] = []
    for tenant in tenants:
        with tenant.lock:
            clock, now = tenant.clock, tenant.clock.now()
            due = tenant.agenda.next()
            timers = len(tenant.agenda)
        lines.append(f"The clock of {tenant.name!r} is {clock.mode} and says {stamp(now)}.")
        tasks = list(pending((tenant,)))
        lines += [f"  {each}." for each in tasks[:SHOWN]]
        if len(tasks) > SHOWN:
            lines.append(f"  {len(tasks) - SHOWN} more tasks are unfinished.")
        if due is not None:
            lines.append(f"  {timers} due ahead, the first in {max(0.0, due - now):g} s.")
    return "\n".join(lines)


def _described(tenant: "Tenant", provider: str, task: Task, now: float) -> Pending:
    following, resource = task.next, task.resource
    then, seconds = "", math.inf
    if following is not None:
        then, seconds = following[0], max(0.0, following[1] - task.skew - now)
    return Pending(tenant.name, provider, resource.kind, resource.id, task.status, then, seconds)
