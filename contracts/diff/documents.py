"""Two documents compared, operation by operation."""

from collections.abc import Iterable, Iterator, Mapping

from understudy.contracts.diff.change import Change, Direction
from understudy.contracts.diff.shapes import Shapes
from understudy.contracts.diff.sides import Side, media, operations
from understudy.contracts.document import Document
from understudy.contracts.json import Json, mapping
from understudy.contracts.pointer import join


def compare_documents(old: Document, new: Document) -> list[Change]:
    """What changed from `old` to `new` for a client, in the order of the documents."""
    before, after = operations(old), operations(new)
    found: list[Change] = []
    if old.base_path != new.base_path:
        place, paths = new.source("/servers"), (old.base_path or "/", new.base_path or "/")
        found.append(Change("base path changed", "servers", "/servers", *paths, place))
    for key, side in before.items():
        if key in after:
            found.extend(_Pair(side, after[key]).changes())
        else:
            found.append(_told(side, "operation removed", side.pointer, " ".join(key), None))
    for key, side in after.items():
        if key not in before:
            found.append(_told(side, "operation added", side.pointer, None, " ".join(key)))
    return _once(found)


def _once(changes: Iterable[Change]) -> list[Change]:
    """Each change of an operation once, although several of its bodies share a schema."""
    found: dict[tuple[str, ...], Change] = {}
    for each in changes:
        key = (each.kind, each.subject, each.pointer, repr(each.before), repr(each.after))
        found.setdefault(key, each)
    return list(found.values())


def _told(side: Side, kind: str, pointer: str, before: Json, after: Json) -> Change:
    return Change(kind, side.id, pointer, before, after, side.document.source(pointer))


