"""A refusal's status, headers and body, as one of the client's errors."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from understudy.client.errors import BY_STATUS, ApiError, ServerFault
from understudy.client.json import Json, parse

_YEAR = 366 * 24 * 3600.0
_REQUEST_IDS = ("x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id", "cf-ray")
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error body says, in whatever envelope."""

    code: str | None = None
    message: str | None = None
    docs_url: str | None = None


Envelope = Callable[[Json], Problem]
"""How one provider's error bodies are read."""


Verdict = Callable[[int, Json], int]
"""The status that a JSON reply stands for, where a service refuses with a 200 and a code."""


def flat_or_nested(body: Json) -> Problem:
    """Reads `{code, message, docs_url}`, also when it is wrapped as `{error: {...}}`."""
    if not isinstance(body, Mapping):
        return Problem()
    inner = body.get("error")
    if isinstance(inner, Mapping):
        body = inner
    return Problem(_text(body.get("code")), _text(body.get("message")), _text(body.get("docs_url")))


def refusal(
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    *,
    envelope: Envelope,
    wall: Callable[[], float],
) -> ApiError:
    """The error for a reply that is no success; names in `headers` are in lower case."""
    try:
        body = parse(content) if content else None
    except ValueError:
        body = None
    problem = envelope(body)
    kind = BY_STATUS.get(status, ServerFault if status >= 500 else ApiError)
    return kind(
        problem.message or _fallback(content),
        status=status,
        code=problem.code,
        request_id=next((headers[name] for name in _REQUEST_IDS if name in headers), None),
        docs_url=problem.docs_url,
        retry_after=retry_after(status, headers, wall),
        headers=headers,
        body=body,
    )


def retry_after(status: int, headers: Mapping[str, str], wall: Callable[[], float]) -> float | None:
    """The seconds that the service asks to be left alone; None when it does not say.

    `Retry-After` holds seconds or a date; `X-Ratelimit-Reset`, heeded with a 429 only, seconds
    since 1970, or seconds from now when the number is too small for that. Moments are measured
    against the reply's own `Date`, so that a wrong clock here does no harm.
    """
    asked = headers.get("retry-after")
    if asked is not None:
        seconds = _number(asked)
        if seconds is None:
            moment = _moment(asked)
            seconds = None if moment is None else moment - _now(headers, wall)
        if seconds is not None:
            return max(0.0, seconds)
    reset = _number(headers.get("x-ratelimit-reset", "")) if status == 429 else None
    if reset is None:
        return None
    return max(0.0, reset if reset < _YEAR else reset - _now(headers, wall))


def _now(headers: Mapping[str, str], wall: Callable[[], float]) -> float:
    moment = _moment(headers.get("date", ""))
    return wall() if moment is None else moment


def _moment(text: str) -> float | None:
    try:
        moment: datetime = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _text(value: Json) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | float) else None


def _fallback(content: bytes) -> str:
    text = " ".join(content[: 4 * _EXCERPT].decode("utf-8", "replace").split())
    return f"The service said: {text[:_EXCERPT]!r}." if text else "The service gave no reason."
