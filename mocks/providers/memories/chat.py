"""Chat about one's own videos, and about public ones: one line of JSON, or a stream."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from understudy.contracts.json import Json
from understudy.contracts.media import negotiate
from understudy.mocks.answer import JSON, Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate import tokens
from understudy.mocks.generate.medium import Medium, medium_of_url
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.words import telling_words
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.lines import EVENTS, evented
from understudy.mocks.providers.memories.answers import Source, answer
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.sessions import begun, note, resumed
from understudy.mocks.providers.memories.videos import numbers_of, parsed
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

DONE = "Done"
UNKNOWN = "No videos found for the provided video numbers."
"""What a stream says instead of an answer about unknown videos (documented)."""

FIRST_WORDS = 0.6
"""Seconds until a stream begins."""
PER_TOKEN = 0.02
"""Seconds for each token after that."""

PUBLIC = 3
_PIECE = 24  # the most characters of a piece

Sources = Callable[[Call], Sequence[Source]]
"""What finds the videos that a question is about."""


def chat(call: Call) -> Answer:
    """The answer about the videos that are named."""
    return _answered(call, _own, streamed=_wants_stream(call))


def chat_stream(call: Call) -> Answer:
    """The same, always as a stream."""
    return _answered(call, _own, streamed=True)


def marketer_chat(call: Call) -> Answer:
    """The answer from what is public on a platform."""
    return _answered(call, _public, streamed=_wants_stream(call))


def marketer_chat_stream(call: Call) -> Answer:
    """The same, always as a stream."""
    return _answered(call, _public, streamed=True)


def _answered(call: Call, sources: Sources, *, streamed: bool) -> Answer:
    """Answers, and adds question and answer to the session; a refusal leaves no trace.

    A stream tells of videos that cannot be talked about as its only line.
    """
    prompt = call.field("prompt")
    if not prompt.strip():
        raise wrong(f"prompt is {prompt[:80]!r}, expected a question")
    try:
        found = sources(call)
    except Refusal as refusal:
        if not streamed:
            raise
        told = UNKNOWN if refusal.reason is Reason.UNKNOWN else refusal.message
        return evented([(0.0, told)])
    session = resumed(call) or begun(call, prompt)
    made = answer(call, prompt, found)
    note(call, session, prompt, made)
    if streamed:
        return evented(_events(made, session, Seeded(call.seed, session.id, prompt)))
    return success({"role": "ASSISTANT", **made, "session_id": session.id})


def _own(call: Call) -> list[Source]:
    videos = [parsed(call, number) for number in numbers_of(call, "video_nos")]
    return [
        Source(video.id, text(video.fields["video_name"]), known(video.hidden)) for video in videos
    ]


def _public(call: Call) -> list[Source]:
    """Videos of a platform that the prompt's own words name."""
    platform = call.field("type", "TIKTOK").lower()
    subject = "-".join(telling_words(call.field("prompt"))[:4]) or "video"
    draw = Seeded(call.seed, "public", platform, subject)
    return [
        _source(draw.child(place), f"https://www.{platform}.com/{subject}-{place}.mp4")
        for place in range(1, PUBLIC + 1)
    ]


def _source(draw: Seeded, url: str) -> Source:
    medium: Medium = medium_of_url(url)
    number = f"PI-{draw.integer(10**17, 10**18 - 1)}"
    return Source(number, medium.title, medium)


def _wants_stream(call: Call) -> bool:
    return negotiate(call.request.headers.get("accept"), (JSON, EVENTS)) == EVENTS


def _events(
    made: Mapping[str, Json], session: Resource, draw: Seeded
) -> Iterator[tuple[float, Json]]:
    """The events of a stream with the seconds between them: thoughts, references, text, the end."""
    whose: dict[str, Json] = {"sessionId": session.id}
    delay = 0.0
    for thought in elements(made["thinkings"]):
        yield delay, {"type": "thinking", **mapping(thought), **whose}
        delay = FIRST_WORDS / 2
    yield delay, {"type": "ref", **whose, "ref": made["refs"]}
    delay = FIRST_WORDS
    for piece in _pieces(text(made["content"]), draw):
        yield delay, {"type": "content", "role": "assistant", "content": piece, **whose}
        delay = PER_TOKEN * max(1, tokens.count(piece))
    yield delay, DONE


def _pieces(content: str, draw: Seeded) -> Iterator[str]:
    at = 0
    while at < len(content):
        piece = content[at : at + draw.integer(1, _PIECE)]
        at += len(piece)
        yield piece
