"""One line of the speed table: a ratio, what it should be and what it must be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """A measured value with its target and floor; `value` None means that it was not measured.

    `sense` says which way is good. `steady` rows do not depend on what else the machine does,
    so that CI may fail on them; the others are compared by a person. `note` says what was
    measured, or why it was not.
    """

    name: str
    value: float | None
    sense: Literal["at least", "at most"]
    target: float
    floor: float
    unit: str = "x"
    note: str = ""
    steady: bool = False

    def meets(self, bound: float) -> bool:
        """Whether the value is on the good side of `bound`."""
        if self.value is None:
            return True
        return self.value >= bound if self.sense == "at least" else self.value <= bound

    @property
    def verdict(self) -> str:
        """In a word: skipped, target, floor or MISSED."""
        if self.value is None:
            return "skipped"
        if self.meets(self.target):
            return "target"
        return "floor" if self.meets(self.floor) else "MISSED"


def table(rows: Iterable[Row]) -> str:
    """The rows as aligned text."""
    lines = [("what", "measured", "target", "floor", "verdict", "")]
    for row in rows:
        sign = "≥" if row.sense == "at least" else "≤"
        lines.append(
            (
                row.name,
                "-" if row.value is None else f"{row.value:.3g} {row.unit}",
                f"{sign} {row.target:.3g}",
                f"{sign} {row.floor:.3g}",
                row.verdict,
                row.note,
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(
            [*(f"{cell:<{width}}" for cell, width in zip(line[:5], widths, strict=True)), line[5]]
        ).rstrip()
        for line in lines
    )
