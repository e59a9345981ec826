"""Laws of counting and cutting tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.mocks.generate.tokens import count, head, tail


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("  ", 0), ("fox", 1), ("a red fox.", 4), ("a" * 17, 3), ("snake_case", 3)],
)
def test_count__words_signs_and_long_words(text: str, expected: int) -> None:
    """A short word is a token, a sign is one, a long word has several."""
    assert count(text) == expected


@given(st.text(max_size=200), st.integers(1, 40))
def test_cut__leaves_at_most_so_many(text: str, most: int) -> None:
    """Both ends are cut to the number; what is short enough stays as it is."""
    whole = count(text)
    assert count(head(text, most)) == min(whole, most)
    assert count(tail(text, most)) <= most
    assert text.startswith(head(text, most)) and text.endswith(tail(text, most))
    if whole <= most:
        assert head(text, most) == tail(text, most) == text


@given(st.text(max_size=200), st.integers(1, 40))
def test_count__stops_just_past_the_bound(text: str, most: int) -> None:
    """A bound changes no verdict."""
    assert (count(text, most) > most) == (count(text) > most)
