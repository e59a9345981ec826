"""Twelve Labs v1.3 of today: nothing that the vendor's SDK and its July document hold is lost."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

Schema = Mapping[str, Any]

HERE = Path(__file__).parent
FOLDER = files("understudy.specs") / "twelvelabs"
DOCUMENT = yaml.safe_load((FOLDER / "v1.3.yaml").read_text("utf-8"))
INVENTORY = yaml.safe_load((HERE / "twelvelabs-current-inventory.yaml").read_text("utf-8"))
METHODS = ("get", "put", "post", "patch", "delete")
LOOSER = {"number": {"number", "integer"}, "any": {"any", "string", "object", "array", "number"}}
DEEPEST = 12  # schemas of schemas contain themselves

CORRECTED: Mapping[tuple[str, str], str] = {}
"""Where ours says something truer than the inventory, by call and place."""


def resolve(node: Any) -> Schema:
    """The node, local references followed; what stands beside a reference stays."""
    while "$ref" in node:
        target: Any = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/")]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return dict(node)


def called(method: str, path: str) -> str:
    """A call whatever its path's parameters are named."""
    return f"{method.upper()} {re.sub('{[^}]*}', '{}', path)}"


CALLS = {
    called(method, path): (item, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}
WANTED = {called(*call.split(" ", 1)): known for call, known in INVENTORY.items()}
EVERY = pytest.mark.parametrize("call", WANTED)


def places(schema: Schema, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Schema]]:
    """Every property of a schema by its dotted place, once for each alternative."""
    schema = resolve(schema)
    if depth > DEEPEST:
        return
    for key in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(key, []):
            yield from places(part, prefix, depth + 1)
    for name, inner in schema.get("properties", {}).items():
        place = f"{prefix}.{name}" if prefix else name
        yield place, resolve(inner)
        yield from places(inner, place, depth + 1)
    if "items" in schema:
        yield f"{prefix}[]", resolve(schema["items"])
        yield from places(schema["items"], f"{prefix}[]", depth + 1)


def gathered(schemas: list[Schema]) -> dict[str, list[Schema]]:
    """The places of several schemas together."""
    found: dict[str, list[Schema]] = {}
    for schema in schemas:
        for place, inner in places(schema):
            found.setdefault(place, []).append(inner)
    return found


def types(schema: Schema) -> set[str]:
    """The types that a schema admits, null left out."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return {kind} - {"null"}
    if kind:
        return set(kind) - {"null"}
    inner = [part for key in ("allOf", "oneOf", "anyOf") for part in schema.get(key, [])]
    found = {name for part in inner for name in types(resolve(part))}
    return found or {"object" if "properties" in schema else "any"}


def values(schema: Schema) -> set[str]:
    """The values that a schema lists."""
    listed = {str(each) for each in schema.get("enum", []) if each is not None}
    listed |= {str(schema["const"])} if "const" in schema else set()
    inner = [part for key in ("allOf", "oneOf", "anyOf") for part in schema.get(key, [])]
    return listed.union(*(values(resolve(part)) for part in inner))


def spelt(value: object) -> str:
    """A default as the inventory has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def agrees(told: str, schemas: list[Schema]) -> bool:
    """Whether schemas of one place have the type, the enum and the default of a line."""
    words, _, default = told.removesuffix(" required").partition(" = ")
    kind, _, listed = words.partition(" ")
    admitted = set().union(*map(types, schemas))
    wanted = {looser for name in kind.split("/") for looser in LOOSER.get(name, {name})}
    if not admitted & wanted and "any" not in admitted:
        return False
    if listed and not set(listed.split("|")) <= set().union(*map(values, schemas)):
        return False
    return not default or default in {spelt(each.get("default")) for each in schemas}


def content(node: Schema) -> Mapping[str, Any]:
    """The media types of a body."""
    return dict(resolve(node).get("content", {}))


def schemas_of(media: Mapping[str, Any]) -> list[Schema]:
    """The schemas of all media types of a body, those of its events included."""
    keys = ("schema", "x-event-schema")
    return [each[key] for each in media.values() for key in keys if key in each]


