"""What a check of recorded traffic found, ready to be shown; credentials never get this far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from understudy.contracts.lints.look import Warned
from understudy.contracts.redaction import redact_text, redact_url, redact_violation
from understudy.contracts.violation import Violation

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One exchange that is off its contract; `place` is where it stands in its recording."""

    place: str
    call: str
    status: int
    violations: tuple[Violation, ...]


@dataclass(slots=True)
class Coverage:
    """One operation as the traffic met it: how often, and the exchanges that were off."""

    contract: str
    operation: str
    line: str
    checked: int = 0
    findings: list[Finding] = field(default_factory=list)
    label: str = ""
    """Where the operation's behaviour is known from, if the report is to say so."""


@dataclass(slots=True)
class Skips:
    """The entries that were not checked for one reason; `examples` are the first few."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """Collects what was checked and what was skipped, in the order in which it came.

    `warnings` are habits of the client, by provider and kind; `usage` says what the traffic used.
    """

    title: str = "understudy check"
    operations: dict[tuple[str, str], Coverage] = field(default_factory=dict)
    skips: dict[str, Skips] = field(default_factory=dict)
    warnings: dict[tuple[str, str], list[Warned]] = field(default_factory=dict)
    usage: dict[str, str] = field(default_factory=dict)

    def warn(self, provider: str, warned: Warned) -> None:
        """Notes a habit, by provider and kind; no warning is a violation."""
        self.warnings.setdefault((provider, warned.kind), []).append(warned)

    def add(
        self,
        contract: str,
        operation: str,
        line: str,
        place: str,
        call: str,
        status: int,
        violations: Iterable[Violation],
        label: str = "",
        known: Sequence[str] = (),
    ) -> None:
        """Notes one checked exchange; `line` is `METHOD /template`, `call` `METHOD URL`.

        `known` are its credentials, which may stand anywhere else too.
        """
        key = (contract, operation)
        covered = self.operations.setdefault(key, Coverage(contract, operation, line, label=label))
        covered.checked += 1
        shown = tuple(redact_violation(violation, known) for violation in violations)
        if shown:
            told = redact_text(redact_url(call), known)
            covered.findings.append(Finding(place, told, status, shown))

    def skip(self, place: str, call: str, reason: str) -> None:
        """Notes one entry that was not checked."""
        skips = self.skips.setdefault(reason, Skips())
        skips.count += 1
        if len(skips.examples) < _EXAMPLES:
            skips.examples.append(f"{place}: {redact_url(call)}")

    @property
    def checked(self) -> int:
        """How many exchanges were checked."""
        return sum(covered.checked for covered in self.operations.values())

    @property
    def skipped(self) -> int:
        """How many entries were not."""
        return sum(skips.count for skips in self.skips.values())

    @property
    def off(self) -> int:
        """How many exchanges are off their contract."""
        return sum(len(covered.findings) for covered in self.operations.values())

    @property
    def violations(self) -> int:
        """How many violations those have together."""
        return sum(
            len(finding.violations)
            for covered in self.operations.values()
            for finding in covered.findings
        )

    def totals(self) -> Mapping[str, int]:
        """The four numbers, by name."""
        return {
            "checked": self.checked,
            "off_contract": self.off,
            "violations": self.violations,
            "skipped": self.skipped,
        }
