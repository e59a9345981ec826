"""What a chat answers: text about videos, the thoughts before it, and what it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.prompt import SchemaError, answered, prose, shape_of
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.providers.memories.moments import clock, lasting, moments
from understudy.mocks.providers.memories.transcripts import heard, seen

POINTS = 3
"""How many moments of a video an answer names."""


@dataclass(frozen=True, slots=True)
class Source:
    """A video that an answer is about."""

    number: str
    name: str
    medium: Medium


def answer(call: Call, prompt: str, sources: Sequence[Source]) -> dict[str, Json]:
    """Content, `thinkings` and `refs`; the same for the same seed, prompt and videos."""
    names = ", ".join(source.name for source in sources)
    thinkings: list[Json] = [
        {"title": "Understand the question", "content": f"The question is about {names}."},
        {"title": "Look at the clips", "content": f"The clips of {names} are compared with it."},
    ]
    return {
        "content": "\n\n".join(_text(call, prompt, source) for source in sources),
        "thinkings": thinkings,
        "refs": [_ref(call, source) for source in sources],
    }


def _text(call: Call, prompt: str, source: Source) -> str:
    """JSON where the prompt asks for it; else prose about the video, with some moments."""
    medium = source.medium
    draw = Seeded(call.seed, "chat", medium.identity, prompt)
    if shape_of(prompt) is not None:
        try:
            return answered(prompt, medium, draw)
        except SchemaError:
            pass  # a shape that no value fits is answered in prose
    told = [f"{source.name}: {prose(prompt, medium, draw)}"]
    for start, end in _chosen(medium):
        told.append(f"- {clock(start)}\N{EN DASH}{clock(end)} {seen(call, medium, (start, end))}")
    return "\n".join(told)


def _ref(call: Call, source: Source) -> Json:
    medium = source.medium
    items: list[Json] = [*_items(call, source)]
    video: Json = {
        "duration": str(lasting(medium)),
        "video_no": source.number,
        "video_name": source.name,
    }
    return {"video": video, "refItems": items}


def _items(call: Call, source: Source) -> Iterator[Json]:
    """A still, what is seen and, where somebody speaks, what is said."""
    medium = source.medium
    for place, (start, end) in enumerate(_chosen(medium)):
        known: dict[str, Json] = {"videoNo": source.number, "startTime": start}
        if place == 0:
            yield {**known, "type": "keyframe"}
        text = seen(call, medium, (start, end))
        yield {**known, "type": "visual_ts", "endTime": end, "text": text}
    if medium.has_audio:
        start, end = moments(medium, "speech")[0]
        yield {
            "videoNo": source.number,
            "startTime": start,
            "type": "audio_ts",
            "endTime": end,
            "text": heard(call, medium, (start, end)),
        }


def _chosen(medium: Medium) -> list[tuple[int, int]]:
    every = moments(medium, "sight")
    step = max(1, len(every) // POINTS)
    return every[::step][:POINTS]
