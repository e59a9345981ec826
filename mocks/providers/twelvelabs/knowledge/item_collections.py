"""Item collections: named sets of a store's items.

A collection keeps the ids of its members in the order they came; an id whose item has gone is
no member any more.
"""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.kind import text, texts
from understudy.mocks.polling import polled
from understudy.mocks.providers.twelvelabs.assets.window import Window
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.knowledge import items
from understudy.mocks.providers.twelvelabs.knowledge.stores import store_of, told
from understudy.mocks.resource import found, prepared, viewed
from understudy.mocks.store import Page, Resource

KIND = "item-collections"
NAMED = 5
"""How many of the unknown ids a refusal names."""


def create_collection(call: Call) -> Answer:
    """A new collection without members; refused where its name is taken in the store."""
    store = store_of(call)
    _check_name(call, store.id, call.field("name"), None)
    kind = call.edition.cast.kinds[KIND]
    collection = prepared(call, kind, {"metadata": {}, **told(call.body)}, store.id)
    call.collection(KIND).add(collection)
    return Answer(201, dict(viewed(call, collection)))


def update_collection(call: Call) -> Answer:
    """The collection with another name, description or metadata, each as a whole."""
    collection = collection_of(call)
    if "name" in call.body:
        _check_name(call, text(collection.parent), call.field("name"), collection)
    call.collection(KIND).change(collection, told(call.body), at=call.now)
    return Answer(200, dict(viewed(call, collection)))


def add_items(call: Call) -> Answer:
    """The collection with more members; refused where one of the ids is no item of the store."""
    collection = collection_of(call)
    asked = texts(call.body.get("item_ids"))
    known = call.collection(items.KIND)
    home = collection.parent
    strangers = [each for each in asked if (item := known.get(each)) is None or item.parent != home]
    if strangers:
        few = ", ".join(strangers[:NAMED])
        message = f"item_ids has {len(strangers)} that are no items of the store, such as {few}"
        raise refuse("parameter_invalid", message)
    _keep(call, collection, [*members(call, collection), *asked])
    return Answer(200, dict(viewed(call, collection)))


def remove_items(call: Call) -> Answer:
    """The collection loses these members; what is no member is ignored."""
    collection = collection_of(call)
    gone = frozenset(texts(call.body.get("item_ids")))
    _keep(call, collection, [each for each in members(call, collection) if each not in gone])
    return nothing()


def list_items(call: Call) -> Answer:
    """One page of the members, the newest item first; past the end it is empty."""
    collection = collection_of(call)
    window = Window.of(call)
    cut = _page(call, collection, window)
    with polled(call, cut.items):
        data: list[Json] = [items.shown(item) for item in cut.items]
    return Answer(200, {"data": data, "page_info": window.info(cut.total)})


def collection_of(call: Call) -> Resource:
    """The collection that the path names, in the store that it names; refused otherwise."""
    store = store_of(call)
    kind = call.edition.cast.kinds[KIND]
    return found(call, kind, call.path("collection_id"), store.id)


def members(call: Call, collection: Resource) -> list[str]:
    """The ids of the members, in the order they came."""
    held = call.collection(items.KIND)
    return [each for each in texts(collection.hidden.get("members")) if each in held]


def counted(call: Call, collection: Resource) -> Mapping[str, Json]:
    """How many members a collection has."""
    return {"member_count": len(members(call, collection))}


def _check_name(call: Call, store: str, name: str, owner: Resource | None) -> None:
    """Refuses a name of another collection of the store (the status is assumed)."""
    where: dict[str, Json] = {"knowledge_store_id": store, "name": name}
    other = call.collection(KIND).first(where)
    if other is not None and other is not owner:
        message = f"name {name[:80]!r} is taken by the item collection {other.id} of this store"
        raise refuse("parameter_invalid", message)


def _keep(call: Call, collection: Resource, ids: list[str]) -> None:
    """Give a collection these members, each once; the change is stamped if it is one."""
    before = members(call, collection)
    after = list(dict.fromkeys(ids))
    if after != before:
        collection.hidden["members"] = list[Json](after)
        call.collection(KIND).change(collection, at=call.now)


def _page(call: Call, collection: Resource, window: Window) -> Page:
    chosen = frozenset(members(call, collection))
    return call.collection(items.KIND).page(
        descending=True,
        where={"parent": collection.parent},
        keep=lambda item: item.id in chosen,
        offset=window.offset,
        limit=window.limit,
    )
