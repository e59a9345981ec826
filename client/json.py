"""JSON as Python values, and the one reader of it that the client uses."""

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn, Union

# A union with names in it, since the annotations of models are evaluated.
Json = Union[bool, int, float, str, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007
"""Any value that JSON can say."""


def parse(content: bytes) -> Json:
    """The value that `content` says; `ValueError` for anything else, NaN and Infinity included."""
    try:
        value: Json = json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def write(value: Json) -> str:
    """The JSON text of `value`."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
