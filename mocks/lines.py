"""Replies that come line by line: one JSON object each, spaced out on the clock."""

from collections.abc import Iterable, Iterator

import orjson

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, Chunk, Stream

NDJSON = "application/x-ndjson"


def streamed(
    events: Iterable[tuple[float, Json]], *, status: int = 200, media_type: str = NDJSON
) -> Answer:
    """A stream of values, each with the seconds since the one before.

    Every line ends with a newline, the last one too: some readers drop an unended line.
    """
    return Answer(status, None, media_type, raw=Stream(_chunks(events)))


def _chunks(events: Iterable[tuple[float, Json]]) -> Iterator[Chunk]:
    for delay, event in events:
        yield Chunk(delay, orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
