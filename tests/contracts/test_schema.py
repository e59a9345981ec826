"""Compiled schemas: verdicts by direction, faults with their rules, coercion."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.json import Json
from understudy.contracts.loading import load_document
from understudy.contracts.schema import Direction, Fault, Schemas


def schemas(version: str = "3.1.0", **named: Any) -> Schemas:
    return Schemas(
        load_document(
            {
                "openapi": version,
                "info": {"title": "t", "version": "1"},
                "paths": {},
                "components": {"schemas": named},
            }
        )
    )


def faults(made: Schemas, name: str, value: Json, direction: Direction = "request") -> list[Fault]:
    validator = made.validator(f"/components/schemas/{name}", direction)
    found = validator.faults(value)
    assert validator.valid(value) is (not found)
    return found


def said(made: Schemas, name: str, value: Json, direction: Direction = "request") -> list[str]:
    return [f"{fault.pointer}: {fault.expected}" for fault in faults(made, name, value, direction)]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": "integer", "minimum": 1}, 0, "an integer of at least 1"),
        ({"type": "integer", "minimum": 1, "maximum": 50}, 51,
         "an integer of at least 1 and at most 50"),
        ({"type": "integer", "maximum": 50}, "x", "an integer of at most 50"),
        ({"enum": ["asc", "desc"]}, "up", "one of 'asc', 'desc'"),
        ({"const": 3}, 4, "3"),
        ({"type": "string"}, 3, "a string"),
        ({"type": ["string", "null"]}, 3, "a string or null"),
        ({"type": "string", "minLength": 1, "maxLength": 9}, "", "a string of 1 to 9 characters"),
        ({"type": "string", "pattern": "^a$"}, "b", "a string matching '^a$'"),
        ({"type": "boolean"}, "yes", "true or false"),
        ({"required": ["index_name"]}, {}, "property 'index_name'"),
        ({"type": "array", "minItems": 1}, [], "an array of at least 1 item"),
        ({"type": "array", "uniqueItems": True}, [1, 1],
         "an array of items that differ from each other"),
        ({"type": "number", "multipleOf": 5}, 3, "a number a multiple of 5"),
        ({"not": {"type": "string"}}, "x", "a value that is not a string"),
        ({"type": "integer", "format": "int32", "minimum": 0}, 2**40,
         "an integer that fits int32"),
    ],
)  # fmt: skip
def test_fault__is_said_in_words(schema: Any, value: Json, expected: str) -> None:
    """What would have been right completes "expected ..."."""
    made = schemas(A=schema)
    found = faults(made, "A", value)
    assert [fault.expected for fault in found] == [expected]
    assert made.document.at(found[0].rule) is not None


def test_fault__has_pointer_value_and_rule() -> None:
    """The rule is where the document says it, through references."""
    made = schemas(
        A={"properties": {"list": {"items": {"$ref": "#/components/schemas/B"}}}},
        B={"type": "object", "properties": {"x/y": {"type": "integer"}}},
    )
    assert faults(made, "A", {"list": [{}, {"x/y": "1"}]}) == [
        Fault("/list/1/x~1y", "1", "an integer", "/components/schemas/B/properties/x~1y/type")
    ]


def test_fault__unknown_properties_are_named_one_by_one() -> None:
    """Each unknown property is a fault at its own place."""
    made = schemas(A={"properties": {"a": {}}, "additionalProperties": False})
    assert said(made, "A", {"a": 1, "b": 2, "c": 3}) == [
        "/b: no property 'b' (known: 'a')",
        "/c: no property 'c' (known: 'a')",
    ]


def test_fault__closest_branch_explains() -> None:
    """Alternatives of another type or another constant were not meant."""
    made = schemas(
        A={"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]},
        B={
            "oneOf": [
                {"properties": {"t": {"const": "x"}, "v": {"type": "integer"}}},
                {"properties": {"t": {"const": "y"}, "v": {"type": "string"}}},
            ]
        },
        C={"oneOf": [{"type": "integer"}, {"minimum": 1}]},
        D={"oneOf": [{"properties": {"t": {"const": each}}} for each in ("x", "y")]},
    )
    assert said(made, "A", ["x"]) == ["/0: an integer"]
    assert said(made, "A", "x") == [": an integer or an array"]
    assert said(made, "B", {"t": "y", "v": 1}) == ["/v: a string"]
    assert said(made, "B", {"t": "z", "v": 1}) == ["/t: 'x' or 'y'"]
    assert said(made, "D", {"t": "z"}) == ["/t: 'x' or 'y'"]
    assert said(made, "C", 2) == [": a value that fits exactly one alternative"]


def test_fault__names_of_properties() -> None:
    """A name that may not be is told, and which may."""
    short = {"type": "string", "maxLength": 2}
    made = schemas(
        A={"propertyNames": short}, B={"propertyNames": {"$ref": "#/components/schemas/C"}}, C=short
    )
    wanted = ": property names that are a string of at most 2 characters, which 'long' is not"
    assert said(made, "A", {"ok": 1, "long": 1}) == [wanted]
    assert said(made, "B", {"ok": 1, "long": 1}) == [wanted]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_fault__alternatives_by_a_property(keyword: str) -> None:
    """Where each alternative asks for one property, those that would do are named."""
    branches = [{"required": ["url"]}, {"required": ["file"]}]
    made = schemas(A={"type": "object", keyword: branches})
    assert said(made, "A", {}) == [": property 'url' or 'file'"]
    both = [": only one of the properties 'url', 'file'"] if keyword == "oneOf" else []
    assert said(made, "A", {"url": 1, "file": 2}) == both


RESOURCE = {
    "type": "object",
    "required": ["id", "name", "secret"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "secret": {"type": "string", "writeOnly": True},
    },
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_direction__read_only_and_write_only(version: str) -> None:
    """A property of the other direction is not required, and must not come; 3.0 and 3.1 alike."""
    made = schemas(version, A=RESOURCE)
    assert said(made, "A", {"name": "n", "secret": "s"}) == []
    assert said(made, "A", {"id": 1, "name": "n"}, "response") == []
    assert said(made, "A", {"id": 1, "name": "n", "secret": "s"}) == [
        "/id: no property 'id' in a request (it is read-only)"
    ]
    assert said(made, "A", {"id": 1, "name": "n", "secret": "s"}, "response") == [
        "/secret: no property 'secret' in a response (it is write-only)"
    ]
    assert said(made, "A", {"name": "n"}, "response") == [": property 'id'"]


def test_direction__required_in_another_branch() -> None:
    """required and readOnly may stand in different parts of one allOf, and behind references."""
    made = schemas(
        Id={"type": "integer", "readOnly": True},
        Base={"properties": {"id": {"$ref": "#/components/schemas/Id"}}},
        A={"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id"]}]},
        N={"not": {"required": ["id"]}, "properties": {"id": {"$ref": "#/components/schemas/Id"}}},
    )
    assert said(made, "A", {}) == []
    assert said(made, "A", {}, "response") == [": property 'id'"]
    assert said(made, "N", {}) == []


def test_discriminator__chooses_the_branch() -> None:
    """The value decides alone, even where branches overlap; an unknown one is named."""
    made = schemas(
        Cat={"type": "object", "properties": {"t": {"type": "string"}, "m": {"type": "integer"}}},
        Dog={"type": "object", "properties": {"t": {"type": "string"}}},
        Pet={
            "oneOf": [
                {"$ref": "#/components/schemas/Cat"},
                {"$ref": "#/components/schemas/Dog"},
                {"type": "null"},
            ],
            "discriminator": {
                "propertyName": "t",
                "mapping": {"cat": "#/components/schemas/Cat"},
            },
        },
    )
    assert said(made, "Pet", {"t": "cat", "m": 1}) == []
    assert said(made, "Pet", {"t": "cat", "m": "x"}) == ["/m: an integer"]
    assert said(made, "Pet", {"t": "Dog", "m": "x"}) == []
    assert said(made, "Pet", None) == []
    assert said(made, "Pet", {"t": "cow"}) == ["/t: one of 'cat', 'Dog'"]
    assert said(made, "Pet", {}) == [": property 't'"]
    found = faults(made, "Pet", {"t": "cow"})
    assert found[0].rule == "/components/schemas/Pet/discriminator/propertyName"


def test_discriminator__on_a_parent() -> None:
    """A parent stands for its children, grandchildren too, and the recursion ends."""
    made = schemas(
        Base={
            "type": "object",
            "required": ["k"],
            "properties": {"k": {"type": "string"}},
            "discriminator": {"propertyName": "k"},
        },
        A={"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["a"]}]},
        B={"allOf": [{"$ref": "#/components/schemas/A"}, {"required": ["b"]}]},
    )
    assert said(made, "Base", {"k": "A"}) == [": property 'a'"]
    assert said(made, "Base", {"k": "B", "a": 1}) == [": property 'b'"]
    assert said(made, "Base", {"k": "B", "a": 1, "b": 1}) == []
    assert said(made, "Base", {"k": "Base"}) == []
    assert said(made, "A", {"k": "A", "a": 1}) == []


def test_recursion__of_schema_and_of_instance() -> None:
    """A schema may contain itself, and an instance may be deep."""
    made = schemas(
        Tree={
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            },
        }
    )
    deep: dict[str, Any] = {"name": 1}
    for _ in range(200):
        deep = {"below": [deep]}
    found = faults(made, "Tree", deep)
    assert [fault.rule for fault in found] == ["/components/schemas/Tree/properties/name/type"]


def test_recursion__long_chains_of_references() -> None:
    """Neither loading nor compiling recurses along references."""
    named: dict[str, Any] = {
        f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}]} for n in range(1500)
    }
    made = schemas(**named, S1500={"type": "integer"})
    made.coercion("/components/schemas/S1500")
    found = made.validator("/components/schemas/S1400", "request").faults("x")
    assert [fault.rule for fault in found] == ["/components/schemas/S1500/type"]


def test_validator__is_shared() -> None:
    """One place has one validator; both directions share it where nothing tells them apart."""
    made = schemas(A={"type": "string"}, B={"$ref": "#/components/schemas/A"})
    one = made.validator("/components/schemas/A", "request")
    assert made.validator("/components/schemas/A", "response") is one
    assert made.validator("/components/schemas/B", "request") is one
    with pytest.raises(KeyError):
        made.validator("/components/schemas/C", "request")


def test_keywords__of_2020_12_are_honoured() -> None:
    """Unevaluated and dependent keywords count; numbers beyond 64 bits are numbers."""
    made = schemas(
        A={
            "allOf": [{"properties": {"a": {"type": "integer"}}}],
            "dependentRequired": {"a": ["b"]},
            "properties": {"b": {"prefixItems": [{"type": "string"}], "items": False}},
            "unevaluatedProperties": False,
        }
    )
    assert said(made, "A", {"a": 10**30, "b": ["x"]}) == []
    assert said(made, "A", {"c": 1}) == ["/c: no property 'c' (known: 'b')"]
    assert said(made, "A", {"a": 1}) == [": property 'b'"]
    assert said(made, "A", {"b": ["x", 1]}) == ["/b/1: no value here"]


PARTS = st.sampled_from(
    [
        {"type": "integer"},
        {"type": "string", "minLength": 2},
        {"enum": ["a", 1, None]},
        {"minimum": 1, "maximum": 5},
        {"type": "array", "items": {"type": "integer"}, "minItems": 1},
        {"type": "object", "required": ["a"], "additionalProperties": False,
         "properties": {"a": {"type": "integer"}}},
        {"$ref": "#/components/schemas/Other"},
    ]
)  # fmt: skip
SCHEMA = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.builds(lambda key, parts: {key: parts}, st.sampled_from(["allOf", "anyOf", "oneOf"]),
                  st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda part: {"properties": {"a": part, "b": part}}, inner),
    ),
    max_leaves=6,
)  # fmt: skip
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 9), st.sampled_from(["", "a", "abc"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(SCHEMA, VALUE)
def test_compiled__agrees_with_the_plain_schema(schema: Any, value: Any) -> None:
    """Pruning and rewriting never change a verdict, and every fault stands where it says."""
    other = {"type": "string", "maxLength": 2}
    made = schemas(A=schema, Other=other)
    plain = {**schema, "components": {"schemas": {"Other": other}}}
    found = faults(made, "A", value)
    assert (not found) is jsonschema_rs.Draft202012Validator(plain).is_valid(value)
    for fault in found:
        made.document.at(fault.rule)


def test_coercion__sees_through_composition() -> None:
    """Types follow references, alternatives and null; text becomes what it spells."""
    made = schemas(
        Page={"anyOf": [{"type": "integer"}, {"type": "null"}]},
        A={
            "type": "object",
            "allOf": [{"properties": {"page": {"$ref": "#/components/schemas/Page"}}}],
            "properties": {
                "ids": {"type": "array", "items": {"type": "number"}},
                "self": {"$ref": "#/components/schemas/A"},
                "file": {"type": "string", "format": "binary"},
                "flag": {"type": "boolean"},
                "raw": {"enum": [1, 2]},
            },
            "additionalProperties": False,
        },
    )
    seen = made.coercion("/components/schemas/A")
    assert seen.types == {"object"}
    assert set(seen.names) == {"page", "ids", "self", "file", "flag", "raw"}
    assert seen.property("nope") is None

    def text(name: str, value: str) -> Json:
        found = seen.property(name)
        assert found is not None
        return found.scalar(value)

    assert text("page", "12") == 12
    assert text("page", "") is None
    assert text("page", "1x") == "1x"
    assert text("page", "01") == "01"
    assert text("flag", "true") is True
    assert text("flag", "True") == "True"
    assert text("raw", "2") == 2
    ids, inner, file = seen.property("ids"), seen.property("self"), seen.property("file")
    assert ids is not None and ids.types == {"array"} and ids.items().scalar("1.5") == 1.5
    assert inner is not None and inner.names == seen.names
    assert file is not None and file.binary
