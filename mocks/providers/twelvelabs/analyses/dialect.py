"""The JSON Schemas that an answer may be asked to have: 2020-12 with a type `timestamp`, less much.

What is supported, and with which status the rest is refused, is documented in the field texts of
Python SDK 1.3.6; where these are silent, an unsupported keyword is a 422 (assumed).
"""

from collections.abc import Iterator, Mapping, Sequence

import jsonschema_rs

from understudy.contracts.json import Json
from understudy.mocks.generate.prompt import SchemaError, checked
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.analyses.moments import FORMATS, PATTERNS, SECONDS
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.refusal import Refusal

PLACE = "response_format.json_schema"
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string", "timestamp")
EDGES = ("start_time", "end_time")
"""Properties that hold moments whatever their type."""

_BOUNDS = ("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum")
_OWN: Mapping[str, tuple[str, ...]] = {
    "integer": _BOUNDS,
    "string": ("pattern", "format"),
    "object": ("properties", "required"),
    "array": ("items", "minItems"),
    "timestamp": ("format",),
}
_OWNED = frozenset(name for names in _OWN.values() for name in names)
_COMMON = frozenset({"type", "const", "enum", "anyOf", "$ref", "$defs"})
_NOTES = frozenset(
    {
        "title",
        "description",
        "default",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "$comment",
        "$comments",
        "$schema",
        "$id",
    }
)
_STRING_FORMATS = ("uuid", "date-time", "date", "time")
_TIMELY = (("properties",), ("properties", "items", "properties"))
_DEEPEST = 60


def understood(schema: Json) -> Mapping[str, Json]:
    """The schema in plain JSON Schema, fit to draw from; refused where it leaves the dialect.

    A moment stays where it was, as the number or the text by which it is written.
    """
    root = mapping(schema)
    if not root:
        raise _invalid(PLACE, "is empty, expected a JSON Schema")
    _check(root, PLACE, root)
    plain = mapping(_plain(root))
    try:
        return checked(plain)
    except SchemaError as error:
        raise _invalid(PLACE, f"cannot be used: {error}") from None


def unfit(error: SchemaError) -> Refusal:
    """The refusal of a schema for which no answer can be made."""
    return _invalid(PLACE, f"cannot be used: {error}")


def form_of(name: str, schema: Mapping[str, Json]) -> str:
    """How a property writes a moment, by its declared name and type; empty where it is none."""
    kind = schema.get("type")
    if kind == "timestamp":
        return text(schema.get("format"))
    if name not in EDGES:
        return ""
    if kind == "integer":
        return "integer"
    return {"number": SECONDS, "string": FORMATS[2]}.get(text(kind), "")


def resolved(schema: Json, root: Mapping[str, Json]) -> Mapping[str, Json]:
    """The schema that a chain of references within `root` ends in; an empty one if nowhere."""
    node = mapping(schema)
    for _ in range(_DEEPEST):
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        name = reference.removeprefix("#/$defs/")
        node = mapping(mapping(root.get("$defs")).get(name)) if name != reference else {}
    return {}


def _check(
    schema: Json,
    place: str,
    root: Mapping[str, Json],
    trail: tuple[str, ...] = (),
    name: str = "",
) -> None:
    """Refuses what is off the dialect; `trail` are the keywords that lead to the schema."""
    if len(trail) > _DEEPEST:
        raise _invalid(place, f"is nested deeper than {_DEEPEST} levels")
    if not isinstance(schema, Mapping):
        raise _invalid(place, f"is {schema!r:.40}, expected a JSON Schema as an object")
    kinds = _types(schema, place)
    _check_keywords(schema, kinds, place)
    if "pattern" in schema:
        _check_pattern(schema["pattern"], place)
    if "timestamp" in kinds:
        _check_timestamp(schema, place, timely=trail in _TIMELY and len(kinds) == 1)
    _check_values(schema, place)
    if name in EDGES:
        _check_edge(resolved(schema, root), place)
    for inner, keyword, child, at in _inner(schema, place):
        _check(inner, at, root, (*trail, keyword), child)


def _inner(schema: Mapping[str, Json], place: str) -> Iterator[tuple[Json, str, str, str]]:
    """Every schema within, the keyword that leads to it, its property's name, and its place."""
    for name, inner in _members(schema, "properties", place):
        yield inner, "properties", name, f"{place}.properties.{name}"
    for name, inner in _members(schema, "$defs", place):
        yield inner, "$defs", "", f"{place}.$defs.{name}"
    if "items" in schema:
        yield schema["items"], "items", "", f"{place}.items"
    if "anyOf" in schema:
        branches = elements(schema["anyOf"])
        if not branches:
            raise _invalid(f"{place}.anyOf", "is no list of schemas")
        for number, inner in enumerate(branches):
            yield inner, "anyOf", "", f"{place}.anyOf.{number}"


