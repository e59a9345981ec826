"""Seeded samples: whatever the schema, the sample fits it."""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.contracts.json import Json
from understudy.mocks.generate.sample import Sampler, sample

Node = dict[str, Any]  # a schema as a test writes it


class Root:
    """A document of plain values, its references within itself."""

    def __init__(self, root: Json) -> None:
        self.root = root

    def at(self, pointer: str) -> Json:
        """The value at a pointer."""
        node = self.root
        for step in pointer.split("/")[1:]:
            assert isinstance(node, Mapping)
            node = node[step]
        return node

    def resolve(self, node: Json, pointer: str = "") -> tuple[Json, str]:
        """Follows `$ref`."""
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            pointer = str(node["$ref"])[1:]
            node = self.at(pointer)
        return node, pointer


def assert_fits(schema: Node, seed: object = 0) -> Json:
    drawn = sample(Root(schema), "", seed)
    checker = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert checker.is_valid(drawn), f"{drawn!r} does not fit {schema!r}"
    return drawn


INTEGER: Node = {"type": "integer"}
SCHEMAS: list[Node] = [
    {},
    {"type": "string"},
    {"type": "string", "minLength": 300},
    {"type": "string", "maxLength": 2},
    {"type": "string", "maxLength": 0},
    {"type": "string", "minLength": 7, "maxLength": 7},
    {"type": "string", "pattern": r"^[a-z]{3}-\d{4}$"},
    {"type": "string", "pattern": r"^(?=.*\d)[a-z\d]{4,8}$"},
    {"type": "string", "pattern": r"^https?://\S+$", "minLength": 50},
    {"type": "string", "pattern": r"\.mp4$", "minLength": 10},
    {"type": "string", "format": "email", "minLength": 40, "maxLength": 60},
    {"type": "string", "format": "uri", "minLength": 90},
    {"type": "string", "format": "byte", "minLength": 30},
    {"type": "integer", "minimum": 5, "exclusiveMaximum": 7},
    {"type": "integer", "multipleOf": 7, "exclusiveMinimum": 1, "maximum": 7},
    {"type": "integer", "format": "int32", "minimum": 2147483646},
    {"type": "integer", "maximum": -(2**62)},
    {"type": "integer", "minimum": 0.5, "maximum": 1.5},
    {"type": "number", "multipleOf": 0.1, "minimum": 0.3, "maximum": 0.3},
    {"type": "number", "multipleOf": 0.5, "exclusiveMinimum": 1, "exclusiveMaximum": 2},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.0001},
    {"type": "number", "minimum": 1e300},
    {"type": "number", "maximum": -1.5},
    {"minimum": 3},
    {"type": ["null", "integer"], "maximum": -500},
    {"type": "null"},
    {"type": "boolean"},
    {"const": {"a": [1, None]}},
    {"enum": ["a", 1, None]},
    {"enum": ["a", 1, None], "type": "integer"},
    {"type": "string", "examples": ["bad"], "default": "worse", "pattern": "^good$"},
    {"not": {"type": "string"}},
    {"type": "integer", "not": {"maximum": 20}, "minimum": 0},
    {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 2},
    {"type": "array", "maxItems": 0},
    {"type": "array", "minItems": 40, "items": {"type": "number"}},
    {"type": "array", "contains": {"const": 5}, "items": INTEGER, "minItems": 2},
    {"type": "array", "contains": {"const": 5}, "minContains": 2, "items": INTEGER},
    {"prefixItems": [{"type": "string"}, INTEGER], "items": False, "minItems": 2},
    {"type": "object", "minProperties": 3, "additionalProperties": INTEGER},
    {"type": "object", "properties": {"a": INTEGER, "b": INTEGER}, "maxProperties": 1},
    {"type": "object", "properties": {"a": INTEGER, "b": INTEGER}, "minProperties": 2},
    {"type": "object", "required": ["z"]},
    {"type": "object", "propertyNames": {"pattern": "^[a-z]{9}$"}, "minProperties": 2},
    {
        "type": "object",
        "patternProperties": {"^x-": INTEGER},
        "additionalProperties": False,
        "minProperties": 2,
    },
    {
        "type": "object",
        "properties": {"a": INTEGER},
        "required": ["a"],
        "dependentRequired": {"a": ["b"], "b": ["c"]},
    },
    {
        "type": "object",
        "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
        "then": {"required": ["x"]},
        "else": {"required": ["y"]},
    },
    {
        "allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            {"properties": {"a": {"minLength": 30}, "b": INTEGER}, "required": ["b"]},
        ]
    },
    {"oneOf": [{"type": "integer"}, {"type": "number", "maximum": 3}]},
    {"anyOf": [False, {"type": "boolean"}]},
    {
        "type": "object",
        "properties": {"a": INTEGER, "b": INTEGER},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    },
    {
        "type": "object",
        "properties": dict.fromkeys("abcd", INTEGER),
        "allOf": [
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"oneOf": [{"required": ["c"]}, {"required": ["d"]}]},
        ],
    },
    {"type": "object", "properties": {"child": {"$ref": "#"}, "n": INTEGER}, "required": ["n"]},
    {"type": "array", "items": {"$ref": "#"}},
    {
        "$ref": "#/$defs/tree",
        "$defs": {
            "tree": {
                "type": "object",
                "required": ["left", "right"],
                "properties": {"left": {"$ref": "#/$defs/side"}, "right": {"$ref": "#/$defs/side"}},
            },
            "side": {"oneOf": [{"$ref": "#/$defs/tree"}, {"type": "null"}]},
        },
    },
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_sample__fits(schema: Node) -> None:
    """Each kind of keyword is honoured, whatever the seed."""
    for seed in range(12):
        assert_fits(schema, seed)


