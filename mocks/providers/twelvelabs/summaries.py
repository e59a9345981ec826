"""Summaries, chapters and highlights of a video: in order, in whole seconds, within its length."""

from itertools import pairwise

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate import text, tokens
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.prompt import SchemaError, answered, wanted
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import shots
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.subject import (
    asked_schema,
    described_video,
    drawn,
    limited,
    made_by_fern,
    prompted,
    unfit,
)

_CHAPTER, _HIGHLIGHT = 45.0, 30.0  # seconds of video for each, without a wish in the prompt
_MOST = 20

WholeSpan = tuple[int, int]


def summarize(call: Call) -> Answer:
    """One of the three kinds of text; `summarize_type` only for clients that need it."""
    medium = described_video(call)
    prompt = prompted(call)
    schema = asked_schema(call)
    kind = call.field("type")
    if schema is not None and kind != "summary":
        message = f"response_format is accepted with the type 'summary' only, not with {kind!r}"
        raise refuse("parameter_invalid", message)
    draw = drawn(call, medium, kind, prompt)
    shown: dict[str, Json]
    if kind == "chapter":
        shown = {"chapters": chapters(medium, draw, prompt)}
    elif kind == "highlight":
        shown = {"highlights": highlights(medium, draw, prompt)}
    else:
        shown = {"summary": _summary(call, medium, draw, prompt, schema)}
    told: dict[str, Json] = {"summarize_type": kind} if made_by_fern(call) else {}
    usage: Json = {"output_tokens": tokens.count(" ".join(_texts(shown)))}
    return Answer(200, {**told, "id": call.tenant.ids.uuid(), **shown, "usage": usage})


def chapters(medium: Medium, draw: Seeded, prompt: str = "") -> list[Json]:
    """Chapters that together cover the whole seconds of the video, counted from 0."""
    count = wanted(prompt, "chapters", "chapter") or round(medium.duration / _CHAPTER)
    return [
        {
            "chapter_number": number,
            "start": start,
            "end": end,
            "chapter_title": text.title(medium, draw.child("title", number)),
            "chapter_summary": text.sentence(medium, draw.child("summary", number)),
        }
        for number, (start, end) in enumerate(_pieces(medium.duration, draw, max(2, count)))
    ]


def highlights(medium: Medium, draw: Seeded, prompt: str = "") -> list[Json]:
    """Moments of the video, the earlier first, none overlapping."""
    count = wanted(prompt, "highlights", "highlight", "moments") or round(
        medium.duration / _HIGHLIGHT
    )
    count = min(max(2, count), _MOST)
    pieces = _pieces(medium.duration, draw, 2 * count)
    chosen = sorted(draw.child("moments").pick(range(len(pieces)), count))
    return [
        {
            "start": pieces[place][0],
            "end": pieces[place][1],
            "highlight": text.title(medium, draw.child("highlight", place)),
            "highlight_summary": text.sentence(medium, draw.child("summary", place)),
        }
        for place in chosen
    ]


def _pieces(duration: float, draw: Seeded, count: int) -> list[WholeSpan]:
    """Pieces of whole seconds from 0 to the last whole second; at least one."""
    whole = max(1, int(duration))
    count = min(count, 2 * _MOST, whole)
    spans = shots(whole, draw.child("pieces"), mean=whole / count)
    edges = sorted({0, whole, *(round(start) for start, _ in spans)})
    return list(pairwise(edges))


def _summary(call: Call, medium: Medium, draw: Seeded, prompt: str, schema: Json) -> str:
    if not prompt and schema is None:
        return limited(call, text.summary(medium, draw))[0]
    try:
        return limited(call, answered(prompt, medium, draw, schema))[0]
    except SchemaError as error:
        raise unfit(error) from None


def _texts(value: Json) -> list[str]:
    if isinstance(value, dict):
        return [said for each in value.values() for said in _texts(each)]
    if isinstance(value, list):
        return [said for each in value for said in _texts(each)]
    return [value] if isinstance(value, str) else []
