"""What refers to an asset: its places in indexes, which forbid its deletion, and entities."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, text
from understudy.mocks.providers.twelvelabs.assets.window import Window
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import discard, found, viewed
from understudy.mocks.store import Page, Resource

ENTITY = (
    "_id",
    "entity_collection_id",
    "name",
    "description",
    "metadata",
    "asset_ids",
    "status",
    "created_at",
    "updated_at",
)


def asset_of(call: Call) -> Resource:
    """The asset that the path names; refused when there is none."""
    return found(call, call.edition.cast.kinds["assets"], call.path("asset_id"))


def list_indexed(call: Call) -> Answer:
    """A page of the places in indexes where the asset stands, the newest first."""
    asset, window = asset_of(call), Window.of(call)
    page = call.collection("indexed-assets").page(
        where={"asset_id": asset.id}, descending=True, offset=window.offset, limit=window.limit
    )
    data: list[Json] = [_summary(call, each) for each in page.items]
    return Answer(200, {"data": data, "page_info": window.info(page.total)})


def list_entities(call: Call) -> Answer:
    """A page of the entities that the asset shows, the newest first."""
    asset, window = asset_of(call), Window.of(call)
    page = _entities(call, asset, window)
    data: list[Json] = []
    for entity in page.items:
        shown = viewed(call, entity)
        data.append({name: shown[name] for name in ENTITY if name in shown})
    return Answer(200, {"data": data, "page_info": window.info(page.total)})


def delete_asset(call: Call) -> Answer:
    """Removes an asset; 409 while indexed assets come from it, unless the call forces it.

    Those stay, entities lose the asset, and an upload that is not complete goes.
    """
    asset = asset_of(call)
    users = call.collection("indexed-assets").page(where={"asset_id": asset.id}, limit=1)
    if users.total and call.query("force") is not True:
        message = f"the asset {asset.id!r} stands in indexes as {users.total} indexed assets"
        advice = "delete them first, or send force=true"
        raise Refusal(Reason.CONFLICT, f"{message}; {advice}")
    for entity in _entities(call, asset).items:
        left = [one for one in elements(entity.fields.get("asset_ids")) if one != asset.id]
        call.collection("entities").change(entity, {"asset_ids": left}, at=call.now)
    discard(call, call.edition.cast.kinds["assets"], asset, call.edition.cast)
    return nothing()


def _entities(call: Call, asset: Resource, window: Window | None = None) -> Page:
    held = call.tenant.store.held(call.provider.name, "entities")
    if held is None:
        return Page((), 0)

    def shows(entity: Resource) -> bool:
        return asset.id in elements(entity.fields.get("asset_ids"))

    if window is None:
        return held.page(keep=shows)
    return held.page(keep=shows, descending=True, offset=window.offset, limit=window.limit)


def _summary(call: Call, indexed: Resource) -> Json:
    index = call.collection("indexes").get(indexed.parent or "")
    name = text(index.fields.get("index_name")) if index else ""
    return {"_id": indexed.id, "index": {"_id": indexed.parent, "name": name}}
