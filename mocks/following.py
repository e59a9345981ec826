"""Holds what a fake says of its tasks against their lifecycles, as any traffic is held."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from understudy.contracts.exchange import Exchange, Headers, Response
from understudy.contracts.lints.habits import Habits
from understudy.contracts.lints.look import Warned
from understudy.contracts.trace.trace import Trace, account_of
from understudy.contracts.violation import Violation
from understudy.mocks.answer import Reply
from understudy.mocks.call import Call
from understudy.mocks.ids import Ids

if TYPE_CHECKING:
    from understudy.contracts.coverage import Coverage

_MOST = 1_000


@dataclass(slots=True)
class _Account:
    """One tenant since it began: `ids` is another object after a reset or a restore."""

    ids: Ids
    traces: dict[str, Trace] = field(default_factory=dict)
    habits: dict[str, Habits] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    """How many deliveries have been looked at for each provider."""


class Following:
    """Follows the tasks of every tenant; with `lints`, the habits of whoever calls as well.

    While a tenant has faults nothing is held against it: what they break was meant to be.
    """

    def __init__(self, *, lints: bool = False) -> None:
        self.found: list[Violation] = []
        self.warned: list[tuple[str, Warned]] = []
        self._lints = lints
        self._accounts: dict[str, _Account] = {}

    def hear(self, call: Call, reply: Reply, coverage: "Coverage | None") -> list[Violation]:
        """The laws that one exchange breaks; moves are counted."""
        if call.tenant.faults.rules or reply.faults:
            self._accounts.pop(call.tenant.name, None)
            return []
        account, contract = self._account(call), call.edition.contract
        trace = account.traces.get(contract.name)
        if trace is None:
            trace = account.traces[contract.name] = Trace(contract, call.provider.lifecycles)
        body = reply.body if isinstance(reply.body, bytes) else b""
        response = Response(reply.status, Headers(reply.headers), body)
        shown = trace.shown(call.reading, response)
        broken = [*self._told(call, account, trace), *trace.judged(call.reading, response, shown)]
        self.found.extend(broken)
        for lifecycle, before, after in trace.take_moves():
            if coverage is not None:
                coverage.moved(contract.name, lifecycle, before, after)
        if self._lints:
            habits = account.habits.setdefault(call.provider.name, Habits())
            exchange = Exchange(call.request, response, at=call.now)
            place = f"{call.request.method} {call.request.path}"
            for warned in habits.see(place, call.reading, exchange, shown):
                self.warned.append((call.provider.name, warned))
        return broken

    def _told(self, call: Call, account: _Account, trace: Trace) -> Iterator[Violation]:
        """What webhooks have said of the tasks since the last exchange."""
        whose, name = account_of(call.reading), call.provider.name
        deliveries = call.tenant.deliveries
        new = deliveries.since(account.told.get(name, 0))
        account.told[name] = deliveries.queued
        for delivery in new:
            if delivery.provider == name:
                yield from trace.told(whose, delivery.about, delivery.event, delivery.content)

    def end(self) -> Iterator[tuple[str, Warned]]:
        """Every habit that was seen, those included that only the whole tells of."""
        yield from self.warned
        for account in self._accounts.values():
            for provider, habits in account.habits.items():
                yield from ((provider, warned) for warned in habits.end())

    def forget(self, tenant: str | None = None) -> None:
        """Follow a tenant, or all of them, as if nothing had been."""
        if tenant is None:
            self._accounts.clear()
        else:
            self._accounts.pop(tenant, None)

    def _account(self, call: Call) -> _Account:
        name, ids = call.tenant.name, call.tenant.ids
        account = self._accounts.get(name)
        if account is None or account.ids is not ids:
            if len(self._accounts) >= _MOST:
                self._accounts.pop(next(iter(self._accounts)))
            account = self._accounts[name] = _Account(ids)
        return account
