"""Which ids an operation needs and gives: what links, `x-resource` and paths say together.

A *slot* is where an operation takes an id, a *source* where an exchange gives one. Both belong to
a *kind* of thing: what a link connects, what names one resource, and what stands at the same
place of a path are one kind.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from understudy.contracts.contract import Contract
from understudy.contracts.document import Document, target_of
from understudy.contracts.expression import Expression, ExpressionError
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.parameters import declarations
from understudy.contracts.pointer import join
from understudy.contracts.strategies.folding import fold, listed, mapped

_FIELD = re.compile(r"\{([^{}]*)\}")
_USUAL = ("id", "_id")
_Node = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an operation takes an id: a parameter, or a field of its body ("/index_id")."""

    where: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an operation gives an id; `items` points to a list whose members have one each."""

    place: Expression
    kind: str
    items: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one operation is to the things: `slots` that must be filled, and `sources`.

    `reads` and `deletes` are the slot at the path's end of a GET or DELETE; `makes` is the kind
    of which a successful call creates a thing, and `own` where the id stands in a reply that
    shows one.
    """

    operation: Operation
    slots: tuple[Slot, ...] = ()
    sources: tuple[Source, ...] = ()
    reads: Slot | None = None
    deletes: Slot | None = None
    makes: str = ""
    own: str = ""


def parts_of(contract: Contract) -> Mapping[str, Part]:
    """The part of every operation of a contract, by its id."""
    return _Weaving(contract).parts()


