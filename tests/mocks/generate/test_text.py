"""Texts about a medium."""

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.mocks.generate import text
from understudy.mocks.generate.medium import medium_of_url
from understudy.mocks.generate.seeded import Seeded

FOX = medium_of_url("https://cdn.example/animals/red-fox_running.mp4")


def test_text__names_the_subject() -> None:
    """Title, sentence, summary and first topic speak of what the medium is called."""
    draw = Seeded(0)
    for told in (
        text.title(FOX, draw),
        text.sentence(FOX, draw),
        text.summary(FOX, draw),
        text.spoken(FOX, draw),
        text.topics(FOX, draw)[0],
    ):
        assert "red fox running" in told.lower()
    assert text.hashtags(FOX, draw)[0] == "#RedFoxRunning"


def test_text__same_seed_same_text() -> None:
    """Seed and medium decide; another seed tells it in another way."""
    told = [text.summary(FOX, Seeded(seed)) for seed in range(8)]
    assert told == [text.summary(FOX, Seeded(seed)) for seed in range(8)]
    assert len(set(told)) > 1


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(1, 9), st.integers())
def test_text__any_title_gives_whole_sentences(title: str, count: int, seed: int) -> None:
    """Whatever a caller calls a medium, sentences end with a full stop and lists have no twins."""
    medium, draw = medium_of_url("https://cdn.example/", title=title), Seeded(seed)
    assert text.title(medium, draw)
    assert text.sentence(medium, draw).endswith(".")
    assert text.summary(medium, draw, sentences=count).count(". ") == min(count, 10) - 1
    for told in (text.topics(medium, draw, count=count), text.hashtags(medium, draw, count=count)):
        assert 1 <= len(told) <= count
        assert len(set(told)) == len(told)
        assert all(told)
    assert all(tag.startswith("#") and " " not in tag for tag in text.hashtags(medium, draw))
