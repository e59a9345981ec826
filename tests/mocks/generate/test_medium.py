"""The medium that a caller handed in."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media import mp4, png, wav

from understudy.contracts.exchange import Part
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url, outcome_of


def part(content: bytes, filename: str = "talk.mp4") -> Part:
    return Part("video_file", content, filename, "video/mp4", len(content))


def test_medium_of_url__defaults() -> None:
    """What nobody can know without fetching is 60 s of 1280x720 at 30 frames."""
    medium = medium_of_url("https://cdn.example/films/My%20holiday_2024.mp4")
    assert (medium.duration, medium.width, medium.height, medium.fps) == (60.0, 1280, 720, 30.0)
    assert (medium.name, medium.title) == ("My holiday_2024.mp4", "My holiday 2024")
    assert (medium.known, medium.is_medium, medium.outcome) == (False, True, "ok")
    assert medium.words == ("my", "holiday", "2024", "films")[1:]
    assert medium.size > 0


@pytest.mark.parametrize(
    ("query", "duration"),
    [
        ("duration=92.5", 92.5),
        ("a=1&duration=7200&b=2", 7200.0),
        ("duration=nan", 60.0),
        ("duration=inf", 60.0),
        ("duration=-3", 60.0),
        ("duration=0", 60.0),
        ("duration=long", 60.0),
        ("duration=", 60.0),
        ("duration=1e99", 60.0),
    ],
)
def test_medium_of_url__duration_in_the_query(query: str, duration: float) -> None:
    """A sane number of seconds is taken; anything else counts as not said."""
    assert medium_of_url(f"https://cdn.example/a.mp4?{query}").duration == duration


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (("https://x.example/understudy-fail.mp4",), "fail"),
        (("https://x.example/a.mp4?x=UNDERSTUDY-STUCK",), "stuck"),
        (("", "a understudy-slow b"), "slow"),
        (("understudy-slow", "understudy-fail"), "fail"),
        (("understudy", "fail"), "ok"),
    ],
)
def test_outcome_of__magic_tokens(texts: tuple[str, ...], outcome: str) -> None:
    """A token anywhere chooses; failing comes before hanging, hanging before being slow."""
    assert outcome_of(*texts) == outcome


def test_medium__tokens_in_url_name_and_title() -> None:
    """Each of the three places is looked at, percent-encoded URLs too."""
    assert medium_of_url("https://x.example/understudy%2Dfail.mp4").outcome == "fail"
    assert medium_of_url("https://x.example/a.mp4", title="understudy-stuck").outcome == "stuck"
    assert medium_of_part(part(mp4(), "understudy-slow.mp4")).outcome == "slow"
    titled = medium_of_part(part(mp4())).titled("My understudy-fail talk")
    assert (titled.outcome, titled.title) == ("fail", "My understudy-fail talk")
    assert "understudy" not in titled.words


def test_medium_of_part__measured() -> None:
    """The content tells duration and size, whatever the name says."""
    content = mp4(12.5, width=640, height=480, fps=24)
    medium = medium_of_part(part(content, "Team-Talk.txt"))
    assert (medium.duration, medium.width, medium.height, medium.fps) == (12.5, 640, 480, 24.0)
    assert (medium.kind, medium.size, medium.known) == ("video", len(content), True)
    assert medium.digest == medium.identity == hashlib.sha256(content).hexdigest()
    assert medium.title == "Team talk"


def test_medium_of_part__trusts_the_receiver() -> None:
    """A receiver that hashed and dropped the file handed over what it measured."""
    dropped = Part(
        *("video_file", b"", "a.mp4", None, 2_000_000_000, "ab" * 32),
        facts={"kind": "video", "duration": 3600.0, "width": 1920, "height": 1080},
    )
    medium = medium_of_part(dropped)
    assert (medium.identity, medium.size) == ("ab" * 32, 2_000_000_000)
    assert (medium.duration, medium.width, medium.fps) == (3600.0, 1920, 30.0)


@pytest.mark.parametrize("content", [b"", b"plain words", bytes(200), b"%PDF-1.4\n\x80"])
def test_medium_of_part__no_medium(content: bytes) -> None:
    """A file that is no medium is known as such although it is named like one."""
    assert not medium_of_part(part(content)).is_medium


@pytest.mark.parametrize("content", [mp4(), mp4()[:40], wav(), png()])
def test_medium_of_part__medium(content: bytes) -> None:
    """A readable container is a medium even when its header is cut off."""
    assert medium_of_part(part(content)).is_medium


def test_medium__identity_follows_bytes_or_url() -> None:
    """The same bytes under another name are the same medium; another URL is another one."""
    one, same = medium_of_part(part(mp4(), "a.mp4")), medium_of_part(part(mp4(), "b.mp4"))
    assert one.identity == same.identity
    assert medium_of_part(part(mp4(13.0))).identity != one.identity
    assert (
        medium_of_url("https://x.example/a").identity
        != medium_of_url("https://x.example/b").identity
    )


@settings(deadline=None)
@given(st.text(), st.text(), st.binary(max_size=200))
def test_medium__any_text_and_bytes(url: str, title: str, content: bytes) -> None:
    """No URL, name or content is too strange to be described."""
    for medium in (medium_of_url(url, title=title), medium_of_part(part(content, url))):
        assert isinstance(medium, Medium)
        assert medium.duration > 0
        assert medium.title or not title
        assert all(medium.words)


@pytest.mark.parametrize("url", ["http://[", "http://[::1", "//", "", "\ud800", "x" * 100_000])
def test_medium_of_url__broken(url: str) -> None:
    """A text that is no URL is still a medium of that name."""
    assert medium_of_url(url).identity