class _Weaving:
    """Puts slots and sources together that stand for the same kind of thing."""

    def __init__(self, contract: Contract) -> None:
        self._document: Document = contract.document
        self._operations = contract.operations
        self._by_pointer = {one.pointer: one for one in contract.operations.values()}
        self._above: dict[_Node, _Node] = {}
        self._sources: dict[str, dict[tuple[str, str | None], _Node]] = {}
        self._slots: dict[str, dict[tuple[str, str], _Node]] = {}
        self._needed: set[tuple[str, str, str]] = set()
        self._resources = mapped(self._document.root.get("x-resources"))
        for operation in contract.operations.values():
            self._parameters(operation)
        for operation in contract.operations.values():
            self._links(operation)
            self._resource(operation)
        self._usual()

    def parts(self) -> Mapping[str, Part]:
        given = {self._root(node) for known in self._sources.values() for node in known.values()}
        return {
            operation.id: self._part(operation, given) for operation in self._operations.values()
        }

    def _part(self, operation: Operation, given: set[_Node]) -> Part:
        slots = tuple(
            Slot(where, name, _spelt(self._root(node)))
            for (where, name), node in self._slots.get(operation.id, {}).items()
            if self._root(node) in given and (operation.id, where, name) in self._needed
        )
        sources = tuple(
            Source(Expression.of(text), _spelt(self._root(node)), items)
            for (text, items), node in self._sources.get(operation.id, {}).items()
        )
        prefix, field = _end(operation)
        end = next((slot for slot in slots if (slot.where, slot.name) == ("path", field)), None)
        own = self._own(prefix, field, end.kind) if end is not None else ""
        return Part(
            operation,
            slots,
            sources,
            reads=end if operation.method == "GET" and own else None,
            deletes=end if operation.method == "DELETE" else None,
            makes=self._made(operation),
            own=own,
        )

    def _made(self, operation: Operation) -> str:
        """The kind of things that an operation makes, which others then read below its path."""
        if operation.method != "POST":
            return ""
        for other in self._operations.values():
            prefix, field = _end(other)
            node = self._slots.get(other.id, {}).get(("path", field))
            if other.method == "GET" and prefix == operation.template and node is not None:
                kind = _spelt(self._root(node))
                if self._own(prefix, field, kind):
                    return kind
        return ""

    def _own(self, prefix: str, field: str, kind: str) -> str:
        """Where the operation that makes such things shows their id, "" where none makes them."""
        for operation in self._operations.values():
            if operation.method != "POST" or operation.template != prefix:
                continue
            said = mapped(operation.extensions.get("x-resource"))
            kept = mapped(mapped(self._resources.get(str(said.get("name")))).get("id"))
            named = (field, *_USUAL, kept.get("field"))
            for (text, items), node in self._sources.get(operation.id, {}).items():
                place = Expression.of(text).place
                if items is None and _spelt(self._root(node)) == kind and place[1:] in named:
                    return place
        return ""

    # what the document says ------------------------------------------------------------------

    def _parameters(self, operation: Operation) -> None:
        item = operation.pointer.rpartition("/")[0]
        for declared in declarations(self._document, item, operation.pointer):
            if declared.where == "path":
                before = operation.template.partition(f"{{{declared.name}}}")[0]
                self._join(
                    self._slot(operation, "path", declared.name),
                    ("prefix", _FIELD.sub("{}", before)),
                )
            if declared.required:
                self._needed.add((operation.id, declared.where, declared.name))

    def _links(self, operation: Operation) -> None:
        node = mapped(self._document.at(operation.pointer))
        for status, held in mapped(node.get("responses")).items():
            reply = mapped(self._document.resolve(held)[0])
            if not status.startswith("2"):
                continue
            for each in mapped(reply.get("links")).values():
                link = mapped(self._document.resolve(each)[0])
                target = self._target(link)
                if target is not None:
                    self._link(operation, target, link)

    def _target(self, link: Mapping[str, Json]) -> Operation | None:
        named = link.get("operationId")
        if isinstance(named, str):
            return self._operations.get(named)
        reference = link.get("operationRef")
        return self._by_pointer.get(target_of(str(reference)) or "") if reference else None

    def _link(self, origin: Operation, target: Operation, link: Mapping[str, Json]) -> None:
        for name, text in mapped(link.get("parameters")).items():
            where, dot, rest = name.partition(".")
            qualified = dot and where in ("path", "query", "header", "cookie")
            places = [(where, rest)] if qualified else self._places(target, name)
            for place in places:
                self._tie(origin, text, self._slot(target, *place))
        for name, text in mapped(link.get("requestBody")).items():
            slot = self._slot(target, "body", join("", name))
            self._tie(origin, text, slot)
            if self._asks(target, name):
                self._needed.add((target.id, "body", join("", name)))

    def _tie(self, origin: Operation, text: Json, slot: _Node) -> None:
        try:
            said = Expression.of(str(text))
        except ExpressionError:
            return
        if said.part.startswith("response"):
            self._join(self._source(origin, str(text)), slot)
        elif said.part == "request.body":
            self._join(self._slot(origin, "body", said.place), slot)
        else:
            self._join(self._slot(origin, said.part.removeprefix("request."), said.place), slot)

    def _places(self, operation: Operation, name: str) -> Sequence[tuple[str, str]]:
        item = operation.pointer.rpartition("/")[0]
        listing = declarations(self._document, item, operation.pointer)
        return [(each.where, name) for each in listing if each.name == name][:1]

    def _resource(self, operation: Operation) -> None:
        said = mapped(operation.extensions.get("x-resource"))
        name = str(said.get("name", ""))
        kind = mapped(self._resources.get(name))
        if not kind:
            return
        field = str(mapped(kind.get("id")).get("field", "id"))
        parent = mapped(kind.get("parent"))
        above: _Node = ("resource", str(parent.get("resource", "")))
        if isinstance(said.get("id"), str):
            for place in self._places(operation, str(said["id"])):
                self._join(self._slot(operation, *place), ("resource", name))
        if isinstance(said.get("parent"), str):
            for place in self._places(operation, str(said["parent"])):
                self._join(self._slot(operation, *place), above)
        if said.get("action") == "create":
            self._join(self._source(operation, f"$response.body#/{field}"), ("resource", name))
            owner = str(parent.get("field", ""))
            if owner and self._asks(operation, owner):
                self._join(self._slot(operation, "body", join("", owner)), above)
                self._needed.add((operation.id, "body", join("", owner)))
        if said.get("action") == "list":
            items = mapped(operation.extensions.get("x-paging")).get("items")
            if isinstance(items, str):
                source = self._source(operation, f"$response.body#/{field}", join("", items))
                self._join(source, ("resource", name))

    def _asks(self, operation: Operation, name: str) -> bool:
        """Whether an operation's body must have a field."""
        node = mapped(self._document.at(operation.pointer))
        body = mapped(self._document.resolve(node.get("requestBody"))[0])
        for held in mapped(body.get("content")).values():
            schema = fold(self._document, mapped(self._document.resolve(held)[0]).get("schema"))
            if name in listed(schema.get("required")):
                return True
        return False

    def _usual(self) -> None:
        """`POST /things` makes what `/things/{id}` names, where nothing else says who does."""
        given = {self._root(node) for known in self._sources.values() for node in known.values()}
        for operation in list(self._operations.values()):
            prefix, field = _end(operation)
            if not field:
                continue
            slot = self._slot(operation, "path", field)
            if self._root(slot) in given:
                continue
            for other in self._operations.values():
                if other.method == "POST" and other.template == prefix:
                    for name in (field, *_USUAL):
                        if self._shows(other, name):
                            text = f"$response.body#{join('', name)}"
                            self._join(self._source(other, text), slot)
                            break

    def _shows(self, operation: Operation, name: str) -> bool:
        node = mapped(self._document.at(operation.pointer))
        for status, held in mapped(node.get("responses")).items():
            reply = mapped(self._document.resolve(held)[0])
            for media in mapped(reply.get("content")).values():
                schema = fold(self._document, mapped(media).get("schema"))
                if status.startswith("2") and name in mapped(schema.get("properties")):
                    return True
        return False

    # kinds -----------------------------------------------------------------------------------

    def _slot(self, operation: Operation, where: str, name: str) -> _Node:
        node = ("slot", operation.id, where, name)
        self._slots.setdefault(operation.id, {})[where, name] = node
        return node

    def _source(self, operation: Operation, text: str, items: str | None = None) -> _Node:
        node = ("source", operation.id, text, items or "")
        self._sources.setdefault(operation.id, {})[text, items] = node
        return node

    def _root(self, node: _Node) -> _Node:
        while (above := self._above.get(node)) is not None:
            node = above
        return node

    def _join(self, one: _Node, other: _Node) -> None:
        first, second = self._root(one), self._root(other)
        if first != second:
            self._above[second] = first


def _end(operation: Operation) -> tuple[str, str]:
    """The path before its last segment, and the parameter that this is, "" if it is none."""
    prefix, _, last = operation.template.rpartition("/")
    field = _FIELD.fullmatch(last)
    return prefix, field[1] if field else ""


def _spelt(node: _Node) -> str:
    return " ".join(node)
