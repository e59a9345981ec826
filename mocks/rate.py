"""A rate limit, and how much of its present window is used: plain values."""

import math
import re
from dataclasses import dataclass

from understudy.mocks.errors import FakeError

_TEXT = re.compile(r"(\d{1,9})/(\d{1,9}(?:\.\d{1,6})?)")


class RateError(FakeError):
    """A rate limit cannot be understood."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls of one operation in so many seconds; a window begins with its first call."""

    calls: int
    seconds: float

    def __post_init__(self) -> None:
        if self.calls < 1 or not (math.isfinite(self.seconds) and self.seconds > 0):
            raise RateError(
                f"The rate {self.calls!r}/{self.seconds!r} allows nothing; it must be"
                f" CALLS/SECONDS with both above 0, such as 50/60."
            )

    @classmethod
    def read(cls, text: str) -> "Rate":
        """The rate that a text such as `50/60` (calls/seconds) says; RateError for another."""
        found = _TEXT.fullmatch(text.strip())
        if found is None:
            raise RateError(f"The rate is {text[:80]!r}; it must be CALLS/SECONDS, such as 50/60.")
        return cls(int(found[1]), float(found[2]))


@dataclass(slots=True)
class Window:
    """What is used of the window that began at `since`."""

    since: float
    used: int = 0
