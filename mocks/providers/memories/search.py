"""Search by words: videos, moments, what is said, and images."""

from collections.abc import Iterator

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.words import words
from understudy.mocks.kind import texts
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.images import found_images
from understudy.mocks.providers.memories.moments import moments
from understudy.mocks.providers.memories.relevance import LEVELS, Question
from understudy.mocks.providers.memories.scope import scope
from understudy.mocks.providers.memories.uploads import NOTHING
from understudy.mocks.providers.memories.videos import KIND, PARSED, placed
from understudy.mocks.store import Resource

MOST = 100
_SPREAD = 0.02  # by how much the moments of a video differ at most

Hit = tuple[float, Resource, str, str]
"""Score, video, and where it begins and ends."""


def search(call: Call) -> Answer:
    """What fits the words, the best first.

    BY_VIDEO below the older path gives one hit a video without times and score (recorded); every
    other search of videos gives moments (documented).
    """
    asked = call.field("search_param")
    if not words(asked):
        raise wrong(f"search_param is {asked[:80]!r}, expected some words")
    question, kind = Question.of(asked), call.field("search_type", "BY_CLIP")
    most = call.body.get("top_k")
    limit = int(most) if isinstance(most, int | float) else MOST
    least = LEVELS.get(call.field("filtering_level"), 0.0)
    if kind == "BY_IMAGE":
        return success(found_images(call, question, limit, least))
    whole = kind == "BY_VIDEO" and call.operation.template.startswith("/serve/api/video/")
    hits = [
        hit
        for video in _searched(call)
        for hit in (_whole(question, video) if whole else _moments(question, video, kind))
        if hit[0] >= least
    ]
    hits.sort(key=lambda hit: (-hit[0], hit[1].sequence))
    return success([_shown(hit, whole) for hit in hits[:limit]])


def _searched(call: Call) -> list[Resource]:
    """The parsed videos among which is searched."""
    tests = placed(call)
    numbers = texts(call.body.get("video_nos"))
    if numbers:
        tests.append(lambda video: video.id in numbers)
    where = {"unique_id": scope(call), "status": PARSED}
    held = call.collection(KIND).page(where=where)
    return [video for video in held.items if all(test(video) for test in tests)]


def _whole(question: Question, video: Resource) -> Iterator[Hit]:
    yield round(question.score(known(video.hidden)), 4), video, NOTHING, NOTHING


def _moments(question: Question, video: Resource, kind: str) -> Iterator[Hit]:
    """The moments of a video; one in which nobody speaks has none BY_AUDIO."""
    medium = known(video.hidden)
    heard = kind == "BY_AUDIO"
    if heard and not medium.has_audio:
        return
    score = question.score(medium)
    draw = Seeded(medium.identity, "hits", question.asked, heard)
    for start, end in moments(medium, "speech" if heard else "sight"):
        near = score + draw.child(start).number(-_SPREAD, _SPREAD)
        yield round(min(1.0, max(0.0, near)), 4), video, str(start), str(end)


def _shown(hit: Hit, whole: bool) -> Json:
    score, video, start, end = hit
    shown: dict[str, Json] = {
        "videoNo": video.id,
        "videoName": video.fields["video_name"],
        "startTime": start,
        "endTime": end,
    }
    return shown if whole else {**shown, "score": score}
