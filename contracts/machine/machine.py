"""A rule-based state machine of hypothesis that calls a server as its document says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import httpx2
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from understudy.contracts.adapters import response_of
from understudy.contracts.contract import Contract
from understudy.contracts.errors import ContractViolated
from understudy.contracts.exchange import Headers, Request, Response
from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.contracts.machine.memory import Memory
from understudy.contracts.machine.web import Part, parts_of
from understudy.contracts.operation import Reading
from understudy.contracts.strategies.plan import Draft, Plan
from understudy.contracts.strategies.requests import drafts
from understudy.contracts.trace.trace import Trace
from understudy.contracts.violation import Violation

USUAL = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
"""What a machine runs with unless its TestCase is given other settings."""

_PATIENCE = 60.0


class Machine(RuleBasedStateMachine):
    """One run: valid requests in any order, each exchange held against the contract.

    Every reply is checked against the document, every task against its lifecycle, and every
    thing made must be found under its id until it is deleted, and never after. The first breach
    raises ContractViolated with its violations. What a run has made it deletes in the end, where
    an operation does that. `machine_of` makes the classes that have rules.
    """

    contract: ClassVar[Contract]
    parts: ClassVar[Mapping[str, Part]]
    plans: ClassVar[Mapping[str, Plan]]
    server: ClassVar[Any]
    headers: ClassVar[Mapping[str, str]]
    lifecycles: ClassVar[Mapping[str, Lifecycle] | None]

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.trace = Trace(self.contract, self.lifecycles)
        self.client = _client(self.server, self.contract)

    def teardown(self) -> None:
        """Delete what this run has made."""
        try:
            for kind, name in reversed(list(self.memory.made)):
                for part in self.parts.values():
                    alone = part.deletes is not None and len(part.slots) == 1
                    if alone and part.slots[0].kind == kind:
                        self._clear(part, name)
        finally:
            self.client.close()

    def _clear(self, part: Part, name: str) -> None:
        path = re.sub(r"\{[^{}]*\}", name, part.operation.template)
        self._sent(Request("DELETE", path, "", Headers(self.headers.items())))

    def act(self, part: Part, data: st.DataObject) -> None:
        """One call of an operation, with ids that earlier replies gave; none while there are none.

        What is drawn never depends on what the server says: hypothesis could not shrink a
        failure of a server that remembers the run before.
        """
        plan = self.plans[part.operation.id]
        draft: Draft = data.draw(drafts(plan, {}))
        places = [data.draw(st.integers(0, 99), label=slot.name) for slot in part.slots]
        given: dict[tuple[str, str], Json] = {}
        for slot, place in zip(part.slots, places, strict=True):
            known = self.memory.known.get(slot.kind)
            if not known:
                return
            given[slot.where, slot.name] = known[-1 - place % len(known)]
        request = self._own(draft.given(given).request())
        reading = self.contract.read(request)
        if not isinstance(reading, Reading) or reading.violations:
            return  # an id that the document itself would not take
        response = self._sent(request)
        note(f"{request.method} {request.path} {request.query} -> {response.status}")
        found = self.judged(part, given, reading, response)
        if found:
            raise ContractViolated(found)

    def judged(
        self,
        part: Part,
        given: Mapping[tuple[str, str], Json],
        reading: Reading,
        response: Response,
    ) -> list[Violation]:
        """Everything that is wrong with an exchange."""
        operation = part.operation
        found = [*self.contract.check_response(operation, response)]
        if response.status == 500:
            expected = "no internal error, for a request that keeps the contract"
            found.append(operation.violation("status", "", 500, expected))
        found += self.trace.heard(reading, response)
        found += self.memory.see(part, given, reading, response)
        return found

    def _own(self, request: Request) -> Request:
        """The request with the user's headers in place of those that were drawn."""
        names = {name.lower() for name in self.headers}
        lines = [line for line in request.headers if line[0] not in names]
        headers = Headers([*lines, *self.headers.items()])
        return Request(request.method, request.path, request.query, headers, request.body)

    def _sent(self, request: Request) -> Response:
        query = f"?{request.query}" if request.query else ""
        content = request.body if isinstance(request.body, bytes) else b""
        answered = self.client.request(
            request.method,
            f"{str(self.client.base_url).rstrip('/')}{request.path}{query}",
            headers=[(name.encode(), value.encode()) for name, value in request.headers],
            content=content or None,
        )
        return response_of(answered)


def machine_of(
    contract: Contract,
    server: Any,
    *,
    headers: Mapping[str, str] | None = None,
    lifecycles: Mapping[str, Lifecycle] | None = None,
    leave_out: Iterable[str] = (),
) -> type[Machine]:
    """A state machine that plays a contract's operations against a server.

    `server` is the base URL at which the document's paths begin, a transport of httpx2, or what
    makes a new transport for each run (`lambda: Fake().transport()`). `headers` go with every
    request: your credentials. `lifecycles` are those shipped with the provider unless you give
    others. Operations named in `leave_out` are not called. `machine.TestCase` is a unittest case
    that pytest finds; subclass the machine to add rules of your own, such as waiting.
    """
    parts = parts_of(contract)
    left_out = set(leave_out)
    strange = left_out - set(contract.operations)
    if strange:
        raise ValueError(f"there is no operation {sorted(strange)[0]!r} to leave out")
    members: dict[str, Any] = {
        _called(name): _rule(part) for name, part in parts.items() if name not in left_out
    }
    members |= {
        "contract": contract,
        "parts": parts,
        "plans": {name: Plan(contract, part.operation) for name, part in parts.items()},
        "server": staticmethod(server) if callable(server) else server,
        "headers": dict(headers or {}),
        "lifecycles": lifecycles,
        "begin": _beginning([part for name, part in parts.items() if name not in left_out]),
    }
    machine: type[Machine] = type("ContractMachine", (Machine,), members)
    machine.TestCase.settings = USUAL
    return machine


def _rule(part: Part) -> Any:
    """The rule that calls one operation."""

    def call(self: Machine, data: st.DataObject) -> None:
        self.act(part, data)

    call.__name__ = _called(part.operation.id)
    return rule(data=st.data())(call)


def _beginning(parts: Sequence[Part]) -> Any:
    """What every run begins with: one thing of each kind, in the order in which that can be."""
    made: set[str] = set()
    order: list[Part] = []
    grown = True
    while grown:
        grown = False
        for part in parts:
            kinds = {source.kind for source in part.sources if source.items is None}
            needed = {slot.kind for slot in part.slots}
            if part.operation.method == "POST" and kinds - made and needed <= made:
                made |= kinds
                order.append(part)
                grown = True

    def begin(self: Machine, data: st.DataObject) -> None:
        for part in order:
            self.act(part, data)

    return initialize(data=st.data())(begin)


def _called(name: str) -> str:
    return f"call_{re.sub(r'[^A-Za-z0-9]+', '_', name)}"


def _client(server: Any, contract: Contract) -> httpx2.Client:
    if callable(server):
        server = server()
    if isinstance(server, str):
        return httpx2.Client(base_url=server, timeout=_PATIENCE)
    document = contract.document
    base = f"https://{document.host or 'server.example'}{document.base_path}"
    return httpx2.Client(transport=server, base_url=base, timeout=_PATIENCE)
