"""Where an OpenAPI document holds which kind of object: one walk, driven by a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.contracts.pointer import escape

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_ONE, _LIST, _MAP = 1, 2, 3
_Rule = tuple[str, int]

_MEDIA: dict[str, _Rule] = {
    "schema": ("schema", _ONE),
    "encoding": ("encoding", _MAP),
    "examples": ("example", _MAP),
}
_PARAMETER: dict[str, _Rule] = {
    "schema": ("schema", _ONE),
    "content": ("media", _MAP),
    "examples": ("example", _MAP),
}
SUBSCHEMAS: dict[str, int] = {
    **dict.fromkeys(("properties", "patternProperties", "$defs", "dependentSchemas"), _MAP),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _LIST),
    **dict.fromkeys(
        (
            "items",
            "not",
            "if",
            "then",
            "else",
            "additionalProperties",
            "contains",
            "propertyNames",
            "unevaluatedItems",
            "unevaluatedProperties",
            "contentSchema",
        ),
        _ONE,
    ),
}
_TABLE: dict[str, dict[str, _Rule]] = {
    "root": {
        "paths": ("path item", _MAP),
        "webhooks": ("path item", _MAP),
        "components": ("components", _ONE),
    },
    "components": {
        "schemas": ("schema", _MAP),
        "responses": ("response", _MAP),
        "parameters": ("parameter", _MAP),
        "examples": ("example", _MAP),
        "requestBodies": ("body", _MAP),
        "headers": ("header", _MAP),
        "securitySchemes": ("security scheme", _MAP),
        "links": ("link", _MAP),
        "callbacks": ("callback", _MAP),
        "pathItems": ("path item", _MAP),
    },
    "path item": {
        "parameters": ("parameter", _LIST),
        **dict.fromkeys(METHODS, ("operation", _ONE)),
    },
    "operation": {
        "parameters": ("parameter", _LIST),
        "requestBody": ("body", _ONE),
        "responses": ("response", _MAP),
        "callbacks": ("callback", _MAP),
    },
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "body": {"content": ("media", _MAP)},
    "response": {
        "headers": ("header", _MAP),
        "content": ("media", _MAP),
        "links": ("link", _MAP),
    },
    "media": _MEDIA,
    "encoding": {"headers": ("header", _MAP)},
    "schema": {keyword: ("schema", shape) for keyword, shape in SUBSCHEMAS.items()},
    "example": {},
    "link": {},
    "security scheme": {},
}


@dataclass(frozen=True, slots=True)
class Place:
    """One object of a document: what kind it is, where it stands, and its members."""

    kind: str
    pointer: str
    node: Mapping[str, Json]


def places(root: Mapping[str, Json]) -> Iterator[Place]:
    """Every object of a document, in its order, parents first.

    Extensions, examples and defaults are data, not objects, and are not entered; neither are
    references.
    """
    stack = [Place("root", "", root)]
    while stack:
        place = stack.pop()
        yield place
        node = place.node
        if isinstance(node.get("$ref"), str) and place.kind not in ("schema", "path item"):
            continue
        stack.extend(reversed(list(_children(place))))


def _children(place: Place) -> Iterator[Place]:
    if place.kind == "callback":
        for key, value in place.node.items():
            if not key.startswith("x-") and isinstance(value, dict):
                yield Place("path item", f"{place.pointer}/{escape(key)}", value)
        return
    rules = _TABLE[place.kind]
    for key, value in place.node.items():
        rule = rules.get(key)
        if rule is None:
            continue
        kind, shape = rule
        pointer = f"{place.pointer}/{key}"
        if shape == _ONE:
            if isinstance(value, dict):
                yield Place(kind, pointer, value)
        elif shape == _MAP:
            if isinstance(value, dict):
                for name, member in value.items():
                    if isinstance(member, dict):
                        yield Place(kind, f"{pointer}/{escape(name)}", member)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    yield Place(kind, f"{pointer}/{index}", item)
