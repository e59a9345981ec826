"""Items of a knowledge store: assets on their way to be searched and talked about."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.providers.twelvelabs.assets.asset import medium_of_asset, ready_asset
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.knowledge.stores import store_of
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource
from understudy.mocks.task import Plan, Task

KIND = "knowledge-store-items"
LIFECYCLE = "knowledge-store-item"
KINDS = ("video", "image")
CODECS: Mapping[str, str] = {
    "gif": "gif",
    "jpeg": "mjpeg",
    "jpg": "mjpeg",
    "png": "png",
    "webp": "webp",
}
"""The codec of an image, by its file's extension; nobody looks into the file (assumed)."""


def create_item(call: Call) -> Answer:
    """A new item of an asset that is ready, to be processed; everything is checked before."""
    store = store_of(call)
    asset = ready_asset(call, call.field("asset_id"), kinds=KINDS)
    medium = medium_of_asset(asset)
    asked = call.field("asset_type", medium.kind)
    if asked != medium.kind:
        message = f"asset_type is {asked!r}, but the asset {asset.id} is of the kind {medium.kind}"
        raise refuse("parameter_invalid", message)
    fields: dict[str, Json] = {
        "asset_id": asset.id,
        "asset_type": medium.kind,
        "system_metadata": facts(medium),
        "metadata": call.body.get("metadata", {}),
    }
    item = prepared(call, call.edition.cast.kinds[KIND], fields, store.id)
    item.hidden["medium"] = kept(medium)
    items = call.collection(KIND)
    items.add(item)
    _begin(call, item, medium)
    return Answer(202, shown(item))


def _begin(call: Call, item: Resource, medium: Medium) -> None:
    lifecycle = call.provider.lifecycles[LIFECYCLE]
    plan = Plan.of(
        lifecycle,
        medium.duration if medium.kind == "video" else 0.0,
        speed=call.tenant.clock.speed,
        outcome=ending(medium, lifecycle),
    )
    Task.begin(item, plan, collection=call.collection(KIND), agenda=call.tenant.agenda)


def facts(medium: Medium) -> dict[str, Json]:
    """What was measured of an item's file, in the form of its kind."""
    size: dict[str, Json] = {"width": medium.width, "height": medium.height, "size": medium.size}
    if medium.kind == "image":
        codec = CODECS.get(medium.name.rpartition(".")[2].lower(), "png")
        return {"asset_type": "image", "filename": medium.name, "codec_name": codec, **size}
    return {
        "asset_type": "video",
        "filename": medium.name,
        "duration": medium.duration,
        "fps": medium.fps,
        "codec_name": "h264",
        **size,
    }


def shown(item: Resource) -> dict[str, Json]:
    """An item as every reply shows it."""
    return {name: value for name, value in item.fields.items() if name != "knowledge_store_id"}


def ready_items(call: Call, store: Resource) -> list[Resource]:
    """The items of a store that searches and answers can use, in the order they were added."""
    found = call.collection(KIND).page(where={"parent": store.id, "status": "ready"})
    return list(found.items)


def medium_of(item: Resource) -> Medium:
    """What is known of an item's file, as it was when the item was made."""
    return known(item.hidden)
