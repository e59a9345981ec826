"""Laws of replies that come line by line."""

from collections.abc import Iterator

from understudy.contracts.json import Json
from understudy.mocks.answer import Stream
from understudy.mocks.lines import NDJSON, streamed


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
