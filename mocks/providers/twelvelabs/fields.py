"""The fields of a request: which of them are kept, and objects that came as their JSON text."""

from collections.abc import Mapping

import orjson

from understudy.contracts.json import Json


def picked(body: Mapping[str, Json], *names: str) -> dict[str, Json]:
    """Those of the named fields that a body has, in the order of the names."""
    return {name: body[name] for name in names if name in body}


def object_of(text: str) -> Mapping[str, Json] | None:
    """The JSON object that a text is, None where it is none."""
    try:
        value: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, Mapping) else None
