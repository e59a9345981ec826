"""Clocks go forward only, by exactly what they are moved, and stamps show them as the wire does."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.mocks.clock import (
    EPOCH,
    LATEST,
    AutoClock,
    ClockError,
    ManualClock,
    RealClock,
    instant_of,
    stamp,
    whole,
)

instants = st.floats(min_value=0, max_value=LATEST, allow_nan=False)
moves = st.lists(st.floats(min_value=0, max_value=1e6, allow_nan=False), max_size=20)


class Wall:
    """A wall clock that a test turns."""

    def __init__(self, now: float = EPOCH) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_stamp__is_utc_to_the_millisecond() -> None:
    """The text is what the vendors' JSON shows."""
    assert stamp(EPOCH) == "2025-07-01T00:00:00.000Z"
    assert stamp(EPOCH + 0.003) == "2025-07-01T00:00:00.003Z"
    assert stamp(EPOCH + 0.9999) == "2025-07-01T00:00:00.999Z"


@given(instants)
def test_stamp__names_the_whole_instant(instant: float) -> None:
    """Reading a stamp gives the instant it stands for, which is the one that is stored."""
    assert instant_of(stamp(instant)) == whole(instant)
    assert whole(whole(instant)) == whole(instant)
    assert instant - 0.0011 < whole(instant) <= instant + 0.0011


@given(instants, instants)
def test_stamp__sorts_like_its_instant(one: float, other: float) -> None:
    """Sorting texts and sorting instants is the same."""
    assert (stamp(one) < stamp(other)) == (whole(one) < whole(other))


def test_instant_of__takes_zones_and_dates() -> None:
    """Filters send instants in any zone, or a date alone."""
    assert instant_of("2025-07-01") == EPOCH
    assert instant_of("2025-07-01T02:00:00+02:00") == EPOCH
    assert instant_of("2025-07-01T00:00:00Z") == EPOCH
    with pytest.raises(ValueError, match="yesterday"):
        instant_of("yesterday")


@given(moves)
def test_manual__many_small_steps_equal_one_big(steps: list[float]) -> None:
    """Whole nanoseconds add up without loss, however the way is cut."""
    cut, uncut = ManualClock(), ManualClock()
    nanos = [round(step * 1e9) for step in steps]
    for each in nanos:
        cut.advance(each / 1e9)
    uncut.advance(sum(nanos) / 1e9)
    assert abs(cut.now() - uncut.now()) < 1e-6


@given(moves)
def test_clocks__never_go_back(steps: list[float]) -> None:
    """Whatever is asked of a clock, its next answer is not less than the last."""
    for clock in (ManualClock(), AutoClock(), RealClock(Wall())):
        last = clock.now()
        for step in steps:
            assert clock.advance(step) >= last
            assert clock.move_to(last - step) == clock.now()
            last = clock.now()


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e18])
def test_advance__refuses_what_is_not_ahead(seconds: float) -> None:
    """A refused move names the value and leaves the clock where it was."""
    for clock in (ManualClock(), AutoClock(), RealClock(Wall())):
        before = clock.now()
        with pytest.raises(ClockError):
            clock.advance(seconds)
        assert clock.now() == before


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf")])
def test_speed__is_above_zero(speed: float) -> None:
    """A speed that would stop or turn time is refused."""
    with pytest.raises(ClockError):
        ManualClock(speed=speed)


def test_real__follows_the_wall_and_keeps_what_it_was_advanced_by() -> None:
    """Advancing adds to an offset; speed does not touch the clock."""
    wall = Wall()
    clock = RealClock(wall, speed=10)
    wall.now += 5
    assert clock.now() == EPOCH + 5
    clock.advance(60)
    wall.now += 1
    assert clock.now() == EPOCH + 66
    clock.move_to(EPOCH + 100)
    wall.now += 1
    assert clock.now() == EPOCH + 101


def test_real__does_not_follow_a_wall_that_steps_back() -> None:
    """A corrected system clock must not make stamps go back."""
    wall = Wall()
    clock = RealClock(wall)
    clock.now()
    wall.now -= 3600
    assert clock.now() == EPOCH
    wall.now += 3601
    assert clock.now() == EPOCH + 1


def test_auto__concurrent_sleepers_share_their_time() -> None:
    """Ten sleepers of five seconds that began together move the clock by five."""
    clock = AutoClock()
    wakes = [clock.now() + 5 for _ in range(10)]
    for wake in wakes:
        clock.move_to(wake)
    assert clock.now() == EPOCH + 5


def test_modes__tell_who_moves_the_clock() -> None:
    """The engine asks a clock for its mode."""
    assert [c.mode for c in (RealClock(Wall()), ManualClock(), AutoClock())] == [
        "real",
        "manual",
        "auto",
    ]
    assert datetime.fromtimestamp(EPOCH, UTC).year == 2025
