"""Every keyword and construct that the loader accepts changes a verdict, or is told of.

One row for each: a keyword of JSON Schema 2020-12 or a construct of OpenAPI 3.0 or 3.1. Nothing is
ignored in silence: what cannot be honoured refuses the document at its place, or leaves a note
with the place. The tables are held against the loader's own lists, so that a new keyword needs a
row.
"""

import json
from typing import Any

import pytest

from understudy.contracts.contract import Contract
from understudy.contracts.errors import DocumentError
from understudy.contracts.exchange import Headers
from understudy.contracts.keywords import KNOWN, REFUSED
from understudy.contracts.loading import load_document
from understudy.contracts.places import SUBSCHEMAS

JSON = {"content-type": "application/json"}
_AB = {"a": {"type": "integer"}}

HONOURED: dict[str, tuple[Any, Any, Any]] = {
    # keyword: schema, a value that keeps it, a value that does not
    "$ref": ({"$ref": "#/components/schemas/Whole"}, 1, "x"),
    "$defs": ({"$defs": {"w": {"type": "integer"}}, "$ref": "#/components/schemas/S/$defs/w"},
              1, "x"),
    "type": ({"type": ["integer", "null"]}, None, "x"),
    "enum": ({"enum": ["a", 1, None]}, None, "b"),
    "const": ({"const": {"a": 1}}, {"a": 1}, {"a": 2}),
    "multipleOf": ({"multipleOf": 0.5}, 1.5, 1.2),
    "maximum": ({"maximum": 3}, 3, 4),
    "exclusiveMaximum": ({"exclusiveMaximum": 3}, 2, 3),
    "minimum": ({"minimum": 3}, 3, 2),
    "exclusiveMinimum": ({"exclusiveMinimum": 3}, 4, 3),
    "maxLength": ({"maxLength": 2}, "éé", "ééé"),
    "minLength": ({"minLength": 2}, "ab", "a"),
    "pattern": ({"pattern": "^a+$"}, "aa", "b"),
    "maxItems": ({"maxItems": 1}, [1], [1, 2]),
    "minItems": ({"minItems": 1}, [1], []),
    "uniqueItems": ({"uniqueItems": True}, [1, 2], [1, 1]),
    "contains": ({"contains": {"type": "integer"}}, ["a", 1], ["a"]),
    "maxContains": ({"contains": {"const": 1}, "maxContains": 1}, [1, 2], [1, 1]),
    "minContains": ({"contains": {"const": 1}, "minContains": 2}, [1, 1], [1, 2]),
    "maxProperties": ({"maxProperties": 1}, {"a": 1}, {"a": 1, "b": 2}),
    "minProperties": ({"minProperties": 1}, {"a": 1}, {}),
    "required": ({"required": ["a"]}, {"a": 1}, {"b": 1}),
    "dependentRequired": ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": 1}, {"a": 1}),
    "dependentSchemas": ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"c": 1}, {"a": 1}),
    "propertyNames": ({"propertyNames": {"maxLength": 1}}, {"a": 1}, {"ab": 1}),
    "if": ({"if": {"const": 1}, "then": False}, 2, 1),
    "then": ({"if": {"type": "string"}, "then": {"maxLength": 1}}, "a", "ab"),
    "else": ({"if": {"type": "string"}, "else": {"minimum": 5}}, 5, 4),
    "allOf": ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, 1, 3),
    "anyOf": ({"anyOf": [{"type": "string"}, {"minimum": 5}]}, 5, 4),
    "oneOf": ({"oneOf": [{"minimum": 1}, {"maximum": 3}]}, 4, 2),
    "not": ({"not": {"type": "string"}}, 1, "a"),
    "prefixItems": ({"prefixItems": [{"type": "integer"}]}, [1, "x"], ["x"]),
    "items": ({"items": {"type": "integer"}}, [1], ["x"]),
    "properties": ({"properties": _AB}, {"a": 1}, {"a": "x"}),
    "patternProperties": ({"patternProperties": {"^a": {"type": "integer"}}}, {"b": "x"},
                          {"ab": "x"}),
    "additionalProperties": ({"properties": _AB, "additionalProperties": False}, {"a": 1},
                             {"b": 1}),
    "unevaluatedItems": ({"allOf": [{"prefixItems": [True]}], "unevaluatedItems": False}, [1],
                         [1, 2]),
    "unevaluatedProperties": ({"allOf": [{"properties": _AB}], "unevaluatedProperties": False},
                              {"a": 1}, {"b": 1}),
    "format": ({"format": "date-time"}, "2025-07-01T00:00:00Z", "yesterday"),
    "discriminator": ({"oneOf": [{"$ref": "#/components/schemas/Cat"},
                                 {"$ref": "#/components/schemas/Dog"}],
                       "discriminator": {"propertyName": "kind"}},
                      {"kind": "Cat", "n": 1}, {"kind": "Dog", "n": 1}),
}  # fmt: skip


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_discriminator__of_branches_without_a_name(keyword: str) -> None:
    """No value can choose a branch that stands there itself: the branches decide."""
    branches = [{"properties": {"k": {"const": name}}, "required": ["k"]} for name in "ab"]
    schema = {keyword: branches, "discriminator": {"propertyName": "k"}}
    contract = Contract.load(_document(schema))
    assert _kept(contract, {"k": "a"}) and _kept(contract, {"k": "b"}, "response")
    assert not _kept(contract, {"k": "c"}) and not _kept(contract, {}, "response")


