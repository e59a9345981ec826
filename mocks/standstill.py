"""Code that waits for what can never happen: noticed by its polls, and told what would help."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from understudy.mocks.clock import stamp
from understudy.mocks.errors import FakeError
from understudy.mocks.pending import told
from understudy.mocks.task import Task

if TYPE_CHECKING:
    from understudy.mocks.call import Call

PATIENT = 10
"""How many times the bound a stuck task may be polled by code that lets time pass meanwhile."""


class Standstill(FakeError, AssertionError):
    """A task was polled over and over that cannot change; says what is pending and what helps."""


class Streak:
    """The latest polls of one tenant, as long as each is of tasks that cannot change.

    In `manual` time that is any unfinished task while the clock stands still, in `auto` time
    one that is stuck. Any other exchange between two polls ends the streak: who does something
    else is not just waiting.
    """

    __slots__ = ("_at", "_count", "_moved", "_sequence")

    def __init__(self) -> None:
        self._count = 0
        self._sequence = -1
        self._at = 0.0
        self._moved = False

    def poll(self, call: "Call", tasks: Sequence[Task]) -> None:
        """These tasks are about to be read in process; raises Standstill beyond the bound."""
        tenant = call.tenant
        waiting = [task for task in tasks if not task.finished]
        mode, sequence = tenant.clock.mode, len(tenant.journal) + tenant.journal.dropped
        stuck = all(task.next is None for task in waiting)
        moved = call.now != self._at
        goes_on = sequence == self._sequence + 1 and (stuck or not moved)
        self._at, self._sequence = call.now, sequence
        if not waiting or mode == "real" or not (stuck or mode == "manual"):
            self._count, self._moved = 0, False
            return
        self._count = self._count + 1 if goes_on else 1
        self._moved = goes_on and (self._moved or moved)
        if self._count > tenant.limits.polls * (PATIENT if self._moved else 1):
            self._sequence = sequence - 1  # not journalled: the next poll raises at once
            raise Standstill(_explained(call, waiting, self._count - 1))


def _explained(call: "Call", waiting: Sequence[Task], count: int) -> str:
    asked = f"{call.request.method} {call.request.path} ({call.operation.id})"
    first, following = waiting[0], waiting[0].next
    lines = [f"{asked} has polled {count} times in a row what cannot change."]
    if following is None:
        lines += [
            f"{first.label} is stuck there, on purpose: by a fault, an outcome or a magic word.",
            told((call.tenant,)),
            f"fake.decide({first.resource.id!r}, 'ok') lets it go on, and 'fail' lets it fail.",
            "A wait with a deadline of its own should have given up by now: time.monotonic and"
            " time.time follow the fake's clock only in modules that are named (modules=[...]).",
        ]
    else:
        status, at = following
        seconds = at - first.skew - call.now
        lines += [
            f"The clock is manual and stands at {stamp(call.now)}: only you move it.",
            told((call.tenant,)),
            f"fake.clock.advance({seconds:g}), fake.clock.advance_to({first.resource.id!r},"
            f" {status!r}) or fake.clock.run_until_idle() lets it go on; with time='auto' polls"
            " and sleeps do.",
        ]
    return "\n".join(lines)
