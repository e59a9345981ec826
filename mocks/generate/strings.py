"""Texts for a string schema: by format, by pattern, else a few neutral words."""

import base64
from collections.abc import Callable, Mapping

from understudy.contracts.json import Json
from understudy.mocks.generate.expression import NotUnderstood, matching
from understudy.mocks.generate.seeded import Seeded

_VOCABULARY = (
    "amber bridge canvas delta ember forest garden harbor island juniper kettle lantern "
    "meadow north orchard pebble quiet river summit timber valley willow"
)
_WORDS = _VOCABULARY.split()
_LONGEST = 10_000  # no sample is longer, whatever a schema asks for
_TRIES = 12


def text(schema: Mapping[str, Json], draw: Seeded, name: str = "") -> str:
    """A text for `schema`; `name` is the property's, a hint where the schema says little."""
    least = _count(schema.get("minLength"), 0)
    most = _count(schema.get("maxLength"), _LONGEST)
    pattern, form = schema.get("pattern"), schema.get("format")
    if isinstance(pattern, str):
        return _by_pattern(pattern, draw, least, most)
    if isinstance(form, str) and form in _FORMATS:
        return _FORMATS[form](draw, least)
    return fitted(_hinted(name, draw) if most >= 40 else draw.choice(_WORDS), least, most, draw)


def fitted(value: str, least: int, most: int, draw: Seeded) -> str:
    """`value` brought to a length between `least` and `most` characters."""
    while len(value) < least:
        value = f"{value} {draw.choice(_WORDS)}"
    shortened = value[:most]
    if len(shortened.strip()) >= least:
        return shortened.strip()
    return shortened[:-1] + "s" if shortened.endswith(" ") else shortened


def _by_pattern(pattern: str, draw: Seeded, least: int, most: int) -> str:
    """Tries ever longer repetitions until one has a length that is allowed."""
    found = ""
    for extra in (2, 0, 1, 4, 8, 16, 32, 64, *range(3, _TRIES)):
        try:
            found = matching(pattern, draw, extra=extra)
        except (NotUnderstood, RecursionError):
            return fitted(draw.choice(_WORDS), least, most, draw)
        if least <= len(found) <= most:
            return found
    missing = "a" * (least - len(found))
    if not pattern.startswith("^"):
        return missing + found
    anchored = pattern.endswith("$") and not pattern.endswith("\\$")
    return found if anchored else found + missing


def _hinted(name: str, draw: Seeded) -> str:
    lowered = name.lower()
    if lowered in ("url", "uri", "href") or lowered.endswith(("_url", "_uri")):
        return _uri(draw, 0)
    if lowered == "email" or lowered.endswith("_email"):
        return _email(draw, 0)
    if lowered in ("id", "_id") or lowered.endswith("_id"):
        return draw.bytes(12).hex()
    if lowered.endswith("_at"):
        return _moment(draw, 0)
    return " ".join(draw.pick(_WORDS, draw.integer(1, 3)))


def _count(value: Json, otherwise: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return otherwise
    return int(min(value, _LONGEST))


def _date(draw: Seeded, _least: int = 0) -> str:
    return f"2025-{draw.integer(1, 6):02}-{draw.integer(1, 28):02}"


def _clock(draw: Seeded, _least: int = 0) -> str:
    return f"{draw.integer(0, 23):02}:{draw.integer(0, 59):02}:{draw.integer(0, 59):02}.000Z"


def _moment(draw: Seeded, _least: int = 0) -> str:
    return f"{_date(draw)}T{_clock(draw)}"


def _uuid(draw: Seeded, _least: int = 0) -> str:
    digits = draw.bytes(16).hex()
    variant = "89ab"[draw.integer(0, 3)]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _host(draw: Seeded, _least: int = 0) -> str:
    return f"{draw.choice(_WORDS)}.example"


def _email(draw: Seeded, least: int = 0) -> str:
    domain = _host(draw)
    return _longer(draw.choice(_WORDS), min(60, least - len(domain) - 1)) + f"@{domain}"


def _uri(draw: Seeded, least: int = 0) -> str:
    start = f"https://{_host(draw)}/"
    return start + _longer(f"{draw.choice(_WORDS)}-{draw.bytes(3).hex()}", least - len(start))


def _path(draw: Seeded, least: int = 0) -> str:
    return "/" + _longer(draw.choice(_WORDS), least - 1)


def _word(draw: Seeded, least: int = 0) -> str:
    return _longer(draw.choice(_WORDS), least)


def _base64(draw: Seeded, least: int = 0) -> str:
    return base64.b64encode(draw.bytes(max(9, -(-least // 4) * 3))).decode()


def _ipv4(draw: Seeded, _least: int = 0) -> str:
    return f"192.0.2.{draw.integer(1, 254)}"


def _ipv6(draw: Seeded, _least: int = 0) -> str:
    return f"2001:db8::{draw.integer(1, 0xFFFF):x}"


def _duration(draw: Seeded, _least: int = 0) -> str:
    return f"PT{draw.integer(1, 59)}M"


def _relative(draw: Seeded, _least: int = 0) -> str:
    return f"{draw.integer(0, 3)}/{draw.choice(_WORDS)}"


def _longer(value: str, least: int) -> str:
    return value + "a" * (least - len(value))


_FORMATS: Mapping[str, Callable[[Seeded, int], str]] = {
    "date-time": _moment,
    "date": _date,
    "time": _clock,
    "duration": _duration,
    "email": _email,
    "idn-email": _email,
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "uri": _uri,
    "iri": _uri,
    "url": _uri,
    "uri-reference": _path,
    "iri-reference": _path,
    "uri-template": _path,
    "uuid": _uuid,
    "json-pointer": _path,
    "relative-json-pointer": _relative,
    "regex": _word,
    "byte": _base64,
    "binary": _word,
    "password": _word,
}
