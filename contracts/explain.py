"""Turns what a validator found into faults that a person can act on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import ValidationErrorKind

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.phrase import joined, one_of, phrase
from understudy.contracts.pointer import child, join
from understudy.contracts.prune import Bundle

_GAVE_UP = (ValidationErrorKind.BacktrackLimitExceeded, ValidationErrorKind.RegexEngineFailure)
_ALTERNATIVES = ("oneOf", "anyOf")
_TELLING = ("const", "enum")  # a branch that fails here was not meant


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which an instance breaks its schema.

    `pointer` is the JSON pointer of `value` in the instance ("" is the whole); `expected`
    completes "expected ..."; `rule` is the JSON pointer, in the document, of the keyword.
    """

    pointer: str
    value: Json
    expected: str
    rule: str


def explain(
    document: Document, bundle: Bundle, errors: Iterable[Any], instance: Json
) -> list[Fault]:
    """The faults behind a validator's errors, each once, in the order they were found."""
    explanation = _Explanation(document, bundle, instance)
    return _unique(explanation.of(errors))


def is_unchecked(error: Any) -> bool:
    """Whether an error only says that a pattern gave up, itself or in a branch."""
    if isinstance(error.kind, _GAVE_UP):
        return True
    context = getattr(error.kind, "context", None)
    if not context or error.kind.name not in _ALTERNATIVES:
        return False
    return any(branch and all(map(is_unchecked, branch)) for branch in context)


def _unique(faults: Iterable[Fault]) -> list[Fault]:
    seen: dict[tuple[str, str, str], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.pointer, fault.expected, fault.rule), fault)
    return list(seen.values())


