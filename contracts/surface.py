"""Everything of a contract that traffic can use: what coverage counts."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from understudy.contracts.document import Document
from understudy.contracts.json import Json, mapping, sequence
from understudy.contracts.lifecycle import Lifecycle
from understudy.contracts.operation import Operation, Reading
from understudy.contracts.pointer import join

Kind = Literal["operation", "status", "parameter", "field", "value", "move"]
KINDS: tuple[Kind, ...] = ("operation", "status", "parameter", "field", "value", "move")
_DEEPEST = 8


class Item(NamedTuple):
    """One thing that can be used: `subject` is the operation or the lifecycle it belongs to.

    Names are `200` for a status, `query page` for a parameter, `/models/*/name` for a field of a
    body (`*` stands for any index), `query sort=asc` or `/size=s` for a value, `a -> b` for a
    move.
    """

    kind: Kind
    subject: str
    name: str = ""


def declared(operation: Operation) -> Iterator[Item]:
    """What a document declares of one operation."""
    yield Item("operation", operation.id)
    for status in operation.statuses:
        yield Item("status", operation.id, status)
    document = operation.document
    for base in (operation.pointer.rpartition("/")[0], operation.pointer):
        held = mapping(document.at(base)).get("parameters")
        for each in sequence(held):
            yield from _parameter(operation, mapping(document.resolve(each)[0]))
    body = mapping(document.resolve(mapping(document.at(operation.pointer)).get("requestBody"))[0])
    for media in mapping(body.get("content")).values():
        schema = mapping(document.resolve(media)[0]).get("schema")
        yield from _fields(operation, document, schema, "", ())


def moves(lifecycle: Lifecycle) -> Iterator[Item]:
    """The direct moves that a lifecycle allows."""
    for before, afters in lifecycle.transitions.items():
        for after in afters:
            yield Item("move", lifecycle.name, f"{before} -> {after}")


def used(reading: Reading, status: int) -> Iterator[Item]:
    """What one exchange used; names that the document does not declare may be among it."""
    operation = reading.operation
    yield Item("operation", operation.id)
    yield Item("status", operation.id, operation.declared_status(status) or str(status))
    places = {
        "path": reading.path,
        "query": reading.query,
        "header": reading.header,
        "cookie": reading.cookie,
    }
    for where, values in places.items():
        for name, value in values.items():
            yield Item("parameter", operation.id, f"{where} {name}")
            for each in sequence(value) or (value,):
                yield Item("value", operation.id, f"{where} {name}={each}")
    yield from _sent(operation.id, reading.body, "", 0)


def _parameter(operation: Operation, said: Mapping[str, Json]) -> Iterator[Item]:
    name = f"{said.get('in')} {said.get('name')}"
    yield Item("parameter", operation.id, name)
    for value in _values(operation.document, said.get("schema"), 0):
        yield Item("value", operation.id, f"{name}={value}")


def _fields(
    operation: Operation, document: Document, schema: Json, at: str, above: tuple[str, ...]
) -> Iterator[Item]:
    """The properties below a schema; one that contains itself is followed once."""
    node, pointer = document.resolve(schema)
    said = mapping(node)
    if len(above) > _DEEPEST or (pointer and pointer in above):
        return
    path = (*above, pointer)
    for name, held in mapping(said.get("properties")).items():
        if mapping(document.resolve(held)[0]).get("readOnly") is True:
            continue
        place = join(at, name)
        yield Item("field", operation.id, place)
        for value in _values(document, held, 0):
            yield Item("value", operation.id, f"{place}={value}")
        yield from _fields(operation, document, held, place, path)
    if "items" in said:
        yield from _fields(operation, document, said["items"], join(at, "*"), path)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in sequence(said.get(keyword)):
            yield from _fields(operation, document, branch, at, path)


def _values(document: Document, schema: Json, depth: int) -> Iterator[Json]:
    """The values that a schema lists, its own or those of its items and branches."""
    said = mapping(document.resolve(schema)[0])
    if depth > _DEEPEST:
        return
    yield from (value for value in sequence(said.get("enum")) if value is not None)
    if "items" in said:
        yield from _values(document, said["items"], depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in sequence(said.get(keyword)):
            yield from _values(document, branch, depth + 1)


def _sent(operation: str, value: Json, at: str, depth: int) -> Iterator[Item]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for name, held in value.items():
            place = join(at, name)
            yield Item("field", operation, place)
            yield from _scalar(operation, place, held)
            yield from _sent(operation, held, place, depth + 1)
    for each in sequence(value):
        yield from _sent(operation, each, join(at, "*"), depth + 1)


def _scalar(operation: str, place: str, value: Json) -> Iterator[Item]:
    for each in sequence(value) or (value,):
        if isinstance(each, str | int | float | bool):
            yield Item("value", operation, f"{place}={each}")
