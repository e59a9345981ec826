"""Numbers and texts of a folded schema."""

import math
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from understudy.contracts.errors import ContractError
from understudy.contracts.formats import bounds
from understudy.contracts.json import Json
from understudy.contracts.strategies.folding import Node, listed

LETTERS = "abcXYZ019 é_-&=%+/.,;ß漢"
SAFE = "abcdefXYZ0189_-é"
_SPAN = 10_000
_MOMENT = datetime(2025, 7, 1, tzinfo=UTC)
_FORMATS: Mapping[str, Callable[[int], str]] = {
    # one number each: patterns of this size take a hundred times as long to draw
    "uuid": lambda n: str(UUID(int=n * 0x9E3779B97F4A7C15 % 2**128, version=4)),
    "email": lambda n: f"{_word(n)}@{_word(n >> 8)}.example",
    "idn-email": lambda n: f"{_word(n)}@{_word(n >> 8)}.example",
    "hostname": lambda n: f"{_word(n)}.example",
    "idn-hostname": lambda n: f"{_word(n)}.example",
    "uri": lambda n: f"https://{_word(n >> 8)}.example/{_word(n)}",
    "url": lambda n: f"https://{_word(n >> 8)}.example/{_word(n)}",
    "iri": lambda n: f"https://{_word(n >> 8)}.example/{_word(n)}",
    "uri-reference": lambda n: f"/{_word(n)}",
    "iri-reference": lambda n: f"/{_word(n)}",
    "uri-template": lambda n: f"https://{_word(n >> 8)}.example/{{{_word(n)}}}",
    "json-pointer": lambda n: f"/{_word(n)}" * (n % 4),
    "relative-json-pointer": lambda n: f"{n % 10}/{_word(n)}",
    "regex": lambda n: f"^[a-z]{{1,{n % 9 + 1}}}$",
    "byte": lambda n: b64encode(str(n).encode()).decode(),
    "duration": lambda n: f"P{n % 9 + 1}D",
    "time": lambda n: _moment(n).time().isoformat() + "Z",
    "date": lambda n: _moment(n).date().isoformat(),
    "date-time": lambda n: _moment(n).isoformat().replace("+00:00", "Z" if n % 2 else "+00:00"),
    "ipv4": lambda n: str(IPv4Address(n % 2**32)),
    "ipv6": lambda n: str(IPv6Address(n * 0x9E3779B97F4A7C15 % 2**128)),
}
_CLASSES = (
    (r"\p{L}", r"[^\W\d_]"),
    (r"\p{Lu}", "[A-Z]"),
    (r"\p{Ll}", "[a-z]"),
    (r"\p{N}", r"\d"),
    (r"\p{Nd}", r"\d"),
    ("(?<", "(?P<"),
    ("(?P<=", "(?<="),
    ("(?P<!", "(?<!"),
    (r"\/", "/"),
)
_REPEATED = re.compile(r"\^((?:\[(?:\\.|[^\]\\])+\])|\\[dw]|\.)([*+])\$")


class StrategyError(ContractError):
    """No values can be drawn for a schema; the message says for which part of it."""


def integers(node: Node) -> st.SearchStrategy[Json]:
    """Whole numbers within the bounds."""
    low, high = _limits(node)
    least = None if low is None else math.ceil(low)
    if least is not None and low == least and _open(node, "exclusiveMinimum", low):
        least += 1
    most = None if high is None else math.floor(high)
    if most is not None and high == most and _open(node, "exclusiveMaximum", high):
        most -= 1
    step = Fraction(str(node["multipleOf"])) if _number(node.get("multipleOf")) else Fraction(1)
    step = Fraction(step.numerator)  # the least whole multiple of p/q is p
    least, most = _span(least, most)
    start, stop = math.ceil(least / step), math.floor(most / step)
    if start > stop:
        return st.nothing()
    return st.integers(start, stop).map(lambda count: int(count * step))


def numbers(node: Node) -> st.SearchStrategy[Json]:
    """Numbers within the bounds, whole ones among them."""
    low, high = _limits(node)
    if _number(node.get("multipleOf")):
        step = Fraction(str(node["multipleOf"]))
        least, most = _span(low, high)
        start, stop = math.ceil(least / step), math.floor(most / step)
        start += _open(node, "exclusiveMinimum", start * step)
        stop -= _open(node, "exclusiveMaximum", stop * step)
        if start > stop:
            return st.nothing()
        return st.integers(start, stop).map(lambda count: _plain(count * step))
    least, most = (float(edge) for edge in _span(low, high))
    shut = _open(node, "exclusiveMinimum", least), _open(node, "exclusiveMaximum", most)
    fractions: st.SearchStrategy[Json] = st.floats(
        least, most, exclude_min=shut[0], exclude_max=shut[1], allow_nan=False
    ).map(lambda value: value + 0.0)
    whole = integers({**node, "multipleOf": None})
    return fractions if whole.is_empty else st.one_of(whole, fractions)


