"""Sparse vectors: of norm 1, in order, and near each other where words are shared."""

import math

from hypothesis import given
from hypothesis import strategies as st

from understudy.mocks.generate.sparse import SparseSpace, overlap

SPACE = SparseSpace("a-model", 30_522)


@given(st.text(max_size=60))
def test_text__has_norm_one_and_sorted_indices(text: str) -> None:
    """Whatever the text: indices below the size, each once and in order, weights above zero."""
    made = SPACE.text(text)
    assert list(made) == sorted(set(made))
    assert all(0 <= index < SPACE.size for index in made)
    assert all(weight > 0 for weight in made.values())
    assert math.isclose(math.fsum(weight**2 for weight in made.values()), 1.0)
    assert math.isclose(overlap(made, made), 1.0)


def test_overlap__ranks_by_shared_words() -> None:
    """More shared words, nearer; none, nothing; other models have other indices."""
    query = SPACE.text("red fox")
    near, less = SPACE.text("a red fox in snow"), SPACE.text("a red car")
    assert 1 > overlap(query, near) > overlap(query, less) > 0
    assert overlap(query, SPACE.text("harbour")) == 0
    assert SparseSpace("another", 30_522).text("red fox") != query
