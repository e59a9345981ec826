"""User metadata of an asset: typed values, and three ways to change them that differ."""

from collections.abc import Mapping

import orjson

from understudy.contracts.json import Json
from understudy.mocks.kind import elements, mapping
from understudy.mocks.providers.twelvelabs.errors import refuse

EXACT = 2**53 - 1
"""The largest whole number that every JSON reader keeps."""


def parsed(text: str) -> dict[str, Json]:
    """The metadata in a form field, empty when the field is; refused when it is no such object."""
    if not text:
        return {}
    try:
        value: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, Mapping):
        message = f"user_metadata is {text[:80]!r}, expected the text of a JSON object"
        raise refuse("parameter_invalid", message)
    return told(checked(value))


def checked(metadata: Json) -> Mapping[str, Json]:
    """The metadata as sent; refused where a value is of no accepted type or loses digits."""
    found = mapping(metadata)
    for name, value in found.items():
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > EXACT:
            message = (
                f"user_metadata.{name} is {str(value)[:40]}; send whole numbers beyond 53 bits"
            )
            raise refuse("parameter_invalid", f"{message} as strings")
        items = elements(value)
        simple = value is None or isinstance(value, str | int | float)
        if not simple and (
            isinstance(value, Mapping) or not all(isinstance(item, str) for item in items)
        ):
            message = f"user_metadata.{name} is {repr(value)[:80]}, expected a string, number,"
            raise refuse("parameter_invalid", f"{message} boolean or array of strings")
    return found


def told(metadata: Mapping[str, Json]) -> dict[str, Json]:
    """The entries that say something: null, "" and [] are left out."""
    return {
        name: value
        for name, value in metadata.items()
        if value is not None and value != "" and value != []
    }