def check(call: str, told: Mapping[str, str], ours: Mapping[str, list[Schema]]) -> None:
    """Every line of an inventory is met."""
    for place, line in told.items():
        line = CORRECTED.get((call, place), line)
        assert place in ours, place
        assert agrees(line, ours[place]), (place, line, ours[place])


def test_document__has_every_operation() -> None:
    """59 paths and 99 operations, no more and no fewer."""
    assert set(CALLS) == set(WANTED)
    assert len(WANTED) == 99
    assert len(DOCUMENT["paths"]) == 59


@EVERY
def test_inventory__no_parameter_is_lost(call: str) -> None:
    """Name, place, type, items and default of each parameter."""
    item, operation = CALLS[call]
    nodes = [*item.get("parameters", []), *operation.get("parameters", [])]
    ours = {node["name"]: node for node in map(resolve, nodes)}
    for name, told in WANTED[call].get("parameters", {}).items():
        place, _, rest = told.partition(" ")
        kind, _, items = rest.partition(" of ")
        schema = resolve(ours[name]["schema"])
        assert ours[name]["in"] == place, name
        # A range is an object in the SDK; on the wire it is the parameter's name with brackets.
        if kind == "object" and "object" not in types(schema):
            assert {"gte", "lte"} <= set(ours[name]["x-operators"]), name
            continue
        assert agrees(CORRECTED.get((call, name), kind), [schema]), (name, told, schema)
        assert not items or agrees(items, [resolve(schema["items"])]), (name, told)


@EVERY
def test_inventory__no_field_of_a_request_is_lost(call: str) -> None:
    """Media type, fields, enums, defaults and need."""
    for media_type, told in WANTED[call].get("request", {}).items():
        media = content(CALLS[call][1]["requestBody"])
        schema = media[media_type]["schema"]
        check(call, told, gathered([schema]))
        needed = {place for place, line in told.items() if line.endswith(" required")}
        assert needed <= set(resolve(schema).get("required", [])), call


@EVERY
def test_inventory__no_field_of_a_reply_is_lost(call: str) -> None:
    """Status, fields and enums of what succeeds."""
    responses = CALLS[call][1]["responses"]
    for status, told in WANTED[call]["answer"].items():
        media = content(responses[str(status)])
        check(call, told, gathered(schemas_of(media)))


@EVERY
def test_inventory__refusals_have_their_form(call: str) -> None:
    """Every refusal is declared: flat, nested below `error`, or without a body."""
    responses = CALLS[call][1]["responses"]
    for line in WANTED[call].get("refusals", []):
        status, form = line.split()
        assert status in responses, line
        ours = gathered(schemas_of(content(responses[status])))
        shown = "nested" if "error.code" in ours else "flat" if "code" in ours else "none"
        assert shown == form, (status, shown)


def test_document__every_reply_may_carry_the_version() -> None:
    """The version's header is declared on each status of each operation."""
    for call, (_, operation) in CALLS.items():
        for status, response in operation["responses"].items():
            assert "X-Api-Version" in resolve(response)["headers"], (call, status)


def test_document__withdrawn_calls_are_not_in_it() -> None:
    """What `x-withdrawn` lists is all that the document of 2025 has and this one lacks."""
    older = yaml.safe_load((FOLDER / "v1.3-2025.yaml").read_text("utf-8"))
    then = {
        called(method, path)
        for path, item in older["paths"].items()
        for method in item
        if method in METHODS
    }
    calls = [each["operation"] for each in DOCUMENT["x-withdrawn"] if "field" not in each]
    assert {called(*call.split(" ", 1)) for call in calls} == then - set(CALLS)


def test_document__withdrawn_fields_are_not_in_it() -> None:
    """A field that is listed was there in 2025 and is none of its call today."""
    for each in DOCUMENT["x-withdrawn"]:
        if "field" in each:
            _, operation = CALLS[called(*each["operation"].split(" ", 1))]
            media = content(operation["requestBody"])
            assert each["field"] not in gathered(schemas_of(media)), each
