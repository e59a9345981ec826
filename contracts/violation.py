"""One way in which an exchange breaks its contract."""

from dataclasses import dataclass
from typing import Literal

from understudy.contracts.json import Json

Where = Literal[
    "path",
    "query",
    "header",
    "cookie",
    "security",
    "body",
    "content type",
    "status",
    "response header",
    "response body",
    "lifecycle",
]


@dataclass(frozen=True, slots=True)
class Violation:
    """What was sent, where, what the document asked for, and the line that asks.

    `pointer` is a JSON pointer into the part that `where` names: the parameter's name
    first for parameters (`/page_limit`), the place in the body for bodies (`/models/0`).
    `source` is the spec file with the line of the rule, `FILE:LINE`.
    """

    provider: str
    operation: str
    where: Where
    pointer: str
    value: Json
    expected: str
    source: str

    def __str__(self) -> str:
        """A sentence: where, which value, what would have been right, and which line says so."""
        shown = _shown(self.value)
        place = f"{self.where} {self.pointer}" if self.pointer else self.where
        return f"{self.operation}: {place}: {shown}, expected {self.expected} ({self.source})"


def _shown(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
