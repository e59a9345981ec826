"""Where an operation shows tasks: which lifecycle, and where id, status and stamps stand.

Told by `x-traces` on the operation, else inferred from `x-resource`: an operation on a resource
whose `x-resources` entry names a lifecycle shows tasks of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from understudy.contracts.document import Document
from understudy.contracts.errors import DocumentError
from understudy.contracts.expression import Expression, ExpressionError, Spoken
from understudy.contracts.json import Json, mapping
from understudy.contracts.lifecycle import Lifecycle
from understudy.contracts.operation import Operation

Act = Literal["create", "read", "list", "change", "delete", "part", "restart"]
"""What an operation does to a task. `part` reads one that is a part of something else, of which
a 404 says nothing; `restart` may begin it anew: so it does where it shows the first status, or
none at all."""

_ACTS: Mapping[str, Act] = {
    "create": "create",
    "read": "read",
    "list": "list",
    "update": "change",
    "replace": "change",
    "delete": "delete",
}
_KEYS = ("lifecycle", "act", "items", "id", "status", "progress", "created", "updated", "asked")


@dataclass(frozen=True, slots=True)
class Joined:
    """Several places in an exchange that name a task together."""

    parts: tuple[Expression, ...]

    def value(self, spoken: Spoken) -> Json:
        """What stands there, with slashes between; None where something is missing."""
        found = [part.value(spoken) for part in self.parts]
        return None if None in found else "/".join(map(str, found))


@dataclass(frozen=True, slots=True)
class Sight:
    """How one operation shows tasks of one lifecycle.

    `items` points to the list in the body, None where the body is one task; the other pointers
    begin at the task and are empty where nothing stands. `asked` is the id in the request, and
    `owner` the path parameter that names what the task belongs to, empty without one.
    """

    operation: Operation
    lifecycle: Lifecycle
    act: Act
    items: str | None = None
    id: str = ""
    status: str = ""
    progress: str = ""
    created: str = ""
    updated: str = ""
    asked: Expression | Joined | None = None
    owner: str = ""


def sights_of(operation: Operation, lifecycles: Mapping[str, Lifecycle]) -> tuple[Sight, ...]:
    """Every way in which the operation shows tasks; DocumentError for an `x-traces` amiss."""
    told = operation.extensions.get("x-traces")
    if told is not None:
        return tuple(_told(operation, lifecycles, told))
    found = _inferred(operation, lifecycles)
    return () if found is None else (found,)


def _inferred(operation: Operation, lifecycles: Mapping[str, Lifecycle]) -> Sight | None:
    said = mapping(operation.extensions.get("x-resource"))
    kind = mapping(mapping(operation.document.root.get("x-resources")).get(_text(said, "name")))
    lifecycle = lifecycles.get(_text(kind, "lifecycle"))
    act = _ACTS.get(_text(said, "action"))
    if lifecycle is None or act is None:
        return None
    paging = mapping(operation.extensions.get("x-paging"))
    asked = _text(said, "id")
    progress = lifecycle.progress_field
    return Sight(
        operation,
        lifecycle,
        act,
        items=_below(_text(paging, "items")) if act == "list" else None,
        id=_below(_text(mapping(kind.get("id")), "field") or "id"),
        status=_below(lifecycle.status_field),
        progress=_below(progress) if progress else "",
        created=_below(_text(kind, "created")),
        updated=_below(_text(kind, "updated")),
        asked=Expression("request.path", asked) if asked else None,
        owner=_text(said, "parent"),
    )


def _told(operation: Operation, lifecycles: Mapping[str, Lifecycle], told: Json) -> Iterator[Sight]:
    if not isinstance(told, Sequence) or isinstance(told, str):
        raise _amiss(operation, f"x-traces is {told!r}, expected a list")
    for each in told:
        said = mapping(each)
        unknown = [name for name in said if name not in _KEYS]
        if unknown:
            raise _amiss(operation, f"unknown key {unknown[0]!r}, known: {', '.join(_KEYS)}")
        lifecycle = lifecycles.get(_text(said, "lifecycle"))
        if lifecycle is None:
            known = ", ".join(lifecycles) or "none"
            wanted = said.get("lifecycle")
            raise _amiss(operation, f"there is no lifecycle {wanted!r}; there are {known}")
        act = said.get("act", "read")
        if act not in get_args(Act):
            raise _amiss(operation, f"act is {act!r}, expected {', '.join(get_args(Act))}")
        yield Sight(
            operation,
            lifecycle,
            cast(Act, act),
            items=_text(said, "items") if "items" in said else None,
            id=_text(said, "id"),
            status=_text(said, "status"),
            progress=_text(said, "progress"),
            created=_text(said, "created"),
            updated=_text(said, "updated"),
            asked=_expression(operation, said.get("asked")),
        )


def _expression(operation: Operation, text: Json) -> Expression | Joined | None:
    if text is None:
        return None
    if isinstance(text, Sequence) and not isinstance(text, str):
        found = [_expression(operation, each) for each in text]
        return Joined(tuple(each for each in found if isinstance(each, Expression)))
    try:
        return Expression.of(str(text))
    except ExpressionError as error:
        raise _amiss(operation, str(error)) from error


def _amiss(operation: Operation, problem: str) -> DocumentError:
    document: Document = operation.document
    pointer = f"{operation.pointer}/x-traces"
    return DocumentError(problem, place=pointer, line=document.source(pointer))


def _below(field: str) -> str:
    """The pointer of a field that may be given with dots."""
    return "".join(f"/{name}" for name in field.split(".")) if field else ""


def _text(said: Mapping[str, Json], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
