"""The shared vector space."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.mocks.generate.medium import medium_of_url
from understudy.mocks.generate.vectors import Space, similarity

SPACE = Space("a-model", 512)
FOX = medium_of_url("https://cdn.example/animals/red-fox_running.mp4")
CITY = medium_of_url("https://cdn.example/cities/night-traffic.mp4")


def norm(vector: list[float]) -> float:
    return math.sqrt(sum(value * value for value in vector))


@settings(deadline=None)
@given(st.text(), st.sampled_from([1, 2, 3, 64, 400, 512, 1024]))
def test_vectors__unit_norm_and_length(text: str, length: int) -> None:
    """Every text has a vector of the length asked for and of norm 1, the empty text too."""
    vector = Space("a-model", length).text(text)
    assert len(vector) == length
    assert norm(vector) == pytest.approx(1.0)


@settings(deadline=None)
@given(st.text())
def test_vectors__equal_text_equal_vector(text: str) -> None:
    """The vector follows from the text alone."""
    assert SPACE.text(text) == Space("a-model", 512).text(text)


def test_vectors__case_and_spaces_do_not_matter() -> None:
    """Two spellings of the same words are the same text."""
    assert SPACE.text("Red  FOX") == SPACE.text("red fox")


def test_vectors__models_have_spaces_of_their_own() -> None:
    """Vectors of two models cannot be compared."""
    assert similarity(SPACE.text("fox"), Space("another", 512).text("fox")) < 0.3


def test_vectors__shared_words_are_near() -> None:
    """The more words two texts share, the nearer they are."""
    query = SPACE.text("a red fox in the snow")
    near, nearer = SPACE.text("brown fox at home"), SPACE.text("red fox at home")
    far = SPACE.text("stock prices in april")
    assert similarity(query, far) < 0.2 < similarity(query, near) < similarity(query, nearer)


def test_vectors__stems_meet() -> None:
    """Common endings keep some of the nearness."""
    assert similarity(SPACE.text("foxes"), SPACE.text("fox")) > 0.2


@pytest.mark.parametrize("length", [400, 512, 1024])
def test_vectors__a_query_finds_the_medium_by_title_and_url(length: int) -> None:
    """Search ranks the medium first whose title or URL has the words of the query."""
    space = Space("a-model", length)
    named = medium_of_url("https://cdn.example/0001.mp4", title="Cooking pasta with grandma")
    media = {"fox": FOX, "city": CITY, "named": named}
    for query, expected in [
        ("show me a red fox running", "fox"),
        ("animals", "fox"),
        ("traffic at night", "city"),
        ("grandma cooks pasta", "named"),
    ]:
        vector = space.text(query)
        scores = {name: similarity(vector, space.medium(one)) for name, one in media.items()}
        assert max(scores, key=lambda name: scores[name]) == expected


def test_vectors__segments_vary_a_little() -> None:
    """A segment lies nearer to its own medium than to another, and differs from its neighbour."""
    whole, one, two = SPACE.medium(FOX), SPACE.segment(FOX, 0, 6), SPACE.segment(FOX, 6, 12)
    assert one != two
    assert one == SPACE.segment(FOX, 0, 6)
    assert 0.8 < similarity(whole, one) < 1
    assert similarity(SPACE.medium(CITY), one) < 0.3
    assert similarity(SPACE.text("red fox running"), one) > 0.5


def test_vectors__media_of_one_title_differ() -> None:
    """Identity tells two media apart that carry the same words."""
    twin = medium_of_url("https://other.example/animals/red-fox_running.mp4")
    assert SPACE.medium(twin) != SPACE.medium(FOX)
    assert similarity(SPACE.medium(twin), SPACE.medium(FOX)) > 0.8
