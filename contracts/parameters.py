"""Parameters of an operation, compiled: wire text in, typed and checked values out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from understudy.contracts.bodies import Malformed, parse_json
from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.pointer import escape
from understudy.contracts.schema import Schemas, Validator
from understudy.contracts.styles import (
    Shape,
    alternating,
    header_text,
    members,
    path_text,
    query_text,
    shape_of,
    split_query,
    text_decoder,
)
from understudy.contracts.violation import Violation, Where

Pairs: TypeAlias = "Mapping[str, list[str]]"

PLACES: Mapping[str, Where] = {
    "path": "path",
    "query": "query",
    "header": "header",
    "cookie": "cookie",
}
# OpenAPI: declarations of these as header parameters are ignored.
IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
DEFAULT_STYLES: Mapping[str, str] = {
    "path": "simple",
    "header": "simple",
    "query": "form",
    "cookie": "form",
}
_DELIMITERS: Mapping[str, str] = {"spaceDelimited": " ", "pipeDelimited": "|"}
_REMARKS = frozenset({"type", "description", "title", "example", "examples", "default"})


class _Absent:
    """The value of a parameter that was not sent."""

    __slots__ = ()


ABSENT: Final = _Absent()
Decoded: TypeAlias = "Json | _Absent"
FromPairs: TypeAlias = Callable[[Pairs], "Json | _Absent"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """One parameter as the document declares it, defaults of OpenAPI filled in."""

    name: str
    where: Where
    required: bool
    style: str
    explode: bool
    empty: bool
    operators: tuple[str, ...]
    comma: bool
    pointer: str
    schema: str
    json: bool
    default: Json


def declarations(document: Document, path: str, operation: str) -> list[Declaration]:
    """The parameters at the path item and operation pointers; the operation's win by name."""
    found: dict[tuple[str, str], Declaration] = {}
    for holder in (path, operation):
        node = document.at(holder)
        listed = node.get("parameters") if isinstance(node, Mapping) else None
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            continue
        for at, entry in enumerate(listed):
            resolved, pointer = document.resolve(entry, f"{holder}/parameters/{at}")
            if isinstance(resolved, Mapping):
                declared = _declaration(document, resolved, pointer)
                if declared is not None:
                    found[(declared.where, declared.name)] = declared
    return list(found.values())


def _declaration(document: Document, node: Mapping[str, Json], pointer: str) -> Declaration | None:
    name, where = str(node.get("name", "")), PLACES.get(str(node.get("in")))
    if where is None or (where == "header" and name.lower() in IGNORED_HEADERS):
        return None
    return declaration(document, name, where, node, pointer)


def declaration(
    document: Document, name: str, where: Where, node: Mapping[str, Json], pointer: str
) -> Declaration:
    """A parameter or response header out of its node, whose pointer is given."""
    style = str(node.get("style", DEFAULT_STYLES.get(where, "simple")))
    explode = node.get("explode")
    operators = node.get("x-operators")
    schema, as_json = _schema_place(node, pointer)
    held = document.resolve(document.at(schema), schema)[0] if schema else None
    return Declaration(
        name=name,
        where=where,
        required=node.get("required") is True,
        style=style,
        explode=explode if isinstance(explode, bool) else style == "form",
        empty=node.get("allowEmptyValue") is True,
        operators=tuple(map(str, operators)) if isinstance(operators, list | tuple) else (),
        comma=node.get("x-comma") is True,
        pointer=pointer,
        schema=schema,
        json=as_json,
        default=held.get("default") if isinstance(held, Mapping) else None,
    )


def _schema_place(node: Mapping[str, Json], pointer: str) -> tuple[str, bool]:
    if "schema" in node:
        return f"{pointer}/schema", False
    content = node.get("content")
    if isinstance(content, Mapping):
        for media_type, held in content.items():
            escaped = media_type.replace("~", "~0").replace("/", "~1")
            has_schema = isinstance(held, Mapping) and "schema" in held
            place = f"{pointer}/content/{escaped}/schema" if has_schema else ""
            return place, "json" in media_type
    return "", False


