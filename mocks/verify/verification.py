"""A live service verified: the suite against it, the same suite against our fake, and a report."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from understudy.contracts.contract import Contract
from understudy.contracts.coverage import Coverage
from understudy.contracts.json import Json
from understudy.contracts.lints.look import Warned
from understudy.contracts.redaction import credentials_in
from understudy.contracts.report.report import Report
from understudy.mocks.fake import Fake, Source
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.catalogue import PROVIDERS
from understudy.mocks.verify.caller import Caller, Refused, Unreachable
from understudy.mocks.verify.shape import Shape, Shapes, differences
from understudy.mocks.verify.step import Step
from understudy.mocks.verify.suite import Rules, Suite

if TYPE_CHECKING:
    import httpx2

DIFFERS = "differs from the fake"
_PAUSE = 5.0


class Verification:
    """Collects one run into a `report` and a `coverage`."""

    def __init__(self, contract: Contract, source: Source, rules: Rules) -> None:
        self.contract = contract
        self.rules = rules
        self.report = Report(title="understudy verify")
        self.coverage = Coverage()
        self.unfinished = ""
        self._source = source

    def run(
        self,
        client: "httpx2.Client",
        key: str,
        *,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """Play the suite; `client` knows the base URL. What was made is removed again.

        Raises Unreachable when the service cannot be asked at all; where it falls silent later,
        `unfinished` says how.
        """
        live = Suite(self.contract, Caller(client, key, now=now, sleep=sleep), self.rules)
        try:
            live.run()
        except Unreachable as error:
            if isinstance(error, Refused) or not live.steps:
                raise
            self.unfinished = str(error)
        self._note(live)
        self._compare(live.steps)

    def _note(self, live: Suite) -> None:
        self.coverage.declare(self.contract, live.trace.lifecycles)
        for step in live.steps:
            operation, said = step.operation, step.said
            line = f"{operation.method} {operation.template}"
            query = f"?{said.request.query}" if said.request.query else ""
            call = f"{said.request.method} {said.request.path}{query}"
            self.report.add(
                self.contract.name,
                operation.id,
                line,
                f"call {step.number} ({step.purpose})",
                call,
                step.status,
                step.found,
                label=label_of(operation.extensions.get("x-provenance")),
                known=credentials_in(said.request),
            )
            self.coverage.see(self.contract.name, step.reading, step.status)
        for lifecycle, before, after in live.trace.take_moves():
            self.coverage.moved(self.contract.name, lifecycle, before, after)
        for name, reason in live.skipped.items():
            operation = self.contract.operations[name]
            self.report.skip(name, f"{operation.method} {operation.template}", reason)
        for left in live.left:
            self._warn(left.kind, left.place, left.operation, left.message)

    def _compare(self, steps: list[Step]) -> None:
        """The first reply of each kind here, and in a fake to which the same was done."""
        shapes, known = Shapes(), Shapes()
        there: dict[tuple[str, str], Shape] = {}
        for step in self._twin():
            there.setdefault(_key(step), known.of(step))
        told: set[tuple[str, str]] = set()
        for step in steps:
            shape, other = shapes.of(step), there.pop(_key(step), None)
            for message in differences(shape, other) if other is not None else ():
                if (step.operation.id, message) not in told:
                    told.add((step.operation.id, message))
                    self._warn(
                        DIFFERS, f"call {step.number} ({step.purpose})", step.operation.id, message
                    )

    def _twin(self) -> list[Step]:
        """The same suite in process. Where nothing may be written there, it is furnished here."""
        import httpx2

        # What a generic fake invents for somebody's document may be off it: that is no finding.
        fake = Fake(self._source, time="auto", strict=self._source in PROVIDERS)
        provider = next(one for one in fake.engine.providers.values() if not one.private)
        base = f"http://127.0.0.1{provider.mount}{self.contract.document.base_path}"
        with httpx2.Client(transport=fake.transport(), base_url=base) as client:
            caller = Caller(
                client,
                "understudy-verify",
                now=fake.clock.now,
                sleep=lambda seconds: _advance(fake, seconds),
            )
            # Its sleeps take no time: a pause chosen for the service would only mean more polls.
            rules = replace(self.rules, interval=max(self.rules.interval, _PAUSE))
            if not rules.write:
                furnish = Suite(self.contract, caller, replace(rules, write=True))
                furnish.furnish()
            suite = Suite(self.contract, caller, rules)
            suite.run()
        return suite.steps

    def _warn(self, kind: str, place: str, operation: str, message: str) -> None:
        provider = self.contract.name.partition("/")[0]
        self.report.warn(provider, Warned(kind, place, operation, message))


def _advance(fake: Fake, seconds: float) -> None:
    fake.clock.advance(seconds)


def label_of(provenance: Json) -> str:
    """Where a behaviour is known from, in a word."""
    return text(mapping(provenance).get("label"), "assumed")


def _key(step: Step) -> tuple[str, str]:
    return step.operation.id, step.purpose
