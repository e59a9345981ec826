"""Seeded draws."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.mocks.generate.seeded import Seeded


def test_seeded__same_names_same_draws() -> None:
    """The names alone decide, on every machine: one value is pinned."""
    first, second = Seeded(0, "a"), Seeded(0, "a")
    assert [first.integer(0, 999) for _ in range(50)] == [second.integer(0, 999) for _ in range(50)]
    assert Seeded(0, "pinned").integer(0, 10**9) == PINNED


PINNED = 850581810


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), ((1,), ("1",)), ((), ("",)), ((0,), (1,))]
)
def test_seeded__names_are_kept_apart(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    """Names are neither joined nor turned into each other."""
    assert Seeded(*one).bytes(16) != Seeded(*other).bytes(16)


def test_seeded__child_is_independent() -> None:
    """A child's draws do not depend on what its parent drew before."""
    parent = Seeded(7)
    before = parent.child("x").bytes(8)
    parent.bytes(100)
    assert parent.child("x").bytes(8) == before


@settings(deadline=None)
@given(st.integers(), st.integers(min_value=0, max_value=2**200), st.integers())
def test_seeded__integer_within_bounds(low: int, span: int, seed: int) -> None:
    """Both bounds are included, for numbers of any size."""
    assert low <= Seeded(seed).integer(low, low + span) <= low + span


def test_seeded__integer_reaches_both_bounds() -> None:
    """Every value of a small range turns up."""
    draw = Seeded("all")
    assert {draw.integer(3, 6) for _ in range(200)} == {3, 4, 5, 6}


def test_seeded__integer_refuses_an_empty_range() -> None:
    """The message names both bounds."""
    with pytest.raises(ValueError, match="between 2 and 1"):
        Seeded().integer(2, 1)


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.integers())
def test_seeded__number_within_bounds(low: float, span: float, seed: int) -> None:
    """The lower bound is included; the upper only when they are equal."""
    drawn = Seeded(seed).number(low, low + span)
    assert low <= drawn < low + span or drawn == low


@settings(deadline=None)
@given(st.lists(st.integers(), max_size=20), st.integers(0, 30), st.integers())
def test_seeded__pick_takes_each_place_once(among: list[int], count: int, seed: int) -> None:
    """No more than there are, and no place twice."""
    picked = Seeded(seed).pick(among, count)
    assert len(picked) == min(count, len(among))
    left = list(among)
    for item in picked:
        left.remove(item)
