"""Recorded traffic against contracts: each exchange, each task through all of them, coverage."""

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from typing import BinaryIO

from understudy.contracts.addressing import CONTROL, address_of
from understudy.contracts.contract import Contract
from understudy.contracts.coverage import Coverage
from understudy.contracts.exchange import Exchange
from understudy.contracts.lints.habits import Habits
from understudy.contracts.operation import Reading
from understudy.contracts.recording import Entry, Recorded, read_recording, read_stream
from understudy.contracts.redaction import credentials_in
from understudy.contracts.report.report import Report
from understudy.contracts.trace.trace import Trace
from understudy.contracts.violation import Violation


class Examination:
    """Collects what recordings say into one `report` and one `coverage`; `end` completes them.

    With `named` the user chose the contracts, so that host and base path may be different. With
    `keyless` the recorder has left credentials out, or put something else in their place: they
    are not judged. `unkeyed` counts exchanges that were answered well without one.
    """

    def __init__(
        self, contracts: Sequence[Contract], *, named: bool = False, keyless: bool = False
    ) -> None:
        self.contracts = contracts
        self.report = Report()
        self.coverage = Coverage()
        self.unkeyed = 0
        self._named = named
        self._keyless = keyless
        self._traces = {contract.name: Trace(contract) for contract in contracts}
        self._habits: dict[str, Habits] = {}

    def read(self, file: str | PathLike[str]) -> None:
        """Every entry of a recording; raises RecordingError for what is none."""
        for entry in read_recording(file):
            self.see(entry)

    def read_stream(self, name: str, stream: BinaryIO) -> None:
        """The same of an open file that can be gone back in; `name` begins its places."""
        for entry in read_stream(name, stream):
            self.see(entry)

    def see(self, entry: Entry) -> None:
        """One entry: checked, or noted as skipped with the reason."""
        if not isinstance(entry, Recorded):
            self.report.skip(entry.place, entry.call, entry.reason)
            return
        exchange = entry.exchange
        call = f"{exchange.request.method} {_url(exchange)}"
        address = address_of(exchange, self.contracts, named=self._named)
        if address is None:
            self.report.skip(entry.place, call, self._stranger(exchange))
            return
        contract = address.contract
        local = replace(exchange, request=replace(exchange.request, path=address.path))
        operation, line, violations = self._checked(entry.place, contract, local)
        status = exchange.response.status
        if self._keyless:
            violations = [each for each in violations if each.where != "security"]
        elif status < 300 and any(each.where == "security" for each in violations):
            self.unkeyed += 1
        known = credentials_in(exchange.request) if violations else ()
        self.report.add(
            contract.name, operation, line, entry.place, call, status, violations, known=known
        )

    def end(self) -> None:
        """After the last entry: what only the whole gives reason to say."""
        for provider, habits in self._habits.items():
            for warned in habits.end():
                self.report.warn(provider, warned)
            self.report.usage[provider] = habits.usage.sentence()

    def _checked(
        self, place: str, contract: Contract, exchange: Exchange
    ) -> tuple[str, str, Sequence[Violation]]:
        """The operation, its line, and every violation; what it used is counted."""
        reading = contract.read(exchange.request)
        if not isinstance(reading, Reading):
            return "(no operation)", "", contract.check(exchange.request, exchange.response)
        operation, trace = reading.operation, self._traces[contract.name]
        shown = trace.shown(reading, exchange.response)
        found = [
            *reading.violations,
            *contract.flagged(reading),
            *contract.check_response(operation, exchange.response),
            *trace.judged(reading, exchange.response, shown),
        ]
        habits = self._habits.get(operation.provider)
        if habits is None:
            habits = self._habits[operation.provider] = Habits()
        for warned in habits.see(place, reading, exchange, shown):
            self.report.warn(operation.provider, warned)
        self.coverage.declare(contract, trace.lifecycles)
        self.coverage.see(contract.name, reading, exchange.response.status)
        for lifecycle, before, after in trace.take_moves():
            self.coverage.moved(contract.name, lifecycle, before, after)
        return operation.id, f"{operation.method} {operation.template}", found

    def _stranger(self, exchange: Exchange) -> str:
        """Why no contract is responsible for an exchange."""
        if exchange.request.path.startswith(f"{CONTROL}/"):
            return "a call to a fake's own control API"
        documents = [contract.document for contract in self.contracts]
        bases = sorted({d.base_path or "/" for d in documents if d.host == exchange.host})
        if exchange.host and bases:
            begin = " or ".join(bases)
            return f"no contract of {exchange.host} has this path; theirs begin {begin}"
        return f"no provider is known at {exchange.host or 'a URL without host'}"


def _url(exchange: Exchange) -> str:
    request = exchange.request
    query = f"?{request.query}" if request.query else ""
    return f"{exchange.host or ''}{request.path}{query}"
