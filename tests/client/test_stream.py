"""Streams: events as they come, however the network cuts them, and every way to break."""

import json
from typing import Any

import httpx2
import pytest
from callers import Blocking, Pieces, Script, error, options
from hypothesis import given
from hypothesis import strategies as st

from understudy.client import (
    Cancellation,
    Cancelled,
    ConnectionFailed,
    RateLimited,
    StreamBroken,
    UsageError,
)
from understudy.client.lines import Lines
from understudy.client.twelvelabs.text import StreamEnd, StreamOther, StreamStart, StreamText

START = {"event_type": "stream_start", "metadata": {"generation_id": "g"}}
END = {
    "event_type": "stream_end",
    "finish_reason": "stop",
    "metadata": {"generation_id": "g", "usage": {"output_tokens": 3}},
}


def text(piece: str) -> dict[str, Any]:
    """One piece of the text."""
    return {"event_type": "text_generation", "text": piece}


def lines(*events: object) -> bytes:
    """Events as they are sent."""
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def streamed(*pieces: bytes | Exception) -> httpx2.Response:
    """A reply whose body comes in these pieces."""
    return httpx2.Response(200, stream=Pieces(*pieces))


WHOLE = lines(START, text("Two people "), {"event_type": "news", "x": 1}, text("tälk."), END)


def test_stream__is_typed_events(caller: Blocking) -> None:
    """What is new is kept, not dropped."""
    script = Script(streamed(WHOLE))
    stream = caller.client(script.transport).analyze_stream("v", "Who?", temperature=0.5)
    events = caller.all(stream)
    kinds = [type(event) for event in events]
    assert kinds == [StreamStart, StreamText, StreamOther, StreamText, StreamEnd]
    assert events[2].raw == {"event_type": "news", "x": 1}
    assert events[4].metadata.usage.output_tokens == 3 and events[4].finish_reason == "stop"
    assert json.loads(script.requests[0].content) == {
        "video_id": "v",
        "prompt": "Who?",
        "stream": True,
        "temperature": 0.5,
    }


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_stream__does_not_care_where_it_is_cut(caller: Blocking, size: int) -> None:
    """In the middle of a character, of a line, or of two lines."""
    cut = [WHOLE[at : at + size] for at in range(0, len(WHOLE), size)]
    stream = caller.client(Script(streamed(*cut)).transport).generate_stream("v", "Who?")
    assert caller.run(stream.text()) == "Two people tälk."


@given(st.lists(st.dictionaries(st.text(), st.integers())), st.integers(1, 9))
def test_lines__come_out_as_they_went_in(objects: list[dict[str, int]], size: int) -> None:
    """For any objects and any cut; the last newline may be missing."""
    whole = lines(*objects).removesuffix(b"\n")
    reader = Lines()
    got = [each for at in range(0, len(whole), size) for each in reader.feed(whole[at : at + size])]
    assert [*got, *reader.finish()] == objects


def test_lines__have_a_bound() -> None:
    """A line that never ends is not collected for ever."""
    with pytest.raises(StreamBroken, match="over 10 bytes"):
        list(Lines(longest=10).feed(b"x" * 11))


BREAKS = [
    (streamed(lines(START, text("a"))), "ended before its last event"),
    (streamed(lines(START, text("a")), httpx2.ReadError("reset")), "broke off"),
    (streamed(lines(START, text("a")), b"data: {}\n"), "'data: {}'"),
    (streamed(lines(START, text("a")), b'"text"\n'), "expected a JSON object"),
    (streamed(lines(START, text("a")), b'{"event_type": "text_gen'), "expected a JSON object"),
    (
        streamed(
            lines(START, text("a"), {"event_type": "stream_error", "error": {"message": "m"}})
        ),
        "'m'",
    ),
    (streamed(lines(START, text("a"), {"code": "token_limit", "message": "m"})), "token_limit"),
]


@pytest.mark.parametrize(("broken", "words"), BREAKS, ids=range(len(BREAKS)))
def test_break__comes_after_what_was_good(
    caller: Blocking, broken: httpx2.Response, words: str
) -> None:
    """A stream that does not end well is an error, never a short text."""
    client = caller.client(Script(broken).transport)
    got: list[str] = []
    if caller.asynchronous:

        async def read() -> None:
            async for piece in client.analyze_stream("v", "Who?").pieces():
                got.append(piece)  # noqa: PERF401 - what came before the error counts

        with pytest.raises(StreamBroken, match=words):
            caller.run(read())
    else:
        with pytest.raises(StreamBroken, match=words):
            got.extend(client.analyze_stream("v", "Who?").pieces())
    assert broken.stream.closed  # type: ignore[attr-defined]
    assert got in (["a"], [])


def test_opening__is_retried_reading_is_not(caller: Blocking) -> None:
    """Before the first byte an attempt may be repeated; after it, the text could double."""
    script = Script(error(503), streamed(WHOLE))
    stream = caller.client(script.transport).analyze_stream("v", "Who?")
    assert caller.run(stream.text()) == "Two people tälk."
    assert len(script.requests) == 2
    script = Script(streamed(WHOLE[:70], httpx2.ReadError("reset")))
    with pytest.raises(StreamBroken):
        caller.all(caller.client(script.transport).analyze_stream("v", "Who?"))
    assert len(script.requests) == 1


def test_opening__fails_as_any_call_does(caller: Blocking) -> None:
    """A refusal is an ApiError, a missing server a ConnectionFailed."""
    for failure, kind in ((error(429, retry_after="999"), RateLimited),
                          (httpx2.ConnectError("x"), ConnectionFailed)):  # fmt: skip
        with pytest.raises(kind):
            caller.all(caller.client(Script(failure).transport).analyze_stream("v", "Who?"))


def test_stream__is_read_once_and_closed_early(caller: Blocking) -> None:
    """Leaving the `with` lets go of the connection; there is no second reading."""
    reply = streamed(WHOLE)
    client = caller.client(Script(reply).transport)
    stream = client.analyze_stream("v", "Who?")
    if caller.asynchronous:

        async def first() -> Any:
            async with stream:
                async for event in stream:
                    return event

        assert isinstance(caller.run(first()), StreamStart)
    else:
        with stream:
            assert isinstance(next(iter(stream)), StreamStart)
    assert reply.stream.closed  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="read already"):
        caller.all(stream)


def test_stream__can_be_cancelled(caller: Blocking) -> None:
    """Between two pieces of the stream."""
    switch = Cancellation()

    class Long(Pieces):
        def __iter__(self) -> Any:
            yield lines(START)
            switch.cancel()
            yield lines(text("a"))

    client = caller.client(
        Script(httpx2.Response(200, stream=Long())).transport, options=options(cancellation=switch)
    )
    with pytest.raises(Cancelled):
        caller.all(client.analyze_stream("v", "Who?"))
