"""Laws of replies that come line by line."""

from collections.abc import Iterator

from understudy.contracts.json import Json
from understudy.mocks.answer import Stream
from understudy.mocks.lines import EVENTS, NDJSON, evented, streamed, titled


def test_lines__each_ends_with_a_newline_and_keeps_its_delay() -> None:
    """One chunk a line, the last one terminated too; texts with newlines stay on their line."""
    answer = streamed([(0.0, {"a": 1}), (0.5, {"b": "x\ny"})])
    assert (answer.status, answer.media_type) == (200, NDJSON)
    assert isinstance(answer.raw, Stream)
    chunks = list(answer.raw.chunks)
    assert [chunk.content for chunk in chunks] == [b'{"a":1}\n', b'{"b":"x\\ny"}\n']
    assert [chunk.delay for chunk in chunks] == [0.0, 0.5]


def test_lines__are_made_when_asked_for() -> None:
    """Nothing of a stream is produced before somebody takes it."""
    made: list[int] = []

    def events() -> Iterator[tuple[float, Json]]:
        for number in range(3):
            made.append(number)
            yield 0.0, number

    answer = streamed(events())
    assert made == []
    assert isinstance(answer.raw, Stream)
    next(iter(answer.raw.chunks))
    assert made == [0]


def test_events__are_data_without_a_space_and_an_empty_line() -> None:
    """Any JSON value is one event, on one line whatever its texts hold."""
    answer = evented([(0.0, {"a": "x\ny"}), (0.5, "Done")])
    assert (answer.status, answer.media_type) == (200, EVENTS)
    assert isinstance(answer.raw, Stream)
    chunks = [(chunk.delay, chunk.content) for chunk in answer.raw.chunks]
    assert chunks == [(0.0, b'data:{"a":"x\\ny"}\n\n'), (0.5, b'data:"Done"\n\n')]


def test_titled__names_each_event_and_ends_the_stream() -> None:
    """The name stands before the data, no line break is in it, and the end comes last."""
    answer = titled([(0.5, {"type": "note", "text": "a\u2028\x85b"})], end="[DONE]")
    assert (answer.status, answer.media_type) == (200, EVENTS)
    assert isinstance(answer.raw, Stream)
    chunks = [(chunk.delay, chunk.content) for chunk in answer.raw.chunks]
    assert chunks == [
        (0.5, b'event: note\ndata: {"type":"note","text":"a\\u2028\\u0085b"}\n\n'),
        (0.0, b"data: [DONE]\n\n"),
    ]
