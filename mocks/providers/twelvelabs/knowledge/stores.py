"""Knowledge stores: what items, collections and sessions belong to."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import mapping
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.knowledge.enrichment import check_enrichment
from understudy.mocks.resource import found, prepared, viewed
from understudy.mocks.store import Resource

KIND = "knowledge-stores"
CHANGEABLE = ("name", "description", "metadata")
"""What stores and item collections are told when they are made, and may be told anew."""


def create_store(call: Call) -> Answer:
    """A new store without items; refused with 422 for a schema that is beyond what is taken."""
    config = call.body.get("ingestion_config")
    if config is not None:
        check_enrichment(mapping(mapping(config).get("enrichment_config")))
    kind = call.edition.cast.kinds[KIND]
    fields = {**told(call.body), **({} if config is None else {"ingestion_config": config})}
    store = prepared(call, kind, {"metadata": {}, **fields}, None)
    call.collection(KIND).add(store)
    return Answer(201, dict(viewed(call, store)))


def update_store(call: Call) -> Answer:
    """The store with another name, description or metadata, each as a whole."""
    store = store_of(call)
    if "ingestion_config" in call.body:
        message = "ingestion_config is fixed when the store is made; create another store for this"
        raise refuse("parameter_invalid", message)
    call.collection(KIND).change(store, told(call.body), at=call.now)
    return Answer(200, dict(viewed(call, store)))


def told(body: Mapping[str, Json]) -> dict[str, Json]:
    """What of `CHANGEABLE` a body says."""
    return {name: body[name] for name in CHANGEABLE if name in body}


def store_of(call: Call) -> Resource:
    """The store that the path names; refused when there is none."""
    return found(call, call.edition.cast.kinds[KIND], call.path("knowledge_store_id"))


def counted(call: Call, store: Resource) -> Mapping[str, Json]:
    """How many items a store has, in whatever status."""
    items = call.collection("knowledge-store-items")
    return {"item_count": items.page(where={"parent": store.id}, limit=0).total}
