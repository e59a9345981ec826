"""In `auto` time, looking at a task is what makes it go on; this is where a look is noticed."""

from collections.abc import Iterable

from understudy.mocks.call import Call
from understudy.mocks.kind import Kind
from understudy.mocks.store import Resource
from understudy.mocks.task import Task


def look(call: Call, kind: Kind, resources: Iterable[Resource]) -> bool:
    """Tell the tasks that they are about to be read; whether any of them took a step.

    In process, one poll too many of what cannot change raises Standstill.
    """
    tasks = _polled(call, kind, resources)
    if tasks and not call.wire:
        call.tenant.streak.poll(call, tasks)
    if call.tenant.clock.mode != "auto":
        return False
    moved = [task.observe(call.now, call.wire) for task in tasks]
    return any(moved)


def looked(call: Call, kind: Kind, resources: Iterable[Resource]) -> None:
    """Tell the tasks that the answer about them is made."""
    if call.tenant.clock.mode == "auto":
        for task in _polled(call, kind, resources):
            task.answered(call.now, call.wire)


def _polled(call: Call, kind: Kind, resources: Iterable[Resource]) -> list[Task]:
    """The tasks among them, if this operation counts as a poll of them."""
    if not kind.lifecycle or (call.wire and call.tenant.clock.mode != "auto"):
        return []
    asks = call.operation.id  # tasks of one kind may be on the way through different lifecycles
    tasks = (resource.task for resource in resources)
    return [task for task in tasks if task is not None and asks in task.lifecycle.polls]
