"""How a list is sorted, grouped and cut to the fields that were selected."""

from collections.abc import Iterable, Mapping, Sequence

from understudy.contracts.json import Json
from understudy.mocks.kind import mapping, text, texts
from understudy.mocks.listing import values
from understudy.mocks.store import Resource

Told = tuple[Resource, dict[str, Json]]
"""A resource and its fields as an answer shows them."""


def sorted_by(found: Iterable[Told], sort: Json) -> list[Told]:
    """By one field, what lacks it last; in the order in which they came without a wish.

    Equal ones follow the order of their addition, backward as well, as in the engine's lists.
    """
    wish = mapping(sort)
    if not wish:
        return list(found)
    key, backward = text(wish.get("field")), wish.get("direction") == "desc"
    having: list[tuple[tuple[int, float, str], Told]] = []
    lacking: list[Told] = []
    for told in found:
        rank = _rank(values(told[1], key))
        if rank is None:
            lacking.append(told)
        else:
            having.append((rank, told))
    having.sort(key=lambda each: (each[0], each[1][0].sequence), reverse=backward)
    return [*(told for _, told in having), *lacking]


def grouped(found: Iterable[Told], field: str) -> list[tuple[Json, list[Told]]]:
    """The groups of those with the same value in a field, in the order of their first."""
    groups: dict[str, tuple[Json, list[Told]]] = {}
    for told in found:
        present = values(told[1], field)
        value = present[0] if present else None
        groups.setdefault(repr(value), (value, []))[1].append(told)
    return list(groups.values())


def selected(fields: Mapping[str, Json], body: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that `select` names, those within objects by dots; all without it."""
    wanted = texts(body.get("select"))
    if not wanted:
        return dict(fields)
    made: dict[str, Json] = {}
    for path in wanted:
        _copy(fields, made, path.split("."))
    return made


def _copy(source: Mapping[str, Json], target: dict[str, Json], way: Sequence[str]) -> None:
    name, rest = way[0], way[1:]
    if name not in source:
        return
    if not rest:
        target[name] = source[name]
        return
    inner = target.get(name)
    home = inner if isinstance(inner, dict) else {}
    _copy(mapping(source[name]), home, rest)
    target[name] = home


def _rank(found: Sequence[Json]) -> tuple[int, float, str] | None:
    """Numbers before texts; None for what cannot be sorted."""
    value = found[0] if found else None
    if isinstance(value, bool | int | float):
        return 0, float(value), ""
    return (1, 0.0, value) if isinstance(value, str) else None
