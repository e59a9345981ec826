"""Whether a drawn value fits its schema, compiled over only what the schema refers to."""

import json
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import jsonschema_rs

from understudy.contracts.json import Json

Direction = Literal["request", "response"]

_VALUES = ("const", "enum", "default", "example", "examples")
_DROPPED = ("$id", "$schema", "$anchor", "$defs", "definitions", "discriminator", "xml")
_MOST = 500  # compiled schemas kept
_DEEPEST = 200


class Resolver(Protocol):
    """Follows local references; a `Document` is one."""

    def resolve(self, node: Json, pointer: str = "") -> tuple[Json, str]:
        """The first value on a chain of `$ref` that is no reference, and its pointer."""
        ...


class Conformance:
    """Checks values against schemas of one document, in one direction.

    In a response, `writeOnly` properties are not required; in a request, `readOnly` ones are not.
    """

    __slots__ = ("_compiled", "_resolver", "hidden")

    def __init__(self, resolver: Resolver, direction: Direction) -> None:
        self._resolver = resolver
        self.hidden = "writeOnly" if direction == "response" else "readOnly"
        self._compiled: dict[str, jsonschema_rs.Validator | None] = {}

    def fits(self, schema: Json, value: Json) -> bool:
        """Whether `value` is valid; True for a schema that cannot be compiled."""
        if isinstance(schema, bool):
            return schema
        key = json.dumps(schema, sort_keys=True)
        if key not in self._compiled:
            if len(self._compiled) >= _MOST:
                self._compiled.clear()
            self._compiled[key] = self._compile(schema)
        validator = self._compiled[key]
        if validator is None:
            return True
        try:
            return validator.is_valid(value)
        except ValueError:  # such as a number beyond what the checker reads
            return False

    def is_hidden(self, schema: Json) -> bool:
        """Whether a property of this schema has no place in this direction."""
        for node in (schema, self._resolver.resolve(schema)[0]):
            if isinstance(node, Mapping) and node.get(self.hidden) is True:
                return True
        return False

    def _compile(self, schema: Json) -> jsonschema_rs.Validator | None:
        pruned = _Pruned(self._resolver, self)
        try:
            return jsonschema_rs.Draft202012Validator(
                pruned.whole(schema), validate_formats=True, ignore_unknown_formats=True
            )
        except (ValueError, jsonschema_rs.ReferencingError):
            return None


class _Pruned:
    """A copy of a schema that carries all it refers to in its own `$defs`."""

    __slots__ = ("_checks", "_names", "_parts", "_resolver")

    def __init__(self, resolver: Resolver, checks: Conformance) -> None:
        self._resolver = resolver
        self._checks = checks
        self._names: dict[str, str] = {}
        self._parts: dict[str, Json] = {}

    def whole(self, schema: Json) -> dict[str, Json]:
        """The copy, as a schema of its own."""
        copied = self._copied(schema, 0)
        return {"allOf": [copied], "$defs": self._parts}

    def _copied(self, node: Json, depth: int) -> Json:
        if depth > _DEEPEST:
            return True
        if isinstance(node, Mapping):
            return self._schema(node, depth)
        if isinstance(node, Sequence) and not isinstance(node, str):
            return [self._copied(item, depth + 1) for item in node]
        return node

    def _schema(self, node: Mapping[str, Json], depth: int) -> dict[str, Json]:
        copied: dict[str, Json] = {}
        for key, value in node.items():
            if key in _DROPPED or key.startswith("x-"):
                continue
            if key == "$ref" and isinstance(value, str):
                copied[key] = f"#/$defs/{self._part(value, depth)}"
            elif key in _VALUES:
                copied[key] = value
            elif key in ("properties", "patternProperties") and isinstance(value, Mapping):
                copied[key] = {name: self._copied(one, depth + 1) for name, one in value.items()}
            else:
                copied[key] = self._copied(value, depth + 1)
        required, properties = node.get("required"), node.get("properties")
        if isinstance(required, Sequence) and isinstance(properties, Mapping):
            copied["required"] = [
                name
                for name in required
                if not (isinstance(name, str) and self._checks.is_hidden(properties.get(name)))
            ]
        return copied

    def _part(self, reference: str, depth: int) -> str:
        if reference not in self._names:
            name = self._names[reference] = f"part{len(self._names)}"
            target, _ = self._resolver.resolve({"$ref": reference})
            self._parts[name] = self._copied(target, depth + 1)
        return self._names[reference]
