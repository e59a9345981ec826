"""The errors of contracts: a document that cannot be used, a contract that was broken.

UnderstudyError
└── ContractError
    ├── DocumentError      the document is unreadable or breaks the rules of OpenAPI
    └── ContractViolated   an exchange is off its contract (also an AssertionError)
"""

from collections.abc import Sequence

from understudy.contracts.violation import Violation
from understudy.errors import UnderstudyError


class ContractError(UnderstudyError):
    """Any failure that the contracts room reports."""


class DocumentError(ContractError):
    """A document cannot be used; says what is wrong, at which place, on which line.

    `place` is a JSON pointer into the document ("" is the whole document, None when the
    text could not even be parsed); `line` is `FILE:LINE`, or the document's name where lines
    are unknown (a dict).
    """

    def __init__(self, problem: str, *, place: str | None = None, line: str = "") -> None:
        self.problem = problem
        self.place = place
        self.line = line
        where = f" at {place or 'the root'}" if place is not None else ""
        super().__init__(f"{line}: {problem}{where}" if line else f"{problem}{where}")


class ContractViolated(ContractError, AssertionError):
    """An exchange is off its contract; `violations` says in which ways (at least one)."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("\n".join(str(violation) for violation in self.violations))
