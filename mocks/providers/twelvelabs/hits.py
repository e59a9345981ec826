"""What a search finds, derived from the videos that are in the index when it is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from understudy.contracts.json import Json
from understudy.mocks.ending import known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span, shots
from understudy.mocks.generate.vectors import Space, similarity
from understudy.mocks.generate.words import telling_words
from understudy.mocks.providers.twelvelabs.clips import has
from understudy.mocks.store import Resource

LEVELS: Mapping[str, float] = {"high": 75.0, "medium": 50.0, "low": 25.0}
"""The score from which each word holds, when the level is not adjusted."""

LEAST = "extremely low"
"""The word for any score below."""

_ADJUSTED = 40.0  # points by which the levels move from one end of the adjustment to the other
_UNRELATED, _RELATED = 30.0, 70.0  # the score of what has nothing in common, and what adds to it
_NAMED = 0.3  # how much of what is missing to certainty the words of a title or URL make up for
_SPREAD = 1.5  # points by which the clips of a video differ


@dataclass(frozen=True, slots=True)
class Hit:
    """One clip that was found; `score` from 0 to 100, `rank` 1 for the best of a search."""

    video: Resource
    start: float
    end: float
    score: float
    confidence: str
    rank: int = 0


Heard = Callable[[Medium, Span], bool]
"""Whether what is looked for is heard in a piece of a medium."""


class Question(Protocol):
    """What is looked for; `name` seeds the small differences between clips."""

    @property
    def name(self) -> str:
        """The same for the same question."""
        ...

    def relevance(self, space: Space, medium: Medium) -> float:
        """How near a medium is, at most 1."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: a text, an image or both, as one point of the index's space."""

    vector: Sequence[float]
    words: frozenset[str]
    name: str

    @classmethod
    def of(cls, space: Space, text: str, images: Sequence[Medium] = ()) -> "Query":
        """The query of a text, of images or of both."""
        vectors = [space.text(text)] if text else []
        words = set(telling_words(text)) if text else set()
        for image in images:
            vectors.append(space.medium(image))
            words.update(image.words)
        vector = vectors[0]
        if len(vectors) > 1:
            vector = [sum(pair) / len(vectors) for pair in zip(*vectors, strict=True)]
        seen = " ".join(image.identity for image in images)
        return cls(vector, frozenset(words), f"{text}/{seen}")

    def relevance(self, space: Space, medium: Medium) -> float:
        """How near a medium is, at most 1; one that is named by its words is nearer."""
        near = similarity(self.vector, space.medium(medium))
        named = len(self.words.intersection(medium.words)) / max(1, len(self.words))
        return near + _NAMED * named * (1.0 - near)


def found(
    query: Question,
    space: Space,
    videos: Iterable[Resource],
    *,
    options: Sequence[str],
    every: bool,
    level: float,
    threshold: str,
    heard: Heard | None = None,
) -> list[Hit]:
    """The clips that reach the threshold, the best first.

    A clip is as good as its best option, or with `every` as its worst. `level` (0 to 1) moves
    what the words of confidence mean: the higher, the stricter. With `heard`, the option
    transcription finds only the clips for which it holds.
    """
    least = -1.0 if threshold == "none" else _reached(threshold, level)
    hits = [
        Hit(video, start, end, score, confidence(score, level))
        for video in videos
        for start, end, score in _clips(query, space, known(video.hidden), options, every, heard)
        if score >= least
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.video.sequence, hit.start))
    return [
        Hit(hit.video, hit.start, hit.end, hit.score, hit.confidence, rank)
        for rank, hit in enumerate(hits, 1)
    ]


def grouped(hits: Sequence[Hit], *, by_count: bool) -> list[list[Hit]]:
    """The hits of each video together: best video first, or the one with the most clips."""
    placed = sorted(hits, key=lambda hit: hit.video.sequence)
    groups = [list(group) for _, group in groupby(placed, key=attrgetter("video.sequence"))]
    groups.sort(key=lambda group: (-len(group) if by_count else 0, group[0].rank))
    return groups


def confidence(score: float, level: float) -> str:
    """The word for a score."""
    for word in LEVELS:
        if score >= _reached(word, level):
            return word
    return LEAST


def _reached(word: str, level: float) -> float:
    return LEVELS[word] + (level - 0.5) * _ADJUSTED


def _clips(
    query: Question,
    space: Space,
    medium: Medium,
    options: Sequence[str],
    every: bool,
    heard: Heard | None,
) -> list[tuple[float, float, float]]:
    """Start, end and score of each shot; an option that the medium lacks finds nothing."""
    present = [option for option in options if has(medium, option)]
    if not present or (every and len(present) < len(options)):
        return []
    base = _UNRELATED + _RELATED * query.relevance(space, medium)
    draw = Seeded(medium.identity, query.name)
    choose = min if every else max
    clips: list[tuple[float, float, float]] = []
    for start, end in shots(medium.duration, Seeded(medium.identity, "shots")):
        finding = present
        if heard is not None and "transcription" in present and not heard(medium, (start, end)):
            finding = [option for option in present if option != "transcription"]
        if not finding or (every and len(finding) < len(present)):
            continue
        spread = [draw.child(option, start).number(-_SPREAD, _SPREAD) for option in finding]
        clips.append((start, end, round(min(100.0, max(0.0, base + choose(spread))), 2)))
    return clips


def shown(hit: Hit, *, scored: bool = True) -> dict[str, Json]:
    """The fields of a clip; score and confidence are those that the vendor has withdrawn."""
    clip: dict[str, Json] = {
        "rank": hit.rank,
        "start": hit.start,
        "end": hit.end,
        "video_id": hit.video.id,
    }
    return {"score": hit.score, **clip, "confidence": hit.confidence} if scored else clip
