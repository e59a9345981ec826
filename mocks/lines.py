"""Replies that come line by line or event by event: JSON each, spaced out on the clock."""

import json
from collections.abc import Iterable, Iterator, Mapping

import orjson

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, Chunk, Stream

NDJSON = "application/x-ndjson"
EVENTS = "text/event-stream"


def streamed(
    events: Iterable[tuple[float, Json]], *, status: int = 200, media_type: str = NDJSON
) -> Answer:
    """A stream of values, each with the seconds since the one before.

    Every line ends with a newline, the last one too: some readers drop an unended line.
    """
    return Answer(status, None, media_type, raw=Stream(_chunks(events)))


def evented(events: Iterable[tuple[float, Json]], *, status: int = 200) -> Answer:
    """A stream of server-sent events, each with the seconds since the one before.

    `data:` stands without a space, and an empty line ends each event.
    """
    chunks = (Chunk(delay, b"data:" + orjson.dumps(event) + b"\n\n") for delay, event in events)
    return Answer(status, None, EVENTS, raw=Stream(chunks))


def titled(events: Iterable[tuple[float, Mapping[str, Json]]], *, end: str) -> Answer:
    """A stream of server-sent events under the name in their `type`, and `end` as the last one.

    All is ASCII: readers that split lines as Python does would break an event at a U+2028 in it.
    """
    return Answer(200, None, EVENTS, raw=Stream(_titled(events, end)))


def _titled(events: Iterable[tuple[float, Mapping[str, Json]]], end: str) -> Iterator[Chunk]:
    for delay, event in events:
        written = json.dumps(event, separators=(",", ":"))
        yield Chunk(delay, f"event: {event['type']}\ndata: {written}\n\n".encode())
    yield Chunk(0.0, f"data: {end}\n\n".encode())


def _chunks(events: Iterable[tuple[float, Json]]) -> Iterator[Chunk]:
    for delay, event in events:
        yield Chunk(delay, orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
