"""Two engines, one verdict: the compiled engine against openapi-core.

Both read the same generated exchanges of every operation of our specs, and of small documents
that hold the common constructs. What openapi-core is known to misjudge stands in
`reference_gaps`, and is kept out by the strategies.
"""

import os
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies import requests, responses

from understudy.contracts.compiled import operations_of
from understudy.contracts.contract import Contract
from understudy.contracts.document import Document
from understudy.contracts.loading import load_document
from understudy.contracts.operation import Reading

SPECS = (
    "twelvelabs/v1.3",
    "twelvelabs/v1.3-2025",
    "twelvelabs/v1.2",
    "imentiv/v1",
    "mixpeek/2024-12",
    "memories/v1",
    "control",
)

_LETTERS = {"type": "array", "minItems": 1, "items": {"enum": ["a", "b", "c"]}}
_POINT = {
    "type": "object",
    "required": ["x"],
    "properties": {"x": {"type": "integer"}, "y": {"type": "number", "maximum": 5}},
}


def _query(name: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


def _json(schema: Any, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}


_PARAMETERS = {
    "get": {
        "parameters": [
            {"name": "id", "in": "path", "required": True,
             "schema": {"type": "integer", "minimum": 1, "format": "int32"}},
            {"name": "kind", "in": "path", "required": True,
             "schema": {"type": "string", "pattern": "^[a-z]{2,4}$"}},
            _query("count", {"type": "integer", "maximum": 50, "default": 10}, required=True),
            _query("share", {"type": ["number", "null"], "exclusiveMinimum": 0}),
            _query("flag", {"type": "boolean"}),
            _query("name", {"type": "string", "minLength": 1, "maxLength": 6}),
            _query("at", {"type": "string", "format": "date-time"}),
            _query("tags", _LETTERS),
            _query("joined", _LETTERS, explode=False),
            _query("piped", _LETTERS, style="pipeDelimited", explode=False),
            _query("spaced", _LETTERS, style="spaceDelimited", explode=False),
            _query("numbers", {"type": "array", "items": {"type": "integer"}, "maxItems": 2}),
            _query("point", _POINT, style="deepObject", explode=True),
            {"name": "X-Depth", "in": "header", "schema": {"type": "integer"}},
            {"name": "session", "in": "cookie", "schema": {"type": "string", "minLength": 2}},
        ],
        "responses": {
            "200": {
                "description": "",
                "headers": {"X-Left": {"required": True, "schema": {"type": "integer"}}},
                **_json({"type": "array", "items": {"$ref": "#/components/schemas/Node"}}),
            },
            "4XX": {"description": "", **_json(_POINT, "application/problem+json")},
            "default": {"description": "", **_json({"type": ["string", "null"]})},
        },
    }
}  # fmt: skip

_NODE = {
    "type": "object",
    "required": ["id", "kind"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "secret": {"type": "string", "writeOnly": True},
        "kind": {"enum": ["leaf", "branch"]},
        "size": {"allOf": [{"type": "integer"}, {"minimum": 0}]},
        "day": {"type": "string", "format": "date"},
        "either": {"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 3}, _POINT]},
        "any": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Node"}]},
        "rest": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
    "additionalProperties": False,
}

_FIELDS = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "count": {"type": "integer", "minimum": 0},
        "share": {"type": "number"},
        "flag": {"type": "boolean"},
        "tags": _LETTERS,
        "mode": {"enum": ["a", "b"], "type": "string"},
    },
}
_UPLOAD = {**_FIELDS, "properties": {
    **_FIELDS["properties"],  # type: ignore[dict-item]
    "file": {"type": "string", "format": "binary"},
    "point": _POINT,
}}  # fmt: skip


def _taking(content: dict[str, Any], security: Any) -> dict[str, Any]:
    body = {"required": True, "content": {name: {"schema": s} for name, s in content.items()}}
    replies = {"204": {"description": ""}, "422": {"description": "", **_json(_POINT)}}
    return {"post": {"requestBody": body, "security": security, "responses": replies}}


_FORM = "application/x-www-form-urlencoded"
SMALL = {
    "openapi": "3.1.0",
    "info": {"title": "small", "version": "1"},
    "paths": {
        "/p/{kind}/{id}": _PARAMETERS,
        "/json": _taking({"application/json": {"$ref": "#/components/schemas/Node"}}, []),
        "/merge": _taking({"application/merge-patch+json": _POINT}, [{"bearer": []}]),
        "/form": _taking({_FORM: _FIELDS}, [{"key": [], "bearer": []}]),
        "/upload": _taking({"multipart/form-data": _UPLOAD}, [{"key": []}, {"basic": []}]),
        "/both": _taking({"application/json": _POINT, _FORM: _FIELDS}, [{"key": []}, {}]),
    },
    "components": {
        "schemas": {"Node": _NODE},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            "bearer": {"type": "http", "scheme": "bearer"},
            "basic": {"type": "http", "scheme": "basic"},
        },
    },
}
OLD = {
    "openapi": "3.0.3",
    "info": {"title": "old", "version": "1"},
    "paths": {
        "/old": {
            "post": {
                "parameters": [
                    _query("n", {"type": "integer", "minimum": 1, "exclusiveMinimum": True}),
                    _query("maybe", {"type": "integer", "nullable": True}),
                ],
                "requestBody": {
                    "required": False,
                    **_json({
                        "type": "object",
                        "properties": {
                            "a": {"type": "string", "nullable": True},
                            "b": {"type": "number", "maximum": 3, "exclusiveMaximum": True},
                            "c": {"type": "string", "enum": ["x"], "readOnly": True},
                        },
                    }),
                },
                "responses": {"200": {"description": "", **_json({"nullable": True,
                                                                 "type": "integer"})}},
            }
        }
    },
}  # fmt: skip


