"""Server-sent events are taken apart wherever the network has cut them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.client.errors import StreamBroken
from understudy.client.events import Events

STORY = (
    'event: start\ndata: {"a": 1}\n\n'
    ": a comment\n\n"
    'data: {"b":\ndata: 2}\n\n'
    "event: nothing\n\n"
    "data: [DONE]\n\n"
    'id: 7\nevent: end\ndata:{"text": "é"}\n\n'
)
EVENTS = [
    {"a": 1, "event": "start"},
    {"b": 2},
    {"data": "[DONE]"},
    {"text": "é", "event": "end"},
]


def read(pieces: Sequence[bytes], **how: Any) -> list[Mapping[str, Any]]:
    """The events of a stream that comes in these pieces."""
    events = Events(**how)
    found = [event for piece in pieces for event in events.feed(piece)]
    return [*found, *events.finish()]


@given(st.sampled_from(["\n", "\r\n", "\r"]), st.sets(st.integers(1, 120), max_size=8))
def test_events__are_the_same_however_they_are_cut(end: str, cuts: set[int]) -> None:
    """Names, objects and texts, with any of the three line ends, cut at any byte."""
    content = STORY.replace("\n", end).encode()
    places = [0, *sorted(at for at in cuts if at < len(content)), len(content)]
    pieces = [content[a:b] for a, b in pairwise(places)]
    assert read(pieces) == EVENTS


def test_events__that_lack_their_blank_line_are_read_at_the_end() -> None:
    """A stream that stops after a whole line has said it."""
    assert read([b'data: {"a": 1}\n']) == [{"a": 1}]
    assert read([b'data: {"a": 1}']) == [{"a": 1}]
    assert read([b""]) == []


@pytest.mark.parametrize("piece", [b"data: " + b"x" * 100, b"data: xxxx\n" * 10])
def test_events__are_bounded(piece: bytes) -> None:
    """An event that never ends is given up, in one line or in many."""
    with pytest.raises(StreamBroken, match="over 64 bytes"):
        read([piece], longest=64)
