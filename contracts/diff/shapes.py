"""Two schemas compared, with the direction in mind: what a client sends may be taken more
widely, what it reads may be narrower; the other way round it breaks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from understudy.contracts.diff.change import Change, Direction
from understudy.contracts.diff.limits import turns
from understudy.contracts.document import Document
from understudy.contracts.json import Json, mapping, sequence
from understudy.contracts.pointer import join

_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_CONDITIONS = ("not", "if", "then", "else", "contains", "propertyNames", "dependentSchemas",
               "dependentRequired", "patternProperties", "prefixItems", "unevaluatedProperties",
               "unevaluatedItems", "discriminator")  # fmt: skip
_NAMED = ("properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs")
_SAYING = frozenset({"title", "description", "example", "examples", "$comment", "deprecated",
                     "externalDocs", "xml", "default"})  # fmt: skip


@dataclass(slots=True)
class Shapes:
    """Compares schemas of two documents for one operation, each pair of places once."""

    old: Document
    new: Document
    subject: str
    direction: Direction
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def compare(self, before: str, after: str) -> Iterator[Change]:
        """The changes from the schema at pointer `before` to that at `after`."""
        beside, besides = _beside(self.old.at(before)), _beside(self.new.at(after))
        if beside != besides:
            yield self._change("condition changed", after, beside, besides)
        old, before = _unwrapped(self.old, before)
        new, after = _unwrapped(self.new, after)
        if (before, after) in self._seen:
            return
        self._seen.add((before, after))
        if isinstance(old, bool) or isinstance(new, bool):
            if old != new:
                yield self._change("condition changed", after, old, new)
            return
        one, other = mapping(old), mapping(new)
        if not _types(one) & _types(other):
            turn = "type narrowed" if self.direction == "request" else "type widened"
            yield self._change(turn, after, one.get("type"), other.get("type"))
            return
        yield from self._types(one, other, after)
        yield from self._values(one, other, after)
        yield from self._limits(one, other, after)
        yield from self._default(one, other, after)
        yield from self._properties(one, other, before, after)
        yield from self._rest(one, other, before, after)
        yield from self._items(one, other, before, after)
        for keyword in ("oneOf", "anyOf", "allOf"):
            yield from self._alternatives(keyword, one, other, before, after)
        yield from self._conditions(one, other, after)

    def _types(self, old: Mapping[str, Json], new: Mapping[str, Json], at: str) -> Iterator[Change]:
        before, after = _types(old), _types(new)
        if before == after:
            return
        if after - before:
            yield self._change("type widened", at, old.get("type"), new.get("type"))
        if before - after:
            yield self._change("type narrowed", at, old.get("type"), new.get("type"))

    def _values(
        self, old: Mapping[str, Json], new: Mapping[str, Json], at: str
    ) -> Iterator[Change]:
        before, after = old.get("enum"), new.get("enum")
        if before is None and after is None:
            return
        if before is None or after is None:
            turn = "limit tightened" if before is None else "limit loosened"
            yield self._change(turn, join(at, "enum") if before is None else at, before, after)
            return
        for value in sequence(before):
            if value not in sequence(after):
                yield self._change("value removed", join(at, "enum"), value, None)
        for value in sequence(after):
            if value not in sequence(before):
                yield self._change("value added", join(at, "enum"), None, value)

    def _limits(
        self, old: Mapping[str, Json], new: Mapping[str, Json], at: str
    ) -> Iterator[Change]:
        for name, turn, before, after in turns(old, new):
            place = at if after is None else join(at, name)
            yield self._change(f"limit {turn}", place, before, after)

    def _default(
        self, old: Mapping[str, Json], new: Mapping[str, Json], at: str
    ) -> Iterator[Change]:
        before, after = old.get("default"), new.get("default")
        if self.direction == "request" and before is not None and before != after:
            yield Change("default changed", self.subject, at, before, after, self.new.source(at))

    def _properties(
        self, old: Mapping[str, Json], new: Mapping[str, Json], before: str, after: str
    ) -> Iterator[Change]:
        one, other = self._known(self.old, old), self._known(self.new, new)
        needed, needs = sequence(old.get("required")), sequence(new.get("required"))
        for name in one:
            there = join(before, "properties", name)
            if name not in other:
                source = self.old.source(there)
                kind = f"{self.direction} property removed"
                yield Change(kind, self.subject, there, name, None, source)
            else:
                yield from self.compare(there, join(after, "properties", name))
        for name in other:
            if name not in one:
                here = join(after, "properties", name)
                required = self.direction == "request" and name in needs and name not in needed
                kind = "required request property added" if required else ""
                kind = kind or f"{self.direction} property added"
                yield Change(kind, self.subject, here, None, name, self.new.source(here))
        yield from self._required(one, other, needed, needs, after)

    def _known(self, document: Document, schema: Mapping[str, Json]) -> Mapping[str, Json]:
        """The properties that travel in this direction."""
        barred = "readOnly" if self.direction == "request" else "writeOnly"
        return {
            name: held
            for name, held in mapping(schema.get("properties")).items()
            if mapping(document.resolve(held)[0]).get(barred) is not True
        }

    def _required(
        self,
        one: Mapping[str, Json],
        other: Mapping[str, Json],
        needed: Sequence[Json],
        needs: Sequence[Json],
        at: str,
    ) -> Iterator[Change]:
        for name in needs:
            if name not in needed and (name in one or name not in other):
                yield self._change("property became required", at, None, name)
        for name in needed:
            if name not in needs and (name in other or name not in one):
                yield self._change("property became optional", at, name, None)

    def _rest(
        self, old: Mapping[str, Json], new: Mapping[str, Json], before: str, after: str
    ) -> Iterator[Change]:
        one, other = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from self.compare(
                join(before, "additionalProperties"), join(after, "additionalProperties")
            )
        elif one != other:
            closed = other is False or (one is True and isinstance(other, Mapping))
            turn = "closed to" if closed else "opened to"
            yield self._change(f"{turn} more properties", after, one, other)

    def _items(
        self, old: Mapping[str, Json], new: Mapping[str, Json], before: str, after: str
    ) -> Iterator[Change]:
        one, other = old.get("items"), new.get("items")
        if one is not None and other is not None:
            yield from self.compare(join(before, "items"), join(after, "items"))
        elif one is not None or other is not None:
            turn = "loosened" if other is None else "tightened"
            yield self._change(f"limit {turn}", after, one, other)

    def _alternatives(
        self,
        keyword: str,
        old: Mapping[str, Json],
        new: Mapping[str, Json],
        before: str,
        after: str,
    ) -> Iterator[Change]:
        """Branches are matched by reference or title, else by place, so that a new one in the
        middle is one change. All of `allOf` holds at once: there more branches are tighter."""
        one = self._branches(self.old, old.get(keyword), join(before, keyword))
        other = self._branches(self.new, new.get(keyword), join(after, keyword))
        both = keyword == "allOf"
        for name, place in one.items():
            if name in other:
                yield from self.compare(place, other[name])
            else:
                kind = "limit loosened" if both else "alternative removed"
                yield self._change(kind, after, self.old.at(place), None)
        for name, place in other.items():
            if name not in one:
                kind = "limit tightened" if both else "alternative added"
                if both or one:
                    yield self._change(kind, place, None, self.new.at(place))
                else:
                    yield self._change("condition changed", place, None, self.new.at(place))

    def _branches(self, document: Document, held: Json, at: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for index, branch in enumerate(sequence(held)):
            said = mapping(branch)
            name = (
                said.get("$ref")
                or said.get("title")
                or mapping(document.resolve(branch)[0]).get("type")
            )
            key = str(name or index)
            found[key if key not in found else f"{key} {index}"] = join(at, index)
        return found

    def _conditions(
        self, old: Mapping[str, Json], new: Mapping[str, Json], at: str
    ) -> Iterator[Change]:
        for name in _CONDITIONS:
            named = name in _NAMED
            before, after = (silent(each.get(name), names=named) for each in (old, new))
            if before != after:
                yield self._change("condition changed", at, old.get(name), new.get(name))

    def _change(self, kind: str, at: str, before: Json, after: Json) -> Change:
        source = self.new.source(at)
        return Change(f"{self.direction} {kind}", self.subject, at, before, after, source)


def silent(schema: Json, *, names: bool = False) -> Json:
    """A schema without what it only says to people; with `names` the keys are no keywords."""
    if isinstance(schema, Mapping):
        return {
            name: silent(held, names=not names and name in _NAMED)
            for name, held in schema.items()
            if names or (name not in _SAYING and not name.startswith("x-"))
        }
    if isinstance(schema, Sequence) and not isinstance(schema, str):
        return [silent(each) for each in schema]
    return schema


def _unwrapped(document: Document, pointer: str) -> tuple[Json, str]:
    """A schema after its references, and out of an `allOf` of one that says nothing else."""
    node, pointer = document.resolve(document.at(pointer), pointer)
    said = silent(node) if isinstance(node, Mapping) and "allOf" in node else None
    if isinstance(said, Mapping) and len(said) == 1 and len(sequence(said["allOf"])) == 1:
        return _unwrapped(document, join(pointer, "allOf", 0))
    return node, pointer


def _beside(schema: Json) -> Json:
    """What stands beside a reference and says something."""
    said = mapping(schema)
    return silent({k: v for k, v in said.items() if k != "$ref"}) if "$ref" in said else {}


def _types(schema: Mapping[str, Json]) -> frozenset[str]:
    """The types a schema takes; an integer is a number as well."""
    said = schema.get("type")
    names = _TYPES if said is None else (said,) if isinstance(said, str) else sequence(said)
    found = {str(name) for name in names}
    return frozenset(found | {"integer"} if "number" in found else found)