def _members(schema: Mapping[str, Json], keyword: str, place: str) -> Iterator[tuple[str, Json]]:
    held = schema.get(keyword, {})
    if not isinstance(held, Mapping):
        raise _invalid(f"{place}.{keyword}", "is no object")
    yield from held.items()


def _types(schema: Mapping[str, Json], place: str) -> Sequence[str]:
    said = schema.get("type", [])
    kinds = [said] if isinstance(said, str) else list(elements(said))
    for kind in kinds:
        if kind not in TYPES:
            raise _invalid(f"{place}.type", f"is {kind!r:.40}, expected one of {', '.join(TYPES)}")
    return [str(kind) for kind in kinds]


def _check_keywords(schema: Mapping[str, Json], kinds: Sequence[str], place: str) -> None:
    """Only keywords of the types that are named; without a type, of any."""
    allowed = {word for kind in kinds for word in _OWN.get(kind, ())} if kinds else _OWNED
    for word in schema:
        if word in _COMMON or word in _NOTES or word in allowed or word.startswith("x-"):
            continue
        where = f" with the type {' or '.join(kinds)}" if word in _OWNED else ""
        raise refuse(
            "parameter_invalid", f"{place} uses {word}{where}, which is not supported", status=422
        )
    least = schema.get("minItems")
    if least is not None and (least not in (0, 1) or isinstance(least, bool)):
        message = f"{place}.minItems is {least!r:.40}; only 0 and 1 are supported"
        raise refuse("parameter_invalid", message, status=422)
    form = schema.get("format")
    if form is not None and "timestamp" not in kinds and form not in _STRING_FORMATS:
        message = f"{place}.format is {form!r:.40}, expected one of {', '.join(_STRING_FORMATS)}"
        raise refuse("parameter_invalid", message, status=422)


def _check_pattern(pattern: Json, place: str) -> None:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (ValueError, jsonschema_rs.ReferencingError):
        raise _invalid(f"{place}.pattern", f"is {pattern!r:.40}, no regular expression") from None


def _check_timestamp(schema: Mapping[str, Json], place: str, *, timely: bool) -> None:
    if not timely:
        message = (
            "has the type timestamp, which is supported for properties of the whole and of the"
            " objects in its lists"
        )
        raise _invalid(place, message)
    if schema.get("format") not in FORMATS:
        allowed = ", ".join(FORMATS)
        message = f"format is required for timestamp type; allowed values: {allowed}"
        raise refuse("parameter_invalid", f"{place}.format: {message}")


def _check_values(schema: Mapping[str, Json], place: str) -> None:
    """Fixed values are no structures."""
    if "enum" in schema and not elements(schema["enum"]):
        raise _invalid(f"{place}.enum", "is no list of values")
    fixed = [*elements(schema.get("enum")), schema.get("const")]
    if any(isinstance(value, Mapping | list | tuple) for value in fixed):
        message = f"{place} fixes an object or a list; const and enum take plain values"
        raise refuse("parameter_invalid", message, status=422)


def _check_edge(schema: Mapping[str, Json], place: str) -> None:
    """A property called start_time or end_time is a moment."""
    kind = schema.get("type")
    if kind is None or kind in ("number", "integer", "timestamp"):
        return
    if kind == "string" and "format" not in schema:
        return
    message = "is reserved for a moment: number, integer, timestamp, or string without a format"
    raise _invalid(place, message)


def _plain(node: Json) -> Json:
    """A copy in which every timestamp is a number or a text of its form."""
    if isinstance(node, list | tuple):
        return [_plain(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("type") == "timestamp":
        rest = {key: held for key, held in node.items() if key not in ("type", "format")}
        form = text(node.get("format"))
        if form == SECONDS:
            return {**rest, "type": "number", "minimum": 0}
        return {**rest, "type": "string", "pattern": PATTERNS[form]}
    copied: dict[str, Json] = {}
    for key, held in node.items():
        if key in ("properties", "$defs") and isinstance(held, Mapping):
            copied[key] = {name: _plain(inner) for name, inner in held.items()}
        else:
            copied[key] = _plain(held) if key in ("items", "anyOf") else held
    return copied


def _invalid(place: str, problem: str) -> Refusal:
    return refuse("parameter_invalid", f"{place} {problem}")