class Check:
    """The validator of one parameter, with the violations that its faults become."""

    __slots__ = ("_spread", "declared", "validator")

    def __init__(self, declared: Declaration, schemas: Schemas, shape: Shape) -> None:
        self.declared = declared
        self.validator = _validator(declared, schemas)
        # The members of an exploded form object are parameters of their own on the wire.
        self._spread = (
            not declared.json
            and declared.style == "form"
            and declared.explode
            and shape.kind == "object"
            and declared.where in ("query", "cookie")
        )

    def valid(self, value: Json) -> bool:
        """Whether a typed value fits the schema."""
        return self.validator is None or self.validator.valid(value)

    def violations(self, operation: Operation, value: Json, below: str = "") -> list[Violation]:
        """What is wrong with a typed value that is not valid."""
        declared = self.declared
        faults = self.validator.faults(value) if self.validator is not None else []
        return [
            operation.violation(
                declared.where,
                fault.pointer
                if self._spread and fault.pointer
                else f"/{escape(declared.name)}{below}{fault.pointer}",
                fault.value,
                fault.expected,
                fault.rule,
            )
            for fault in faults
        ]

    def missing(self, operation: Operation) -> Violation:
        """The violation of a required parameter that was not sent."""
        declared = self.declared
        return operation.violation(
            declared.where,
            f"/{escape(declared.name)}",
            None,
            f"the required {declared.where} parameter {declared.name!r}",
            declared.pointer,
        )

    def malformed(self, operation: Operation, error: Malformed) -> Violation:
        """The violation of text that cannot be decoded."""
        declared = self.declared
        pointer = f"/{escape(declared.name)}"
        return operation.violation(
            declared.where, pointer, error.value, error.expected, declared.pointer
        )


def _validator(declared: Declaration, schemas: Schemas) -> Validator | None:
    if not declared.schema:
        return None
    node = schemas.document.resolve(schemas.document.at(declared.schema), declared.schema)[0]
    if not isinstance(node, Mapping):
        return None
    bare = not node.keys() - _REMARKS
    if bare and node.get("type", "string") == "string" and not declared.json:
        # Wire text is a string whatever it says: there is nothing to check.
        return None
    return schemas.validator(declared.schema, "request")


class TextParameter:
    """A path or header parameter: one text."""

    __slots__ = ("_decode", "_exact", "_plain", "check", "name", "required")

    def __init__(self, declared: Declaration, schemas: Schemas) -> None:
        plain = path_text if declared.where == "path" else header_text
        shape = _shape(declared, schemas)
        self.name = declared.name
        self.required = declared.required
        self.check = Check(declared, schemas, shape)
        self._plain = plain if shape.mixed or shape.either else None
        self._exact = shape.exact
        if declared.json:
            self._decode: Callable[[str], Json] = lambda raw: parse_json(plain(raw).encode())
        else:
            self._decode = text_decoder(
                declared.style, declared.explode, declared.name, shape, plain
            )

    def read(self, raw: str, operation: Operation, found: list[Violation]) -> Json:
        """The typed value of a raw text; what is wrong with it is added to `found`."""
        check = self.check
        try:
            value = self._decode(raw)
        except Malformed as error:
            found.append(check.malformed(operation, error))
            return raw
        if check.validator is None or check.validator.valid(value):
            return value
        if self._plain is not None:
            text = self._plain(raw)
            for other in (self._exact(text), text):
                if check.validator.valid(other):
                    return other
        found.extend(check.violations(operation, value))
        return value


class PairsParameter:
    """A query or cookie parameter: it picks what is its own out of name and value pairs.

    `names` are the wire names it owns; `prefix` is set when it owns `prefix[...]` as well,
    `free` when it takes every name that nobody else does. `lone` is the one name without
    which there is nothing to read, "" when it is not that simple.
    """

    __slots__ = ("_decode", "_either", "_exact", "check", "free", "lone", "name", "names", "prefix")

    def __init__(self, declared: Declaration, schemas: Schemas) -> None:
        shape = _shape(declared, schemas)
        self.name = declared.name
        self.check = Check(declared, schemas, shape)
        self.names: tuple[str, ...] = (declared.name,)
        self.prefix = f"{declared.name}[" if declared.style == "deepObject" else ""
        self.free = False
        self._exact = shape.exact
        self._either = shape.mixed or shape.either
        if declared.json:
            self._decode: FromPairs = self._json
        elif declared.operators:
            self.names = _operated(declared)
            self._decode = _operators(declared, shape, self.check)
        elif shape.kind == "object":
            self._decode = self._object(declared, shape)
        elif shape.kind == "array":
            self._decode = _array(declared, shape)
        else:
            self._decode = _scalar(declared.name, shape)
        wide = self.free or self.prefix or len(self.names) != 1 or declared.required
        self.lone = "" if wide else self.names[0]

    def _object(self, declared: Declaration, shape: Shape) -> FromPairs:
        if declared.style == "deepObject":
            return _deep(declared.name, shape)
        if declared.explode and declared.style == "form":
            self.names = tuple(shape.members)
            self.free = shape.rest is not None
            return _spread(shape)
        return _joined(declared, shape)

    def _json(self, pairs: Pairs) -> Decoded:
        raw = pairs.get(self.name)
        return ABSENT if raw is None else parse_json(query_text(_only(raw)).encode())

    def read(self, pairs: Pairs, operation: Operation, found: list[Violation]) -> Decoded:
        """The typed value, ABSENT when it was not sent; adds what is wrong to `found`."""
        check = self.check
        try:
            value = self._decode(pairs)
            if isinstance(value, _Absent):
                if check.declared.required:
                    found.append(check.missing(operation))
                return ABSENT
            if check.validator is None or check.declared.operators or check.validator.valid(value):
                if check.declared.operators:
                    found.extend(_operated_violations(check, operation, value))
                return value
            if check.declared.empty and pairs.get(self.name) == [""]:
                return ""
            if self._either and (text := self._alone(pairs)) is not None:
                for other in (self._exact(text), text):
                    if check.validator.valid(other):
                        return other
        except Malformed as error:
            found.append(check.malformed(operation, error))
            return ABSENT
        found.extend(check.violations(operation, value))
        return value

    def _alone(self, pairs: Pairs) -> str | None:
        raw = pairs.get(self.name, ())
        return query_text(raw[0]) if len(raw) == 1 else None