FORMATS = (
    "date-time date time duration email idn-email hostname idn-hostname ipv4 ipv6 uri "
    "uri-reference iri iri-reference uuid json-pointer relative-json-pointer regex uri-template"
)


@pytest.mark.parametrize("form", FORMATS.split())
def test_sample__formats(form: str) -> None:
    """Every format of the 2020-12 vocabulary has samples that its checker accepts."""
    for seed in range(12):
        assert_fits({"type": "string", "format": form}, seed)


def test_sample__same_seed_same_value() -> None:
    """The seed decides; other seeds differ."""
    schema: Node = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    drawn = [sample(Root(schema), "", seed) for seed in range(20)]
    assert drawn == [sample(Root(schema), "", seed) for seed in range(20)]
    assert drawn[0] != drawn[1] or drawn[1] != drawn[2]


def test_sample__examples_come_first() -> None:
    """An example beats a default, a default beats a drawn value, if they fit."""
    assert assert_fits({"type": "string", "examples": ["x"], "default": "y"}) == "x"
    assert assert_fits({"type": "string", "default": "y"}) == "y"
    assert assert_fits({"type": "integer", "example": "x", "default": 4}) == 4


def test_sample__direction_hides_properties() -> None:
    """A reply holds nothing that is only written; a request nothing that is only read."""
    schema: Node = {
        "type": "object",
        "required": ["secret", "id"],
        "properties": {
            "secret": {"type": "string", "writeOnly": True},
            "id": {"type": "integer", "readOnly": True},
        },
    }
    reply, request = Sampler(Root(schema))("", 0), Sampler(Root(schema), "request")("", 0)
    assert isinstance(reply, Mapping)
    assert isinstance(request, Mapping)
    assert (set(reply), set(request)) == ({"id"}, {"secret"})


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 2, "maximum": 1},
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]},
        {"type": "object", "properties": {"a": False}, "required": ["a"]},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": "array", "minItems": 10_000, "items": {"type": "array", "minItems": 10_000}},
        {"enum": []},
        {"type": "string", "pattern": "("},
    ],
    ids=str,
)
def test_sample__impossible_ends(schema: Node) -> None:
    """A schema that nothing satisfies, or only something huge, ends all the same."""
    sample(Root(schema), "", 0)


PETS: Node = {
    "Pet": {
        "type": "object",
        "required": ["id", "name", "owner"],
        "properties": {
            "id": {"type": "integer", "format": "int64", "readOnly": True},
            "name": {"type": "string", "minLength": 1, "example": "Bello"},
            "status": {"type": "string", "enum": ["available", "pending", "sold"]},
            "category": {"$ref": "#/components/schemas/Category"},
            "photoUrls": {"type": "array", "items": {"type": "string", "format": "uri"}},
            "owner": {"oneOf": [{"$ref": "#/components/schemas/Owner"}, {"type": "null"}]},
            "born": {"type": ["string", "null"], "format": "date"},
        },
    },
    "Category": {
        "allOf": [
            {"$ref": "#/components/schemas/Named"},
            {
                "type": "object",
                "properties": {"parent": {"$ref": "#/components/schemas/Category"}},
            },
        ]
    },
    "Named": {"type": "object", "required": ["label"], "properties": {"label": {"type": "string"}}},
    "Owner": {
        "type": "object",
        "additionalProperties": False,
        "required": ["email", "pets"],
        "properties": {
            "email": {"type": "string", "format": "email"},
            "pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
            "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    },
}


@pytest.mark.parametrize("name", sorted(PETS))
def test_sample__pet_store(name: str) -> None:
    """The schemas of a document that refer to each other in a circle all have samples."""
    document = {"components": {"schemas": PETS}}
    draw = Sampler(Root(document))
    checker = jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", **document}, validate_formats=True
    )
    for seed in range(25):
        drawn = draw(f"/components/schemas/{name}", seed)
        assert checker.is_valid(drawn), drawn


def leaves() -> st.SearchStrategy[Node]:
    """Schemas of simple values whose keywords agree with each other."""
    small = st.integers(0, 12)
    return st.one_of(
        st.sampled_from([{}, {"type": "boolean"}, {"type": "null"}, {"type": "number"}]),
        st.builds(
            lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
            st.integers(-100, 100),
            small,
        ),
        st.builds(
            lambda low, more: {"type": "string", "minLength": low, "maxLength": low + more},
            small,
            small,
        ),
        st.builds(lambda low: {"type": "number", "exclusiveMinimum": low}, st.floats(-1e6, 1e6)),
        st.builds(
            lambda form: {"type": "string", "format": form}, st.sampled_from(FORMATS.split())
        ),
        st.builds(lambda among: {"enum": among}, st.lists(st.integers(), min_size=1, unique=True)),
    )


def nested(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Structures and combinations of the schemas in `inner`."""
    names = st.dictionaries(st.sampled_from("abcdef"), inner, max_size=4)
    return st.one_of(
        st.builds(
            lambda items, least: {"type": "array", "items": items, "minItems": least},
            inner,
            st.integers(0, 3),
        ),
        st.builds(
            lambda held: {"type": "object", "properties": held, "required": sorted(held)[:2]}, names
        ),
        st.builds(lambda held: {"type": "object", "additionalProperties": held}, inner),
        st.builds(lambda branches: {"anyOf": branches}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"allOf": [one, {"description": "the same"}]}, inner),
        st.builds(
            lambda one: {"oneOf": [one, {"type": "object", "required": ["zz"]}]},
            leaves().filter(bool),
        ),
    )


@settings(deadline=None)
@given(st.recursive(leaves(), nested, max_leaves=8), st.integers())
def test_sample__any_satisfiable_schema(schema: Node, seed: int) -> None:
    """Whatever is built from these pieces, the sample fits."""
    assert_fits(schema, seed)
