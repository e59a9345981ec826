"""What is drawn from a contract keeps it, or breaks exactly the rule it says."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Request
from understudy.contracts.loading import load_document
from understudy.contracts.operation import Reading
from understudy.contracts.strategies import almost_valid_requests, valid_requests, values
from understudy.contracts.strategies.almost import Almost

SPECS = (
    "twelvelabs/v1.3",
    "twelvelabs/v1.3-2025",
    "twelvelabs/v1.2",
    "imentiv/v1",
    "mixpeek/2024-12",
    "memories/v1",
    "control",
)
T = TypeVar("T")

_TREE = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "left": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Tree"}]},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        "made": {"type": "string", "readOnly": True},
    },
    "additionalProperties": False,
}
_PETS = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {"propertyName": "kind", "mapping": {"miau": "#/components/schemas/Cat"}},
}
_KIND = {"kind": {"type": "string"}}
SCHEMAS: dict[str, Any] = {
    "Tree": _TREE,
    "Cat": {"type": "object", "required": ["kind", "lives"],
            "properties": {**_KIND, "lives": {"type": "integer", "minimum": 1, "maximum": 9}}},
    "Dog": {"type": "object", "required": ["kind", "tail"],
            "properties": {**_KIND, "tail": {"type": "number", "exclusiveMinimum": 0,
                                             "maximum": 0.5}}},
    "Pet": _PETS,
    "Merged": {"allOf": [
        {"type": "object", "required": ["a"],
         "properties": {"a": {"type": "integer", "minimum": 5}}},
        {"type": "object", "properties": {"a": {"maximum": 7}, "b": {"enum": ["x", None]}},
         "required": ["b"]}]},
    "Chosen": {"type": "object", "required": ["mode"],
               "properties": {"mode": {"enum": ["text", "count"]}},
               "if": {"properties": {"mode": {"const": "text"}}},
               "then": {"required": ["text"], "properties": {"text": {"type": "string"}}},
               "else": {"required": ["count"], "properties": {"count": {"type": "integer"}}}},
    "Money": {"type": "number", "multipleOf": 0.05, "minimum": 0, "maximum": 3},
    "Steps": {"type": "integer", "multipleOf": 7, "exclusiveMinimum": 7, "maximum": 70},
    "Small": {"type": "integer", "format": "int32"},
    "Code": {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}$"},
    "Hex": {"type": "string", "pattern": "^[0-9a-f]+$", "minLength": 24, "maxLength": 24},
    "Look": {"type": "string", "pattern": "^(?!admin)[a-z]+$", "maxLength": 8},
    "Word": {"type": "string", "pattern": "\\p{L}", "maxLength": 20},
    "Pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}],
             "items": False, "minItems": 2},
    "Bag": {"type": "array", "items": {"enum": [1, 2, 3, 4]}, "uniqueItems": True,
            "minItems": 3, "contains": {"const": 2}},
    "Named": {"type": "object", "patternProperties": {"^x-[a-z]+$": {"type": "integer"}},
              "additionalProperties": False, "minProperties": 1},
    "Open": {"type": "object", "additionalProperties": {"type": "boolean"},
             "propertyNames": {"pattern": "^[a-c]+$"}, "minProperties": 2, "maxProperties": 3},
    "Bound": {"type": "object", "properties": {"card": {"type": "string"},
                                               "code": {"type": "string"}},
              "dependentRequired": {"card": ["code"]}},
    "Shut": {"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}},
                       {"properties": {"b": {"type": "integer"}}}],
             "unevaluatedProperties": False},
    "Nullable": {"type": ["string", "null"], "format": "uuid"},
    "Either": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}]},
    "Anything": {},
    "Not": {"type": "integer", "minimum": 0, "maximum": 20, "not": {"multipleOf": 5}},
    **{name: {"type": "string", "format": name} for name in (
        "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference",
        "iri", "uuid", "json-pointer", "relative-json-pointer", "regex", "uri-template", "byte")},
}  # fmt: skip


def _query(name: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


_POINT = {"type": "object", "required": ["x"], "additionalProperties": False,
          "properties": {"x": {"type": "integer"}, "y": {"type": "boolean"}}}  # fmt: skip
_LIST = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
_FORM = {"type": "object", "required": ["title"], "properties": {
    "title": {"type": "string", "minLength": 1}, "count": {"type": "integer", "minimum": 1},
    "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
    "flag": {"type": "boolean"}}}  # fmt: skip
_UPLOAD = {"type": "object", "required": ["file"], "properties": {
    **_FORM["properties"],  # type: ignore[dict-item]
    "file": {"type": "string", "format": "binary"}, "point": _POINT}}  # fmt: skip
_ID = {"name": "id", "in": "path", "required": True}


def _paths() -> dict[str, Any]:
    styles = ("simple", "label", "matrix")
    paths: dict[str, Any] = {
        f"/{style}{int(explode)}{kind}/{{id}}": {
            "get": {
                "operationId": f"{style}-{int(explode)}-{kind}",
                "parameters": [{**_ID, "style": style, "explode": explode, "schema": schema}],
                "responses": {"204": {"description": ""}},
            }
        }
        for style in styles
        for explode in (False, True)
        for kind, schema in (("a", _LIST), ("o", _POINT), ("s", {"type": "integer"}))
    }
    paths["/query"] = {"get": {
        "operationId": "query",
        "parameters": [
            _query("deep", _POINT, style="deepObject", explode=True),
            _query("joined", _LIST, explode=False),
            _query("piped", _LIST, style="pipeDelimited", explode=False),
            _query("spaced", _LIST, style="spaceDelimited", explode=False),
            _query("many", _LIST, required=True),
            _query("flat", _POINT, explode=False),
            {"name": "json", "in": "query", "content": {"application/json": {"schema": _POINT}}},
            {"name": "X-Depth", "in": "header", "required": True, "schema": {"type": "integer"}},
            {"name": "X-List", "in": "header", "schema": _LIST},
            {"name": "session", "in": "cookie", "schema": {"type": "string", "minLength": 2}},
        ],
        "security": [{"key": []}, {"basic": [], "cookie": []}],
        "responses": {"204": {"description": ""}},
    }}  # fmt: skip
    for name, schema in (
        ("application/json", {"$ref": "#/components/schemas/Tree"}),
        ("application/problem+json", {"$ref": "#/components/schemas/Pet"}),
        ("application/x-www-form-urlencoded", _FORM),
        ("multipart/form-data", _UPLOAD),
        ("application/x-ndjson", {"$ref": "#/components/schemas/Merged"}),
        ("text/plain", {"type": "string", "minLength": 1}),
        ("video/*", {"type": "string", "format": "binary"}),
        ("*/*", _POINT),
    ):
        paths[f"/body/{len(paths)}"] = {
            "post": {
                "operationId": name,
                "requestBody": {"required": True, "content": {name: {"schema": schema}}},
                "responses": {"204": {"description": ""}},
            }
        }
    return paths


HARD: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "hard", "version": "1"},
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "api_key"},
            "basic": {"type": "http", "scheme": "basic"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
        },
    },
    "paths": _paths(),
}


@pytest.fixture(scope="module")
def hard() -> Contract:
    """A document with what is hard to draw."""
    return Contract.load(HARD)


@pytest.mark.parametrize("name", SCHEMAS)
def test_values__of_every_construct(name: str) -> None:
    """There are values of every schema; what `values` gives, the validator has accepted."""
    document = load_document(HARD)
    found: list[object] = []

    @settings(max_examples=15, deadline=None, database=None)
    @given(values(document, f"/components/schemas/{name}"))
    def draw(value: object) -> None:
        found.append(value)

    draw()
    assert found


def test_values__inline() -> None:
    """A schema need not stand in the document; its references lead there."""
    document = load_document(HARD)

    @settings(max_examples=10, deadline=None, database=None)
    @given(values(document, {"type": "array", "items": {"$ref": "#/components/schemas/Steps"}}))
    def draw(value: Any) -> None:
        assert all(step % 7 == 0 and 7 < step <= 70 for step in value)

    draw()


@pytest.mark.parametrize("name", _paths())
def test_valid_requests__of_hard_operations(name: str, hard: Contract) -> None:
    """Every style, every kind of body and every way to present a credential."""
    (operation,) = (one for one in hard.operations.values() if one.template == name)

    @settings(max_examples=15, deadline=None, database=None)
    @given(valid_requests(operation, contract=hard))
    def draw(request: Any) -> None:
        assert hard.check(request) == []

    draw()


def test_valid_requests__given(hard: Contract) -> None:
    """What is given is not drawn: a parameter, a field of a body."""
    simple, form = hard.operations["simple-0-s"], hard.operations["multipart/form-data"]

    @settings(max_examples=10, deadline=None, database=None)
    @given(
        valid_requests(simple, contract=hard, given={("path", "id"): 41}),
        valid_requests(form, contract=hard, given={("body", "/title"): "Fox"}),
    )
    def draw(one: Any, other: Any) -> None:
        assert one.path.endswith("/41")
        reading = hard.read(other)
        assert isinstance(reading, Reading) and isinstance(reading.body, dict)
        assert reading.body["title"] == "Fox"

    draw()


def each(strategy: st.SearchStrategy[T], law: Callable[[T], object]) -> None:
    """A few values of the strategy keep the law."""

    @settings(max_examples=3, deadline=None, database=None)
    @given(strategy)
    def drawn(value: T) -> None:
        law(value)

    drawn()


@pytest.mark.parametrize("spec", SPECS)
def test_valid_requests__of_our_documents(spec: str) -> None:
    """There are valid requests of every operation that we serve."""
    contract = Contract.load(spec)
    called: set[str] = set()

    def law(request: Request) -> None:
        assert contract.check(request) == []
        reading = contract.read(request)
        assert isinstance(reading, Reading)
        called.add(reading.operation.id)

    for operation in contract.operations.values():
        each(valid_requests(operation, contract=contract), law)
    assert called == set(contract.operations)


@pytest.mark.parametrize("spec", SPECS)
def test_almost_valid_requests__of_our_documents(spec: str) -> None:
    """Each breaks one rule, which the contract finds at that place and nowhere else."""
    contract = Contract.load(spec)
    told: set[str] = set()

    def law(almost: Almost) -> None:
        assert contract.check(almost.request) == [almost.violation]
        told.add(almost.broken.partition(" ")[0])

    for operation in contract.operations.values():
        each(almost_valid_requests(operation, contract=contract), law)
    assert len(told) >= 3


def test_almost_valid_requests__of_hard_operations(hard: Contract) -> None:
    """All kinds of rules are broken: presence, type, bounds, media type, syntax, credentials."""
    places: set[str] = set()

    @settings(max_examples=10, deadline=None, database=None)
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        for name in ("query", "application/json", "multipart/form-data", "simple-0-s"):
            almost = data.draw(almost_valid_requests(hard.operations[name], contract=hard))
            places.add(almost.violation.where)

    draw()
    assert {"query", "path", "body"} <= places
