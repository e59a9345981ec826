"""The tenant's source of time: wall time, time that only you move, or time that polls move."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, Protocol

from understudy.mocks.errors import FakeError

Mode = Literal["real", "manual", "auto"]

EPOCH = datetime(2025, 7, 1, tzinfo=UTC).timestamp()
"""Where a clock that is not the wall begins: 2025-07-01T00:00:00Z, in seconds since 1970."""

LATEST = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""The last instant a clock may be moved to; far below the year 9999, where dates end."""

_NANOS = 1_000_000_000


class ClockError(FakeError):
    """A clock was asked to go back, or further than dates reach."""


class Clock(Protocol):
    """What the engine asks of time. Instants are seconds since 1970 UTC."""

    @property
    def mode(self) -> Mode:
        """Who moves this clock: the wall, the test, or the polls."""
        ...

    @property
    def speed(self) -> float:
        """How many times faster lifecycles run; the clock itself is never scaled."""
        ...

    def now(self) -> float:
        """The present instant; never less than an earlier answer."""
        ...

    def advance(self, seconds: float) -> float:
        """Move forward by `seconds` (>= 0) and answer the new instant; else ClockError."""
        ...

    def move_to(self, instant: float) -> float:
        """Move forward to `instant` (an earlier one changes nothing); answers the new instant."""
        ...


class RealClock:
    """Wall time, plus whatever it was advanced by; `start` is what it shows first, if not that.

    `wall` answers seconds since 1970; a wall that steps back does not take this clock along.
    """

    __slots__ = ("_latest", "_offset", "_wall", "speed")

    mode: Mode = "real"

    def __init__(
        self, wall: Callable[[], float], speed: float = 1.0, start: float | None = None
    ) -> None:
        self.speed = _positive(speed)
        self._wall = wall
        self._offset = 0.0 if start is None else _reachable(start) - wall()
        self._latest = -math.inf

    def now(self) -> float:
        """The wall's instant plus the offset; never less than an earlier answer."""
        instant = self._wall() + self._offset
        if instant < self._latest:
            return self._latest
        self._latest = instant
        return instant

    def advance(self, seconds: float) -> float:
        """Add `seconds` to the offset and answer the new instant."""
        return self.move_to(_reachable(self.now() + _forward(seconds)))

    def move_to(self, instant: float) -> float:
        """Raise the offset so that now is at least `instant`."""
        now = self.now()
        if _reachable(instant) > now:
            self._offset += instant - now
            self._latest = instant
        return self.now()


class ManualClock:
    """Time that stands still until it is moved.

    Nanoseconds are counted as integers, so that many small steps and one big step of the same
    length reach the same instant.
    """

    __slots__ = ("_nanos", "speed")

    mode: Mode = "manual"

    def __init__(self, start: float = EPOCH, speed: float = 1.0) -> None:
        self.speed = _positive(speed)
        self._nanos = round(_reachable(start) * _NANOS)

    @property
    def nanos(self) -> int:
        """The instant in nanoseconds; setting it is for a clock that a snapshot brings back."""
        return self._nanos

    @nanos.setter
    def nanos(self, count: int) -> None:
        self._nanos = count

    def now(self) -> float:
        """The instant it was last moved to."""
        return self._nanos / _NANOS

    def advance(self, seconds: float) -> float:
        """Move forward by `seconds` and answer the new instant."""
        nanos = self._nanos + round(_forward(seconds) * _NANOS)
        _reachable(nanos / _NANOS)
        self._nanos = nanos
        return self.now()

    def move_to(self, instant: float) -> float:
        """Move forward to `instant`; an earlier one changes nothing."""
        self._nanos = max(self._nanos, round(_reachable(instant) * _NANOS))
        return self.now()


class AutoClock(ManualClock):
    """Time that sleepers and polls move.

    A sleeper takes `wake = clock.now() + d`, yields, and calls `move_to(wake)`: ten concurrent
    sleepers of five seconds then move the clock by five. What polls do is in `task.py`.
    """

    __slots__ = ()

    mode: Mode = "auto"


@lru_cache(maxsize=1024)
def stamp(instant: float) -> str:
    """The RFC 3339 text of `instant`, UTC, to the millisecond: `2025-07-01T00:00:00.000Z`."""
    seconds, millis = divmod(_millis(instant), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{millis:03d}Z"


def whole(instant: float) -> float:
    """`instant` as the wire shows it, without what lies below the millisecond.

    Stored instants are whole, so that a filter given a stamp finds what showed that stamp.
    """
    return _millis(instant) / 1000


def instant_of(text: str) -> float:
    """The instant of an RFC 3339 text or a date (UTC when it names no zone); else ValueError."""
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def _millis(instant: float) -> int:
    # A float this large is exact to 15 microseconds: 20 more keep .003 from becoming .002.
    return math.floor(instant * 1000 + 0.02)


def _positive(speed: float) -> float:
    if not (math.isfinite(speed) and speed > 0):
        raise ClockError(f"A speed of {speed!r} was asked for; it must be a number above 0.")
    return speed


def _forward(seconds: float) -> float:
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ClockError(f"The clock cannot move by {seconds!r} seconds; it only goes forward.")
    return seconds


def _reachable(instant: float) -> float:
    if not instant <= LATEST:
        raise ClockError(f"The clock cannot reach {instant!r}; its last instant is {LATEST!r}.")
    return instant
