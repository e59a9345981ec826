"""Which assets or features a filter lets through: conditions, and AND, OR and NOR of them.

The prose of the docs has `neq` and `regex` where the reference has `ne` and `text`; both are
taken. That `text` looks for the words is assumed.
"""

from collections.abc import Callable, Mapping, Sequence

import jsonschema_rs

from understudy.contracts.json import Json
from understudy.contracts.patterns import is_linear
from understudy.mocks.generate.words import words
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.listing import values

Test = Callable[[Sequence[Json], Json], bool]


def passes(fields: Mapping[str, Json], filters: Json, *, exact: bool = True) -> bool:
    """Whether `fields` has what a filter asks for; everything has what none asks for."""
    group = mapping(filters)
    if isinstance(group.get("case_sensitive"), bool):
        exact = bool(group["case_sensitive"])

    def holds(one: Json) -> bool:
        if "key" in mapping(one):
            return _condition(fields, mapping(one), exact)
        return passes(fields, one, exact=exact)

    every, some, none = (elements(group.get(name)) for name in ("AND", "OR", "NOR"))
    return (
        all(map(holds, every)) and (not some or any(map(holds, some))) and not any(map(holds, none))
    )


def _condition(fields: Mapping[str, Json], condition: Mapping[str, Json], exact: bool) -> bool:
    operator = text(condition.get("operator"), "eq")
    found = values(fields, text(condition.get("key")))
    wanted = condition.get("value")
    if operator in ("eq", "ne", "neq", "in", "nin") and not exact:
        found, wanted = [_lowered(value) for value in found], _lowered(wanted)
    return TESTS[operator](found, wanted)


def _lowered(value: Json) -> Json:
    if isinstance(value, str):
        return value.lower()
    return [_lowered(each) for each in elements(value)] if elements(value) else value


def _equal(one: Json, other: Json) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _is(found: Sequence[Json], wanted: Json) -> bool:
    return any(_equal(value, wanted) for value in found)


def _in(found: Sequence[Json], wanted: Json) -> bool:
    return any(_is(found, one) for one in elements(wanted) or (wanted,))


def _null(found: Sequence[Json], wanted: Json) -> bool:
    return all(value is None for value in found) is (wanted is not False)


def _there(found: Sequence[Json], wanted: Json) -> bool:
    return any(value is not None for value in found) is (wanted is not False)


def _speaks(found: Sequence[Json], wanted: Json) -> bool:
    """Whether a text has all the words that are wanted, or the text itself."""
    if not isinstance(wanted, str):
        return _is(found, wanted)
    asked = set(words(wanted))
    return any(
        isinstance(value, str)
        and (wanted.lower() in value.lower() or (bool(asked) and asked <= set(words(value))))
        for value in found
    )


def _fits(found: Sequence[Json], wanted: Json) -> bool:
    """Whether a text has what a regular expression looks for; the engine takes linear time."""
    if not isinstance(wanted, str) or not is_linear(wanted):
        return _speaks(found, wanted)
    options = jsonschema_rs.RegexOptions()
    pattern = jsonschema_rs.Draft202012Validator({"pattern": wanted}, pattern_options=options)
    return any(isinstance(value, str) and pattern.is_valid(value) for value in found)


def _ordered(compare: Callable[[int], bool]) -> Test:
    def test(found: Sequence[Json], wanted: Json) -> bool:
        return any(
            order is not None and compare(order)
            for order in (_order(value, wanted) for value in found)
        )

    return test


def _order(one: Json, other: Json) -> int | None:
    """-1, 0 or 1 for two numbers or two texts; None for what has no order."""
    if isinstance(one, bool) or isinstance(other, bool):
        return None
    if isinstance(one, int | float) and isinstance(other, int | float):
        return (one > other) - (one < other)
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    return None


TESTS: Mapping[str, Test] = {
    "eq": _is,
    "ne": lambda found, wanted: not _is(found, wanted),
    "neq": lambda found, wanted: not _is(found, wanted),
    "gt": _ordered(lambda order: order > 0),
    "lt": _ordered(lambda order: order < 0),
    "gte": _ordered(lambda order: order >= 0),
    "lte": _ordered(lambda order: order <= 0),
    "in": _in,
    "nin": lambda found, wanted: not _in(found, wanted),
    "is_null": _null,
    "exists": _there,
    "text": _speaks,
    "regex": _fits,
}
