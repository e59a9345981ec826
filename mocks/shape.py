"""Cuts stored fields to the schema of a reply, and fills what the schema requires."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.mocks.inference import escaped
from understudy.mocks.kind import elements, mapping, texts

Sampler = Callable[[str, str], Json]
"""A seeded value for the schema at a pointer: `(pointer, seed) -> value`."""

DEEP = 12  # references in a document may form a circle


@dataclass(frozen=True, slots=True)
class _Property:
    """One property of an object schema: where its schema stands, and what a value must be."""

    pointer: str
    types: tuple[str, ...]
    required: bool
    write_only: bool

    def admits(self, value: Json) -> bool:
        """Whether the schema's `type` lets `value` stand; deeper rules are the checker's."""
        if not self.types:
            return True
        if value is None:
            return "null" in self.types
        return any(_is(value, name) for name in self.types if name != "null")


class Shape:
    """The object schema at a pointer, flattened over `allOf` and the first of `oneOf`."""

    __slots__ = ("_open", "_properties", "_sampler", "pointer")

    def __init__(self, document: Document, pointer: str, sampler: Sampler) -> None:
        self.pointer = pointer
        self._sampler = sampler
        properties: dict[str, tuple[str, Mapping[str, Json]]] = {}
        required: set[str] = set()
        _flatten(document, pointer, properties, required, 0)
        self._properties = {
            name: _Property(
                place,
                _types(schema),
                name in required,
                schema.get("writeOnly") is True,
            )
            for name, (place, schema) in properties.items()
        }
        self._open = not properties

    def __contains__(self, name: str) -> bool:
        return name in self._properties

    def pointer_of(self, name: str) -> str:
        """Where the schema of a property stands; empty when there is no such property."""
        known = self._properties.get(name)
        return known.pointer if known else ""

    def of(self, fields: Mapping[str, Json], seed: str) -> dict[str, Json]:
        """What `fields` has of the schema's properties, with seeded samples where required."""
        if self._open:
            return dict(fields)
        shaped: dict[str, Json] = {}
        for name, known in self._properties.items():
            if known.write_only:
                continue
            if name in fields and known.admits(fields[name]):
                shaped[name] = fields[name]
            elif known.required:
                shaped[name] = self._sampler(known.pointer, f"{seed}/{name}")
        return shaped


def _flatten(
    document: Document,
    pointer: str,
    properties: dict[str, tuple[str, Mapping[str, Json]]],
    required: set[str],
    depth: int,
) -> None:
    if not pointer or depth > DEEP:
        return
    node, place = document.resolve(document.at(pointer), pointer)
    schema = mapping(node)
    for name, inner in mapping(schema.get("properties")).items():
        resolved, at = document.resolve(inner, f"{place}/properties/{escaped(name)}")
        properties[name] = (at, mapping(resolved))
    required.update(texts(schema.get("required")))
    for number in range(len(elements(schema.get("allOf")))):
        _flatten(document, f"{place}/allOf/{number}", properties, required, depth + 1)
    for choice in ("oneOf", "anyOf"):
        if not properties and elements(schema.get(choice)):
            _flatten(document, f"{place}/{choice}/0", properties, required, depth + 1)


def _types(schema: Mapping[str, Json]) -> tuple[str, ...]:
    kind = schema.get("type")
    return (kind,) if isinstance(kind, str) else texts(kind)


def _is(value: Json, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if isinstance(value, int):
        return name in ("integer", "number")
    if isinstance(value, float):
        return name == "number" or (name == "integer" and value.is_integer())
    if isinstance(value, str):
        return name == "string"
    return name == ("object" if isinstance(value, Mapping) else "array")
