"""What of a store's items fits some words, the best first: moments of videos, and whole images."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span, shots
from understudy.mocks.providers.twelvelabs.hits import Query
from understudy.mocks.providers.twelvelabs.knowledge.items import medium_of
from understudy.mocks.providers.twelvelabs.spaces import space_of
from understudy.mocks.store import Resource

SPACE = space_of("marengo3.0")
"""The space in which words and items meet (assumed; the vendor does not name the model)."""

SPREAD = 0.02
"""How far apart the moments of one video may lie in relevance, to either side."""


@dataclass(frozen=True, slots=True)
class Match:
    """An image, or a moment of a video with the modalities by which it fits.

    The greater `near`, the better. `span` is in seconds, None for an image.
    """

    item: Resource
    near: float
    span: Span | None = None
    modalities: tuple[str, ...] = ()


def matches(words: str, items: Iterable[Resource], modalities: Sequence[str]) -> list[Match]:
    """Every match of the items, the nearest first; images are matched by what is seen."""
    query = Query.of(SPACE, words)
    found: list[Match] = []
    for item in items:
        medium = medium_of(item)
        near = query.relevance(SPACE, medium)
        if medium.kind == "image":
            found.append(Match(item, near))
        else:
            found += _moments(item, medium, near, query.name, modalities)
    found.sort(key=lambda match: (-match.near, match.item.sequence, match.span or (0.0, 0.0)))
    return found


def grouped(found: Iterable[Match]) -> list[list[Match]]:
    """The matches of each item together, in the order of the best of each."""
    placed = sorted(enumerate(found), key=lambda each: each[1].item.sequence)
    groups = [list(group) for _, group in groupby(placed, key=lambda each: each[1].item.sequence)]
    groups.sort(key=lambda group: group[0][0])
    return [[match for _, match in group] for group in groups]


def _moments(
    item: Resource, medium: Medium, near: float, words: str, modalities: Sequence[str]
) -> list[Match]:
    """The shots of a video, each with the modalities that it has and fits by: one at least."""
    present = [each for each in modalities if each == "visual" or medium.has_audio]
    draw = Seeded(medium.identity, words)
    found: list[Match] = []
    for span in shots(medium.duration, Seeded(medium.identity, "shots")) if present else ():
        spread = {each: draw.child(each, span).number(-SPREAD, SPREAD) for each in present}
        best = max(spread.values())
        fitting = tuple(each for each, by in spread.items() if by == best or by >= 0)
        found.append(Match(item, near + best, span, fitting))
    return found
