"""Media types: what a Content-Type means, which declaration covers it, what an Accept wants."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeVar

Kind = Literal["json", "form", "multipart", "lines", "events", "text", "binary"]
Value = TypeVar("Value")

_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";\s]+)', re.IGNORECASE)
_QUALITY = re.compile(r";\s*q\s*=\s*([0-9.]+)", re.IGNORECASE)
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_LINES = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}
)


def bare(media_type: str) -> str:
    """The media type in lower case without parameters."""
    return media_type.partition(";")[0].strip().lower()


def charset(media_type: str) -> str | None:
    """The charset parameter in lower case, None when there is none."""
    found = _CHARSET.search(media_type)
    return None if found is None else found[1].lower()


def is_utf8(media_type: str) -> bool:
    """Whether text of this media type may be read as UTF-8: it names that, or no charset."""
    named = charset(media_type)
    return named is None or named in _UTF8


def kind_of(media_type: str) -> Kind:
    """How a body of a media type is to be read; XML and what is unknown count as binary."""
    name = bare(media_type)
    if name in ("application/json", "text/json") or name.endswith("+json"):
        return "json"
    if name == "application/x-www-form-urlencoded":
        return "form"
    if name == "multipart/form-data":
        return "multipart"
    if name in _LINES:
        return "lines"
    if name == "text/event-stream":
        return "events"
    if name.startswith("text/") and name != "text/xml":
        return "text"
    return "binary"


def covering(declared: Mapping[str, Value], media_type: str) -> Value | None:
    """What is declared for a media type: itself, its `+suffix` range, `type/*`, else `*/*`.

    The keys of `declared` are as written in a document; parameters are looked at only where
    they tell two keys apart.
    """
    full, name = "".join(media_type.lower().split()), bare(media_type)
    ranked: list[tuple[int, Value]] = []
    for key, value in declared.items():
        wanted = bare(key)
        if "".join(key.lower().split()) == full:
            return value
        if wanted == name:
            ranked.append((3, value))
        elif wanted != "*/*" and _within(name, wanted):
            ranked.append((2, value))
        elif wanted == "*/*":
            ranked.append((1, value))
    return max(ranked, key=lambda entry: entry[0])[1] if ranked else None


def _within(name: str, wanted: str) -> bool:
    if wanted.endswith("/*"):
        return name.startswith(wanted[:-1])
    start, star, suffix = wanted.partition("*")
    return bool(star) and name.startswith(start) and name.endswith(suffix)


def negotiate(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that an Accept header prefers; None when none is acceptable.

    No header accepts everything; of equally good ones the first that is offered wins.
    """
    if not offered:
        return None
    if not accept or not accept.strip():
        return offered[0]
    wishes = list(_wishes(accept))
    best: tuple[float, str] | None = None
    for media_type in offered:
        quality = _quality(bare(media_type), wishes)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, media_type)
    return None if best is None else best[1]


def _wishes(accept: str) -> Iterable[tuple[str, float]]:
    for piece in accept.split(",")[:64]:
        found = _QUALITY.search(piece)
        try:
            quality = float(found[1]) if found else 1.0
        except ValueError:
            quality = 1.0
        yield bare(piece), min(quality, 1.0)


def _quality(name: str, wishes: Sequence[tuple[str, float]]) -> float:
    best = (-1, 0.0)
    for wanted, quality in wishes:
        if wanted == name:
            rank = 3
        elif wanted in ("*/*", "*"):
            rank = 0
        elif _within(name, wanted):
            rank = 1
        else:
            continue
        if rank > best[0]:
            best = (rank, quality)
    return best[1]
