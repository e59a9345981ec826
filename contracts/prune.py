"""One schema with what it reaches, rewritten for the validator: small, and for one direction.

A *bundle* is `{"$ref": "#/$defs/0", "$defs": {"0": ..., ...}}`, where each definition is one
schema of the document under one set of circumstances. Where the rewriting puts something that the
document does not have, it leaves a mark: `FROM` says at which pointer the document goes on from
there, `RULE` which keyword of the document is meant by everything below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import orjson

from understudy.contracts.discriminator import Discriminator
from understudy.contracts.document import Document, target_of
from understudy.contracts.formats import bounds
from understudy.contracts.json import Json
from understudy.contracts.patterns import is_linear
from understudy.contracts.places import SUBSCHEMAS
from understudy.contracts.pointer import escape

Direction = Literal["request", "response"]
FROM = "x-from"
RULE = "x-rule"

_COPIED = frozenset(
    (
        "type",
        "enum",
        "const",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "dependentRequired",
    )
)
_IN_PLACE = frozenset(("allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas"))
_OF_TEXT = frozenset(("minLength", "maxLength", "pattern"))


class _Circumstance(NamedTuple):
    """How a schema is looked at; equal pointer and circumstance share a definition."""

    hidden: frozenset[str] = frozenset()
    """Properties that this direction does not have, told by a schema around this one."""
    negated: bool = False
    """Below `not` or `if`, where dropping a rule would turn the verdict round."""
    plain: frozenset[str] = frozenset()
    """Parents whose discriminator has already sent us here."""


_USUAL = _Circumstance()
_NEGATED = _Circumstance(negated=True)


@dataclass(slots=True)
class Bundle:
    """A schema ready to compile, and how to find the way back into the document."""

    schema: dict[str, Any]
    origins: dict[str, str]  # the pointer in the document, by definition
    patterned: bool = False  # has patterns
    linear: bool = True  # every pattern runs on the linear-time engine

    def rule(self, path: Sequence[str | int]) -> str:
        """The pointer, in the document, of a keyword that an error's schema path names."""
        node: Any = self.schema
        pointer = next(iter(self.origins.values()))
        tokens = list(path)
        if tokens[:1] == ["$defs"]:
            name = str(tokens[1])
            pointer, node = self.origins[name], node["$defs"][name]
            tokens = tokens[2:]
        elif tokens[:1] == ["$ref"]:
            return pointer
        for token in tokens:
            node = _step(node, token)
            pointer = f"{pointer}/{escape(str(token))}"
            if isinstance(node, dict):
                if RULE in node:
                    return str(node[RULE])
                pointer = node.get(FROM, pointer)
        return pointer


