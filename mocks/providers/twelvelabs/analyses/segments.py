"""Segments of a video: for each definition pieces in order, with what is to be told of each."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.generate import text as prose
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.analyses.definitions import ranges_of
from understudy.mocks.providers.twelvelabs.analyses.moments import SECONDS, moment

SHORTEST, LONGEST = 2.0, 60.0
"""How long a segment is, in seconds, where nobody said: ours."""

MOST = 24  # segments of one definition in one range
_EVENTS = 3


@dataclass(frozen=True, slots=True)
class Lengths:
    """The bounds of a segment's length, in seconds."""

    least: float = SHORTEST
    most: float = LONGEST


def segments(
    response_format: Mapping[str, Json],
    medium: Medium,
    window: Span,
    lengths: Lengths,
    draw: Seeded,
) -> str:
    """JSON text: by definition the segments within the window, or within its own ranges.

    All of them lie one after the other; a part that is shorter than a segment has none.
    """
    form = text(response_format.get("segment_time_format"), SECONDS)
    found: dict[str, Json] = {}
    for each in elements(response_format["segment_definitions"]):
        definition = mapping(each)
        name = text(definition["id"])
        pieces: list[Json] = []
        for place, span in enumerate(ranges_of(definition) or [window]):
            chosen = draw.child(name, place)
            for number, piece in enumerate(_pieces(span, lengths, chosen)):
                told = chosen.child("segment", number)
                pieces.append(_segment(definition, piece, form, medium, told))
        found[name] = pieces
    return json.dumps(found, ensure_ascii=False)


def _pieces(span: Span, lengths: Lengths, draw: Seeded) -> list[Span]:
    """Pieces of a span, in whole milliseconds, with gaps between some of them."""
    start, end = math.ceil(span[0] * 1000), math.floor(span[1] * 1000)
    least = max(1, round(lengths.least * 1000))
    most = max(least, round(lengths.most * 1000))
    pieces: list[Span] = []
    at = start
    while end - at >= least and len(pieces) < MOST:
        length = draw.integer(least, min(most, end - at))
        pieces.append((at / 1000, (at + length) / 1000))
        at += length + (draw.integer(0, length // 2) if draw.chance(0.5) else 0)
    return pieces


def _segment(
    definition: Mapping[str, Json], span: Span, form: str, medium: Medium, draw: Seeded
) -> dict[str, Json]:
    fields = [mapping(each) for each in elements(definition.get("fields"))]
    told: dict[str, Json] = {
        text(each["name"]): _told(each, span, form, medium, draw.child(text(each["name"])))
        for each in fields
    }
    start, end = span
    return {"start_time": moment(start, form), "end_time": moment(end, form), "metadata": told}


def _told(field: Mapping[str, Json], span: Span, form: str, medium: Medium, draw: Seeded) -> Json:
    """The value of a field of a segment, or of an event in it."""
    kind = text(field["type"])
    if kind == "timestamp":
        return moment(draw.number(*span), text(field["format"]))
    if kind == "time_array":
        return _events(mapping(field["items"]), span, form, medium, draw)
    if kind == "array":
        inner = {**field, "type": mapping(field["items"])["type"]}
        several = range(draw.integer(1, _EVENTS))
        return [_plain(inner, medium, draw.child(place)) for place in several]
    return _plain(field, medium, draw)


def _events(
    items: Mapping[str, Json], span: Span, form: str, medium: Medium, draw: Seeded
) -> list[Json]:
    """Events one after the other within a segment."""
    start, end = span
    count = draw.integer(1, _EVENTS)
    edges = sorted(round(draw.number(start, end), 3) for _ in range(2 * count))
    return [
        {
            "start_time": moment(edges[2 * place], form),
            "end_time": moment(edges[2 * place + 1], form),
            **{
                text(each["name"]): _told(
                    each, span, form, medium, draw.child(place, text(each["name"]))
                )
                for each in map(mapping, elements(items["fields"]))
            },
        }
        for place in range(count)
    ]


def _plain(field: Mapping[str, Json], medium: Medium, draw: Seeded) -> Json:
    kind, choices = text(field["type"]), texts(field.get("enum"))
    if choices and kind == "string":
        return draw.choice(choices)
    fitting = [value for value in map(_read, choices) if _is(kind, value)]
    if fitting:
        return draw.choice(fitting)
    if kind == "boolean":
        return draw.chance(0.5)
    if kind == "integer":
        return draw.integer(0, 10)
    if kind == "number":
        return round(draw.number(0, 10), 2)
    return prose.sentence(medium, draw)


def _read(choice: str) -> Json:
    """What the text of an enum says as JSON, if it does."""
    try:
        value: Json = json.loads(choice)
    except ValueError:
        return None
    return value


def _is(kind: str, value: Json) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, int):
        return kind in ("integer", "number")
    return kind == "number" and isinstance(value, float)