DIRECTED = {"readOnly": "request", "writeOnly": "response"}

REMARKS = {
    # JSON Schema and OpenAPI say themselves that these assert nothing of JSON.
    "$schema", "$comment", "title", "description", "default", "deprecated", "examples", "example",
    "xml", "externalDocs", "contentEncoding", "contentMediaType", "contentSchema",
}  # fmt: skip

FORMATS = {
    "date-time": "x", "date": "2025-13-01", "time": "25:00:00Z", "duration": "1 day",
    "email": "x", "idn-email": "x", "hostname": "-a-", "ipv4": "1.2.3", "ipv6": "x",
    "uri": "no scheme", "uri-reference": "\\", "iri": "x", "uuid": "x", "json-pointer": "x",
    "relative-json-pointer": "x", "regex": "(", "uri-template": "{", "byte": "%",
}  # fmt: skip


def _document(schema: Any = None, **more: Any) -> dict[str, Any]:
    components = {
        "Whole": {"type": "integer"},
        "Cat": {"properties": {"n": {"type": "integer"}}},
        "Dog": {"properties": {"n": {"type": "string"}}},
        "S": {} if schema is None else schema,
    }
    said = {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"schemas": components},
        "paths": {
            "/a": {
                "post": {
                    "operationId": "a",
                    "requestBody": {"required": True, "content": said},
                    "responses": {"200": {"description": "", "content": said}},
                }
            }
        },
        **more,
    }


def _kept(contract: Contract, value: Any, side: str = "request") -> bool:
    body = json.dumps(value).encode()
    if side == "request":
        return contract.check(("POST", "/a", JSON, body)) == []
    operation = contract.operations["a"]
    return not contract.check_answer(operation, 200, "application/json", value, Headers())


def test_tables__are_complete() -> None:
    """Each keyword that the loader knows has its row, and each subschema is a known keyword."""
    assert set(HONOURED) | set(DIRECTED) | REMARKS == KNOWN
    assert set(SUBSCHEMAS) <= KNOWN
    assert not KNOWN & set(REFUSED)


@pytest.mark.parametrize("side", ["request", "response"])
@pytest.mark.parametrize("keyword", HONOURED)
def test_keyword__changes_the_verdict(keyword: str, side: str) -> None:
    """Both ways: a value that keeps it passes, one that does not is told at its place."""
    schema, good, bad = HONOURED[keyword]
    contract = Contract.load(_document(schema))
    assert _kept(contract, good, side)
    assert not _kept(contract, bad, side)


@pytest.mark.parametrize("keyword", DIRECTED)
def test_keyword__of_one_direction(keyword: str) -> None:
    """readOnly keeps a property out of requests, writeOnly out of replies."""
    contract = Contract.load(_document({"properties": {"a": {keyword: True}}, "required": ["a"]}))
    for side in ("request", "response"):
        withheld = side == DIRECTED[keyword]
        assert _kept(contract, {"a": 1}, side) is not withheld
        assert _kept(contract, {}, side) is withheld


@pytest.mark.parametrize("keyword", sorted(REFUSED))
def test_keyword__refused_with_its_place(keyword: str) -> None:
    """What would be ignored refuses the document, and says where."""
    with pytest.raises(DocumentError) as caught:
        load_document(_document({"properties": {"a": {keyword: "x"}}}))
    assert str(caught.value.place).startswith("/components/schemas/S/properties/a")


