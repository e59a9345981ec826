"""Cuts stored fields to the schema of a reply, and fills what the schema requires."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.mocks.inference import escaped
from understudy.mocks.kind import elements, mapping, texts

Sampler = Callable[[str, str], Json]
"""A seeded value for the schema at a pointer: `(pointer, seed) -> value`."""

ABSENT = object()
DEEP = 12  # references in a document may form a circle


PYTHON: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "array": (list, tuple),
    "object": (dict,),
}
"""What the store holds for each type of JSON Schema; by exact class, since True is an int."""


@dataclass(frozen=True, slots=True)
class _Property:
    """One property of an object schema: where its schema stands, and what a value must be.

    `admitted` are the classes that the schema's `type` lets stand, None where it lets all;
    deeper rules are the checker's.
    """

    name: str
    pointer: str
    admitted: frozenset[type] | None
    required: bool


class Shape:
    """The object schema at a pointer, flattened over `allOf` and the first of `oneOf`."""

    __slots__ = ("_open", "_properties", "_rows", "_sampler", "pointer")

    def __init__(self, document: Document, pointer: str, sampler: Sampler) -> None:
        self.pointer = pointer
        self._sampler = sampler
        properties: dict[str, tuple[str, Mapping[str, Json]]] = {}
        required: set[str] = set()
        _flatten(document, pointer, properties, required, 0)
        self._properties = {
            name: _Property(name, place, _admitted(schema), name in required)
            for name, (place, schema) in properties.items()
            if schema.get("writeOnly") is not True
        }
        self._open = not properties
        # As tuples: every reply goes through them.
        known = self._properties.values()
        self._rows = tuple((one.name, one.admitted, one) for one in known)

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
        for name, admitted, known in self._rows:
            value = fields.get(name, ABSENT)
            if value is not ABSENT and (admitted is None or type(value) in admitted):
                shaped[name] = value  # type: ignore[assignment]  # ABSENT has gone
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


def _admitted(schema: Mapping[str, Json]) -> frozenset[type] | None:
    kind = schema.get("type")
    names = (kind,) if isinstance(kind, str) else texts(kind)
    return frozenset(each for name in names for each in PYTHON.get(name, ())) if names else None