class _Pair:
    """The same operation in both documents."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old = old
        self.new = new

    def changes(self) -> Iterator[Change]:
        yield from self._deprecation()
        yield from self._security()
        yield from self._parameters()
        yield from self._body()
        yield from self._replies()

    def _deprecation(self) -> Iterator[Change]:
        before, after = bool(self.old.node.get("deprecated")), bool(self.new.node.get("deprecated"))
        if before != after:
            kind = "operation deprecated" if after else "operation no longer deprecated"
            yield _told(self.new, kind, self.new.pointer, before, after)

    def _security(self) -> Iterator[Change]:
        before, after = self.old.security(), self.new.security()
        if set(before) == set(after):
            return
        if frozenset() in before and frozenset() not in after:
            yield self._new("security added", self.new.pointer, None, _names(after))
            return
        if frozenset() in after and frozenset() not in before:
            yield self._new("security removed", self.new.pointer, _names(before), None)
            return
        for each in before:
            if not any(other <= each for other in after):
                kind = "security alternative removed"
                yield self._new(kind, self.new.pointer, sorted(each), None)
        for each in after:
            if each not in before:
                kind = "security alternative added"
                yield self._new(kind, self.new.pointer, None, sorted(each))

    def _parameters(self) -> Iterator[Change]:
        before, after = self.old.parameters(), self.new.parameters()
        for key, place in before.items():
            if key not in after:
                yield _told(self.old, "parameter removed", place, " ".join(key), None)
            else:
                yield from self._parameter(place, after[key])
        for key, place in after.items():
            if key not in before:
                required = mapping(self.new.document.at(place)).get("required") is True
                kind = "required parameter added" if required else "optional parameter added"
                yield self._new(kind, place, None, " ".join(key))

    def _parameter(self, before: str, after: str) -> Iterator[Change]:
        one = mapping(self.old.document.at(before))
        other = mapping(self.new.document.at(after))
        needed, needs = one.get("required") is True, other.get("required") is True
        if needed != needs:
            kind = "parameter became required" if needs else "parameter became optional"
            yield self._new(kind, after, needed, needs)
        if self.old.style(before) != self.new.style(after):
            styles = [list(self.old.style(before)), list(self.new.style(after))]
            yield self._new("parameter style changed", after, styles[0], styles[1])
        if "schema" in one and "schema" in other:
            yield from self._shapes("request").compare(
                join(before, "schema"), join(after, "schema")
            )
        elif "content" in one and "content" in other:
            yield from self._media(before, after, "request")
        elif ("schema" in one) != ("schema" in other):
            yield self._new("parameter style changed", after, "schema", "content")

    def _body(self) -> Iterator[Change]:
        before, one = self.old.body()
        after, other = self.new.body()
        needed, needs = one.get("required") is True, other.get("required") is True
        if not after and before:
            yield _told(self.old, "request body removed", before, "body", None)
        elif after and not before:
            kind = "request body added" if needs else "optional request body added"
            yield self._new(kind, after, None, "body")
        elif after:
            if needed != needs:
                kind = "request body became required" if needs else "request body became optional"
                yield self._new(kind, after, needed, needs)
            yield from self._media(before, after, "request")

    def _replies(self) -> Iterator[Change]:
        before, after = self.old.replies(), self.new.replies()
        for code, place in before.items():
            if code in after:
                yield from self._reply(place, after[code])
            else:
                yield _told(self.old, f"{_nature(code)} status removed", place, code, None)
        for code, place in after.items():
            if code not in before:
                yield self._new(f"{_nature(code)} status added", place, None, code)

    def _reply(self, before: str, after: str) -> Iterator[Change]:
        one = media(self.old.document, before)
        other = media(self.new.document, after)
        if one and not other:
            yield self._new("response body removed", after, sorted(one), None)
        elif other and not one:
            yield self._new("response body added", after, None, sorted(other))
        else:
            yield from self._media(before, after, "response")
        yield from self._headers(before, after)

    def _headers(self, before: str, after: str) -> Iterator[Change]:
        one = self._declared(self.old.document, before)
        other = self._declared(self.new.document, after)
        for name, place in one.items():
            if name not in other:
                yield _told(self.old, "response header removed", place, name, None)
                continue
            needed = mapping(self.old.document.at(place)).get("required") is True
            needs = mapping(self.new.document.at(other[name])).get("required") is True
            if needed != needs:
                turn = "required" if needs else "optional"
                yield self._new(f"response header became {turn}", other[name], needed, needs)
            if "schema" in mapping(self.old.document.at(place)):
                there, here = join(place, "schema"), join(other[name], "schema")
                if "schema" in mapping(self.new.document.at(other[name])):
                    yield from self._shapes("response").compare(there, here)
        for name, place in other.items():
            if name not in one:
                yield self._new("response header added", place, None, name)

    def _declared(self, document: Document, reply: str) -> Mapping[str, str]:
        held = mapping(mapping(document.at(reply)).get("headers"))
        places = {name: join(reply, "headers", name) for name in held}
        return {
            name.lower(): document.resolve(held[name], place)[1] for name, place in places.items()
        }

    def _media(self, before: str, after: str, direction: Direction) -> Iterator[Change]:
        one, other = media(self.old.document, before), media(self.new.document, after)
        for name, place in one.items():
            if name not in other:
                yield _told(self.old, f"{direction} media type removed", place, name, None)
            else:
                yield from self._schemas(place, other[name], direction)
        for name, place in other.items():
            if name not in one:
                yield self._new(f"{direction} media type added", place, None, name)

    def _schemas(self, before: str, after: str, direction: Direction) -> Iterator[Change]:
        one = mapping(self.old.document.at(before)).get("schema")
        other = mapping(self.new.document.at(after)).get("schema")
        if one is not None and other is not None:
            shapes = self._shapes(direction)
            yield from shapes.compare(join(before, "schema"), join(after, "schema"))
        elif one is not None or other is not None:
            turn = "loosened" if other is None else "tightened"
            yield self._new(f"{direction} limit {turn}", after, one, other)

    def _shapes(self, direction: Direction) -> Shapes:
        return Shapes(self.old.document, self.new.document, self.new.id, direction)

    def _new(self, kind: str, pointer: str, before: Json, after: Json) -> Change:
        return _told(self.new, kind, pointer, before, after)


def _names(alternatives: object) -> Json:
    found = alternatives if isinstance(alternatives, tuple) else ()
    return [sorted(each) for each in found]


def _nature(code: str) -> str:
    """Whether a declared status says success; `default` stands for the errors."""
    return "success" if code[:1] in ("1", "2", "3") else "error"
