"""What a list is narrowed by: values asked for, and the keys under which an index finds them."""

from collections.abc import Callable, Hashable, Mapping
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from understudy.contracts.json import Json

if TYPE_CHECKING:
    from understudy.mocks.store import Resource

Wanted: TypeAlias = "Json | tuple[Json, ...]"
"""The value a filter asks for; a tuple asks for any of its values."""

Keep = Callable[["Resource"], bool]
"""A condition that no index knows."""

UNINDEXED = object()
"""The key of lists and objects, which no index holds; they are compared one by one."""


def value_of(resource: "Resource", field: str) -> Json:
    """The value at a dotted path; `parent` is the resource's own."""
    return resource.parent if field == "parent" else resource.field(field)


def key_of(resource: "Resource", fields: tuple[str, ...]) -> Hashable:
    """The key under which an index over `fields` holds the resource, or UNINDEXED."""
    if len(fields) == 1:
        return _keyed(value_of(resource, fields[0]))
    keys = tuple(_keyed(value_of(resource, field)) for field in fields)
    return UNINDEXED if UNINDEXED in keys else keys


def _keyed(value: Json) -> Hashable:
    """A key under which JSON-equal values meet; true and 1 are equal in Python only."""
    if isinstance(value, bool):
        return ("bool", value)
    if value is None or isinstance(value, (str, int, float)):
        return value
    return UNINDEXED


def asked(fields: tuple[str, ...], where: Mapping[str, Wanted]) -> list[Hashable] | None:
    """The keys that `where` asks of an index over `fields`; None when it cannot help."""
    if any(field not in where for field in fields):
        return None
    choices = [dict.fromkeys(_keyed(value) for value in _choices(where[field])) for field in fields]
    if any(UNINDEXED in choice for choice in choices):
        return None
    if len(fields) == 1:
        return list(choices[0])
    return list(product(*choices))


def _choices(wanted: Wanted) -> tuple[Json, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def kept(rest: Mapping[str, Wanted], keep: Keep | None) -> Keep:
    """A predicate for what the index left over, and `keep`."""

    def passes(resource: "Resource") -> bool:
        for field, wanted in rest.items():
            value = value_of(resource, field)
            if not any(_equal(value, each) for each in _choices(wanted)):
                return False
        return keep is None or keep(resource)

    return passes


def _equal(value: Json, other: Json) -> bool:
    return value == other and isinstance(value, bool) == isinstance(other, bool)
