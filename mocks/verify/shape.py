"""What of a reply can be compared between two services: members, types, and what equals what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.contracts.pointer import join
from understudy.contracts.trace.sighting import instant
from understudy.mocks.verify.step import Step

_SHORTEST_ID = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """A reply without its particulars.

    `kinds` are the types that stand at each pointer (`*` for any index), `same` tells of a text
    that an earlier reply had: where it stood first.
    """

    status: int
    media_type: str
    kinds: Mapping[str, frozenset[str]]
    same: Mapping[str, str]


class Shapes:
    """The shapes of one run's replies, in order: an id is known by where it was seen first."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def of(self, step: Step) -> Shape:
        """The shape of a step's reply; what it shows is remembered."""
        kinds: dict[str, set[str]] = {}
        same: dict[str, str] = {}
        answer = step.answer
        for pointer, value in _leaves(answer, ""):
            kinds.setdefault(pointer, set()).add(kind(value))
        purpose = f"{step.operation.id} ({step.purpose})"
        for pointer, value in _leaves(answer, ""):
            if kind(value) == "text" and _may_be_id(value) and "*" not in pointer:
                same[pointer] = self._first.setdefault(str(value), f"{purpose} {pointer}")
        media = (step.said.response.headers.get("content-type") or "").partition(";")[0]
        found = {pointer: frozenset(each) for pointer, each in kinds.items()}
        return Shape(step.status, media.strip().lower(), found, same)


def differences(live: Shape, fake: Shape) -> Iterator[str]:
    """A sentence for everything in which a live reply differs from the fake's."""
    if live.status != fake.status:
        yield f"status {live.status} here, {fake.status} in the fake"
        return
    if live.media_type != fake.media_type:
        yield f"content type {live.media_type!r} here, {fake.media_type!r} in the fake"
        return
    for pointer in sorted(live.kinds.keys() | fake.kinds.keys()):
        here, there = live.kinds.get(pointer), fake.kinds.get(pointer)
        if here is None or there is None:
            if _comparable(pointer, live, fake):
                where = "in the fake, not here" if here is None else "here, not in the fake"
                yield f"{pointer} is {where}"
        elif not here & there:
            yield f"{pointer} is {_told(here)} here, {_told(there)} in the fake"
    for pointer, origin in fake.same.items():
        other = live.same.get(pointer)
        if other is not None and other != origin:
            yield f"{pointer} equals {origin} in the fake, {other} here"


def kind(value: Json) -> str:
    """The type of a value in words; a moment in time is a type of its own."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a time" if _is_time(value) else "text"
    return "an object" if isinstance(value, Mapping) else "a list"


def _leaves(value: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Every value below, with its pointer; the items of a list share one."""
    yield pointer, value
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield from _leaves(held, join(pointer, name))
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _leaves(held, f"{pointer}/*")


def _comparable(pointer: str, live: Shape, fake: Shape) -> bool:
    """Whether both have what the member would be in; an empty list says nothing of its items."""
    above, _, name = pointer.rpartition("/")
    return name != "*" and all("an object" in one.kinds.get(above, ()) for one in (live, fake))


def _may_be_id(value: Json) -> bool:
    """Whether a text looks like one: long enough, without spaces, and with a digit in it."""
    text = str(value)
    plain = len(text) >= _SHORTEST_ID and not any(character.isspace() for character in text)
    return plain and any(character.isdigit() for character in text)


def _is_time(value: str) -> bool:
    return not value.isdigit() and len(value) >= 10 and instant(value) is not None


def _told(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kinds))
