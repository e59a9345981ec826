"""What a few words say about a value ("1-10", "a list", "yes or no"), as a JSON Schema."""

import re
from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.generate.words import words

Shape = dict[str, Json]
"""A schema that `sample` can draw from."""

TEXT: Mapping[str, Json] = {"type": "string"}

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_COUNTED = r"(?!\s*(?:\w+ )?(?:sentence|word|bullet|paragraph|line|minute|second|char|token)s?\b)"
_RANGES = (
    re.compile(
        rf"(?<![\w.\-]){_NUMBER}\s*(?:-|\u2013|\u2014|\.\.|to|through)\s*{_NUMBER}(?![\w-]){_COUNTED}"
    ),
    re.compile(rf"\bbetween\s+{_NUMBER}\s+and\s+{_NUMBER}(?![\w-]){_COUNTED}"),
)
_OUT_OF = re.compile(r"(?:\bout of\s+|(?<=[\w>])\s*/\s*)(\d+)(?![\w.\-/])")
_LIST_FIRST = re.compile(
    r"\W*(?:(?:an?|the|as|is|in|of)\s+)*(?:[\w-]+\s+)?(?:list|array|bullets?)\b"
)
_LIST = re.compile(r"\b(?:list|array|bullets)\b")
_BOOLEAN = re.compile(
    r"\W*(?:an?\s+)?(?:bool(?:ean)?\b|true\s*(?:/|\||or)\s*false|false\s*(?:/|\||or)\s*true)"
)
_INTEGER = re.compile(r"\b(?:int|integer|whole number|count|how many)\b")
_NUMERIC = re.compile(r"\b(?:number|float|decimal|numeric|score|rating|rated?)\b")
_PERCENT = re.compile(r"\bpercent(?:age)?\b|%")
_TYPES: Mapping[str, str] = {
    "string": "string",
    "str": "string",
    "text": "string",
    "integer": "integer",
    "int": "integer",
    "number": "number",
    "float": "number",
    "boolean": "boolean",
    "bool": "boolean",
}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LISTS = _set(
    "points list items topics tags keywords hashtags highlights suggestions strengths weaknesses "
    "examples steps improvements objects people recommendations quotes questions names moments "
    "scenes insights takeaways reasons actions emotions colors colours"
)
_TEXTS = _set(
    "summary title description feedback reason explanation comment comments name text transcript "
    "overview conclusion notes note answer caption justification rationale headline"
)
_SCORES = _set("score rating confidence")
_PLACEHOLDER = re.compile(r"[xn#?_]|\.{3}|…")  # says that something stands there, and not what


def described(name: str, told: str, scale: Shape | None, *, loose: bool = False) -> Shape:
    """The schema of the value `name`, of which `told` is said (it may be nothing).

    `scale` is the range that holds for numbers of which no other is said. `loose` finds a
    list wherever the word is, for whole sentences; otherwise it must come first.
    """
    said = told.strip().lower()[:400]
    if _PLACEHOLDER.fullmatch(said):
        return _named(name, scale)
    if (_LIST if loose else _LIST_FIRST).search(said) and (loose or _LIST_FIRST.match(said)):
        return several(TEXT)
    if _BOOLEAN.match(said):
        return {"type": "boolean"}
    drawn = span(said)
    if drawn is not None:
        return drawn
    alternatives = _alternatives(told.strip()[:400])
    if alternatives is not None:
        return alternatives
    if _PERCENT.search(said):
        return {"type": "integer", "minimum": 0, "maximum": 100}
    if _INTEGER.search(said) or _NUMERIC.search(said):
        return dict(scale or {"type": "integer", "minimum": 1, "maximum": 10})
    return _named(name, scale if not said else None)


def span(told: str) -> Shape | None:
    """The range that a text speaks of first; None when it speaks of none.

    >>> span("rate it from 1 to 5")
    {'type': 'integer', 'minimum': 1, 'maximum': 5}
    """
    found = [match for pattern in _RANGES if (match := pattern.search(told))]
    if found:
        first = min(found, key=lambda match: match.start())
        return _between(first[1], first[2])
    out_of = _OUT_OF.search(told)
    return _between("1", out_of[1]) if out_of else None


def like(value: Json, name: str, scale: Shape | None) -> Shape:
    """The schema of which a template shows the value `value` as an example."""
    if isinstance(value, bool):
        return {"type": "boolean"}
    if not isinstance(value, int | float):
        return dict(TEXT)
    if scale is not None and (value == 0 or _covers(scale, value)):
        return dict(scale)
    if isinstance(value, float):
        top = next((top for top in (1, 10, 100) if abs(value) <= top), abs(value) * 2)
        return {"type": "number", "minimum": 0 if value >= 0 else -top, "maximum": top}
    if 0 <= value <= 10:
        return {"type": "integer", "minimum": 0 if value == 0 else 1, "maximum": 10}
    top = next((top for top in (100, 1000, 10_000) if abs(value) <= top), abs(value) * 2)
    return {"type": "integer", "minimum": 0 if value >= 0 else -top, "maximum": top}


def several(items: Mapping[str, Json]) -> Shape:
    """A short list of such values, none of them twice."""
    return {"type": "array", "items": dict(items), "minItems": 2, "maxItems": 3}


def _between(first: str, last: str) -> Shape | None:
    low, high = float(first), float(last)
    if not low < high or max(abs(low), abs(high)) > 1e12:
        return None
    if "." in first + last or (low, high) == (0.0, 1.0):
        return {"type": "number", "minimum": low, "maximum": high}
    return {"type": "integer", "minimum": int(low), "maximum": int(high)}


def _covers(scale: Shape, value: float) -> bool:
    low, high = scale.get("minimum"), scale.get("maximum")
    return isinstance(low, int | float) and isinstance(high, int | float) and low <= value <= high


def _alternatives(told: str) -> Shape | None:
    """One of several words, as in "low | medium | high", "yes/no" or "one of a, b or c"."""
    plain = told.strip(" <>()[]\"'`.:-")
    chosen = plain
    parts: list[str] = []
    if "|" in plain:
        parts = plain.split("|")
    elif re.fullmatch(r"[\w-]+(?:\s*/\s*[\w-]+)+", plain):
        parts = plain.split("/")
    elif match := re.match(r"(?:either|one of|any of)\b[:\s]*(.+)", plain, re.IGNORECASE):
        chosen = match[1]
        parts = re.split(r",\s*(?:or\s+)?|\s+or\s+", chosen)
    elif re.fullmatch(r"[\w-]+(?:,\s*[\w-]+)*,?\s+or\s+[\w-]+", plain):
        parts = re.split(r",\s*(?:or\s+)?|\s+or\s+", plain)
    options = list(dict.fromkeys(part.strip(" \"'`<>()") for part in parts))
    if len(options) < 2 or not all(0 < len(option) <= 40 for option in options):
        return None
    typed = [_TYPES[option.lower()] for option in options if option.lower() in _TYPES]
    if typed:
        return {"type": typed[0]}
    return {"type": "string", "enum": [*options]}


def _named(name: str, scale: Shape | None) -> Shape:
    """What the name alone promises."""
    last = (words(name) or ("",))[-1]
    if last in _LISTS:
        return several(TEXT)
    if last in _TEXTS:
        return dict(TEXT)
    if scale is not None:
        return dict(scale)
    if last in _SCORES:
        return {"type": "integer", "minimum": 1, "maximum": 10}
    return dict(TEXT)