def _step(node: Any, token: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(str(token))
    if isinstance(node, list) and isinstance(token, int) and token < len(node):
        return node[token]
    return None


@dataclass(slots=True)
class _Definition:
    """One rewritten schema, and the definitions that it refers to."""

    origin: str
    schema: Any = None
    references: list[int] = field(default_factory=list)
    patterned: bool = False
    linear: bool = True


class Pruning:
    """Makes the bundles of one document for one direction; each schema is rewritten once.

    `directed` is whether the document has anything that belongs to one direction only.
    """

    def __init__(self, document: Document, direction: Direction) -> None:
        self._document = document
        self._keyword = "readOnly" if direction == "request" else "writeOnly"
        self._numbers: dict[tuple[str, _Circumstance], int] = {}
        self._definitions: list[_Definition] = []
        self._current = _Definition("")
        self._waiting: list[tuple[int, _Circumstance]] = []
        self.directed = is_directed(document)

    def bundle(self, pointer: str) -> Bundle:
        """The bundle of the schema at a pointer; raises KeyError when there is none."""
        self._document.at(pointer)  # a KeyError belongs to the caller
        first = self._number(pointer, _USUAL)
        self._settle()
        reached = {first: None}
        waiting = [first]
        while waiting:
            for number in self._definitions[waiting.pop()].references:
                if number not in reached:
                    reached[number] = None
                    waiting.append(number)
        parts = {str(number): self._definitions[number] for number in reached}
        return Bundle(
            {
                "$ref": f"#/$defs/{first}",
                "$defs": {name: part.schema for name, part in parts.items()},
            },
            {name: part.origin for name, part in parts.items()},
            any(part.patterned for part in parts.values()),
            all(part.linear for part in parts.values()),
        )

    def _number(self, pointer: str, circumstance: _Circumstance) -> int:
        """The number of a definition, which `_settle` writes if it is new."""
        key = (pointer, circumstance)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._definitions)
            self._definitions.append(_Definition(pointer))
            self._waiting.append((number, circumstance))
        return number

    def _settle(self) -> None:
        """Rewrite what was numbered; a queue, because chains of references can be long."""
        while self._waiting:
            number, circumstance = self._waiting.pop()
            self._current = self._definitions[number]
            origin = self._current.origin
            self._current.schema = self._rewrite(self._document.at(origin), origin, circumstance)

    def _reference(self, pointer: str, circumstance: _Circumstance) -> dict[str, Any]:
        number = self._number(pointer, circumstance)
        self._current.references.append(number)
        return {"$ref": f"#/$defs/{number}"}

    def _rewrite(self, node: Json, pointer: str, circumstance: _Circumstance) -> Any:
        if not isinstance(node, dict):
            return node
        if self.directed and not circumstance.negated:
            hidden = self._hidden(node)
            if hidden:
                circumstance = circumstance._replace(hidden=circumstance.hidden | hidden)
        inner = _NEGATED if circumstance.negated else _USUAL
        written: dict[str, Any] = {}
        extra: list[Any] = []  # appended to allOf at the end, so that its items keep their places
        binary = node.get("format") == "binary"
        for keyword, value in node.items():
            if binary and keyword in _OF_TEXT:
                continue  # lengths of files are not lengths of their names
            if keyword in _COPIED:
                written[keyword] = value
            elif keyword == "$ref":
                written.update(self._reference(str(target_of(str(value))), circumstance))
            elif keyword in SUBSCHEMAS:
                if keyword in ("contentSchema", "$defs"):
                    continue
                below = circumstance if keyword in _IN_PLACE else inner
                if keyword == "allOf":
                    below = self._of_child(node, below)
                if keyword in ("not", "if"):
                    below = circumstance._replace(negated=True, hidden=frozenset())
                written[keyword] = self._children(value, f"{pointer}/{keyword}", below, keyword)
            elif keyword == "required":
                self._required(value, circumstance, written)
            elif keyword == "pattern":
                self._pattern(str(value))
                written[keyword] = value
            elif keyword == "format":
                self._format(str(value), pointer, written, extra)
        if "discriminator" in node:
            self._discriminate(node, pointer, circumstance, written, extra)
        if extra:
            written["allOf"] = [*written.get("allOf", ()), *extra]
        return written

    def _children(self, value: Json, at: str, below: _Circumstance, keyword: str) -> Any:
        shape = SUBSCHEMAS[keyword]
        if shape == 1:
            return self._rewrite(value, at, below)
        if isinstance(value, dict):
            if keyword == "patternProperties":
                for pattern in value:
                    self._pattern(pattern)
            members = {}
            for name, member in value.items():
                place = f"{at}/{escape(name)}"
                flag = None
                if self.directed and keyword == "properties" and not below.negated:
                    flag = self._withheld(member, place)
                if flag:
                    members[name] = {"not": {}, RULE: flag}
                else:
                    members[name] = self._rewrite(member, place, below)
            return members
        if isinstance(value, list):
            return [self._rewrite(item, f"{at}/{index}", below) for index, item in enumerate(value)]
        return value

    # directions ---------------------------------------------------------------------------

    def _withheld(self, schema: Json, pointer: str) -> str | None:
        """The pointer of the readOnly or writeOnly that keeps a property out of this direction."""
        seen: set[str] = set()
        while isinstance(schema, dict):
            if schema.get(self._keyword) is True:
                return f"{pointer}/{self._keyword}"
            reference = schema.get("$ref")
            target = target_of(reference) if isinstance(reference, str) else None
            if target is None or target in seen:
                return None
            seen.add(target)
            schema, pointer = self._document.at(target), target
        return None

    def _hidden(self, node: Json, depth: int = 0) -> frozenset[str]:
        """Properties withheld here or in the schemas that this one adds up."""
        if not isinstance(node, dict) or depth > 20:
            return frozenset()
        names: set[str] = set()
        properties = node.get("properties")
        if isinstance(properties, dict):
            names.update(name for name, schema in properties.items() if self._withheld(schema, ""))
        parts = list(_list(node.get("allOf")))
        reference = node.get("$ref")
        if isinstance(reference, str):
            parts.append(self._document.at(str(target_of(reference))))
        for part in parts:
            names |= self._hidden(part, depth + 1)
        return frozenset(names)

    def _required(self, value: Json, circumstance: _Circumstance, written: dict[str, Any]) -> None:
        names = [name for name in _list(value) if name not in circumstance.hidden]
        if names or circumstance.negated:
            written["required"] = names

    def _of_child(self, node: Mapping[str, Json], circumstance: _Circumstance) -> _Circumstance:
        """Parents taken in through allOf do not choose again between their children; only a lone
        reference, which is how OpenAPI 3.0 puts words beside one, stands for the parent."""
        parts = _list(node.get("allOf"))
        if len(parts) < 2 and "properties" not in node:
            return circumstance
        parents = {target_of(str(part["$ref"])) for part in parts
                   if isinstance(part, Mapping) and "$ref" in part}  # fmt: skip
        chosen = {
            parent
            for parent in parents
            if parent is not None and _is_parent(self._document.at(parent))
        }
        return circumstance._replace(plain=circumstance.plain | chosen) if chosen else circumstance

    # details ------------------------------------------------------------------------------

    def _pattern(self, pattern: str) -> None:
        self._current.patterned = True
        self._current.linear = self._current.linear and is_linear(pattern)

    def _format(self, name: str, pointer: str, written: dict[str, Any], extra: list[Any]) -> None:
        limits = bounds(name)
        if limits is not None:
            low, high = limits
            extra.append({"minimum": low, "maximum": high, RULE: f"{pointer}/format"})
        elif name != "binary":
            written["format"] = name

    def _discriminate(
        self,
        node: Mapping[str, Json],
        pointer: str,
        circumstance: _Circumstance,
        written: dict[str, Any],
        extra: list[Any],
    ) -> None:
        if pointer in circumstance.plain:
            return
        found = Discriminator.of(self._document, node, pointer)
        if found is None:
            return
        kind = found.keyword
        below = circumstance
        if kind is None:
            below = circumstance._replace(plain=circumstance.plain | {pointer})
        targets = {value: self._reference(target, below) for value, target in found.targets.items()}
        branches = written.pop(kind) if kind else None
        rule = f"{pointer}/discriminator"
        extra.append(found.rewritten(targets, branches, FROM, RULE, pointer, rule))


def _list(value: Json) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def is_directed(document: Document) -> bool:
    """Whether a document marks anything readOnly or writeOnly."""
    text = orjson.dumps(document.root, default=str)
    return b'"readOnly":true' in text or b'"writeOnly":true' in text


def _is_parent(node: Json) -> bool:
    return isinstance(node, dict) and "discriminator" in node