def test_keyword__unknown_leaves_a_note() -> None:
    """A slip in a keyword is told with its place."""
    notes = load_document(_document({"minLenght": 1})).notes
    assert len(notes) == 1 and "'minLenght'" in notes[0] and "/components/schemas/S" in notes[0]


@pytest.mark.parametrize("name", FORMATS)
def test_format__changes_the_verdict(name: str) -> None:
    """Every format of JSON Schema, and byte, is checked."""
    assert not _kept(Contract.load(_document({"format": name})), FORMATS[name])


@pytest.mark.parametrize(
    ("name", "low", "high"), [("int32", -(2**31), 2**31 - 1), ("int64", -(2**63), 2**63 - 1)]
)
def test_format__of_integers(name: str, low: int, high: int) -> None:
    """The formats that bound a number do."""
    contract = Contract.load(_document({"type": "integer", "format": name}))
    assert _kept(contract, low) and _kept(contract, high)
    assert not _kept(contract, low - 1) and not _kept(contract, high + 1)


OLD: dict[str, tuple[Any, Any, Any]] = {
    "nullable": ({"type": "integer", "nullable": True}, None, "x"),
    "nullable, with enum": ({"type": "string", "enum": ["a", None], "nullable": True}, None, "b"),
    "exclusiveMinimum": ({"minimum": 1, "exclusiveMinimum": True, "type": "integer"}, 2, 1),
    "exclusiveMaximum": ({"maximum": 1, "exclusiveMaximum": True, "type": "integer"}, 0, 1),
    "beside $ref": ({"$ref": "#/components/schemas/Whole", "maximum": 1}, 5, "x"),
}


@pytest.mark.parametrize("name", OLD)
def test_construct__of_3_0(name: str) -> None:
    """What OpenAPI 3.0 spells otherwise is honoured as 3.0 means it."""
    schema, good, bad = OLD[name]
    contract = Contract.load({**_document(schema), "openapi": "3.0.3"})
    assert _kept(contract, good) and not _kept(contract, bad)


@pytest.mark.parametrize("keyword", ["const", "if", "prefixItems", "patternProperties", "$defs"])
def test_construct__too_new_for_3_0(keyword: str) -> None:
    """3.0 does not have the keywords of 2020-12: using one refuses the document."""
    schema = {keyword: {} if keyword != "prefixItems" else []}
    with pytest.raises(DocumentError) as caught:
        load_document({**_document(schema), "openapi": "3.0.3"})
    assert "/components/schemas/S" in str(caught.value.place)


def _operation(**more: Any) -> dict[str, Any]:
    whole = _document()
    whole["paths"]["/a"]["post"] |= more
    return whole


def _found(document: dict[str, Any], call: tuple[Any, ...], reply: Any = None) -> set[str]:
    contract = Contract.load(document)
    return {violation.where for violation in contract.check(call, reply)}


def _parameter(where: str, schema: Any, **more: Any) -> dict[str, Any]:
    return _operation(parameters=[{"name": "p", "in": where, "schema": schema, **more}])


