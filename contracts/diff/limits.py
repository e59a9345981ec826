"""Limits of a schema: which way is tighter."""

from collections.abc import Iterator, Mapping
from typing import Literal

from understudy.contracts.json import Json

Turn = Literal["tightened", "loosened"]

LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
OTHER = ("pattern", "format", "multipleOf", "uniqueItems", "const", "contentEncoding")
"""Any new or other value is tighter, none is looser."""


def turns(
    before: Mapping[str, Json], after: Mapping[str, Json]
) -> Iterator[tuple[str, Turn, Json, Json]]:
    """Each limit that changed: its keyword, which way, the old and the new value."""
    for name in (*LOWER, *UPPER, *OTHER):
        old, new = before.get(name), after.get(name)
        if old == new or (name == "uniqueItems" and bool(old) == bool(new)):
            continue
        yield name, _turn(name, old, new), old, new


def _turn(name: str, old: Json, new: Json) -> Turn:
    if new is None or (name == "uniqueItems" and not new):
        return "loosened"
    if old is None or not _both_numbers(old, new):
        return "tightened"
    rises = float(str(new)) > float(str(old))
    if name in LOWER:
        return "tightened" if rises else "loosened"
    if name in UPPER:
        return "loosened" if rises else "tightened"
    if name == "multipleOf":
        return "loosened" if float(str(old)) % float(str(new)) == 0 else "tightened"
    return "tightened"


def _both_numbers(old: Json, new: Json) -> bool:
    return all(isinstance(each, int | float) and not isinstance(each, bool) for each in (old, new))
