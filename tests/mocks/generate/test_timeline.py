"""Pieces of a medium's time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span, clips, moments, shots

DURATIONS = st.floats(0.5, 20_000)


def assert_in_order(spans: list[Span], duration: float) -> None:
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(begin < end for begin, end in spans)
    assert not spans or (spans[0][0] >= 0 and spans[-1][1] <= duration + 1e-3)


@pytest.mark.parametrize(
    ("end", "length", "expected"),
    [(31, 6, 5), (32, 6, 6), (30, 6, 5), (6, 6, 1), (1.5, 6, 0), (0, 6, 0), (60, 0, 0)],
)
def test_clips__drop_a_short_rest(end: float, length: float, expected: int) -> None:
    """A last piece under two seconds is dropped, a longer one is kept."""
    assert len(clips(0, end, length)) == expected


@settings(deadline=None)
@given(DURATIONS, st.floats(2, 10), st.floats(0, 100))
def test_clips__within_and_in_order(duration: float, length: float, start: float) -> None:
    """Clips touch, have the asked length but for the last, and stay within the bounds."""
    spans = clips(start, duration, length)
    assert_in_order(spans, duration)
    for begin, end in spans[:-1]:
        assert abs(end - begin - length) < 2e-3


@settings(deadline=None)
@given(DURATIONS, st.integers())
def test_shots__cover_the_whole(duration: float, seed: int) -> None:
    """Shots follow each other without a gap from the start to the end."""
    spans = shots(duration, Seeded(seed))
    assert_in_order(spans, duration)
    assert (spans[0][0], spans[-1][1]) == (0, duration)
    assert all(one[1] == other[0] for one, other in pairwise(spans))


@settings(deadline=None)
@given(DURATIONS, st.integers(1, 12), st.integers())
def test_moments__within_and_apart(duration: float, count: int, seed: int) -> None:
    """Moments are in order, never overlap, and are no more than asked for."""
    spans = moments(duration, Seeded(seed), count=count)
    assert_in_order(spans, duration)
    assert 1 <= len(spans) <= count
