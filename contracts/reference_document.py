"""An internal copy of a document, rewritten so that openapi-core can read it.

openapi-core refuses, or skips, constructs that are good OpenAPI (see `reference_gaps`). Where
an equivalent that it understands exists, this copy holds the equivalent; where none does, the
construct is left out, so that it goes unchecked instead of being refused. One copy per
direction, because a property may be for reading or for writing only. Never shown to anybody.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.places import METHODS

SERVER = "http://reference.invalid"

_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_SINGLE = (
    "items", "additionalProperties", "not", "if", "then", "else", "contains",
    "propertyNames", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SILENT = ("default", "example", "examples", "deprecated", "externalDocs", "xml", "readOnly")
_PLAIN_JSON = frozenset({"integer", "number", "boolean", "object", "null"})

# OpenAPI: a header parameter of such a name is to be ignored.
_NO_HEADERS = frozenset({"accept", "content-type", "authorization"})

Direction = Literal["request", "response"]
Tree = dict[str, Json]


def adapted(document: Document, direction: Direction) -> Tree:
    """The copy of `document` against which openapi-core checks one direction."""
    return _Copy(document, direction).root()


def is_json(media_type: str) -> bool:
    """Whether a media type holds JSON, by itself or by its `+json` suffix."""
    return media_type in ("application/json", "text/json") or media_type.endswith("+json")


def bare(media_type: str) -> str:
    """A media type in lower case, without parameters."""
    return media_type.partition(";")[0].strip().lower()


class _Copy:
    """The rewriting of one document for one direction."""

    def __init__(self, document: Document, direction: Direction) -> None:
        self._document = document
        self._hidden = "readOnly" if direction == "request" else "writeOnly"

    def root(self) -> Tree:
        root = self._document.root
        components = _tree(root.get("components"))
        kept: Tree = {
            "openapi": "3.1.0",
            "info": {"title": "reference", "version": "1"},
            "servers": [{"url": SERVER}],
            "paths": {
                template: self._path(_tree(item))
                for template, item in _tree(root.get("paths")).items()
                if template.startswith("/")
            },
            "components": {
                "schemas": _each(components, "schemas", self._schema),
                "parameters": _each(components, "parameters", self._parameter),
                "headers": _each(components, "headers", self._header),
                "requestBodies": _each(components, "requestBodies", self._carrier),
                "responses": _each(components, "responses", self._carrier),
                "securitySchemes": _each(components, "securitySchemes", _scheme),
                "pathItems": _each(components, "pathItems", lambda item: self._path(_tree(item))),
            },
        }
        if "security" in root:
            kept["security"] = root["security"]
        return kept

    def _path(self, item: Tree) -> Tree:
        kept: Tree = {"$ref": item["$ref"]} if "$ref" in item else {}
        kept["parameters"] = self._parameters(item.get("parameters"))
        for method in METHODS:
            if method in item:
                kept[method] = self._operation(_tree(item[method]))
        return kept

    def _operation(self, operation: Tree) -> Tree:
        kept: Tree = {"parameters": self._parameters(operation.get("parameters"))}
        if "requestBody" in operation:
            kept["requestBody"] = self._carrier(operation["requestBody"])
        kept["responses"] = _each(operation, "responses", self._carrier)
        if "security" in operation:
            kept["security"] = operation["security"]
        return kept

    def _parameters(self, parameters: Json) -> list[Json]:
        return [self._parameter(entry) for entry in _list(parameters) if self._readable(entry)]

    def _readable(self, entry: Json) -> bool:
        """Whether openapi-core can collect the parameter; an exploded object it cannot."""
        parameter = self._resolved(entry)
        if parameter.get("in") == "header" and str(parameter.get("name")).lower() in _NO_HEADERS:
            return False
        style = parameter.get("style", "form")
        collected = parameter.get("in") in ("query", "cookie") and style == "form"
        exploded = parameter.get("explode", True) is True
        return not (collected and exploded and "object" in self.kinds(parameter.get("schema")))

    def _parameter(self, entry: Json) -> Json:
        parameter = self._header(entry)
        if not isinstance(parameter, dict) or "$ref" in parameter:
            return parameter
        if parameter.get("in") == "query":
            parameter["allowEmptyValue"] = True  # the schema decides whether "" is allowed
        if parameter.get("style") in ("pipeDelimited", "spaceDelimited") and parameter.get(
            "explode"
        ):
            parameter["style"] = "form"  # the same on the wire
        return parameter

    def _header(self, entry: Json) -> Json:
        header = _tree(entry)
        if "$ref" in header:
            return {"$ref": header["$ref"]}
        kept: Tree = {
            name: header[name] for name in ("name", "in", "required", "style", "explode")
            if name in header
        }  # fmt: skip
        if "schema" in header:
            kept["schema"] = self._not_null(header["schema"])
        if "content" in header:
            kept["content"] = self._content(header["content"])
        return kept

    def _carrier(self, entry: Json) -> Json:
        """A request body or a response."""
        carrier = _tree(entry)
        if "$ref" in carrier:
            return {"$ref": carrier["$ref"]}
        kept: Tree = {"description": ""}
        if "required" in carrier:
            kept["required"] = carrier["required"]
        if carrier.get("content"):
            kept["content"] = self._content(carrier["content"])
        if "headers" in carrier:
            kept["headers"] = _each(carrier, "headers", self._header)
        return kept

    def _content(self, content: Json) -> Tree:
        return {bare(key): self._media(bare(key), _tree(m)) for key, m in _tree(content).items()}

    def _media(self, media_type: str, media: Tree) -> Tree:
        if "schema" not in media:
            return {}
        if is_json(media_type):
            return {"schema": self._schema(media["schema"])}
        if media_type == "application/x-www-form-urlencoded":
            form = {"schema": self._form(media["schema"])}
            return form | ({"encoding": media["encoding"]} if "encoding" in media else {})
        if media_type == "multipart/form-data":
            return {"schema": self._form(media["schema"]), "encoding": self._encoding(media)}
        if media_type.startswith("text/plain") and self.kinds(media["schema"]) == {"string"}:
            return {"schema": self._schema(media["schema"])}
        return {}

    def _encoding(self, media: Tree) -> Tree:
        """Parts that hold no text are read as JSON, which casts numbers and booleans."""
        encoding: Tree = {}
        for name, schema in self._properties(media["schema"]):
            if self.binary(schema):
                continue
            kinds = self.kinds(schema)
            of_items = (
                self.kinds(self._resolved(schema).get("items")) if "array" in kinds else kinds
            )
            json_part = bool(of_items) and of_items <= _PLAIN_JSON
            encoding[name] = {"contentType": "application/json" if json_part else "text/plain"}
        return encoding

    def _form(self, schema: Json, depth: int = 8) -> Json:
        """The schema of a form, its references followed, so that its parts may be rewritten."""
        resolved = self._resolved(schema)
        kept = self._schema(resolved)
        if depth == 0 or not isinstance(kept, dict):
            return kept
        for key in ("allOf", "anyOf", "oneOf"):
            if key in resolved:
                kept[key] = [self._form(branch, depth - 1) for branch in _list(resolved[key])]
        shown = _tree(kept.get("properties"))
        for name, part in _tree(resolved.get("properties")).items():
            if shown.get(name) is not False:
                shown[name] = self._part(part)
        if shown:
            kept["properties"] = shown
        return kept

    def _part(self, schema: Json) -> Json:
        if self.binary(schema):
            items = self._resolved(schema).get("items")
            return {"type": "array", "items": {}} if items is not None else {}
        return self._not_null(schema)

    def _properties(self, schema: Json, depth: int = 8) -> Iterator[tuple[str, Json]]:
        resolved = self._resolved(schema)
        yield from _tree(resolved.get("properties")).items()
        for key in ("allOf", "anyOf", "oneOf"):
            for branch in _list(resolved.get(key)) if depth else ():
                yield from self._properties(branch, depth - 1)

    def binary(self, schema: Json) -> bool:
        """Whether a form part holds raw bytes, or is a list of such."""
        resolved = self._resolved(schema)
        if "array" in _types(resolved):
            return self.binary(resolved.get("items"))
        media_type = resolved.get("contentMediaType")
        raw = isinstance(media_type, str) and not media_type.startswith(("text/", "application/j"))
        return resolved.get("format") == "binary" or (raw and "contentEncoding" not in resolved)

    def kinds(self, schema: Json, depth: int = 8) -> frozenset[str]:
        """The JSON types that a schema names, through references and composition; {} if none."""
        resolved = self._resolved(schema)
        found = set(_types(resolved))
        if "properties" in resolved and not found:
            found.add("object")
        for key in ("anyOf", "oneOf", "allOf"):
            for branch in _list(resolved.get(key)) if depth else ():
                found |= self.kinds(branch, depth - 1)
        return frozenset(found)

    def _not_null(self, schema: Json, depth: int = 4) -> Json:
        """A schema for text on the wire, which spells no null: `X or null` becomes X."""
        if depth == 0:
            return self._schema(schema)
        resolved = self._resolved(schema)
        types = [kind for kind in _types(resolved) if kind != "null"]
        for key in ("anyOf", "oneOf"):
            branches = [b for b in _list(resolved.get(key)) if self.kinds(b) != {"null"}]
            if key in resolved and len(branches) == 1 and not types:
                rest = {k: v for k, v in resolved.items() if k != key}
                only = self._not_null(branches[0], depth - 1)
                return {"allOf": [self._schema(rest), only]} if _rules(rest) else only
        kept = self._schema(resolved)
        if isinstance(kept, dict) and len(types) == 1:
            kept["type"] = types[0]
        if isinstance(kept, dict) and "items" in kept:
            kept["items"] = self._not_null(resolved["items"], depth - 1)
        return kept

    def _schema(self, schema: Json) -> Json:
        if not isinstance(schema, Mapping):
            return schema
        kept: Tree = {}
        for key, value in schema.items():
            if key in _SILENT or key.startswith("x-") or key in ("description", "title"):
                continue
            if key in _MAPS:
                kept[key] = {name: self._schema(child) for name, child in _tree(value).items()}
            elif key in _SINGLE:
                kept[key] = self._schema(value)
            elif key in _LISTS:
                kept[key] = [self._schema(child) for child in _list(value)]
            else:
                kept[key] = value
        self._direct(schema, kept)
        return kept

    def _direct(self, schema: Mapping[str, Json], kept: Tree) -> None:
        """Refuses the properties that belong to the other direction."""
        hidden = [
            name
            for name, child in _tree(schema.get("properties")).items()
            if self._resolved(child).get(self._hidden) is True
            or (isinstance(child, Mapping) and child.get(self._hidden) is True)
        ]
        if not hidden:
            return
        kept["properties"] = _tree(kept["properties"]) | dict.fromkeys(hidden, False)
        if "required" in kept:
            kept["required"] = [n for n in _list(kept["required"]) if n not in hidden]

    def _resolved(self, node: Json) -> Tree:
        return _tree(self._document.resolve(node)[0])


def _scheme(entry: Json) -> Json:
    """A security scheme as the header or key that a caller presents for it."""
    scheme = _tree(entry)
    if scheme.get("type") in ("oauth2", "openIdConnect"):
        return {"type": "http", "scheme": "bearer"}
    if isinstance(scheme.get("scheme"), str):
        return {"type": "http", "scheme": str(scheme["scheme"]).lower()}
    return {name: scheme[name] for name in ("$ref", "type", "name", "in") if name in scheme}


def _rules(schema: Tree) -> bool:
    return any(key not in _SILENT and key not in ("description", "title") for key in schema)


def _types(schema: Mapping[str, Json]) -> tuple[str, ...]:
    kinds = schema.get("type")
    if isinstance(kinds, str):
        return (kinds,)
    return tuple(kind for kind in _list(kinds) if isinstance(kind, str))


def _each(parent: Mapping[str, Json], name: str, change: Callable[[Json], Json]) -> Tree:
    return {key: change(value) for key, value in _tree(parent.get(name)).items()}


def _tree(node: Json) -> Tree:
    return dict(node) if isinstance(node, Mapping) else {}


def _list(node: Json) -> Sequence[Json]:
    return node if isinstance(node, list | tuple) else ()
