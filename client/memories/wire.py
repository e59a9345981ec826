"""How Memories.ai writes things: numbers and moments as text, and refusals as codes at 200."""

from collections.abc import Mapping
from datetime import UTC, datetime

from understudy.client.json import Json
from understudy.client.model import Via
from understudy.client.refusal import Problem

ABSENT = ("null", "")
"""Texts that stand for no value."""

STATUSES: Mapping[str, int] = {
    "0001": 400,
    "0003": 400,
    "0401": 401,
    "0402": 402,
    "0403": 403,
    "0409": 409,
    "0429": 429,
    "9009": 403,
}
"""What the documented codes stand for."""

_GOOD = frozenset({"0000", "SUCCESS"})


def envelope(body: Json) -> Problem:
    """Reads `{code, msg, ...}`, and what the framework answers before the service is reached."""
    if not isinstance(body, Mapping):
        return Problem()
    code, said = body.get("code"), body.get("msg") or body.get("error")
    return Problem(
        _code(code) if code is not None else None, said if isinstance(said, str) else None
    )


def verdict(status: int, body: Json) -> int:
    """The reply's own status, unless it is a success whose code says otherwise."""
    if not isinstance(body, Mapping) or not 200 <= status < 300 or "code" not in body:
        return status
    code = _code(body["code"])
    if code in _GOOD and body.get("success") is not False:
        return status
    return STATUSES.get(code, 400)


def _code(code: Json) -> str:
    return f"{code:04d}" if isinstance(code, int) else str(code)


def _number(value: Json) -> Json:
    """A number that may be text; None for a text that stands for no value."""
    if value in ABSENT:
        return None
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
        return int(value) if value.lstrip("-").isdigit() else number
    except ValueError:
        raise ValueError("a number, or its text") from None


def _moment(value: Json) -> Json:
    """Milliseconds since 1970 as an RFC 3339 text."""
    number = _number(value)
    if number is None:
        return None
    try:
        return datetime.fromtimestamp(float(str(number)) / 1000, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        raise ValueError("milliseconds since 1970") from None


def _text(value: Json) -> Json:
    """A text; None for the text `null`."""
    return None if value == "null" else value


NUMBER = Via(_number)
MOMENT = Via(_moment)
TEXT = Via(_text)