def texts(node: Node, *, wire: bool = False) -> st.SearchStrategy[Json]:
    """Texts of a pattern, a format or a length; with `wire` such as survive any encoding."""
    found = _texts(node, wire=wire)
    known = _told(node)
    return found if not known else st.one_of(found, st.sampled_from(known))


def _texts(node: Node, *, wire: bool) -> st.SearchStrategy[Json]:
    low = int(_or(node.get("minLength"), 0))
    high = None if node.get("maxLength") is None else int(_or(node.get("maxLength"), 0))
    if wire:
        low = max(low, 1)
    if high is not None and high < low:
        return st.nothing()
    patterns = [str(each) for each in listed(node.get("x-patterns"))]
    spell = _FORMATS.get(str(node.get("format")))
    if spell is not None:
        return st.integers(0, 2**40).map(spell).filter(_fitting(tuple(patterns), low, high))
    if patterns:
        return _matching(tuple(patterns), low, high)
    most = max(low, min(low + 8, high if high is not None else low + 8))
    return st.text(SAFE if wire else LETTERS, min_size=low, max_size=most)


@lru_cache(maxsize=1024)
def _matching(patterns: tuple[str, ...], low: int, high: int | None) -> st.SearchStrategy[Json]:
    """Texts of the first pattern that also satisfy the others and the lengths."""
    first = _python(patterns[0])
    simple = _REPEATED.fullmatch(first)
    if simple:
        least = max(low, 1 if simple[2] == "+" else 0)
        most = min(least + 12, high if high is not None else least + 12)
        first = f"^{simple[1]}{{{least},{max(least, most)}}}$"
    fits = _fitting(patterns[1:], low, high)
    return st.from_regex(_compiled(first), fullmatch=True).map(_unbroken).filter(fits)


def _fitting(patterns: tuple[str, ...], low: int, high: int | None) -> Callable[[str], bool]:
    compiled = [_compiled(_python(pattern)) for pattern in patterns]

    def fits(text: str) -> bool:
        return (
            low <= len(text)
            and (high is None or len(text) <= high)
            and text.isprintable()
            and all(pattern.search(text) for pattern in compiled)
        )

    return fits


def _word(number: int) -> str:
    """A short word of small letters."""
    letters = "abcdefghijklmnop"
    return "".join(letters[number >> 4 * at & 15] for at in range(1 + (number >> 3) % 6))


def _moment(number: int) -> datetime:
    return _MOMENT + timedelta(seconds=number % 10**8, milliseconds=number % 7)


def _unbroken(text: str) -> str:
    """Without the line end that `$` lets Python put last."""
    return text.removesuffix("\n")


def _python(pattern: str) -> str:
    """An ECMA-262 pattern as Python spells it, where the two differ in ordinary use."""
    for theirs, ours in _CLASSES:
        pattern = pattern.replace(theirs, ours)
    return pattern


def _compiled(pattern: str) -> "re.Pattern[str]":
    try:
        return re.compile(pattern, re.ASCII)
    except re.error as error:
        raise StrategyError(
            f"no text can be made for the pattern {pattern!r} ({error});"
            " give the schema an enum or a format instead"
        ) from error


def _told(node: Node) -> list[Json]:
    """The texts that the document gives as examples, where they fit their own schema."""
    told = [*listed(node.get("examples")), node.get("example"), node.get("default")]
    low, high = _or(node.get("minLength"), 0), _or(node.get("maxLength"), math.inf)
    patterns = [_compiled(_python(str(each))) for each in listed(node.get("x-patterns"))]
    return [
        text
        for text in dict.fromkeys(each for each in told if isinstance(each, str) and each)
        if low <= len(text) <= high and all(pattern.search(text) for pattern in patterns)
    ]


def _limits(node: Node) -> tuple[float | int | None, float | int | None]:
    """The bounds that hold, None where there is none; format int32 and int64 bound too."""
    formed = bounds(str(node.get("format"))) or (None, None)
    lows = [node.get("minimum"), node.get("exclusiveMinimum"), formed[0]]
    highs = [node.get("maximum"), node.get("exclusiveMaximum"), formed[1]]
    found: Any = [value for value in lows if _number(value)]
    others: Any = [value for value in highs if _number(value)]
    return max(found, default=None), min(others, default=None)


def _span(low: Any, high: Any) -> tuple[Any, Any]:
    """Both bounds, near each other where the schema leaves one open or the span is wide."""
    if low is None and high is None:
        return -_SPAN, _SPAN
    if low is None:
        return high - _SPAN, high
    if high is None:
        return low, low + _SPAN
    return low, high


def _open(node: Node, keyword: str, edge: Any) -> bool:
    value: Any = node.get(keyword)
    return _number(value) and value == edge


def _plain(value: Fraction) -> Json:
    return int(value) if value.denominator == 1 else float(value)


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _or(value: Json, other: float) -> float:
    return float(value) if isinstance(value, int | float) else other
