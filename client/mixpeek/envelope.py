"""How Mixpeek's refusals are read: an envelope, or FastAPI's list of what is wrong."""

from collections.abc import Mapping

from understudy.client.json import Json
from understudy.client.refusal import Problem


def problem(body: Json) -> Problem:
    """The message and the type of a refusal; several wrong fields make one message."""
    if not isinstance(body, Mapping):
        return Problem()
    inner = body.get("error")
    if isinstance(inner, Mapping):
        return Problem(_text(inner.get("type")), _text(inner.get("message")))
    detail = body.get("detail")
    if isinstance(detail, list):
        wrong = [each for each in detail if isinstance(each, Mapping)]
        told = "; ".join(f"{_way(each.get('loc'))}: {each.get('msg')}" for each in wrong)
        return Problem(_text(wrong[0].get("type")) if wrong else None, told or None)
    return Problem(None, _text(detail))


def _way(loc: Json) -> str:
    return ".".join(str(step) for step in loc) if isinstance(loc, list) else "request"


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None
