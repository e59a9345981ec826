"""Summaries of a video: a paragraph, and its topics or chapters."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate import text
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.providers.memories.errors import success
from understudy.mocks.providers.memories.moments import Moment, moments
from understudy.mocks.providers.memories.transcripts import seen
from understudy.mocks.providers.memories.videos import parsed

MOST = 5
POINTS = 2


def generate_summary(call: Call) -> Answer:
    """The same paragraph for both types; what the items are, `type` decides."""
    medium = known(parsed(call, str(call.query("video_no"))).hidden)
    draw = Seeded(call.seed, medium.identity, "summary")
    parts = moments(medium, "summary", mean=max(6.0, medium.duration / MOST))[:MOST]
    titles = _titles(medium, draw.child("titles"), len(parts), str(call.query("type")))
    items: list[Json] = [
        _item(call, medium, part, title) for part, title in zip(parts, titles, strict=True)
    ]
    return success({"summary": text.summary(medium, draw.child("text")), "items": items})


def _titles(medium: Medium, draw: Seeded, count: int, kind: str) -> list[str]:
    if kind == "CHAPTER":
        names = [text.title(medium, draw.child(place)) for place in range(count)]
        return [f"Chapter {place}: {name}" for place, name in enumerate(names, 1)]
    return text.topics(medium, draw, count=count)


def _item(call: Call, medium: Medium, part: Moment, title: str) -> Json:
    start, end = part
    seconds = sorted({start + (end - start) * point // POINTS for point in range(POINTS)})
    told = dict.fromkeys(seen(call, medium, (second, end)) for second in seconds)
    description = "\n".join(f"\N{BULLET} {sentence}" for sentence in told)
    return {"description": description, "title": title, "start": str(start)}
