"""Numbers for a numeric schema: within its bounds, on its multiples."""

import math
from collections.abc import Mapping
from fractions import Fraction

from understudy.contracts.json import Json
from understudy.mocks.generate.seeded import Seeded

_REACH = 100  # how far from a single bound a number is drawn
_FORMATS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


class NoNumber(Exception):
    """No number lies within the bounds."""


def whole(schema: Mapping[str, Json], draw: Seeded) -> int:
    """A whole number for `schema`; raises NoNumber when there is none."""
    low, high = _range(schema, above=Fraction(1), around=(1, _REACH))
    lowest, highest = _FORMATS.get(str(schema.get("format")), (None, None))
    first, last = math.ceil(low), math.floor(high)
    if lowest is not None and highest is not None:
        first, last = max(first, lowest), min(last, highest)
    step = _step(schema)
    if step is not None:
        step = Fraction(math.lcm(step.numerator, step.denominator), step.denominator)
        return int(step) * _multiple(Fraction(first), Fraction(last), step, draw)
    if first > last:
        raise NoNumber
    return draw.integer(first, last)


def number(schema: Mapping[str, Json], draw: Seeded) -> float:
    """A number for `schema`, with at most three decimals where the bounds allow it."""
    low, high = _range(schema, above=Fraction(0), around=(0, _REACH))
    step = _step(schema)
    if step is not None:
        return float(step * _multiple(low, high, step, draw))
    if low > high:
        raise NoNumber
    drawn = draw.number(float(low), float(high))
    rounded = round(drawn, 3)
    fits = low <= Fraction(rounded) <= high and not _touches(schema, rounded)
    if fits or not _touches(schema, drawn):
        return rounded if fits else drawn
    return float((low + high) / 2)


def _multiple(low: Fraction, high: Fraction, step: Fraction, draw: Seeded) -> int:
    first, last = math.ceil(low / step), math.floor(high / step)
    if first > last:
        raise NoNumber
    return draw.integer(first, last)


def _range(
    schema: Mapping[str, Json], *, above: Fraction, around: tuple[int, int]
) -> tuple[Fraction, Fraction]:
    """The lowest and highest number.

    An exclusive bound moves inwards by `above`, or by one step, where it lies on one; an open
    end lies `_REACH` away from the other.
    """
    step = _step(schema)
    inward = above or step or Fraction(0)
    lows = [_bound(schema, "minimum"), _bound(schema, "exclusiveMinimum", inward)]
    highs = [_bound(schema, "maximum"), _bound(schema, "exclusiveMaximum", -inward)]
    low = max((bound for bound in lows if bound is not None), default=None)
    high = min((bound for bound in highs if bound is not None), default=None)
    reach = max(Fraction(_REACH), 4 * (step or Fraction(0)))
    if low is not None:
        return low, low + reach if high is None else high
    if high is not None:
        return high - reach if high < around[0] else Fraction(0), high
    return Fraction(around[0]), max(Fraction(around[1]), reach)


def _bound(schema: Mapping[str, Json], key: str, inward: Fraction = Fraction(0)) -> Fraction | None:
    value = schema.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    bound = Fraction(str(value))  # as it is written, not as the machine holds it
    return bound + inward if inward and bound % inward == 0 else bound


def _step(schema: Mapping[str, Json]) -> Fraction | None:
    value = schema.get("multipleOf")
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    return Fraction(str(value))


def _touches(schema: Mapping[str, Json], value: float) -> bool:
    """Whether a number lies on a bound that is excluded."""
    return value in (schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum"))