class _Explanation:
    def __init__(self, document: Document, bundle: Bundle, instance: Json) -> None:
        self._document = document
        self._bundle = bundle
        self._instance = instance

    def of(self, errors: Iterable[Any]) -> Iterator[Fault]:
        for error in errors:
            if not is_unchecked(error):
                yield from self._fault(error)

    def _fault(self, error: Any) -> Iterator[Fault]:
        kind = error.kind.name
        path = error.instance_path
        pointer = join("", *path)
        rule = self._bundle.rule(error.schema_path)
        if kind in ("additionalProperties", "unevaluatedProperties"):
            yield from self._extra(error.kind.unexpected, path, rule)
        elif kind in _ALTERNATIVES and getattr(error.kind, "context", None) is not None:
            yield from self._branches(error, pointer, rule)
        else:
            yield Fault(pointer, self._value(path), self._expected(error, rule), rule)

    def _value(self, path: Sequence[str | int]) -> Json:
        node = self._instance
        for token in path:
            try:
                node = child(node, str(token))
            except KeyError:
                return None
        return node

    def _extra(self, names: Sequence[Any], path: Sequence[str | int], rule: str) -> Iterator[Fault]:
        known = self._known(rule)
        for name in names:
            place = [*path, name]
            yield Fault(join("", *place), self._value(place), f"no property {name!r}{known}", rule)

    def _known(self, rule: str) -> str:
        schema = self._schema(rule)
        properties = schema.get("properties") if isinstance(schema, Mapping) else None
        if not isinstance(properties, Mapping) or not properties:
            return ""
        return f" (known: {', '.join(map(repr, list(properties)[:20]))})"

    def _schema(self, rule: str) -> Json:
        """The schema that holds a keyword."""
        try:
            return self._document.at(rule.rpartition("/")[0])
        except KeyError:
            return None

    # alternatives -------------------------------------------------------------------------

    def _branches(self, error: Any, pointer: str, rule: str) -> Iterator[Fault]:
        branches = [branch for branch in error.kind.context if branch]
        path = error.instance_path
        names = _alternative_names(self._at(rule))
        if len(branches) < len(error.kind.context):  # some branch fits, and another one too
            yield Fault(pointer, self._value(path), _only_one(names), rule)
            return
        if names and isinstance(self._value(path), Mapping):
            yield Fault(pointer, self._value(path), f"property {joined(names)}", rule)
            return
        meant = [branch for branch in branches if not _is_other_kind(branch, len(path))]
        if not meant:
            faults = [fault for branch in branches for fault in self.of(branch)]
            expected = joined([fault.expected for fault in faults])
            yield Fault(pointer, self._value(path), expected or "a valid value", rule)
            return
        told = set.intersection(*map(_told, meant))
        if len(meant) > 1 and told:  # what tells them apart fits none of them
            yield from self._telling(meant, min(told), rule)
            return
        closest = min(meant, key=_distance)
        yield from self.of(closest)

    def _telling(
        self, branches: Sequence[Sequence[Any]], pointer: str, rule: str
    ) -> Iterator[Fault]:
        """That a value is none of those by which alternatives are told apart."""
        faults = [fault for branch in branches for fault in self.of(branch)]
        choices = [fault.expected for fault in faults if fault.pointer == pointer]
        value = next(fault.value for fault in faults if fault.pointer == pointer)
        yield Fault(pointer, value, joined(choices), rule)

    # one keyword --------------------------------------------------------------------------

    def _expected(self, error: Any, rule: str) -> str:
        kind = error.kind.name
        if kind == "required":
            return f"property {error.kind.property!r}"
        if rule.endswith(("/readOnly", "/writeOnly")):
            return _withheld(rule, error.instance_path)
        if rule.endswith("/discriminator/propertyName") and kind == "enum":
            return one_of(error.kind.options)
        if kind == "falseSchema":
            return "no value here"
        if kind == "not":
            return f"a value that is not {phrase(self._at(rule))}"
        if kind == "propertyNames":
            wrong = repr(error.kind.error.instance)[:80]
            return f"property names that are {phrase(self._schema(rule))}, which {wrong} is not"
        if kind == "contains":
            return f"an array with an item that is {phrase(self._at(rule))}"
        if kind == "unevaluatedItems":
            return "no further items"
        if kind in ("oneOfMultipleValid", "oneOf"):
            return _only_one(_alternative_names(self._at(rule)))
        schema = self._schema(rule)
        if rule.endswith("/format") and isinstance(schema, Mapping):
            return phrase({key: schema[key] for key in ("type", "format") if key in schema})
        return phrase(schema)

    def _at(self, rule: str) -> Json:
        try:
            return self._document.at(rule)
        except KeyError:
            return None


def _alternative_names(branches: Json) -> list[str]:
    """The names, quoted, where each alternative only asks for one property; else none."""
    names: list[str] = []
    for branch in branches if isinstance(branches, Sequence) else ():
        asked = branch if isinstance(branch, Mapping) else {}
        required = asked.get("required")
        if [*asked] != ["required"] or not isinstance(required, Sequence) or len(required) != 1:
            return []
        names.append(repr(required[0]))
    return names


def _only_one(names: Sequence[str]) -> str:
    if names:
        return f"only one of the properties {', '.join(names)}"
    return "a value that fits exactly one alternative"


def _withheld(rule: str, path: Sequence[str | int]) -> str:
    name = str(path[-1]) if path else ""
    if rule.endswith("/readOnly"):
        return f"no property {name!r} in a request (it is read-only)"
    return f"no property {name!r} in a response (it is write-only)"


def _is_other_kind(branch: Sequence[Any], depth: int) -> bool:
    """Whether a branch speaks of another type of value altogether."""
    return any(
        error.kind.name in ("type", "falseSchema") and len(error.instance_path) == depth
        for error in branch
    )


def _told(branch: Sequence[Any]) -> set[str]:
    """Where in the instance a branch says that it was not meant."""
    return {join("", *each.instance_path) for each in branch if each.kind.name in _TELLING}


def _distance(branch: Sequence[Any]) -> tuple[int, int, int]:
    telling = sum(error.kind.name in _TELLING for error in branch)
    depth = max(len(error.instance_path) for error in branch)
    return telling, len(branch), -depth
