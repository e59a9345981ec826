"""Schemas of a document, compiled once per place and direction."""

from collections.abc import Callable
from typing import Any, Protocol, cast

import jsonschema_rs

from understudy.contracts.coercion import Coercion
from understudy.contracts.document import Document
from understudy.contracts.errors import DocumentError
from understudy.contracts.explain import Fault, explain, is_unchecked
from understudy.contracts.formats import checks
from understudy.contracts.json import Json
from understudy.contracts.patterns import bounded
from understudy.contracts.prune import Bundle, Direction, Pruning, is_directed

__all__ = ["Direction", "Fault", "Schemas", "Validator"]


class Validator(Protocol):
    """A compiled schema. Instances are JSON values: mappings are dicts, sequences lists."""

    def valid(self, instance: Json, /) -> bool:
        """Whether the instance conforms; the hot path."""
        ...

    def faults(self, instance: Json, /) -> list[Fault]:
        """Every fault, [] when valid; oneOf and anyOf are explained by the closest branch."""
        ...


class Schemas:
    """The compiled schemas of one document; equal pointer and direction share a validator."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._validators: dict[tuple[str, str], Validator] = {}
        self._coercions: dict[str, Coercion] = {}
        self._directed = is_directed(document)
        self._prunings: dict[Direction, Pruning] = {}

    def validator(self, pointer: str, direction: Direction) -> Validator:
        """The validator of the schema at a pointer ("/components/schemas/Index").

        Raises DocumentError when the schema cannot be compiled, KeyError when there is none.
        """
        found = self._validators.get((pointer, direction))
        if found is None and not self._directed:
            direction = "response"  # both directions are the same
            found = self._validators.get((pointer, direction))
        if found is None:
            found = self._compiled(pointer, direction)
            self._validators[(pointer, direction)] = found
        return found

    def _compiled(self, pointer: str, direction: Direction) -> Validator:
        node = self.document.at(pointer)
        if isinstance(node, dict) and len(node) == 1 and "$ref" in node:
            _, target = self.document.resolve(node, pointer)
            return self.validator(target, direction)
        return _compile(self.document, pointer, self._pruning(direction).bundle(pointer))

    def _pruning(self, direction: Direction) -> Pruning:
        found = self._prunings.get(direction)
        if found is None:
            found = self._prunings[direction] = Pruning(self.document, direction)
        return found

    def coercion(self, pointer: str) -> Coercion:
        """How text becomes a typed value under the schema at a pointer."""
        found = self._coercions.get(pointer)
        if found is None:
            found = self._coercions[pointer] = Coercion(self.document, (pointer,))
        return found


class _Compiled:
    """A schema whose patterns, if any, run in linear time."""

    __slots__ = ("_bundle", "_document", "_rules", "valid")

    def __init__(self, document: Document, made: Bundle, rules: Any) -> None:
        self._document = document
        self._bundle = made
        self._rules = rules
        self.valid: Callable[[Json], bool] = (
            rules.is_valid
        )  # no Python frame of ours on the hot path

    def faults(self, instance: Json, /) -> list[Fault]:
        """Every fault, [] when valid."""
        return explain(self._document, self._bundle, self._rules.iter_errors(instance), instance)


class _Bounded:
    """A schema with patterns that may give up; what they could not decide counts as valid."""

    __slots__ = ("_bundle", "_document", "_rules")

    def __init__(self, document: Document, made: Bundle, rules: Any) -> None:
        self._document = document
        self._bundle = made
        self._rules = rules

    def valid(self, instance: Json, /) -> bool:
        """Whether nothing was found wrong."""
        if self._rules.is_valid(instance):
            return True
        return all(is_unchecked(error) for error in self._rules.iter_errors(instance))

    def faults(self, instance: Json, /) -> list[Fault]:
        """Every fault, [] when valid."""
        return explain(self._document, self._bundle, self._rules.iter_errors(instance), instance)


def _compile(document: Document, pointer: str, made: Bundle) -> Validator:
    options: dict[str, Any] = {}
    if made.patterned:
        options["pattern_options"] = jsonschema_rs.RegexOptions() if made.linear else bounded()
    try:
        rules = jsonschema_rs.Draft202012Validator(
            made.schema, validate_formats=True, formats=checks(), offline=True, **options
        )
    except jsonschema_rs.ValidationError as error:
        place = made.rule(error.instance_path) if error.instance_path else pointer
        raise DocumentError(
            f"the schema cannot be used: {error.message}", place=place, line=document.source(place)
        ) from error
    if made.linear:
        # an attribute stands for a method here, which pyright does not follow
        return cast(Validator, _Compiled(document, made, rules))
    return _Bounded(document, made, rules)
