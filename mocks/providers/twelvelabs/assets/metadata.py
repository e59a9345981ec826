"""User metadata of an asset: typed values, and three ways to change them that differ."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping
from understudy.mocks.providers.twelvelabs.assets.references import asset_of
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import object_of
from understudy.mocks.store import Resource

EXACT = 2**53 - 1
"""The largest whole number that every JSON reader keeps."""


def parsed(text: str) -> dict[str, Json]:
    """The metadata in a form field, empty when the field is; refused when it is no such object."""
    if not text:
        return {}
    value = object_of(text)
    if value is None:
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


def merged(present: Json, changes: Mapping[str, Json]) -> dict[str, Json]:
    """What is there after a merge: null takes a key away, "" and [] change nothing."""
    gone = {name for name, value in changes.items() if value is None}
    kept = {name: value for name, value in mapping(present).items() if name not in gone}
    return {**kept, **told(changes)}


def merge_metadata(call: Call) -> Answer:
    """PATCH: the entries that the body names change, the others stay."""
    asset = asset_of(call)
    changes = checked(call.body.get("user_metadata"))
    return _written(call, asset, merged(asset.fields.get("user_metadata"), changes))


def replace_metadata(call: Call) -> Answer:
    """PUT: what the body says is all there is."""
    asset = asset_of(call)
    return _written(call, asset, told(checked(call.body.get("user_metadata"))))


def clear_metadata(call: Call) -> Answer:
    """DELETE: the asset has no metadata any more."""
    return _written(call, asset_of(call), {})


def _written(call: Call, asset: Resource, metadata: dict[str, Json]) -> Answer:
    """Stores the metadata; the field is absent where nothing is left."""
    assets = call.collection("assets")
    if metadata:
        assets.change(asset, {"user_metadata": metadata}, at=call.now)
    else:
        assets.change(asset, drop=("user_metadata",), at=call.now)
    return nothing()
