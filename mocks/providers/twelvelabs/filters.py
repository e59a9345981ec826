"""The filter of a search: which videos it leaves, read from the JSON text of an object."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.kind import elements, mapping
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import object_of
from understudy.mocks.refusal import Refusal
from understudy.mocks.store import Resource

NUMBERS = frozenset({"duration", "fps", "width", "height", "size"})
"""What the system knows of a video as a number; `filename` and `id` are texts."""

BOUNDS = frozenset({"gte", "lte"})


def parsed(text: str) -> dict[str, Json]:
    """The filter, refused as `search_filter_invalid` when it is no filter; empty for no text."""
    if not text:
        return {}
    value = object_of(text)
    if value is None:
        raise _invalid(f"filter is {text[:80]!r}, expected the text of a JSON object")
    return checked(value)


def checked(wanted: Mapping[str, Json]) -> dict[str, Json]:
    """The filter that an object holds, refused in the same way."""
    for name, each in wanted.items():
        _check(name, each)
    return dict(wanted)


def passes(video: Resource, wanted: Mapping[str, Json]) -> bool:
    """Whether a video has everything that a parsed filter asks for."""
    return all(_fits(_value(video, name), each) for name, each in wanted.items())


def _check(name: str, wanted: Json) -> None:
    if name == "id":
        ids = elements(wanted)
        if not ids or not all(isinstance(each, str) for each in ids):
            raise _wrong(name, wanted, "a list of video ids")
    elif isinstance(wanted, Mapping):
        _check_bounds(name, wanted)
    elif name in NUMBERS and (isinstance(wanted, bool) or not isinstance(wanted, int | float)):
        raise _wrong(name, wanted, "a number, or an object of gte and lte")
    elif name == "filename" and not isinstance(wanted, str):
        raise _wrong(name, wanted, "a string")
    elif not isinstance(wanted, str | int | float | bool):
        raise _wrong(name, wanted, "a string, a number, a boolean, or an object of gte and lte")


def _check_bounds(name: str, wanted: Mapping[str, Json]) -> None:
    if name == "filename":
        raise _wrong(name, wanted, "a string")
    numbers = all(
        isinstance(bound, int | float) and not isinstance(bound, bool) for bound in wanted.values()
    )
    if not wanted or not BOUNDS.issuperset(wanted) or not numbers:
        raise _wrong(name, wanted, "numbers under gte, lte or both")


def _value(video: Resource, name: str) -> Json:
    if name == "id":
        return video.id
    if name in NUMBERS or name == "filename":
        return video.field(f"system_metadata.{name}")
    return mapping(video.fields.get("user_metadata")).get(name)


def _fits(value: Json, wanted: Json) -> bool:
    if isinstance(wanted, Mapping):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        low, high = wanted.get("gte", value), wanted.get("lte", value)
        return bool(low <= value <= high)  # type: ignore[operator]
    if several := elements(value):
        return any(_fits(each, wanted) for each in several)
    if isinstance(wanted, str | int | float | bool):
        return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
    return value in elements(wanted)


def _wrong(name: str, value: Json, expected: str) -> Refusal:
    return _invalid(f"filter.{name} is {repr(value)[:80]}, expected {expected}")


def _invalid(message: str) -> Refusal:
    return refuse("search_filter_invalid", message)
