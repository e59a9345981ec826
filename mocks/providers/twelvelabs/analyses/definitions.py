"""Segment definitions of a request: the rules that its schema cannot say.

Documented in the field texts of Python SDK 1.3.6. That ids of definitions and names of fields occur
once is assumed.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NoReturn, cast

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate.timeline import Span
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.analyses.moments import FORMATS
from understudy.mocks.providers.twelvelabs.analyses.subject import references
from understudy.mocks.providers.twelvelabs.errors import refuse

PLACE = "response_format.segment_definitions"
RESERVED = ("start_time", "end_time", "metadata")
SHORTEST_RANGE = 2.0

_SCALARS = ("string", "boolean", "number", "integer", "array", "timestamp")


def check_definitions(
    call: Call, definitions: Sequence[Json], model: str, duration: float, *, ranged: bool
) -> None:
    """Refuses definitions that make no sense; time ranges too, unless `ranged` lets them in."""
    seen: set[str] = set()
    for number, each in enumerate(definitions):
        definition = mapping(each)
        identity = text(definition["id"])
        if identity in seen:
            _wrong("id", f"is {identity!r:.80}, which another definition has already")
        seen.add(identity)
        _check_fields(elements(definition.get("fields")), model)
        sources = elements(definition.get("media_sources"))
        references(call, sources, f"{PLACE}.{number}")
        if "time_ranges" in definition:
            if not ranged:
                message = "come without a window, segment durations and unlimited max_tokens"
                _wrong("time_ranges", message)
            _check_ranges(ranges_of(definition), duration)


def ranges_of(definition: Mapping[str, Json]) -> list[Span]:
    """The time ranges of a definition, in order; none where it has none."""
    sent = [mapping(each) for each in elements(definition.get("time_ranges"))]
    edges = ((each["start_time"], each["end_time"]) for each in sent)
    return sorted((float(cast(float, start)), float(cast(float, end))) for start, end in edges)


def _check_ranges(ranges: Sequence[Span], duration: float) -> None:
    for start, end in ranges:
        if end - start < SHORTEST_RANGE:
            shown = f"has {start:g} to {end:g} s"
            _wrong("time_ranges", f"{shown}, shorter than {SHORTEST_RANGE:g} s")
        if end > duration:
            _wrong("time_ranges", f"ends at {end:g} s; the video lasts {duration:g} s")
    for before, after in pairwise(ranges):
        if after[0] < before[1]:
            _wrong("time_ranges", f"overlaps at {after[0]:g} s; ranges may only touch")


def _check_fields(fields: Sequence[Json], model: str) -> None:
    names: set[str] = set()
    for each in fields:
        field = mapping(each)
        kind = text(field["type"])
        _check_name(field, names, "fields.name")
        if kind == "time_array" and model != "pegasus1.6":
            _wrong("fields.type", f"is time_array, expected one of {', '.join(_SCALARS)}")
        if kind == "timestamp" and "format" not in field:
            allowed = ", ".join(FORMATS)
            _wrong("fields.format", f"is required for timestamp type; allowed values: {allowed}")
        if kind != "timestamp" and "format" in field:
            _wrong("fields.format", f"comes with the type {kind}; only a timestamp has one")
        if kind in ("timestamp", "time_array") and "enum" in field:
            _wrong("fields.enum", f"is not supported with the type {kind}")
        _check_items(field, kind)


def _check_items(field: Mapping[str, Json], kind: str) -> None:
    items = mapping(field.get("items"))
    listed = kind in ("array", "time_array")
    if listed != bool(items):
        problem = "is required for" if listed else "is not supported with"
        _wrong("fields.items", f"{problem} the type {kind}")
    if not items:
        return
    events = elements(items.get("fields"))
    if kind == "array" and (items["type"] == "object" or "fields" in items):
        _wrong("fields.items", "of an array is of a plain type, without fields")
    if kind == "time_array":
        if items["type"] != "object" or not events:
            _wrong("fields.items", "of a time_array is of the type object, with at least one field")
        _check_events(events)


def _check_events(fields: Sequence[Json]) -> None:
    names: set[str] = set()
    for each in fields:
        field = mapping(each)
        kind = text(field["type"])
        _check_name(field, names, "fields.items.fields.name")
        if "format" in field:
            _wrong("fields.items.fields.format", "is not supported")
        if "enum" in field and kind != "string":
            _wrong("fields.items.fields.enum", f"is not supported with the type {kind}")
        if (kind == "array") != ("items" in field):
            problem = "is required for" if kind == "array" else "is not supported with"
            _wrong("fields.items.fields.items", f"{problem} the type {kind}")


def _check_name(field: Mapping[str, Json], names: set[str], place: str) -> None:
    name = text(field["name"])
    if name in RESERVED:
        _wrong(place, f"is {name}, which is reserved")
    if name in names:
        _wrong(place, f"is {name!r:.80}, which another field has already")
    names.add(name)


def _wrong(place: str, problem: str) -> NoReturn:
    raise refuse("parameter_invalid", f"{PLACE}.{place} {problem}")
