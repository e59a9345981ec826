"""OpenAPI's parameter styles: wire text taken apart into strings, lists and members.

RFC 6570 rules: text is split on the delimiters first and percent-decoded afterwards, so that
an encoded delimiter belongs to a value. In queries a value without a bare delimiter is decoded
first and split then, because HTTP clients encode the commas that a user wrote.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import unquote

from understudy.contracts.bodies import Malformed
from understudy.contracts.coercion import Coercion
from understudy.contracts.json import Json

Kind = Literal["scalar", "array", "object"]
Typed: TypeAlias = Callable[[str], Json]
Plain: TypeAlias = Callable[[str], str]
FromText: TypeAlias = Callable[[str], Json]

_ALL = 7  # a schema that says nothing admits all seven JSON types


@dataclass(frozen=True, slots=True)
class Shape:
    """What a decoder needs of a schema: its kind, and how each piece of text becomes typed.

    `mixed`: text is admitted beside other scalars. `either`: a scalar is admitted beside an
    array or object. `definite`: the schema says which types it admits.
    """

    kind: Kind
    scalar: Typed
    item: Typed
    exact: Typed
    members: Mapping[str, "Shape"] = field(default_factory=dict)
    rest: "Shape | None" = None
    mixed: bool = False
    either: bool = False
    definite: bool = True

    def member(self, name: str) -> "Shape | None":
        """The shape of a property, declared or additional; None when the name is refused."""
        return self.members.get(name, self.rest)


def shape_of(coercion: Coercion, depth: int = 2, *, free: bool = False) -> Shape:
    """The shape of a schema, `depth` levels of members down.

    Text stays text where a string is admitted. With `free`, which is for the names that an
    object does not declare, what spells a number or boolean is one all the same.
    """
    types = coercion.types
    silent = len(types) >= _ALL
    exact: Typed = coercion.exact
    scalar: Typed = exact if free else _same if "string" in types else coercion.scalar
    mixed = "string" in types and bool(types - {"string"}) and not silent
    if silent or not types & {"array", "object"}:
        return Shape("scalar", scalar, scalar, exact, mixed=mixed, definite=not silent)
    either = bool(types - {"array", "object", "null"})
    if "array" in types:
        items = coercion.items()
        item = shape_of(items, 0).scalar
        return Shape("array", scalar, item, exact, mixed=mixed, either=either)
    if depth == 0:
        return Shape("object", scalar, scalar, exact, mixed=mixed, either=either)
    members = {
        name: shape_of(child, depth - 1)
        for name in coercion.names
        if (child := coercion.property(name)) is not None
    }
    other = coercion.property("") if coercion.open else None
    rest = None if other is None else shape_of(other, depth - 1, free=True)
    return Shape("object", scalar, scalar, exact, members, rest, mixed, either)


def _same(text: str) -> Json:
    return text


def path_text(raw: str) -> str:
    """Percent-decoded text of a path value; raises Malformed when it is not UTF-8."""
    if "%" not in raw:
        return raw
    try:
        return unquote(raw, errors="strict")
    except UnicodeDecodeError:
        raise Malformed(raw, "percent-encoded UTF-8") from None


def query_text(raw: str) -> str:
    """Decoded text of a query name or value, `+` being a space; raises Malformed."""
    if "+" in raw:
        raw = raw.replace("+", " ")
    return path_text(raw) if "%" in raw else raw


def header_text(raw: str) -> str:
    """Text of a header value: trimmed, never percent-decoded."""
    return raw.strip()


def members(pairs: Sequence[tuple[str, str]], shape: Shape, plain: Plain) -> dict[str, Json]:
    """An object out of raw name and value pairs."""
    found: dict[str, Json] = {}
    for raw_name, raw in pairs:
        name = plain(raw_name)
        child = shape.member(name)
        text = plain(raw)
        found[name] = text if child is None else child.scalar(text)
    return found


def alternating(pieces: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs out of `R,100,G,200` that was split; raises Malformed on an odd count."""
    if len(pieces) % 2:
        raise Malformed(",".join(pieces), "names and values in turn, such as R,100,G,200")
    return list(zip(pieces[::2], pieces[1::2], strict=True))


def assigned(pieces: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs out of `R=100` pieces; raises Malformed on a piece without `=`."""
    pairs: list[tuple[str, str]] = []
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if not equals:
            raise Malformed(piece, "name=value")
        pairs.append((name, value))
    return pairs


def text_decoder(style: str, explode: bool, name: str, shape: Shape, plain: Plain) -> FromText:
    """The decoder of a path or header value in `simple`, `label` or `matrix` style."""
    if style == "label":
        return _label(explode, shape, plain)
    if style == "matrix":
        return _matrix(explode, name, shape, plain)
    return _simple(explode, shape, plain)


def _simple(explode: bool, shape: Shape, plain: Plain, comma: str = ",") -> FromText:
    scalar, item = shape.scalar, shape.item
    if shape.kind == "array":
        return lambda raw: [item(plain(piece)) for piece in raw.split(comma)]
    if shape.kind == "object":
        paired = assigned if explode else alternating
        return lambda raw: members(paired(raw.split(comma)), shape, plain)
    if scalar is _same:
        return plain
    return lambda raw: scalar(plain(raw))


def _label(explode: bool, shape: Shape, plain: Plain) -> FromText:
    inner = _simple(explode, shape, plain, "." if explode else ",")

    def decode(raw: str) -> Json:
        if not raw.startswith("."):
            raise Malformed(raw, "a value in label style, which begins with a full stop")
        return inner(raw[1:])

    return decode


def _matrix(explode: bool, name: str, shape: Shape, plain: Plain) -> FromText:
    inner = _simple(False, shape, plain)

    def decode(raw: str) -> Json:
        if not raw.startswith(";"):
            raise Malformed(raw, f"a value in matrix style, such as ;{name}=...")
        pieces = raw[1:].split(";")
        if explode and shape.kind == "object":
            return members(assigned(pieces), shape, plain)
        values: list[str] = []
        for piece in pieces:
            known, _, value = piece.partition("=")
            if plain(known) != name:
                raise Malformed(raw, f"a value in matrix style, such as ;{name}=...")
            values.append(value)
        if explode and shape.kind == "array":
            return [shape.item(plain(value)) for value in values]
        if len(values) != 1:
            raise Malformed(raw, f"one ;{name}=... only")
        return inner(values[0])

    return decode


def split_query(raw: str, delimiter: str) -> list[str]:
    """The decoded pieces of a query value that joins several with `delimiter`."""
    if delimiter != " " and delimiter in raw:
        return [query_text(piece) for piece in raw.split(delimiter)]
    return query_text(raw).split(delimiter)
