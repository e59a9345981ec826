"""In `auto` time, looking at a task is what makes it go on; this is where a look is noticed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from understudy.mocks.call import Call
from understudy.mocks.store import Resource
from understudy.mocks.task import Task


@contextmanager
def polled(call: Call, resources: Sequence[Resource]) -> Iterator[bool]:
    """Around the making of an answer: the tasks of what it tells of are read before and after.

    Gives whether any of them took a step because it is about to be read. In process, one poll
    too many of what cannot change raises Standstill. An answer that is refused was no look.
    """
    tasks = _polled(call, resources)
    if tasks and not call.wire:
        call.tenant.streak.poll(call, tasks)
    if call.tenant.clock.mode != "auto":
        yield False
        return
    moved = [task.observe(call.now, call.wire) for task in tasks]
    yield any(moved)
    for task in _polled(call, resources):
        task.answered(call.now, call.wire)


def _polled(call: Call, resources: Sequence[Resource]) -> list[Task]:
    """Their tasks, if this operation counts as a poll of them."""
    if call.wire and call.tenant.clock.mode != "auto":
        return []
    asks = call.operation.id  # tasks of one kind may be on the way through different lifecycles
    tasks = (resource.task for resource in resources)
    return [task for task in tasks if task is not None and asks in task.lifecycle.polls]