_BODY = b"{}"
_WHOLE = {"type": "integer"}
_WHOLES = {"type": "array", "items": _WHOLE}
_XY = {"type": "object", "properties": {"x": _WHOLE}, "additionalProperties": False}
CALLS: dict[str, tuple[dict[str, Any], tuple[Any, ...], tuple[Any, ...], str]] = {
    # construct: document, a call that keeps it, one that does not, where that is told
    "query": (_parameter("query", _WHOLE), ("POST", "/a?p=1", JSON, _BODY),
              ("POST", "/a?p=x", JSON, _BODY), "query"),
    "undeclared query": (_operation(), ("POST", "/a", JSON, _BODY),
                         ("POST", "/a?q=1", JSON, _BODY), "query"),
    "required": (_parameter("query", _WHOLE, required=True), ("POST", "/a?p=1", JSON, _BODY),
                 ("POST", "/a", JSON, _BODY), "query"),
    "allowEmptyValue": (_parameter("query", _WHOLE, allowEmptyValue=True),
                        ("POST", "/a?p=", JSON, _BODY), ("POST", "/a?p=x", JSON, _BODY), "query"),
    "explode": (_parameter("query", {**_WHOLES, "maxItems": 2}, explode=False),
                ("POST", "/a?p=1,2", JSON, _BODY), ("POST", "/a?p=1,2,3", JSON, _BODY), "query"),
    "pipeDelimited": (_parameter("query", _WHOLES, style="pipeDelimited", explode=False),
                      ("POST", "/a?p=1|2", JSON, _BODY), ("POST", "/a?p=1,2", JSON, _BODY),
                      "query"),
    "spaceDelimited": (_parameter("query", _WHOLES, style="spaceDelimited", explode=False),
                       ("POST", "/a?p=1%202", JSON, _BODY), ("POST", "/a?p=1,2", JSON, _BODY),
                       "query"),
    "deepObject": (_parameter("query", _XY, style="deepObject"),
                   ("POST", "/a?p[x]=1", JSON, _BODY), ("POST", "/a?p[x]=y", JSON, _BODY),
                   "query"),
    "content of a parameter": (
        _operation(parameters=[{"name": "p", "in": "query",
                                "content": {"application/json": {"schema": _XY}}}]),
        ("POST", '/a?p={"x":1}', JSON, _BODY), ("POST", '/a?p={"x":"y"}', JSON, _BODY), "query"),
    "header": (_parameter("header", _WHOLE), ("POST", "/a", {**JSON, "p": "1"}, _BODY),
               ("POST", "/a", {**JSON, "p": "x"}, _BODY), "header"),
    "cookie": (_parameter("cookie", _WHOLE), ("POST", "/a", {**JSON, "cookie": "p=1"}, _BODY),
               ("POST", "/a", {**JSON, "cookie": "p=x"}, _BODY), "cookie"),
    "body required": (_operation(), ("POST", "/a", JSON, _BODY), ("POST", "/a", JSON, b""),
                      "body"),
    "media types": (_operation(), ("POST", "/a", JSON, _BODY),
                    ("POST", "/a", {"content-type": "text/csv"}, _BODY), "content type"),
    "method": (_operation(), ("POST", "/a", JSON, _BODY), ("PUT", "/a", JSON, _BODY), "path"),
    "paths": (_operation(), ("POST", "/a", JSON, _BODY), ("POST", "/b", JSON, _BODY), "path"),
    "security": (
        {**_operation(security=[{"k": []}]), "components": {
            **_document()["components"],
            "securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "K"}}}},
        ("POST", "/a", {**JSON, "k": "1"}, _BODY), ("POST", "/a", JSON, _BODY), "security"),
    "encoding.contentType": (
        _operation(requestBody={"content": {"multipart/form-data": {
            "schema": {"properties": {"f": {"type": "string", "format": "binary"}}},
            "encoding": {"f": {"contentType": "image/png"}}}}}),
        ("POST", "/a", {"content-type": "multipart/form-data; boundary=b"},
         b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n'
         b"Content-Type: image/png\r\n\r\nx\r\n--b--\r\n"),
        ("POST", "/a", {"content-type": "multipart/form-data; boundary=b"},
         b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n'
         b"Content-Type: video/mp4\r\n\r\nx\r\n--b--\r\n"), "body"),
    "encoding.style": (
        _operation(requestBody={"content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": {"f": _WHOLES}},
            "encoding": {"f": {"style": "pipeDelimited", "explode": False}}}}}),
        ("POST", "/a", {"content-type": "application/x-www-form-urlencoded"}, b"f=1|2"),
        ("POST", "/a", {"content-type": "application/x-www-form-urlencoded"}, b"f=1,2"), "body"),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_construct__of_requests(name: str) -> None:
    """Each construct that describes requests tells a good one from a bad one."""
    document, good, bad, where = CALLS[name]
    assert _found(document, good) == set()
    assert where in _found(document, bad)


def _answering(**reply: Any) -> dict[str, Any]:
    return _operation(responses={"200": {"description": "", **reply}})


