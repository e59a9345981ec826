"""Sees every exchange of a fake: what was called, and which violations nobody expected."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from understudy.contracts.redaction import redact_violation
from understudy.contracts.violation import Violation, Where
from understudy.mocks.answer import Reply
from understudy.mocks.call import Call
from understudy.mocks.errors import FakeError

if TYPE_CHECKING:
    from understudy.contracts.coverage import Coverage
    from understudy.mocks.following import Following

KEPT = 1_000
"""Violations that are remembered; what comes after is counted in `more`."""


class NotViolated(FakeError, AssertionError):
    """A violation was expected, and everything was within the contract."""


class Called(NamedTuple):
    """What coverage counts: a document's operation, answered with a status."""

    provider: str
    document: str
    operation: str
    status: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Which violations a block is about; None for any. They are kept in `met`."""

    tenant: str | None
    operation: str | None
    where: Where | None
    pointer: str | None
    met: list[Violation]

    def fits(self, tenant: str, violation: Violation) -> bool:
        """Whether this one was expected."""
        return (
            self.tenant in (None, tenant)
            and self.operation in (None, violation.operation)
            and self.where in (None, violation.where)
            and self.pointer in (None, violation.pointer)
        )

    def __str__(self) -> str:
        """What was expected, in words."""
        named = {"operation": self.operation, "where": self.where, "pointer": self.pointer}
        said = [f"{name} {value!r}" for name, value in named.items() if value is not None]
        return f"violation with {', '.join(said)}" if said else "violation"


class Watch:
    """One fake's observer: `calls` counts, `violations` holds (tenant, violation), oldest first.

    `coverage`, where there is one, is told of every exchange; it knows the documents.
    `following`, where there is one, holds every task against its lifecycle.
    """

    def __init__(self) -> None:
        self.coverage: Coverage | None = None
        self.following: Following | None = None
        self.calls: Counter[Called] = Counter()
        self.violations: list[tuple[str, Violation]] = []
        self.more = 0
        self._expected: list[Expected] = []

    def __call__(self, call: Call, reply: Reply) -> None:
        """An exchange is over."""
        document = call.edition.contract.document.name
        called = (call.provider.name, document, reply.operation, reply.status)
        if called in self.calls:  # a tuple is equal to a Called, and made sooner
            self.calls[called] += 1  # type: ignore[index]
        else:
            self.calls[Called(*called)] = 1
        if self.coverage is not None and not call.provider.private:
            self.coverage.see(document, call.reading, reply.status)
        if self.following is not None and not call.provider.private:
            for violation in self.following.hear(call, reply, self.coverage):
                self._see(call.tenant.name, violation)
        for violation in reply.violations:
            self._see(call.tenant.name, violation)

    def forget(self) -> None:
        """Begin anew."""
        self.calls.clear()
        self.violations.clear()
        self.more = 0

    def take(self, tenant: str | None = None) -> list[Violation]:
        """The violations that nobody expected, of one tenant or all; they are told once."""
        taken = [found for owner, found in self.violations if tenant in (None, owner)]
        self.violations = [each for each in self.violations if tenant not in (None, each[0])]
        return taken

    @contextmanager
    def expecting(
        self,
        *,
        tenant: str | None = None,
        operation: str | None = None,
        where: Where | None = None,
        pointer: str | None = None,
    ) -> Iterator[list[Violation]]:
        """Violations in the block that fit are meant; NotViolated when none comes."""
        expected = Expected(tenant, operation, where, pointer, [])
        self._expected.append(expected)
        try:
            yield expected.met
        finally:
            self._expected.remove(expected)
        if not expected.met:
            raise NotViolated(f"A {expected} was expected here, and none came.")

    def _see(self, tenant: str, violation: Violation) -> None:
        shown = redact_violation(violation)
        for expected in reversed(self._expected):
            if expected.fits(tenant, shown):
                expected.met.append(shown)
                return
        if len(self.violations) < KEPT:
            self.violations.append((tenant, shown))
        else:
            self.more += 1
