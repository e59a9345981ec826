"""A seeded value for any JSON Schema 2020-12 of a document, that the schema accepts.

Examples come first, then defaults, then values drawn keyword by keyword. What drawing cannot
foresee (`not`, an exact `oneOf`, a look-ahead in a pattern) is met by checking the whole and
drawing again, a bounded number of times.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from understudy.contracts.json import Json
from understudy.mocks.generate.conformance import Conformance, Direction, Resolver
from understudy.mocks.generate.expression import NotUnderstood, matching
from understudy.mocks.generate.merge import Schema, merged, schemas, types
from understudy.mocks.generate.numbers import NoNumber, number, whole
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.strings import text

_ATTEMPTS = 24
_SHALLOW = 3  # below that depth optional properties and further items are left out
_DEEPEST = 24
_STEPS = 4_000  # values drawn for one sample, all attempts together
_MOST_ITEMS = 1_000
_TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
_OPTIONAL = (0.8, 0.0, 1.0, 0.5)  # how likely an optional property is, by attempt


class Source(Resolver, Protocol):
    """Where schemas come from; a `Document` is one."""

    def at(self, pointer: str) -> Json:
        """The value at a JSON pointer."""
        ...


class _Impossible(Exception):
    """Nothing can be drawn for this schema."""


def sample(source: Source, pointer: str, seed: object) -> Json:
    """A value for the schema at `pointer` of a document; the same seed gives the same value.

    For many samples of one document keep a `Sampler`, which keeps what it compiled.
    """
    return Sampler(source)(pointer, seed)


class Sampler:
    """Draws values for the schemas of one document, as replies or as requests."""

    __slots__ = ("_checks", "_source")

    def __init__(self, source: Source, direction: Direction = "response") -> None:
        self._source = source
        self._checks = Conformance(source, direction)

    def __call__(self, pointer: str, seed: object) -> Json:
        """A value for the schema at `pointer`."""
        return self.value(self._source.at(pointer), Seeded("sample", pointer, seed))

    def value(self, schema: Json, draw: Seeded) -> Json:
        """A value for a schema node; the nearest one found when none was accepted.

        None for a schema that nothing can satisfy.
        """
        run = _Run(self._source, self._checks)
        nearest: Json = None
        for attempt in range(_ATTEMPTS):
            run.attempt = attempt
            try:
                drawn = run.value(schema, draw.child(attempt), "", 0)
            except (_Impossible, NoNumber):
                continue
            if self._checks.fits(schema, drawn):
                return drawn
            nearest = drawn
        return nearest


class _Run:
    """The draws for one sample."""

    __slots__ = ("_checks", "_resolver", "_steps", "attempt")

    def __init__(self, resolver: Resolver, checks: Conformance) -> None:
        self._resolver = resolver
        self._checks = checks
        self._steps = _STEPS
        self.attempt = 0

    def value(self, schema: Json, draw: Seeded, name: str, depth: int) -> Json:
        """A value for a schema; `name` is the property's, as a hint."""
        self._steps -= 1
        if depth > _DEEPEST or self._steps < 0 or schema is False:
            raise _Impossible
        if not isinstance(schema, Mapping):
            return text({}, draw, name)
        flat = self._flat(schema, 0)
        for known in self._known(flat, draw):
            if self._checks.fits(flat, known):
                return known
        if "const" in flat or "enum" in flat:
            raise _Impossible
        for key in ("oneOf", "anyOf"):
            if schemas(flat.get(key)):
                return self._branch(flat, key, draw, name, depth)
        if "if" in flat:
            return self._conditional(flat, draw, name, depth)
        return self._typed(flat, draw, name, depth)

    def _flat(self, schema: Schema, depth: int) -> Schema:
        """The schema with its reference followed and its `allOf` folded in."""
        if depth > _DEEPEST:
            raise _Impossible
        rest = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
        parts = schemas(schema.get("allOf"))
        if isinstance(schema.get("$ref"), str):
            parts.insert(0, self._resolver.resolve({"$ref": schema["$ref"]})[0])
        result: Schema = rest
        for part in parts:
            if part is False:
                raise _Impossible
            if isinstance(part, Mapping):
                result = merged(result, self._flat(part, depth + 1))
        return result

    def _known(self, schema: Schema, draw: Seeded) -> Iterator[Json]:
        """Values the schema itself names, the most telling first."""
        if "const" in schema:
            yield schema["const"]
            return
        examples = schemas(schema.get("examples"))
        if "example" in schema:
            examples.append(schema["example"])
        if self.attempt < 4:
            yield from draw.pick(examples, len(examples))
            if "default" in schema:
                yield schema["default"]
        choices = schemas(schema.get("enum"))
        yield from draw.pick(choices, len(choices))

    def _branch(self, schema: Schema, key: str, draw: Seeded, name: str, depth: int) -> Json:
        """The first branch that gives a value which the whole `oneOf` or `anyOf` accepts."""
        base: Schema = {own: held for own, held in schema.items() if own not in (key, "also")}
        for further in schemas(schema.get("also")):
            if isinstance(further, Mapping):
                base = merged(base, further)
        branches = schemas(schema[key])
        if depth > _SHALLOW:
            branches.sort(key=self._weight)
        turn = self.attempt % len(branches)
        found: list[Json] = []
        for branch in branches[turn:] + branches[:turn]:
            if not isinstance(branch, Mapping):
                branch = {"not": {}} if branch is False else {}
            try:
                both = merged(base, self._flat(branch, 0))
                drawn = self.value(both, draw.child(len(found)), name, depth + 1)
            except (_Impossible, NoNumber):
                continue
            if self._checks.fits({key: schema[key]}, drawn):
                return drawn
            found.append(drawn)
        if not found:
            raise _Impossible
        return found[0]

    def _weight(self, branch: Json) -> int:
        """How much a branch brings with it: simple values before structures, deep down."""
        resolved, _ = self._resolver.resolve(branch)
        if not isinstance(resolved, Mapping):
            return 1
        structured = {"properties", "items", "oneOf", "anyOf", "allOf", "required"} & set(resolved)
        return len(structured) + (branch is not resolved)

    def _conditional(self, schema: Schema, draw: Seeded, name: str, depth: int) -> Json:
        base = {key: held for key, held in schema.items() if key not in ("if", "then", "else")}
        keys = ("if", "then") if self.attempt % 2 == 0 else ("else",)
        parts = [schema[key] for key in keys if isinstance(schema.get(key), Mapping)]
        return self.value({**base, "allOf": parts}, draw, name, depth + 1)

    def _typed(self, schema: Schema, draw: Seeded, name: str, depth: int) -> Json:
        kind = self._type(schema, draw, depth)
        if kind == "object":
            return self._object(schema, draw, depth)
        if kind == "array":
            return self._array(schema, draw, name, depth)
        if kind == "integer":
            return whole(schema, draw)
        if kind == "number":
            return number(schema, draw)
        if kind == "boolean":
            return draw.chance(0.5)
        return None if kind == "null" else text(schema, draw, name)

    def _type(self, schema: Schema, draw: Seeded, depth: int) -> str:
        """The type to draw: null only where nothing else goes or it is too deep for more."""
        named = types(schema.get("type"))
        if not named:
            if "type" in schema:
                raise _Impossible  # types that exclude each other
            guessed = _inferred(schema)
            free = guessed == "string" and self.attempt >= 4  # a `not` may forbid texts
            return draw.choice(_TYPES) if free else guessed
        if "null" in named and depth > 2 * _SHALLOW:
            return "null"
        solid = [one for one in named if one != "null"] or named
        return solid[0] if self.attempt == 0 else draw.choice(solid)

    def _object(self, schema: Schema, draw: Seeded, depth: int) -> Json:
        properties = _mapping(schema.get("properties"))
        required = [one for one in schemas(schema.get("required")) if isinstance(one, str)]
        required = [one for one in required if not self._checks.is_hidden(properties.get(one))]
        least, most = _count(schema, "minProperties", 0), _count(schema, "maxProperties", 10**6)
        drawn: dict[str, Json] = {}
        for name in self._chosen(schema, properties, required, draw, depth):
            if name not in required and len(drawn) >= most:
                continue
            try:
                held = properties.get(name, self._beside(schema, name))
                drawn[name] = self.value(held, draw.child(name), name, depth + 1)
            except (_Impossible, NoNumber):
                if name in required:
                    raise
        open_ended = not properties and isinstance(schema.get("additionalProperties"), Mapping)
        wanted = max(least, 1 if open_ended and most and depth < _SHALLOW else 0)
        for number_ in range(4 * wanted):
            if len(drawn) >= min(wanted, _MOST_ITEMS):
                break
            name = self._name(schema, draw.child("name", number_), number_)
            held = properties.get(name, self._beside(schema, name))
            if name not in drawn and held is not False:
                drawn[name] = self.value(held, draw.child(name), name, depth + 1)
        # In the order of the schema, as a server would write it.
        order = [name for name in properties if name in drawn]
        return {name: drawn[name] for name in dict.fromkeys((*order, *drawn))}

    def _chosen(
        self, schema: Schema, properties: Schema, required: list[str], draw: Seeded, depth: int
    ) -> list[str]:
        """Required properties, then optional ones: fewer the deeper, none at the bottom."""
        least = _count(schema, "minProperties", 0)
        share = _OPTIONAL[self.attempt % 4] if depth < _SHALLOW else 0.0
        names = dict.fromkeys(required)
        optional = [
            name
            for name in properties
            if name not in names and not self._checks.is_hidden(properties[name])
        ]
        names.update(dict.fromkeys(name for name in optional if draw.chance(share)))
        names.update(dict.fromkeys(optional[: max(0, least - len(names))]))
        dependent = _mapping(schema.get("dependentRequired"))
        open_ends = list(names)
        while open_ends:
            further = schemas(dependent.get(open_ends.pop()))
            added = [one for one in further if isinstance(one, str) and one not in required]
            required += added
            open_ends += added
        return list(dict.fromkeys((*required, *names)))

    def _beside(self, schema: Schema, name: str) -> Json:
        """The schema of a property that `properties` does not list."""
        for pattern, held in _mapping(schema.get("patternProperties")).items():
            try:
                if re.search(pattern, name):
                    return held
            except re.error:
                continue
        return schema.get("additionalProperties", True)

    def _name(self, schema: Schema, draw: Seeded, place: int) -> str:
        """A new property's name: by `propertyNames`, else by `patternProperties`, else a word."""
        named = schema.get("propertyNames")
        if isinstance(named, Mapping):
            drawn = self.value({"type": "string", **named}, draw, "", _SHALLOW)
            return str(drawn)
        patterns = list(_mapping(schema.get("patternProperties")))
        if patterns and schema.get("additionalProperties") is False:
            try:
                pattern = draw.choice(patterns)
                tail = "" if pattern.endswith("$") else str(place + 1)
                return matching(pattern, draw) + tail
            except NotUnderstood:
                pass
        return f"key_{place + 1}"

    def _array(self, schema: Schema, draw: Seeded, name: str, depth: int) -> Json:
        least, most = _count(schema, "minItems", 0), _count(schema, "maxItems", _MOST_ITEMS)
        unique = schema.get("uniqueItems") is True
        wanted = max(least, min(most, draw.integer(1, 2) if depth <= _SHALLOW else 0))
        if self.attempt % 4 == 1:
            wanted = least
        drawn: list[Json] = []
        heads = schemas(schema.get("prefixItems"))
        if isinstance(schema.get("contains"), Mapping):
            needed = _count(schema, "minContains", 1)
            heads += [schema["contains"]] * (needed if not heads else 0)
            wanted = max(wanted, needed)
        rest = schema.get("items", True)
        single = name[:-1] if name.endswith("s") else name
        for place in range(min(wanted, _MOST_ITEMS) * (8 if unique else 1)):
            if len(drawn) >= wanted:
                break
            held = heads[len(drawn)] if len(drawn) < len(heads) else rest
            if held is not rest and isinstance(rest, Mapping) and "prefixItems" not in schema:
                held = {"allOf": [held, rest]}
            try:
                item = self.value(held, draw.child(place), single, depth + 1)
            except (_Impossible, NoNumber):
                if len(drawn) < least:
                    raise
                break
            if not unique or all(_differ(item, known) for known in drawn):
                drawn.append(item)
        return drawn


def _inferred(schema: Schema) -> str:
    """The type that the keywords of an untyped schema speak of."""
    if {"properties", "required", "additionalProperties", "minProperties"} & set(schema):
        return "object"
    if {"items", "prefixItems", "minItems", "contains", "uniqueItems"} & set(schema):
        return "array"
    if {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"} & set(schema):
        return "number"
    return "string"


def _differ(one: Json, other: Json) -> bool:
    """Whether JSON tells two values apart: 1 and 1.0 are equal, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is not other
    return one != other


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _count(schema: Schema, key: str, otherwise: int) -> int:
    value = schema.get(key)
    counted = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return int(value) if counted and isinstance(value, int | float) else otherwise
