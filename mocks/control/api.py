"""The control API as a provider like any other, with a document of its own.

Every exchange is held against that document; only that it has no tenant: it acts on the one
that `X-Understudy-Tenant` names, else on that of the provider key which was sent, else on all.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache

from understudy.contracts.addressing import CONTROL
from understudy.contracts.contract import Contract
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.control.clocks import Clocks
from understudy.mocks.control.deliveries import Deliveries
from understudy.mocks.control.events import Events
from understudy.mocks.control.faults import Faults
from understudy.mocks.control.journals import Journals
from understudy.mocks.control.scope import Scope
from understudy.mocks.control.served import Served
from understudy.mocks.control.snapshots import Ahead, Snapshots
from understudy.mocks.control.tasks import Tasks
from understudy.mocks.engine import Engine
from understudy.mocks.envelope import STATUS
from understudy.mocks.provider import Behaviour, Edition, Provider, edition
from understudy.mocks.refusal import Refusal

NAME = CONTROL.removeprefix("/")


def attach(engine: Engine, *, wall: Callable[[], float], lead: Ahead | None = None) -> None:
    """Serve the control API of `engine` beside its providers.

    `wall` answers seconds since 1970, for clocks that are switched to `real`; `lead` is how far
    the clocks of tenants to come are ahead.
    """
    scope = Scope(engine)
    special: dict[str, Behaviour] = {}
    for noun in (
        Served(scope),
        Clocks(scope, wall),
        Tasks(scope),
        Journals(scope),
        Deliveries(scope),
        Events(scope),
        Faults(scope),
        Snapshots(scope, wall, lead),
    ):
        special |= noun.behaviours()
    made = replace(_frame(), behaviours=special)
    engine.providers[NAME] = Provider(NAME, (made,), _Envelope(), private=True)


@cache
def _frame() -> Edition:
    """The document, compiled once: only the behaviours differ from fake to fake."""
    return edition(Contract.load("control"), {}, lambda *_: _unplayed, ("",))


def _unplayed(call: Call) -> Answer:
    raise NotImplementedError(call.operation.id)


class _Envelope:
    """Refusals as the control document declares them."""

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """A message, and the violations where there are some."""
        error: dict[str, Json] = {"message": refusal.message}
        if refusal.violations:
            error["violations"] = [asdict(violation) for violation in refusal.violations]
        status = refusal.status or STATUS[refusal.reason]
        return Answer(status, {"error": error}, headers=refusal.headers)
