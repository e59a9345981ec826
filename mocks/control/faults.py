"""The control API's faults: list them, add one, take one away."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks import fault
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.control.scope import Scope, tenant_named
from understudy.mocks.fault import FaultError
from understudy.mocks.faulting import Faulting
from understudy.mocks.node import Node
from understudy.mocks.provider import Behaviour
from understudy.mocks.refusal import Reason, Refusal


class Faults:
    """What goes wrong on purpose, for one tenant, or for all with those to come."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {"list-faults": self.list, "add-fault": self.add, "remove-fault": self.remove}

    def list(self, call: Call) -> Answer:
        """Each fault once, with how often it has struck in each tenant."""
        faults, tenants = self._faults(call)
        engine = self._scope.engine
        struck: dict[str, dict[str, Json]] = {}
        for name in tenants:
            for rule in engine.tenants.get(name).faults.rules.values():
                struck.setdefault(rule.fault.id, {})[name] = rule.struck
        shown: list[Json] = [
            {"fault": fault.written(each), "struck": struck.get(each.id, {})} for each in faults
        ]
        return Answer(200, {"tenants": [*tenants], "faults": shown})

    def add(self, call: Call) -> Answer:
        """The fault as it works now, with its id."""
        faults, tenants = self._faults(call)
        try:
            made = faults.put(fault.read(Node(call.body)))
        except FaultError as error:
            reason = Reason.CONFLICT if error.pointer == "id" else Reason.RULE
            raise Refusal(reason, str(error)) from None
        return Answer(200, {"tenants": [*tenants], "fault": fault.written(made)})

    def remove(self, call: Call) -> Answer:
        """The fault that is gone."""
        faults, tenants = self._faults(call)
        try:
            gone = faults.remove(call.path("id"))
        except FaultError as error:
            raise Refusal(Reason.UNKNOWN, str(error)) from None
        return Answer(200, {"tenants": [*tenants], "fault": fault.written(gone)})

    def _faults(self, call: Call) -> tuple[Faulting, tuple[str, ...]]:
        """The faults that are meant, and the names of the tenants that have them."""
        every, served = self._scope.engine.tenants, self._scope.engine.providers.values()
        named = tenant_named(call.request.headers)
        if not named:
            return Faulting(lambda: every, served, every), tuple(each.name for each in every)
        one = every.get(named)
        return Faulting(lambda: [one], served), (named,)
