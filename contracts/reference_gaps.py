"""What openapi-core cannot do, one row per construct, each with an exchange that shows it.

`remedy` says how the reference engine goes about it:

- `adapted`: the internal copy or call is rewritten, and the verdict is right;
- `unchecked`: good exchanges pass, but bad ones pass as well;
- `open`: the reference engine gives the wrong verdict, as openapi-core does.

A test holds every row against openapi-core itself, so that a gap that closes is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from understudy.contracts.exchange import Headers, Request, Response
from understudy.contracts.json import Json

Remedy = Literal["adapted", "unchecked", "open"]
Node = Mapping[str, Json]

_BOUNDARY = "gap"


@dataclass(frozen=True, slots=True)
class Gap:
    """One construct; `good` is the right verdict on the exchange, which openapi-core misses."""

    construct: str
    what: str
    remedy: Remedy
    good: bool
    document: Node
    request: Request
    response: Response | None = None


def _document(operation: Node, path: str = "/x", method: str = "get", **more: Json) -> Node:
    whole = {"responses": {"200": {"description": "Fine."}}, **operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "gap", "version": "1"},
        "paths": {path: {method: whole}},
        **more,
    }


def _parameter(schema: Node, where: str = "query", **more: Json) -> Node:
    parameter = {"name": "p", "in": where, "schema": schema, **more}
    return {"parameters": [parameter | ({"required": True} if where == "path" else {})]}


def _extended(schema: Node, key: str, value: Json) -> Node:
    return {"parameters": [{"name": "p", "in": "query", "schema": schema, key: value}]}


def _takes(media_type: str, schema: Node) -> Node:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _object(**properties: Json) -> Node:
    return {"type": "object", "properties": properties}


def _query(query: str) -> Request:
    return Request("GET", "/x", query)


def _path(path: str) -> Request:
    return Request("GET", path)


def _post(media_type: str, body: bytes) -> Request:
    return Request("POST", "/x", headers=Headers([("content-type", media_type)]), body=body)


def _form(name: str, content: bytes, more: str = "") -> Request:
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    return _post(f"multipart/form-data; boundary={_BOUNDARY}", body)


def _parameter_gap(
    construct: str, what: str, remedy: Remedy, good: bool, parameter: Node, query: str
) -> Gap:
    return Gap(construct, what, remedy, good, _document(parameter), _query(query))


def _body_gap(
    construct: str, what: str, remedy: Remedy, good: bool, taken: Node, request: Request
) -> Gap:
    return Gap(construct, what, remedy, good, _document(taken, method="post"), request)


def _reply_gap(
    construct: str, what: str, remedy: Remedy, good: bool, reply: Node, response: Response
) -> Gap:
    document = _document({"responses": {str(response.status): {"description": "", **reply}}})
    return Gap(construct, what, remedy, good, document, _query(""), response)


def _reply(media_type: str, body: bytes, status: int = 200) -> Response:
    return Response(status, Headers([("content-type", media_type)]), body)


def _secured(scheme: Node, header: str = "") -> Gap:
    components: Json = {"securitySchemes": {"s": scheme}}
    document = _document({"security": [{"s": []}]}, components=components)
    lines = [("authorization", header)] if header else []
    request = Request("GET", "/x", headers=Headers(lines))
    what = "a scheme written `Bearer` never matches" if header else "asks for no credential"
    name = f"{scheme['type']} security" + (" in capitals" if header else "")
    return Gap(name, what, "adapted", bool(header), document, request)


_MULTIPART = "multipart/form-data"
_URLENCODED = "application/x-www-form-urlencoded"
_JSON = "application/json"
_INTEGER: Node = {"type": "integer"}
_LETTERS: Node = {"type": "array", "items": {"enum": ["a", "b"]}}
_CLOSED: Node = {**_object(n={"type": "string"}), "additionalProperties": False}
_RANGED: Node = {"oneOf": [{"type": "integer", "minimum": 10}, {"type": "string"}]}

_PARAMETERS = (
    Gap("label style", "looks for the value under another name", "adapted", True,
        _document(_parameter(_INTEGER, "path", style="label"), "/x/{p}"), _path("/x/.3")),
    Gap("matrix style", "looks for the value under another name", "adapted", True,
        _document(_parameter(_INTEGER, "path", style="matrix"), "/x/{p}"), _path("/x/;p=3")),
    Gap("encoded path value", "checks the percent-encoded text", "adapted", True,
        _document(_parameter({"type": "string", "maxLength": 3}, "path"), "/x/{p}"),
        _path("/x/a%20b")),
    Gap("empty path segment", "takes it for a value", "adapted", False,
        _document(_parameter({"type": "string"}, "path"), "/x/{p}"), _path("/x/")),
    _parameter_gap("spaceDelimited style", "splits decoded text at %20", "adapted", True,
        _parameter(_LETTERS, style="spaceDelimited", explode=False), "p=a%20b"),
    _parameter_gap("exploded form object", "never finds its members", "unchecked", True,
        _parameter({**_object(r=_INTEGER), "required": ["r"]}, required=True), "r=3"),
    _parameter_gap("or-null parameter", "casts no value that has two types", "adapted", True,
        _parameter({"type": ["integer", "null"]}), "p=3"),
    _parameter_gap("union parameter", "casts to the first type that fits", "open", True,
        _parameter(_RANGED), "p=3"),
    _parameter_gap("default of a required parameter", "stands in for it", "adapted", False,
        _parameter({"type": "integer", "default": 1}, required=True), ""),
    _parameter_gap("empty query value", "refuses every empty text", "adapted", True,
        _parameter({"type": "string"}), "p="),
    _parameter_gap("unknown query parameter", "lets any name pass", "adapted", False,
        _parameter({"type": "string"}), "q=1"),
    _parameter_gap("spelling of booleans", "takes yes, on and 1 for true", "open", False,
        _parameter({"type": "boolean"}), "p=yes"),
    _parameter_gap("spelling of numbers", "takes what Python's int takes", "open", False,
        _parameter(_INTEGER), "p=1_000"),
    Gap("list in a header", "keeps the blank after the comma", "open", True,
        _document(_parameter(_LETTERS, "header")),
        Request("GET", "/x", headers=Headers([("p", "a, b")]))),
    _parameter_gap("x-comma", "knows no such extension", "open", True,
        _extended(_LETTERS, "x-comma", True), "p=a,b"),
    _parameter_gap("x-operators", "knows no such extension", "open", False,
        _extended(_INTEGER, "x-operators", ["gte"]), "p[gte]=x"),
)  # fmt: skip

_BODIES = (
    _body_gap("number in a multipart form", "casts no part", "adapted", True,
        _takes(_MULTIPART, _object(n=_INTEGER)), _form("n", b"3")),
    _body_gap("anyOf in a multipart form", "checks the raw bytes", "adapted", True,
        _takes(_MULTIPART, _object(n={"anyOf": [{"type": "string"}]})), _form("n", b"a")),
    _body_gap("absent list in a multipart form", "holds it for an empty list", "adapted", True,
        _takes(_MULTIPART, _object(n={"type": "string"}, p={**_LETTERS, "minItems": 1})),
        _form("n", b"a")),
    _body_gap("file in a multipart form, 3.1", "refuses bytes that are no UTF-8", "adapted", True,
        _takes(_MULTIPART, _object(f={"type": "string", "format": "binary"})),
        _form("f", b"\xff\xfe", '; filename="a.mp4"')),
    _body_gap("media type of a part", "is not checked", "open", False,
        {"requestBody": {"content": {_MULTIPART: {
            "schema": _object(f={}),
            "encoding": {"f": {"contentType": "image/png"}}}}}},
        _form("f", b"a", '; filename="a.txt"\r\nContent-Type: text/plain')),
    _body_gap("unknown field of a closed form", "drops it before it looks", "open", False,
        _takes(_URLENCODED, _CLOSED), _post(_URLENCODED, b"m=1")),
    _body_gap("+json request", "leaves it as bytes", "adapted", True,
        _takes("application/merge-patch+json", _object()),
        _post("application/merge-patch+json", b"{}")),
    _body_gap("media type range", "leaves the body as bytes", "unchecked", True,
        _takes("application/*", _object()), _post(_JSON, b"{}")),
    _body_gap("media type with an odd parameter", "fails on the parameter", "adapted", True,
        _takes(_JSON, _object()), _post("application/json; odd", b"{}")),
    _body_gap("NaN", "is not JSON, but Python reads it", "adapted", False,
        _takes(_JSON, {"type": "array", "items": {"type": "number"}}), _post(_JSON, b"[NaN]")),
    _body_gap("readOnly, 3.1", "is a remark, not a rule", "adapted", False,
        _takes(_JSON, _object(id={"type": "string", "readOnly": True})),
        _post(_JSON, b'{"id": "a"}')),
    _body_gap("format uri", "is not checked", "open", False,
        _takes(_JSON, {"type": "string", "format": "uri"}), _post(_JSON, b'"no uri"')),
)  # fmt: skip

_REPLIES = (
    _reply_gap("+json reply", "leaves it as bytes", "adapted", True,
        {"content": {"application/problem+json": {"schema": _object()}}},
        _reply("application/problem+json", b"{}")),
    _reply_gap("writeOnly, 3.1", "is a remark, not a rule", "adapted", False,
        {"content": {_JSON: {"schema": _object(key={"type": "string", "writeOnly": True})}}},
        _reply(_JSON, b'{"key": "a"}')),
    _reply_gap("streamed reply", "leaves it as bytes", "unchecked", True,
        {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        _reply("text/event-stream", b"data: 1\n\n")),
    _reply_gap("binary reply, 3.1", "refuses bytes", "unchecked", True,
        {"content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}},
        _reply("video/mp4", b"\xff\xfe")),
    _reply_gap("body of a 204", "goes unnoticed", "open", False, {}, _reply(_JSON, b"{}", 204)),
)  # fmt: skip

_SECURITY = (
    _secured({"type": "oauth2", "flows": {}}),
    _secured({"type": "openIdConnect", "openIdConnectUrl": "https://example.com/.well-known"}),
    _secured({"type": "http", "scheme": "Bearer"}, "Bearer t"),
)

GAPS: tuple[Gap, ...] = (*_PARAMETERS, *_BODIES, *_REPLIES, *_SECURITY)
