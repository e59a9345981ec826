"""Words of texts, names and URLs."""

import pytest

from understudy.mocks.generate.words import name_words, telling_words, url_words, words


def test_words__separators() -> None:
    """Case, camel case, underscores, hyphens and punctuation separate words."""
    assert words("myHoliday_video-2, München!") == ("my", "holiday", "video", "2", "münchen")


def test_telling_words__without_stop_words() -> None:
    """Filler goes, unless there is nothing else."""
    assert telling_words("show me the red fox") == ("red", "fox")
    assert telling_words("the who") == ("the", "who")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C:\\films\\Red-Fox.MP4", ("red", "fox")),
        ("/films/red.fox.mp4", ("red", "fox")),
        ("slow-cooking understudy-slow.mp4", ("slow", "cooking")),
        ("", ()),
    ],
)
def test_name_words__without_folders_extension_and_tokens(
    name: str, expected: tuple[str, ...]
) -> None:
    """Only what the file is called remains."""
    assert name_words(name) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://cdn.example.com/a/wild%20animals/red-fox.mp4?duration=9&v=dQw",
            ("red", "fox", "wild", "animals", "d", "qw"),
        ),
        ("https://videos.example/", ("videos", "example")),
        ("http://[", ("http",)),
    ],
)
def test_url_words__name_folders_query(url: str, expected: tuple[str, ...]) -> None:
    """The file's name comes first, then folders and query; the host only when alone."""
    assert url_words(url)[: len(expected)] == expected or not url_words(url)
