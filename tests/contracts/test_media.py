"""Media types: which declaration covers what was sent, and what an Accept header wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.media import bare, charset, covering, is_utf8, kind_of, negotiate


@pytest.mark.parametrize(
    ("declared", "sent", "found"),
    [
        ("application/json", "application/json", True),
        ("application/json", "Application/JSON; charset=utf-8", True),
        ("application/json; charset=utf-8", "application/json", True),
        ("application/json", "application/problem+json", False),
        ("application/*+json", "application/problem+json", True),
        ("application/*", "application/pdf", True),
        ("video/*", "image/png", False),
        ("*/*", "anything/at-all", True),
        ("application/json", "", False),
        ("application/json", "json", False),
    ],
)
def test_covering__ranges(declared: str, sent: str, found: bool) -> None:
    """A key covers its own type, its range, or everything."""
    assert (covering({declared: 1}, sent) == 1) is found


def test_covering__the_most_specific_wins() -> None:
    """Exact with parameters, exact, range, everything: in that order."""
    declared = {"*/*": 1, "image/*": 2, "image/png": 3, "image/png; depth=8": 4}
    assert [
        covering(declared, sent)
        for sent in ("text/plain", "image/gif", "image/png", "image/png;depth=8")
    ] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/json", "json"),
        ("application/vnd.api+json; v=1", "json"),
        ("application/x-www-form-urlencoded", "form"),
        ("multipart/form-data; boundary=x", "multipart"),
        ("application/x-ndjson", "lines"),
        ("text/event-stream; charset=utf-8", "events"),
        ("text/plain", "text"),
        ("text/xml", "binary"),
        ("application/octet-stream", "binary"),
        ("video/mp4", "binary"),
    ],
)
def test_kind_of(media_type: str, kind: str) -> None:
    """How a body is to be read follows from its media type alone."""
    assert kind_of(media_type) == kind


def test_charset() -> None:
    """No charset and those that UTF-8 contains may be read as UTF-8."""
    assert charset('text/plain; format=flowed; charset="UTF-8"') == "utf-8"
    assert is_utf8("text/plain")
    assert is_utf8("text/plain;charset=US-ASCII")
    assert not is_utf8("text/plain; charset=latin-1")


OFFERED = ("application/json", "text/plain")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/plain", "text/plain"),
        ("text/*;q=0.9, application/json;q=0.1", "text/plain"),
        ("*/*, application/json;q=0", "text/plain"),
        ("image/png", None),
        ("text/plain;q=0", None),
        ("text/plain;q=oops", "text/plain"),
    ],
)
def test_negotiate(accept: str | None, chosen: str | None) -> None:
    """The best wanted type wins; a type given quality 0 is refused."""
    assert negotiate(accept, OFFERED) == chosen


@given(st.text(max_size=60), st.text(max_size=60))
def test_media__anything_is_read_without_an_exception(first: str, second: str) -> None:
    """No header text raises."""
    assert negotiate(first, OFFERED) in (*OFFERED, None)
    covering({first: 1, "*/*": 2}, second)
    assert kind_of(first)
    assert bare(first) == bare(bare(first))
