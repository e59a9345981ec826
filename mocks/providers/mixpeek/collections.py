"""Collections: made by hand or by the first ingestion, and how much each holds."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import mapping
from understudy.mocks.providers.mixpeek.assets import discard_asset
from understudy.mocks.providers.mixpeek.errors import rule, unknown
from understudy.mocks.providers.mixpeek.moments import zoneless
from understudy.mocks.providers.mixpeek.pages import numbered
from understudy.mocks.providers.mixpeek.scope import collection_of, scope
from understudy.mocks.providers.mixpeek.tasks import deletion
from understudy.mocks.store import Resource


def create_collection(call: Call) -> Answer:
    """Stores an empty collection."""
    namespace = scope(call)
    _free(call, namespace, None)
    made = _made(call, namespace, {**_said(call), "collection_id": call.tenant.ids.token("col_")})
    return Answer(200, made.fields)


def collection_for(call: Call, namespace: str, name: str) -> Resource:
    """The collection that an ingestion names, made when there is none: its name is its id then."""
    found = collection_of(call, namespace, name)
    if found is not None:
        return found
    fields: dict[str, Json] = {"collection_name": name, "collection_id": name, "metadata": {}}
    return _made(call, namespace, fields)


def list_collections(call: Call) -> Answer:
    """One page of the namespace's collections."""
    items = call.collection("collections").page(where={"parent": scope(call)}).items
    page, pagination = numbered(call, items)
    results: list[Json] = [_counted(call, collection) for collection in page]
    return Answer(200, {"results": results, "pagination": pagination})


def read_collection(call: Call) -> Answer:
    """One collection."""
    return Answer(200, _found(call).fields)


def update_collection(call: Call) -> Answer:
    """Gives a collection another name and other metadata."""
    collection = _found(call)
    _free(call, scope(call), collection)
    call.collection("collections").change(collection, _said(call), at=call.now)
    return Answer(200, collection.fields)


def delete_collection(call: Call) -> Answer:
    """Removes a collection with all its assets."""
    collection = _found(call)
    discard(call, collection)
    return deletion(call, "Collection", str(collection.fields["collection_name"]))


def discard(call: Call, collection: Resource) -> None:
    """Removes a collection and its assets."""
    for asset in call.collection("assets").page(where={"parent": collection.id}).items:
        discard_asset(call, asset)
    call.collection("collections").remove(collection)


def _made(call: Call, namespace: str, fields: Mapping[str, Json]) -> Resource:
    identity = call.tenant.ids.uuid()  # names are unique within a namespace only
    whole = {**fields, "namespace_id": namespace}
    made = Resource("collections", identity, whole, call.now, namespace)
    return call.collection("collections").add(made)


def _said(call: Call) -> dict[str, Json]:
    metadata = dict(mapping(call.body.get("metadata")))
    return {"collection_name": call.field("collection_name"), "metadata": metadata}


def _found(call: Call) -> Resource:
    name = call.path("collection")
    collection = collection_of(call, scope(call), name)
    if collection is None:
        raise unknown(f"there is no collection {name!r} in this namespace")
    return collection


def _free(call: Call, namespace: str, owner: Resource | None) -> None:
    name = call.field("collection_name")
    other = collection_of(call, namespace, name)
    if other is not None and other is not owner:
        raise rule(f"collection_name {name!r} is taken by another collection of this namespace")


def _counted(call: Call, collection: Resource) -> dict[str, Json]:
    assets = call.collection("assets").page(where={"parent": collection.id}).items
    sizes = (asset.hidden.get("size") for asset in assets)
    latest = max([collection.updated, *(asset.updated for asset in assets)])
    return {
        "collection_id": collection.fields["collection_id"],
        "collection_name": collection.fields["collection_name"],
        "count": len(assets),
        "size_bytes": sum(size for size in sizes if isinstance(size, int)),
        "last_updated": zoneless(latest),
        "preview_url": None,
        "metadata": collection.fields["metadata"],
    }
