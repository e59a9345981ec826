"""An answer that breaks its contract on purpose, in one place that the contract itself confirms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from understudy.contracts.exchange import Headers
from understudy.contracts.json import Json
from understudy.contracts.pointer import follow, join, split
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.fault import UNKNOWN_STATUS, Breach, Fault
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import elements, mapping

MOST = 200
"""Places that are tried at most."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A member of an object in the content, and the schemas that speak of it."""

    pointer: str
    value: Json
    schemas: tuple[Mapping[str, Json], ...]


def broken(call: Call, answer: Answer, fault: Fault, draw: Seeded) -> tuple[Answer, str] | None:
    """The answer with one thing wrong, and where; None where nothing of the kind can be broken.

    Of all places at which the response schema notices, chance chooses one, unless the fault
    names a pointer, which is broken whether it is noticed or not.
    """
    if answer.raw is not None or not isinstance(answer.content, Mapping | list):
        return None
    how = fault.breach or "missing"
    if fault.pointer is not None:
        try:
            value = follow(answer.content, fault.pointer)
        except (KeyError, ValueError):
            return None
        if not fault.pointer:
            return None
        return _changed(answer, fault.pointer, value, how), f"at {fault.pointer}"
    places = list(_places(call, answer))[:MOST]
    for place in draw.pick(places, len(places)):
        if how == "enum" and not any("enum" in each or "const" in each for each in place.schemas):
            continue
        changed = _changed(answer, place.pointer, place.value, how)
        if _noticed(call, changed):
            return changed, f"at {place.pointer}"
    return None


def _changed(answer: Answer, pointer: str, value: Json, how: Breach) -> Answer:
    content = answer.content
    if how == "missing":
        return replace(answer, content=_without(content, split(pointer)))
    other: Json = UNKNOWN_STATUS if how == "enum" else _of_another_type(value)
    return replace(answer, content=_with(content, split(pointer), other))


def _of_another_type(value: Json) -> Json:
    """A value that no reader of the right type takes for one."""
    if isinstance(value, str):
        return 42
    if isinstance(value, Mapping):
        return [UNKNOWN_STATUS]
    if isinstance(value, list | tuple):
        return {"understudy": UNKNOWN_STATUS}
    return UNKNOWN_STATUS


def _with(content: Json, tokens: list[str], value: Json) -> Json:
    if not tokens:
        return value
    head, rest = tokens[0], tokens[1:]
    if isinstance(content, Mapping):
        return {**content, head: _with(content[head], rest, value)}
    items = [*elements(content)]
    items[int(head)] = _with(items[int(head)], rest, value)
    return items


def _without(content: Json, tokens: list[str]) -> Json:
    head, rest = tokens[0], tokens[1:]
    if isinstance(content, Mapping):
        if not rest:
            return {name: value for name, value in content.items() if name != head}
        return {**content, head: _without(content[head], rest)}
    items = [*elements(content)]
    if rest:
        items[int(head)] = _without(items[int(head)], rest)
    else:
        del items[int(head)]
    return items


def _noticed(call: Call, answer: Answer) -> bool:
    headers = Headers((*answer.headers, *call.edition.headers))
    found = call.edition.contract.check_answer(
        call.operation, answer.status, answer.media_type or "", answer.content, headers
    )
    return bool(found)


def _places(call: Call, answer: Answer) -> Iterator[_Place]:
    """Every member of every object of the content."""
    document = call.edition.contract.document
    key = call.operation.declared_status(answer.status)
    pointer = join(call.operation.pointer, "responses", str(key))
    response = mapping(document.resolve(document.at(pointer), pointer)[0]) if key else {}
    media = mapping(mapping(response.get("content")).get(answer.media_type or ""))
    schemas = _spread(call, media.get("schema"))
    yield from _members(call, answer.content, "", schemas)


def _members(
    call: Call, value: Json, pointer: str, schemas: tuple[Mapping[str, Json], ...]
) -> Iterator[_Place]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            below = _below(call, schemas, "properties", name)
            yield _Place(join(pointer, name), inner, below)
            yield from _members(call, inner, join(pointer, name), below)
    elif isinstance(value, list | tuple):
        below = tuple(one for each in schemas for one in _spread(call, each.get("items")))
        for number, inner in enumerate(value[:3]):
            yield from _members(call, inner, join(pointer, number), below)


def _below(
    call: Call, schemas: tuple[Mapping[str, Json], ...], key: str, name: str
) -> tuple[Mapping[str, Json], ...]:
    found = [mapping(each.get(key)).get(name) for each in schemas]
    return tuple(one for each in found for one in _spread(call, each))


def _spread(call: Call, schema: Json, depth: int = 0) -> tuple[Mapping[str, Json], ...]:
    """A schema with its reference followed, and those that it is put together from."""
    if not isinstance(schema, Mapping) or depth > 8:
        return ()
    node = mapping(call.edition.contract.document.resolve(schema)[0])
    parts = [one for key in ("allOf", "oneOf", "anyOf") for one in elements(node.get(key))]
    return (node, *(one for part in parts for one in _spread(call, part, depth + 1)))
