"""In `auto` time, looking at a task is what makes it go on; this is where a look is noticed."""

from collections.abc import Iterable

from understudy.mocks.call import Call
from understudy.mocks.kind import Kind
from understudy.mocks.store import Resource


def look(call: Call, kind: Kind, resources: Iterable[Resource]) -> bool:
    """Tell the tasks that they are about to be read; whether any of them took a step."""
    return _polls(call, kind) and call.tenant.observe(resources, call.wire)


def looked(call: Call, kind: Kind, resources: Iterable[Resource]) -> None:
    """Tell the tasks that the answer about them is made."""
    if _polls(call, kind):
        call.tenant.answered(resources, call.wire)


def _polls(call: Call, kind: Kind) -> bool:
    """Whether this operation counts as a poll of the kind's tasks."""
    lifecycle = call.provider.lifecycles.get(kind.lifecycle)
    return lifecycle is not None and call.operation.id in lifecycle.polls
