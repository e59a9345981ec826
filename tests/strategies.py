"""Hypothesis strategies for exchanges of an operation: mostly on contract, now and then not.

Values follow the schemas of a document, for the closed subset of JSON Schema that our specs
use. `noise` is the chance, in percent, that a place holds something else. What the reference
engine is known to judge differently (`reference_gaps`) is left out: no junk where `format: uri`
stands, no odd spellings of numbers, no exploded form objects, no files of a wrong type.

`contracts/strategies` is not used here on purpose: it asks our own engine what is valid, and the
two engines are compared on what neither of them has made.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from understudy.contracts.document import Document
from understudy.contracts.exchange import Form, Headers, Part, Request, Response
from understudy.contracts.operation import Operation
from understudy.contracts.parameters import declarations
from understudy.contracts.reference_document import bare, is_json

Node = dict[str, Any]
Draw = Any

JUNK: tuple[Any, ...] = (None, True, 0, -1, 1.5, 7, "x", "", [], {}, ["x"], {"x": 1}, 10**20)
FORMATS: Mapping[str, Sequence[str]] = {
    "date-time": ("2025-07-01T00:00:00Z", "2024-02-29T23:59:59.123+02:00"),
    "date": ("2025-07-01", "2024-02-29"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000",),
    "uri": ("https://example.com/a.mp4", "http://example.com/?q=1"),
    "email": ("a@example.com",),
    "byte": ("YWJj",),
}
_ALPHABET = "abZ09 é_-&=%+/"
_UNCHECKED = ("uri", "uri-reference", "iri", "hostname", "ipv4", "ipv6")


@st.composite
def values(draw: Draw, document: Document, schema: Any, noise: int = 0, depth: int = 5) -> Any:
    """A value of a schema, or now and then junk in its place."""
    node = merged(document, schema)
    if schema is True or not node:
        return draw(st.sampled_from(JUNK))
    for key in ("oneOf", "anyOf"):
        if key in node:
            branch = draw(st.sampled_from(node[key]))
            rest = {name: value for name, value in node.items() if name != key}
            return draw(values(document, {"allOf": [rest, branch]}, noise, depth))
    if node.get("format") not in _UNCHECKED and _chance(draw, noise):
        # As text, 0 would be a boolean to openapi-core.
        return draw(st.sampled_from([j for j in JUNK if j or node.get("type") != "boolean"]))
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return draw(st.sampled_from(node["enum"]))
    kinds = node.get("type", "object" if "properties" in node else "string")
    kind = draw(st.sampled_from(kinds)) if isinstance(kinds, list) else kinds
    return draw(_of_kind(document, kind, node, noise, depth))


def _of_kind(document: Document, kind: str, node: Node, noise: int, depth: int) -> Any:
    match kind:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(*_bounds(node, 1))
        case "number":
            low, high = _bounds(node, 0)
            high = min(high, low + 2**16)  # larger ones come as junk
            return st.one_of(
                st.integers(int(low) + 1, max(int(low) + 1, int(high))),
                st.floats(low, high, exclude_min=True, allow_nan=False).map(_short),
            )
        case "array":
            low = int(node.get("minItems", 0))
            most = max(low, min(int(node.get("maxItems", 3)), 3)) if depth else low
            items = values(document, node.get("items", {}), noise, depth - 1)
            unique = str if node.get("uniqueItems") else None
            return st.lists(items, min_size=low, max_size=most, unique_by=unique)
        case "object":
            return _objects(document, node, noise, depth)
        case _:
            return _strings(node)


def _short(value: float) -> float:
    return round(value, 3)


def _bounds(node: Node, step: int) -> tuple[Any, Any]:
    low = node.get("minimum", node.get("exclusiveMinimum", -1000 + step) + step)
    high = node.get("maximum", node.get("exclusiveMaximum", low + 2000 + step) - step)
    return low, high


def _strings(node: Node) -> Any:
    if node.get("format") in FORMATS:
        return st.sampled_from(FORMATS[node["format"]])
    if "pattern" in node:
        return st.from_regex(node["pattern"], fullmatch="$" in node["pattern"]).filter(_printable)
    low = int(node.get("minLength", 0))
    return st.text(_ALPHABET, min_size=low, max_size=min(int(node.get("maxLength", low + 6)), 400))


def _printable(text: str) -> bool:
    return text.isprintable() and text.isascii()


@st.composite
def _objects(draw: Draw, document: Document, node: Node, noise: int, depth: int) -> Node:
    required = node.get("required", [])
    found: Node = {}
    for name, schema in node.get("properties", {}).items():
        if _chance(draw, noise // 2 if name in required else 60 if depth > 2 else 85):
            continue
        found[name] = draw(values(document, schema, noise, depth - 1))
    if _chance(draw, noise):
        found["unknown_name"] = draw(st.sampled_from(JUNK))
    return found


def merged(document: Document, schema: Any, depth: int = 8) -> Node:
    """A schema with its reference and its `allOf` branches folded into one."""
    resolved = document.resolve(schema)[0]
    if not isinstance(resolved, Mapping):
        return {}
    folded: Node = {}
    for part in (
        *(resolved.get("allOf") or ()),
        {k: v for k, v in resolved.items() if k != "allOf"},
    ):
        node = merged(document, part, depth - 1) if part is not resolved and depth else dict(part)
        for key, value in node.items():
            if key == "properties":
                folded[key] = {**folded.get(key, {}), **value}
            elif key == "required":
                folded[key] = [*folded.get(key, []), *value]
            else:
                folded[key] = value
    return folded


@st.composite
def requests(draw: Draw, operation: Operation, noise: int = 0) -> Request:
    """A request of an operation, its path relative to the document's base."""
    document = operation.document
    node = document.at(operation.pointer)
    assert isinstance(node, dict)
    path, pairs = operation.template, []
    lines: list[tuple[str, str]] = []
    for parameter in declarations(
        document, operation.pointer.rpartition("/")[0], operation.pointer
    ):
        schema: Any = {"$ref": f"#{quote(parameter.schema)}"}
        value = draw(values(document, schema, noise, 2))
        if parameter.where == "path":
            path = path.replace(f"{{{parameter.name}}}", _segment(value))
        elif (parameter.required and not _chance(draw, noise // 2)) or draw(st.booleans()):
            if parameter.where == "query":
                pairs += _pairs(parameter, value, merged(document, schema))
            elif parameter.where == "header":
                lines.append((parameter.name, _text(value).strip() or "x"))
            else:
                lines.append(("cookie", f"{parameter.name}={quote(_text(value) or 'x')}"))
    if _chance(draw, noise // 2):
        pairs.append(("unknown_name", "1"))
    lines += draw(_credentials(document, node, noise))
    body: bytes | Form = b""
    if "requestBody" in node:
        media_type, body = draw(_bodies(document, node["requestBody"], noise))
        lines.append(("content-type", media_type))
    query = "&".join(f"{quote_plus(name)}={quote_plus(text)}" for name, text in pairs)
    return Request(operation.method, path, query, Headers(lines), body)


def _pairs(parameter: Any, value: Any, schema: Node) -> list[tuple[str, str]]:
    name = parameter.name
    kinds = schema.get("type", [])
    if "object" in kinds:
        if parameter.style == "deepObject" and isinstance(value, dict):
            return [(f"{name}[{key}]", _text(inner)) for key, inner in value.items()]
        return []
    if "array" in kinds and isinstance(value, list):
        texts = [_text(item) for item in value]
        if parameter.style == "form" and parameter.explode:
            return [(name, text) for text in texts]
        joint = {"pipeDelimited": "|", "spaceDelimited": " "}.get(parameter.style, ",")
        return [(name, joint.join(texts))] if texts and all(texts) else []
    return [(name, _text(value))]


def _segment(value: Any) -> str:
    return quote(_text(value), safe="") or "x"


def _text(value: Any) -> str:
    """A scalar as text; lists and mappings, which have none, become a word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return str(value)
    return "junk"


@st.composite
def _credentials(draw: Draw, document: Document, node: Node, noise: int) -> list[tuple[str, str]]:
    security = node.get("security", document.root.get("security", ()))
    schemes: Any = document.root.get("components", {})
    if not security or _chance(draw, noise // 2):
        return []
    lines: list[tuple[str, str]] = []
    for name in draw(st.sampled_from(security)):
        scheme = document.resolve(schemes["securitySchemes"][name])[0]
        assert isinstance(scheme, dict)
        if scheme["type"] == "apiKey":
            lines.append((scheme["name"], "tlk_1"))
        else:
            word = "Basic dTpw" if scheme.get("scheme") == "basic" else "Bearer token"
            lines.append(("authorization", word))
    return lines


@st.composite
def _bodies(draw: Draw, document: Document, held: Any, noise: int) -> tuple[str, bytes | Form]:
    node = document.resolve(held)[0]
    assert isinstance(node, dict)
    readable = [name for name in node["content"] if is_json(bare(name)) or "form" in name]
    name = draw(st.sampled_from(readable))
    if _chance(draw, noise // 3):
        return ("text/html" if draw(st.booleans()) else name), b""
    schema = node["content"][name].get("schema", {})
    if is_json(bare(name)):
        if _chance(draw, noise // 3):
            return name, draw(st.sampled_from([b"{", b"[1,]", b"\xff", b"nul", b'{"a" 1}']))
        return name, json.dumps(draw(values(document, schema, noise))).encode()
    value = draw(_objects(document, _one(draw, document, schema), noise, 3))
    known = _properties(document, schema)
    value = {field: inner for field, inner in value.items() if field in known}
    if name == "multipart/form-data":
        encoding = node["content"][name].get("encoding", {})
        return name, Form(tuple(_parts(value, known, encoding)))
    pairs = [(key, _text(i)) for key, v in value.items() for i in (v if _many(v) else [v])]
    return name, "&".join(f"{quote_plus(k)}={quote_plus(t)}" for k, t in pairs).encode()


def _one(draw: Draw, document: Document, schema: Any) -> Node:
    node = merged(document, schema)
    for key in ("oneOf", "anyOf"):
        if key in node:
            branch = draw(st.sampled_from(node.pop(key)))
            node = merged(document, {"allOf": [node, branch]})
    return node


def _properties(document: Document, schema: Any) -> dict[str, Node]:
    node = merged(document, schema)
    found = {n: merged(document, s) for n, s in node.get("properties", {}).items()}
    for key in ("oneOf", "anyOf"):
        for branch in node.get(key, ()):
            found |= _properties(document, branch)
    return found


def _many(value: Any) -> bool:
    return isinstance(value, list)


def _parts(value: Node, known: Mapping[str, Node], encoding: Mapping[str, Node]) -> list[Part]:
    parts: list[Part] = []
    for name, inner in value.items():
        if known[name].get("format") == "binary":
            content = b"\x00\xff" + _text(inner).encode()
            kinds = encoding.get(name, {}).get("contentType", "video/mp4")
            kind = kinds.split(",")[-1].strip().replace("*", "x")
            parts.append(Part(name, content, "a.mp4", kind, len(content)))
        elif isinstance(inner, dict):
            parts.append(_part(name, json.dumps(inner)))
        else:
            parts += [_part(name, _text(item)) for item in (inner if _many(inner) else [inner])]
    return parts


def _part(name: str, text: str) -> Part:
    return Part(name, text.encode(), size=len(text.encode()))


@st.composite
def responses(draw: Draw, operation: Operation, noise: int = 0) -> Response:
    """A response of an operation."""
    document = operation.document
    node = document.at(operation.pointer)
    assert isinstance(node, dict)
    key = draw(st.sampled_from(operation.statuses))
    status = 599 if key == "default" else int(key.replace("XX", "18"))
    if _chance(draw, noise // 2):
        status = draw(st.sampled_from([200, 202, 299, 404, 599]))
    declared = operation.declared_status(status)
    reply = document.resolve(node["responses"][declared])[0] if declared else {}
    assert isinstance(reply, dict)
    lines: list[tuple[str, str]] = []
    for name, held in reply.get("headers", {}).items():
        header: Any = document.resolve(held)[0]
        if draw(st.booleans()):
            text = _text(draw(values(document, header.get("schema", {}), noise, 2)))
            lines.append((name, quote(text) or "1"))
    readable = [name for name in reply.get("content", {}) if is_json(bare(name))]
    if not readable:
        return Response(status, Headers(lines))
    name = draw(st.sampled_from(readable))
    wrong = _chance(draw, noise // 3)
    lines.append(("content-type", "text/html" if wrong else name))
    if _chance(draw, noise // 3):
        return Response(status, Headers(lines), draw(st.sampled_from([b"", b"{", b"<html>"])))
    value = draw(values(document, reply["content"][name].get("schema", {}), noise))
    return Response(status, Headers(lines), json.dumps(value).encode())


def _chance(draw: Draw, percent: int) -> bool:
    """True in `percent` of the draws; shrinks to False."""
    return bool(percent) and draw(st.integers(0, 99)) >= 100 - percent