_LEFT = {"X-Left": {"required": True, "schema": _WHOLE}}
_TEXT = {"text/plain": {"schema": {"type": "string", "maxLength": 2}}}
REPLIES: dict[str, tuple[dict[str, Any], tuple[Any, ...], tuple[Any, ...], str]] = {
    "status": (_answering(), (200,), (201,), "status"),
    "status range": (_operation(responses={"2XX": {"description": ""}}), (204,), (404,), "status"),
    "default": (_operation(responses={"200": {"description": ""}, "default": {
        "description": "", "content": {"application/json": {"schema": _WHOLE}}}}),
        (500, JSON, b"1"), (500, JSON, b'"x"'), "response body"),
    "header": (_answering(headers=_LEFT), (200, {"x-left": "1"}), (200, {"x-left": "x"}),
               "response header"),
    "header required": (_answering(headers=_LEFT), (200, {"x-left": "1"}), (200,),
                        "response header"),
    "media types": (_answering(content=_TEXT), (200, {"content-type": "text/plain"}, b"ok"),
                    (200, {"content-type": "text/html"}, b"ok"), "content type"),
    "text": (_answering(content=_TEXT), (200, {"content-type": "text/plain"}, b"ok"),
             (200, {"content-type": "text/plain"}, b"not ok"), "response body"),
    "lines": (_answering(content={"application/x-ndjson": {"schema": _WHOLE}}),
              (200, {"content-type": "application/x-ndjson"}, b"1\n2\n"),
              (200, {"content-type": "application/x-ndjson"}, b'1\n"x"\n'), "response body"),
    "x-event-schema": (_answering(content={"text/event-stream": {"x-event-schema": _WHOLE}}),
                       (200, {"content-type": "text/event-stream"}, b"data: 1\n\n"),
                       (200, {"content-type": "text/event-stream"}, b'data: "x"\n\n'),
                       "response body"),
    "x-event-end": (_answering(content={"text/event-stream": {
        "x-event-schema": _WHOLE, "x-event-end": "[DONE]"}}),
        (200, {"content-type": "text/event-stream"}, b"data: 1\n\ndata: [DONE]\n\n"),
        (200, {"content-type": "text/event-stream"}, b"data: [OVER]\n\n"), "response body"),
}  # fmt: skip


@pytest.mark.parametrize("name", REPLIES)
def test_construct__of_replies(name: str) -> None:
    """Each construct that describes replies tells a good one from a bad one."""
    document, good, bad, where = REPLIES[name]
    call = ("POST", "/a", JSON, _BODY)
    assert _found(document, call, good) == set()
    assert _found(document, call, bad) == {where}


_ITEM = _document()["paths"]["/a"]
_XML = {"application/xml": {"schema": {"type": "object", "required": ["a"]}}}
NOTED: dict[str, tuple[dict[str, Any], str]] = {
    # construct that a check cannot act on: document, place in the note
    "servers": (_document(servers=[{"url": "/v1"}, {"url": "/v2"}]), "/servers/1"),
    "servers of an operation": (_operation(servers=[{"url": "/x"}]), "/paths/~1a/post/servers"),
    "servers of a path": (_document(paths={"/a": {**_ITEM, "servers": [{"url": "/x"}]}}),
                          "/paths/~1a/servers"),
    "webhooks": (
        _document(webhooks={"w": {"post": {"responses": {"200": {"description": ""}}}}}),
        "/webhooks"),
    "callbacks": (_operation(callbacks={"c": {"{$request.body#/url}": {
        "post": {"responses": {"200": {"description": ""}}}}}}), "/paths/~1a/post/callbacks"),
    "encoding.headers": (
        _operation(requestBody={"content": {"multipart/form-data": {
            "schema": {"properties": {"f": {"type": "string"}}},
            "encoding": {"f": {"headers": {"X-A": {"schema": _WHOLE}}}}}}}), "encoding/f/headers"),
    "xml in a request": (_operation(requestBody={"content": _XML}), "application~1xml/schema"),
    "xml in a reply": (_answering(content=_XML), "application~1xml/schema"),
    "events without x-event-schema": (
        _answering(content={"text/event-stream": {"schema": {"type": "object"}}}),
        "text~1event-stream/schema"),
    "mutualTLS": ({**_document(), "components": {"securitySchemes": {"m": {"type": "mutualTLS"}},
                                                 **_document()["components"]}},
                  "/components/securitySchemes/m"),
    "a link to nowhere": (_answering(links={"l": {"operationId": "nowhere"}}), "links/l"),
    "beside a path's $ref": (
        {**_document(), "openapi": "3.0.3", "paths": {
            **_document()["paths"],
            "/b": {"$ref": "#/paths/~1a", "get": {"responses": {"200": {"description": ""}}}}}},
        "/paths/~1b/get"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTED)
def test_construct__without_effect_is_noted(name: str) -> None:
    """What a check cannot act on is told with its place, and only then."""
    document, place = NOTED[name]
    notes = load_document(document).notes
    assert any(place in note for note in notes), notes
    assert load_document(_document()).notes == ()
