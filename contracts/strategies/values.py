"""Values of a schema: valid by construction as far as that goes, and checked in the end."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.pointer import escape
from understudy.contracts.schema import Direction, Schemas, Validator
from understudy.contracts.strategies.folding import NEVER, Node, fold, listed, mapped
from understudy.contracts.strategies.scalars import integers, numbers, texts

Draw = Any
DEEPEST = 5
"""Levels below which only what is required is drawn."""

_KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")
_FREE = ("string", "integer", "boolean", "null")
_ENDLESS = 1_000
_ASKS = {
    "object": ("properties", "required", "additionalProperties", "patternProperties",
               "minProperties", "maxProperties", "propertyNames", "dependentRequired"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "string": ("x-patterns", "minLength", "maxLength", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}  # fmt: skip


def values(
    document: Document, schema: Json, *, direction: Direction = "request"
) -> st.SearchStrategy[Json]:
    """Values that a schema of a document admits in one direction.

    `schema` is a schema (its references lead into the document) or the JSON pointer of one.
    Every value has passed the compiled validator; few are drawn in vain.
    """
    place = schema if isinstance(schema, str) else ""
    held = document.at(place) if place else schema
    if not place:
        document, place = beside(document, held)
    return drawn(document, held, direction).filter(_validator(document, place, direction).valid)


def beside(document: Document, schema: Json) -> tuple[Document, str]:
    """The document with one more schema, and where it stands."""
    return replace(document, root={**document.root, "x-drawn": {"schema": schema}}), _DRAWN


_DRAWN = f"/{escape('x-drawn')}/schema"


def _validator(document: Document, place: str, direction: Direction) -> Validator:
    return Schemas(document).validator(place, direction)


def drawn(
    document: Document,
    schema: Json,
    direction: Direction = "request",
    *,
    wire: bool = False,
    depth: int = DEEPEST,
) -> st.SearchStrategy[Json]:
    """Values meant to be valid, unchecked; with `wire` such as parameters and forms can carry:
    no empty texts and lists."""
    return _Drawing(document, direction, wire).any(schema, depth)


class _Drawing:
    """Draws from the schemas of one document, for one direction."""

    def __init__(self, document: Document, direction: Direction, wire: bool) -> None:
        self._document = document
        self._hidden = "readOnly" if direction == "request" else "writeOnly"
        self._wire = wire

    def any(self, schema: Json, depth: int) -> st.SearchStrategy[Json]:
        """Values of any schema."""
        return _whole(self, schema, depth)

    def folded(self, schema: Json) -> Node:
        return fold(self._document, schema)

    def chosen(self, draw: Draw, node: Node, depth: int) -> Node:
        """A node without choices: one branch of each has been folded in."""
        for _ in range(24):
            choices = listed(node.get("x-choices"))
            if not choices:
                break
            first, *rest = choices
            node = {key: value for key, value in node.items() if key != "x-choices"}
            branches = [branch for branch in listed(first) if self._admits(branch, node)]
            if depth <= 0 and branches:
                least = min(self.height(branch, ()) for branch in branches)
                branches = [b for b in branches if self.height(b, ()) == least]
            if not branches:
                return NEVER
            branch = draw(st.sampled_from(branches))
            own: Node = {key: value for key, value in node.items() if key != "x-patterns"}
            whole = self.folded({"allOf": [own, branch]})
            patterns = [*listed(node.get("x-patterns")), *listed(whole.get("x-patterns"))]
            if patterns and whole is not NEVER:
                whole = {**whole, "x-patterns": patterns}
            if rest and whole is not NEVER:
                whole = {**whole, "x-choices": [*rest, *listed(whole.get("x-choices"))]}
            node = whole
        return node

    def _admits(self, branch: Json, node: Node) -> bool:
        """Whether a branch can be met beside what else is asked, by its types."""
        both = self.folded({"allOf": [{"type": node["type"]} if "type" in node else {}, branch]})
        return both is not NEVER and both.get("type") != [] and both.get("enum") != []

    def height(self, schema: Json, above: tuple[str, ...]) -> int:
        """How deep the smallest value is; very deep where a schema needs itself."""
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        if isinstance(reference, str):
            if reference in above:
                return _ENDLESS
            above = (*above, reference)
        if len(above) > 12:
            return _ENDLESS
        node = self.folded(schema)
        if node is NEVER:
            return _ENDLESS
        deep = max(
            (
                min((self.height(b, above) for b in listed(choice)), default=0)
                for choice in listed(node.get("x-choices"))
            ),
            default=0,
        )
        known = mapped(node.get("properties"))
        for name in listed(node.get("required")):
            if str(name) in known and not self.withheld(known[str(name)]):
                deep = max(deep, 1 + self.height(known[str(name)], above))
        if node.get("minItems") and "items" in node:
            deep = max(deep, 1 + self.height(node["items"], above))
        return deep

    def withheld(self, schema: Json) -> bool:
        """Whether a property belongs to the other direction."""
        for _ in range(8):
            if not isinstance(schema, Mapping) or schema.get(self._hidden) is True:
                return isinstance(schema, Mapping)
            if "$ref" not in schema:
                return False
            schema = self._document.at(self._document.resolve({"$ref": schema["$ref"]})[1])
        return False

    def of_kind(self, draw: Draw, kind: str, node: Node, depth: int) -> Json:
        """A value of one JSON type."""
        match kind:
            case "null":
                return None
            case "boolean":
                return bool(draw(st.booleans()))
            case "integer":
                return _of(draw, integers(node))
            case "number":
                return _of(draw, numbers(node))
            case "array":
                return self._array(draw, node, depth)
            case "object":
                return self._object(draw, node, depth)
            case _:
                return _of(draw, texts(node, wire=self._wire))

    def _array(self, draw: Draw, node: Node, depth: int) -> Json:
        prefix = listed(node.get("prefixItems"))
        low = _count(node.get("minItems"), 0)
        if "contains" in node:
            low = max(low, _count(node.get("minContains"), 1))
        if self._wire:
            low = max(low, 1)
        high = max(low, _count(node.get("maxItems"), low + 3))
        rest = node.get("items", True)
        if rest is False:
            high = min(high, len(prefix))
        size = low if depth <= 0 else draw(st.integers(low, min(high, low + 3)))
        asked = node.get("contains")
        wanted = _count(node.get("minContains"), 1) if asked is not None else 0
        found: list[Json] = []
        seen: set[str] = set()
        for _ in range(size * 6):
            if len(found) >= size:
                break
            at = len(found)
            schema = prefix[at] if at < len(prefix) else rest
            if asked is not None and at >= len(prefix) and wanted > 0:
                schema, wanted = {"allOf": [schema, asked]}, wanted - 1
            value = draw(self.any(schema, depth - 1))
            if node.get("uniqueItems") is True:
                if _spelt(value) in seen:
                    continue
                seen.add(_spelt(value))
            found.append(value)
        return found

    def _object(self, draw: Draw, node: Node, depth: int) -> Json:
        known = mapped(node.get("properties"))
        required = [str(name) for name in listed(node.get("required"))]
        most = _count(node.get("maxProperties"), 60)
        found: dict[str, Json] = {}
        for name in dict.fromkeys([*required, *known]):
            schema = known.get(name, self._rest(node, name))
            if self.withheld(schema):
                continue
            if name not in required and (
                depth <= 0 or len(found) >= most or not draw(st.booleans())
            ):
                continue
            if schema is False or (name not in required and self._hopeless(schema, depth)):
                continue
            found[name] = draw(self.any(schema, depth - 1))
        self._depend(draw, node, found, depth)
        least = _count(node.get("minProperties"), 0)
        spare = [n for n in known if n not in found and not self.withheld(known[n])]
        while len(found) < least and spare:
            name = spare.pop(0)
            found[name] = draw(self.any(known[name], depth - 1))
        self._more(draw, node, found, least, depth)
        return found

    def _hopeless(self, schema: Json, depth: int) -> bool:
        return depth <= 1 and self.height(schema, ()) >= _ENDLESS

    def _depend(self, draw: Draw, node: Node, found: dict[str, Json], depth: int) -> None:
        """What must stand beside what stands there."""
        asks = mapped(node.get("dependentRequired"))
        waiting = list(found)
        while waiting:
            for name in map(str, listed(asks.get(waiting.pop()))):
                if name not in found:
                    schema = mapped(node.get("properties")).get(name, self._rest(node, name))
                    found[name] = draw(self.any(schema, depth - 1))
                    waiting.append(name)

    def _more(self, draw: Draw, node: Node, found: dict[str, Json], least: int, depth: int) -> None:
        """Names that are not declared, where a schema speaks of them or more are needed."""
        spoken = isinstance(node.get("additionalProperties"), Mapping)
        patterned = mapped(node.get("patternProperties"))
        free = spoken or bool(patterned) or ("properties" not in node and not found)
        extra = 0 if depth <= 0 or not free else draw(st.integers(0, 2))
        closed = node.get("additionalProperties") is False
        if (closed and not patterned) or node.get("unevaluatedProperties") is False:
            extra = 0 if len(found) >= least else least - len(found)
        most = min(_count(node.get("maxProperties"), 60), max(least, len(found) + extra))
        for _ in range((most - len(found)) * 6):
            if len(found) >= most:
                break
            name = draw(self._names(node, closed=closed))
            if name in found or name in mapped(node.get("properties")):
                continue
            found[name] = draw(self.any(self._rest(node, name), depth - 1))

    def _names(self, node: Node, *, closed: bool) -> st.SearchStrategy[Any]:
        patterns = list(mapped(node.get("patternProperties")))
        usual: st.SearchStrategy[Any] = st.text("abcxyz_", min_size=1, max_size=6)
        if "propertyNames" in node:
            usual = self.any({"allOf": [{"type": "string"}, node["propertyNames"]]}, 1)
        chosen = [texts({"x-patterns": [pattern]}) for pattern in patterns]
        return st.one_of(*chosen) if chosen and closed else st.one_of(usual, *chosen)

    def _rest(self, node: Node, name: str) -> Json:
        """The schema of a name that is not declared."""
        meant = [
            held
            for pattern, held in mapped(node.get("patternProperties")).items()
            if _found(pattern, name)
        ]
        if meant:
            return {"allOf": meant}
        rest = node.get("additionalProperties", node.get("unevaluatedProperties", True))
        return True if rest is True or rest is None else rest


@st.composite
def _whole(draw: Draw, drawing: _Drawing, schema: Json, depth: int) -> Json:
    node = drawing.chosen(draw, drawing.folded(schema), depth)
    if node is NEVER:
        return _of(draw, st.nothing())
    if "const" in node:
        return node["const"]
    if "enum" in node:
        fitting = [value for value in listed(node["enum"]) if _fits(value, node)]
        return _of(draw, st.sampled_from(fitting) if fitting else st.nothing())
    kinds = kinds_of(node)
    if depth <= 0 and "null" in kinds and len(kinds) > 1:
        kinds = ["null"]
    return drawing.of_kind(draw, draw(st.sampled_from(kinds)), node, depth)


def kinds_of(node: Node) -> list[str]:
    """The JSON types that a folded schema admits; a few plain ones where it says nothing."""
    said = node.get("type")
    if isinstance(said, str):
        return [said]
    if said is not None:
        return [str(kind) for kind in listed(said)] or ["null"]
    asked = [kind for kind, words in _ASKS.items() if any(word in node for word in words)]
    return asked or list(_FREE)


def _fits(value: Json, node: Node) -> bool:
    kinds = kinds_of({"type": node.get("type", list(_KINDS))})
    return any(_is(value, kind) for kind in kinds)


def _is(value: Json, kind: str) -> bool:
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            whole = isinstance(value, float) and value.is_integer()
            return whole or (isinstance(value, int) and not isinstance(value, bool))
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list | tuple)
        case _:
            return isinstance(value, Mapping)


def _of(draw: Draw, strategy: st.SearchStrategy[Json]) -> Json:
    value: Json = draw(strategy)
    return value


def _count(value: Json, other: int) -> int:
    return int(value) if isinstance(value, int | float) else other


def _spelt(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


@lru_cache(maxsize=512)
def _found(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name, re.ASCII) is not None
    except re.error:
        return False
