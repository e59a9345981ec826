"""JSON Schemas of an analysis: what is taken, what is refused how, and that answers keep to them.

Answers are held against the schemas by `jsonschema`, which has no part in making them.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from analyses_stage import LENGTH, Body, asked, shaped
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from stage import ONE_FAKE, refused

PLACE = "response_format.json_schema"
CLOCK = r"^\d\d:[0-5]\d:[0-5]\d$"
EXACT = r"^\d\d:[0-5]\d:[0-5]\d\.\d{3}$"


def translated(node: Any) -> Any:
    """The schema with each `timestamp` as what JSON Schema knows."""
    if isinstance(node, list):
        return [translated(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "timestamp":
        texts = {"hh:mm:ss": CLOCK, "hh:mm:ss.fff": EXACT}
        if node["format"] == "seconds":
            return {"type": "number", "minimum": 0, "maximum": LENGTH}
        return {"type": "string", "pattern": texts[node["format"]]}
    return {key: translated(held) for key, held in node.items()}


def told(api: httpx2.Client, schema: Body) -> Any:
    """The JSON that comes for a schema, which it fits."""
    response = asked(api, response_format=shaped(schema))
    assert response.status_code == 200, response.text
    assert response.json()["finish_reason"] == "stop"
    value = json.loads(response.json()["data"])
    formats = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(translated(schema), format_checker=formats).validate(value)
    return value


def of(**properties: Body) -> Body:
    """An object of which all is required."""
    return {"type": "object", "properties": properties, "required": list(properties)}


@pytest.mark.parametrize(
    ("form", "pattern"), [("seconds", ""), ("hh:mm:ss", CLOCK), ("hh:mm:ss.fff", EXACT)]
)
def test_timestamp__formats(api: httpx2.Client, form: str, pattern: str) -> None:
    """Trap: `seconds` is a JSON number, the others are strings."""
    value = told(api, of(at={"type": "timestamp", "format": form}))["at"]
    if pattern:
        assert re.match(pattern, value)
    else:
        assert isinstance(value, float | int)
        assert 0 <= value <= LENGTH


def test_timestamp__in_a_list(api: httpx2.Client) -> None:
    """Moments of the objects in a list go forward, within the window that was asked for."""
    scene = of(
        start_time={"type": "number"},
        seen={"type": "timestamp", "format": "seconds"},
        end_time={"type": "number"},
    )
    schema = of(scenes={"type": "array", "minItems": 1, "items": scene})
    window = {"start_time": 10, "end_time": 20}
    answer = asked(api, response_format=shaped(schema), **window).json()
    scenes = json.loads(answer["data"])["scenes"]
    moments = [each[name] for each in scenes for name in ("start_time", "seen", "end_time")]
    assert moments == sorted(moments)
    assert 10 <= moments[0] <= moments[-1] <= 20


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        (of(at={"type": "timestamp"}), ".properties.at.format"),
        (of(at={"type": "timestamp", "format": "minutes"}), ".properties.at.format"),
        (of(at={"type": "timestamp", "format": ""}), ".properties.at.format"),
    ],
)
def test_timestamp__format_needed(api: httpx2.Client, schema: Body, place: str) -> None:
    """A missing or unknown format is told by its place and what would do."""
    said = refused(asked(api, response_format=shaped(schema)), 400, "parameter_invalid")
    wanted = "format is required for timestamp type; allowed values: seconds, hh:mm:ss,"
    assert said == f"{PLACE}{place}: {wanted} hh:mm:ss.fff"


AT: Body = {"type": "timestamp", "format": "seconds"}


@pytest.mark.parametrize(
    "schema",
    [
        AT,
        of(inner=of(at=AT)),
        of(list={"type": "array", "items": AT}),
        of(list={"type": "array", "items": of(inner=of(at=AT))}),
        of(at={"anyOf": [AT, {"type": "null"}]}),
        of(at={"type": ["timestamp", "null"], "format": "seconds"}),
        {**of(at={"$ref": "#/$defs/at"}), "$defs": {"at": AT}},
        {"type": "array", "items": of(at=AT)},
    ],
)
def test_timestamp__elsewhere_refused(api: httpx2.Client, schema: Body) -> None:
    """Moments stand in the whole and in the objects of its lists, nowhere else."""
    said = refused(asked(api, response_format=shaped(schema)), 400, "parameter_invalid")
    assert "timestamp" in said


@pytest.mark.parametrize(
    ("declared", "check"),
    [
        ({"type": "number"}, lambda value: isinstance(value, float | int)),
        ({"type": "integer"}, lambda value: isinstance(value, int)),
        ({"type": "string"}, lambda value: re.match(EXACT, value)),
        ({"type": "timestamp", "format": "hh:mm:ss"}, lambda value: re.match(CLOCK, value)),
    ],
)
def test_edges__reserved(api: httpx2.Client, declared: Body, check: Any) -> None:
    """Trap: start_time and end_time are moments at any depth, whatever their type."""
    edges = of(start_time=declared, end_time=declared)
    for schema in (edges, of(parts={"type": "array", "minItems": 1, "items": edges})):
        value = told(api, schema)
        for part in value.get("parts", [value]):
            assert check(part["start_time"]), part
            assert check(part["end_time"]), part


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "string", "format": "time"},
        {"type": "boolean"},
        {"type": "object"},
        {"type": "array", "items": {}},
        {"type": "null"},
    ],
)
def test_edges__refused(api: httpx2.Client, declared: Body) -> None:
    """What cannot be a moment cannot be called so, however deep."""
    for schema in (of(end_time=declared), of(a={"type": "array", "items": of(end_time=declared)})):
        refused(asked(api, response_format=shaped(schema)), 400, "parameter_invalid")


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "string", "minLength": 1},
        {"type": "string", "maxLength": 9},
        {"type": "object", "additionalProperties": False},
        {"type": "array", "items": {}, "maxItems": 3},
        {"type": "array", "items": {}, "uniqueItems": True},
        {"type": "array", "items": {}, "minItems": 2},
        {"oneOf": [{"type": "string"}]},
        {"allOf": [{"type": "string"}]},
        {"not": {"type": "string"}},
        {"type": "number", "minimum": 1},
        {"type": "integer", "multipleOf": 2},
        {"type": "string", "format": "email"},
        {"type": "object", "patternProperties": {}},
        {"enum": [["a"]]},
        {"const": {}},
    ],
)
def test_keywords__unsupported(api: httpx2.Client, declared: Body) -> None:
    """Trap: what the dialect lacks is a 422, at the top and deep down."""
    for schema in (of(a=declared), of(a={"type": "array", "items": of(b=declared)})):
        response = asked(api, response_format=shaped(schema))
        assert "json_schema" in refused(response, 422, "parameter_invalid")


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "film"},
        of(a={"type": "string", "pattern": "("}),
        {"type": "object", "properties": []},
        {"type": "object", "properties": {"a": 1}},
        {"anyOf": []},
        {"anyOf": 1},
        {"enum": []},
        {"$ref": "#/$defs/none"},
        {"$ref": "https://media.example/schema"},
        of(a={"type": "integer", "minimum": 3, "maximum": 2}),
        {"$defs": {"a": 1}},
    ],
)
def test_schema__broken(api: httpx2.Client, schema: Body) -> None:
    """What is no schema, or one that nothing fits, is a 400."""
    refused(asked(api, response_format=shaped(schema)), 400, "parameter_invalid")


def test_schema__moments_of_an_alternative(api: httpx2.Client) -> None:
    """Where a value fits one of several schemas, its moments are within the video too."""
    edges = of(start_time={"type": "number"}, end_time={"type": "number"})
    value = told(api, of(scene={"anyOf": [edges, of(start_time={"type": "number"})]}))["scene"]
    moments = [value[name] for name in ("start_time", "end_time") if name in value]
    assert moments == sorted(moments)
    assert all(0 <= each <= LENGTH for each in moments)


def test_schema__order(api: httpx2.Client) -> None:
    """Properties come as declared; if the first is optional, a required one goes before it."""
    names = ("b", "a", "c")
    assert list(told(api, of(**{name: {"type": "string"} for name in names}))) == list(names)
    schema = {**of(**{name: {"type": "string"} for name in names}), "required": ["a", "c"]}
    assert next(iter(told(api, schema))) == "a"


def test_schema__references(api: httpx2.Client) -> None:
    """Definitions within `$defs`, of which one holds itself."""
    node = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "parts": {"type": "array", "items": {"$ref": "#/$defs/n"}},
        },
        "required": ["name"],
    }
    assert told(api, {"$ref": "#/$defs/n", "$defs": {"n": node}})["name"]


PLAIN = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "uuid"},
        {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"},
        {"type": "number"},
        {"type": "integer", "minimum": -3, "exclusiveMaximum": 12},
        {"type": "boolean"},
        {"type": "null"},
        {"const": "boat"},
        {"enum": ["boat", 1.5, True, None]},
        {"type": ["string", "null"], "title": "Said"},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    ]
)
MOMENT = st.builds(
    lambda form: {"type": "timestamp", "format": form},
    st.sampled_from(["seconds", "hh:mm:ss", "hh:mm:ss.fff"]),
)
EDGE = st.one_of(MOMENT, st.sampled_from([{"type": kind} for kind in ("number", "string")]))


def objects(members: st.SearchStrategy[Body], edge: st.SearchStrategy[Body]) -> Any:
    """Objects with some of their properties required, moments among them now and then."""

    def build(held: dict[str, Body], edges: dict[str, Body], optional: list[str]) -> Body:
        properties = {**held, **edges}
        required = [name for name in properties if name not in optional]
        return {"type": "object", "properties": properties, "required": required}

    names = st.text("abcdefg", min_size=1, max_size=2)
    return st.builds(
        build,
        st.dictionaries(names, members, min_size=1, max_size=4),
        st.dictionaries(st.sampled_from(["start_time", "end_time"]), edge, max_size=2),
        st.lists(names, max_size=2),
    )


def lists(items: st.SearchStrategy[Body]) -> st.SearchStrategy[Body]:
    """Lists, empty ones where they may be."""
    return st.builds(
        lambda item, least: {"type": "array", "items": item, "minItems": least},
        items,
        st.sampled_from([0, 1]),
    )


def _deeper(inner: st.SearchStrategy[Body]) -> st.SearchStrategy[Body]:
    return st.one_of(lists(inner), objects(inner, st.nothing()))


DEEP = st.recursive(PLAIN, _deeper, max_leaves=6)
SCHEMAS = objects(st.one_of(DEEP, MOMENT, lists(objects(st.one_of(DEEP, MOMENT), EDGE))), EDGE)


def _moments(schema: Any, value: Any) -> Iterator[float]:
    """Every moment of a value, in seconds, as its schema declares it."""
    if isinstance(value, list):
        for each in value:
            yield from _moments(schema["items"], each)
    elif isinstance(value, dict):
        for name, inner in value.items():
            declared = schema["properties"][name]
            edge = name in ("start_time", "end_time")
            if declared.get("type") == "timestamp" or edge:
                yield _seconds(inner)
            elif "properties" in declared or "items" in declared:
                yield from _moments(declared, inner)


def _seconds(value: Any) -> float:
    if not isinstance(value, str):
        return float(value)
    hours, minutes, seconds = value.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


@settings(max_examples=100, deadline=None, suppress_health_check=ONE_FAKE)
@given(schema=SCHEMAS, prompt=st.text("ab", min_size=1, max_size=3))
def test_schema__answers_fit(api: httpx2.Client, schema: Body, prompt: str) -> None:
    """Whatever the dialect can say, the answer is valid, and its moments lie in the video."""
    response = asked(api, response_format=shaped(schema), prompt=prompt)
    assert response.status_code == 200, response.text
    value = json.loads(response.json()["data"])
    Draft202012Validator(translated(schema)).validate(value)
    assert all(0 <= each <= LENGTH + 0.5 for each in _moments(schema, value))
