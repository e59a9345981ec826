"""How Imentiv's refusals are read: `detail` as a sentence or a list, or a number and a message."""

from collections.abc import Mapping

from understudy.client.json import Json
from understudy.client.refusal import Problem


def problem_of(body: Json) -> Problem:
    """What a refusal says. Of a list of values that cannot be read, each is named with its place;
    the code is the number of an error (1601), else the type of the first such value."""
    if not isinstance(body, Mapping):
        return Problem()
    number, message, detail = body.get("error_id"), body.get("message"), body.get("detail")
    if isinstance(detail, str):
        return Problem(message=detail)
    if isinstance(detail, list):
        items = [item for item in detail if isinstance(item, Mapping)]
        said = "; ".join(f"{_place(item)}: {item.get('msg')}" for item in items)
        first = items[0].get("type") if items else None
        return Problem(str(first) if first else None, said or None)
    status = body.get("status")
    code = number if number is not None else status
    return Problem(None if code is None else str(code), str(message) if message else None)


def _place(item: Mapping[str, Json]) -> str:
    place = item.get("loc")
    return ".".join(str(step) for step in place) if isinstance(place, list) else "?"
