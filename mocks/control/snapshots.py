"""The control API's snapshots: take one, go back to one."""

from collections.abc import Callable, Mapping
from typing import Protocol

from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.control.scope import Scope, tenant_named
from understudy.mocks.provider import Behaviour
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.snapshot import Snapshot, SnapshotError, restore, taken


class Ahead(Protocol):
    """How far the clocks of tenants to come are ahead, in seconds."""

    seconds: float


class Snapshots:
    """What tenants are, to go back to; `lead` is that of the fake, where there is one."""

    def __init__(self, scope: Scope, wall: Callable[[], float], lead: Ahead | None) -> None:
        self._scope = scope
        self._wall = wall
        self._lead = lead

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {"get-snapshot": self.take, "put-snapshot": self.go_back}

    def take(self, call: Call) -> Answer:
        """What the tenants meant are now."""
        lead = self._lead.seconds if self._lead is not None else 0.0
        try:
            made = taken(self._scope.engine, self._scope.meant(call), lead=lead)
        except SnapshotError as error:
            raise Refusal(Reason.CONFLICT, str(error)) from None
        return Answer(200, made.whole)

    def go_back(self, call: Call) -> Answer:
        """The names of the tenants that are as they were."""
        engine, named = self._scope.engine, tenant_named(call.request.headers)
        only = engine.tenants.get(named) if named else None
        try:
            touched, lead = restore(engine, Snapshot(call.body, "the body"), self._wall, only)
        except SnapshotError as error:
            raise Refusal(Reason.RULE, str(error)) from None
        if only is None and self._lead is not None:
            self._lead.seconds = lead
        return Answer(200, {"tenants": [*touched]})
