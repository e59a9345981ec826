"""Answers to a prompt about a video, whole or as a stream of lines."""

from collections.abc import Iterator

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate import tokens
from understudy.mocks.generate.prompt import SchemaError, answered
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.lines import streamed
from understudy.mocks.providers.twelvelabs.subject import (
    asked_schema,
    described_video,
    drawn,
    limited,
    made_by_fern,
    prompted,
    unfit,
)

FIRST_TOKEN = 0.6
"""Seconds until a stream has its first words."""
PER_TOKEN = 0.02
"""Seconds for each token after that."""

_PIECE = 24  # the most characters of a piece


def analyze(call: Call) -> Answer:
    """The answer to the prompt: a stream unless `stream` is false."""
    return answer(call, in_pieces=call.body.get("stream") is not False)


def answer(call: Call, *, in_pieces: bool) -> Answer:
    """The answer to the prompt, whole or as a stream.

    `finish_reason` goes only to the SDKs that know it; strict clients fail on it.
    """
    medium = described_video(call)
    prompt = prompted(call)
    schema = asked_schema(call)
    draw = drawn(call, medium, "answer", prompt)
    try:
        said, cut = limited(call, answered(prompt, medium, draw, schema))
    except SchemaError as error:
        raise unfit(error) from None
    identity = call.tenant.ids.uuid()
    usage: Json = {"output_tokens": tokens.count(said)}
    finish: dict[str, Json] = {}
    if made_by_fern(call):
        finish["finish_reason"] = "length" if cut else "stop"
    if not in_pieces:
        return Answer(200, {"id": identity, "data": said, **finish, "usage": usage})
    return streamed(events(identity, said, finish, usage, draw.child("pieces")))


def events(
    identity: str, said: str, finish: dict[str, Json], usage: Json, draw: Seeded
) -> Iterator[tuple[float, Json]]:
    """The lines of a stream with the seconds between them."""
    yield 0.0, {"event_type": "stream_start", "metadata": {"generation_id": identity}}
    delay = FIRST_TOKEN
    at = 0
    while at < len(said):
        piece = said[at : at + draw.integer(1, _PIECE)]
        at += len(piece)
        yield delay, {"event_type": "text_generation", "text": piece}
        delay = PER_TOKEN * max(1, tokens.count(piece))
    metadata: Json = {"generation_id": identity, "usage": usage}
    yield delay, {"event_type": "stream_end", **finish, "metadata": metadata}
