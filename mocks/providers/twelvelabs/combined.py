"""Several queries as one: all of them, any of them, one after the other, one without another.

How they join is told by the vendor's guide to combined queries. A video's clips differ little
here, so the order that `$then` asks for is that of clips which all belong to one video.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.vectors import Space
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.hits import Query, Question

JOINS: Mapping[str, Callable[[Iterable[float]], float]] = {"$and": min, "$then": min, "$or": max}

_MATCHES = 0.3  # from this relevance on, a clip matches what it must not
_FAR = -1.0


@dataclass(frozen=True, slots=True)
class Joined:
    """Queries that count together."""

    how: str
    parts: tuple[Question, ...]

    @property
    def name(self) -> str:
        """The names of the parts, joined."""
        return f"{self.how}({' '.join(part.name for part in self.parts)})"

    def relevance(self, space: Space, medium: Medium) -> float:
        """As near as the farthest part, or with `$or` as the nearest."""
        return JOINS[self.how](part.relevance(space, medium) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Without:
    """A query, except where another matches."""

    origin: Question
    sub: Question

    @property
    def name(self) -> str:
        """The names of both."""
        return f"$not({self.origin.name} {self.sub.name})"

    def relevance(self, space: Space, medium: Medium) -> float:
        """As near as the one, and far away where the other matches."""
        if self.sub.relevance(space, medium) >= _MATCHES:
            return _FAR
        return self.origin.relevance(space, medium)


def combined(space: Space, query: Mapping[str, Json]) -> Question:
    """The question that a combination asks; its shape is the contract's."""
    if "text" in query:
        return Query.of(space, text(query["text"]))
    if "$not" in query:
        origin, sub = (mapping(mapping(query["$not"]).get(name)) for name in ("origin", "sub"))
        return Without(combined(space, origin), combined(space, sub))
    how = next(each for each in JOINS if each in query)
    return Joined(how, tuple(combined(space, mapping(part)) for part in elements(query[how])))


def texts_in(query: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The queries for a text that a combination is made of, in order."""
    if "text" in query:
        yield query
        return
    negated = mapping(query.get("$not"))
    parts = [negated.get("origin"), negated.get("sub")] if negated else []
    parts += [part for how in JOINS for part in elements(query.get(how))]
    for part in parts:
        yield from texts_in(mapping(part))