@cache
def _document(name: str) -> Document:
    source: Any = {"small": SMALL, "old": OLD}.get(name, name)
    return load_document(source)


@cache
def _pair(name: str) -> tuple[Contract, Contract]:
    """Both engines over one document."""
    document = _document(name)
    return Contract.of(document), Contract.of(document, engine="openapi-core")


CASES = [
    pytest.param(name, operation.id, id=f"{name}-{operation.id}".replace(" ", "-"))
    for name in ("small", "old", *SPECS)
    for operation in operations_of(_document(name))
]


LIGHT = settings(
    max_examples=int(os.environ.get("UNDERSTUDY_EXAMPLES", "12")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.parametrize(("name", "operation"), CASES)
@given(drawn=st.data())
@LIGHT
def test_requests__get_one_verdict(name: str, operation: str, drawn: st.DataObject) -> None:
    """Both engines accept the same requests, and read the same values out of them."""
    compiled, reference = _pair(name)
    noise = drawn.draw(st.sampled_from([0, 8, 25]))
    request = drawn.draw(requests(compiled.operations[operation], noise))
    ours, theirs = compiled.read(request), reference.read(request)
    assert type(ours) is type(theirs)
    if not isinstance(ours, Reading) or not isinstance(theirs, Reading):
        return
    assert bool(ours.violations) == bool(theirs.violations), (ours.violations, theirs.violations)
    if not ours.violations:
        assert (ours.path, ours.header) == (theirs.path, theirs.header)
        # Undeclared members of an object have no type that the document gives them.
        typed = {k: v for k, v in theirs.query.items() if not isinstance(v, dict)}
        assert {**ours.query, **typed} == ours.query
        # openapi-core stops at the first alternative, which may ask for nothing.
        assert set(theirs.credentials) <= set(ours.credentials)


@pytest.mark.parametrize(("name", "operation"), CASES)
@given(drawn=st.data())
@LIGHT
def test_responses__get_one_verdict(name: str, operation: str, drawn: st.DataObject) -> None:
    """Both engines accept the same replies."""
    compiled, reference = _pair(name)
    noise = drawn.draw(st.sampled_from([0, 4, 12]))
    response = drawn.draw(responses(compiled.operations[operation], noise))
    ours = compiled.check_response(compiled.operations[operation], response)
    theirs = reference.check_response(reference.operations[operation], response)
    assert bool(ours) == bool(theirs), (ours, theirs)