def _shape(declared: Declaration, schemas: Schemas) -> Shape:
    if not declared.schema:
        return Shape("scalar", str, str, str)
    return shape_of(schemas.coercion(declared.schema))


def _only(raw: list[str]) -> str:
    if len(raw) != 1:
        raise Malformed(list(raw), "one value")
    return raw[0]


def _scalar(name: str, shape: Shape) -> FromPairs:
    scalar = shape.scalar

    def decode(pairs: Pairs) -> Decoded:
        raw = pairs.get(name)
        return ABSENT if raw is None else scalar(query_text(_only(raw)))

    return decode


def _array(declared: Declaration, shape: Shape) -> FromPairs:
    name, item = declared.name, shape.item
    delimiter = _DELIMITERS.get(declared.style, ",")
    repeated = declared.explode or declared.comma
    joined = not declared.explode or declared.comma

    def decode(pairs: Pairs) -> Decoded:
        raw = pairs.get(name)
        if raw is None:
            return ABSENT
        if not repeated:
            _only(raw)
        if not joined:
            return [item(query_text(value)) for value in raw]
        return [item(piece) for value in raw for piece in split_query(value, delimiter)]

    return decode


def _joined(declared: Declaration, shape: Shape) -> FromPairs:
    name, delimiter = declared.name, _DELIMITERS.get(declared.style, ",")

    def decode(pairs: Pairs) -> Decoded:
        raw = pairs.get(name)
        if raw is None:
            return ABSENT
        return members(alternating(split_query(_only(raw), delimiter)), shape, str)

    return decode


def _spread(shape: Shape) -> FromPairs:
    def decode(pairs: Pairs) -> Decoded:
        value: dict[str, Json] = {}
        for name, raw in pairs.items():
            child = shape.member(name)
            if child is None:
                continue
            value[name] = _member(child, raw)
        return value or ABSENT

    return decode


def _deep(name: str, shape: Shape) -> FromPairs:
    prefix, start = f"{name}[", len(name) + 1

    def decode(pairs: Pairs) -> Decoded:
        value: dict[str, Json] = {}
        for key, raw in pairs.items():
            if key == name or key.startswith(prefix):
                if not key.endswith("]") or "[" in key[start:]:
                    raise Malformed(key, f"a name such as {name}[property]")
                child = shape.member(key[start:-1])
                texts = [query_text(text) for text in raw]
                value[key[start:-1]] = texts[0] if child is None else _member(child, raw)
        return value or ABSENT

    return decode


def _member(shape: Shape, raw: list[str]) -> Json:
    if shape.kind == "array":
        return [shape.item(query_text(text)) for text in raw]
    if len(raw) == 1:
        return shape.scalar(query_text(raw[0]))
    return [shape.scalar(query_text(text)) for text in raw]


def _operated(declared: Declaration) -> tuple[str, ...]:
    return (declared.name, *(f"{declared.name}[{key}]" for key in declared.operators))


def _operators(declared: Declaration, shape: Shape, check: Check) -> FromPairs:
    """`name=v` is the value itself; `name[gte]=v` gives {"gte": v}; both add the key "eq"."""
    keys = [(f"{declared.name}[{key}]", key) for key in declared.operators]
    plain = _array(declared, shape) if shape.kind == "array" else _scalar(declared.name, shape)

    def decode(pairs: Pairs) -> Decoded:
        ranged: dict[str, Json] = {}
        for name, key in keys:
            raw = pairs.get(name)
            if raw is not None:
                text = query_text(_only(raw))
                value = shape.scalar(text)
                ranged[key] = value if check.valid(value) else shape.exact(text)
        alone = plain(pairs)
        if not ranged:
            return alone
        return ranged if isinstance(alone, _Absent) else {"eq": alone, **ranged}

    return decode


def _operated_violations(check: Check, operation: Operation, value: Json) -> list[Violation]:
    if not isinstance(value, Mapping):
        return [] if check.valid(value) else check.violations(operation, value)
    return [
        violation
        for key, held in value.items()
        if not check.valid(held)
        for violation in check.violations(operation, held, f"/{key}")
    ]
