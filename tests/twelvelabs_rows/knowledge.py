"""Knowledge stores, their items and item collections, search in them, and answers about them."""

from collections.abc import Mapping

import httpx2
from knowledge_stage import KS, KSI, KSIC, SOON, last, new_asset, new_item, new_store, question
from knowledge_stage import new_collection as collected
from stage import NOBODY, client_of
from twelvelabs_stage import KEY, Calls, Ids, Stage

from understudy.mocks import Fake

STORES = "/knowledge-stores"
ODD = {"enrichment_config": {"type": "json_schema",
    "json_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}  # fmt: skip
WORDS = {"query": {"text": "a ferry"}}
IDS = {"item_ids": [KSI]}


def store(stage: Stage) -> str:
    """The path of a store."""
    return stage.once("store", lambda s: new_store(s.api))


def asset(stage: Stage) -> str:
    """A video that is ready."""

    def made(s: Stage) -> str:
        identity = new_asset(s.api, "ferry.mp4?duration=200")
        s.fake.clock.advance(SOON)
        return identity

    return stage.once("asset of a store", made)


def item(stage: Stage) -> str:
    """An item that is ready."""

    def made(s: Stage) -> str:
        identity = new_item(s.api, store(s), asset(s))
        s.fake.clock.advance(SOON)
        return identity

    return stage.once("item", made)


def collection(stage: Stage) -> str:
    """The path of an item collection with a member."""
    return stage.once("collection", lambda s: collected(s.api, store(s), "ferries", item(s)))


def further(stage: Stage) -> httpx2.Response:
    """Ask for the second page of a search after its token has expired."""
    assert item(stage)
    asked = {**WORDS, "page_size": 1}
    found = stage.post(f"{store(stage)}/search", **asked).json()
    stage.fake.clock.advance(3600)
    return stage.post(f"{store(stage)}/search", **asked, page_token=found["next_page_token"])


def on_store(method: str, status: int, **body: object) -> Calls:
    """The calls of an operation on a store."""
    return {
        status: lambda s: s.send(method, store(s), **body),
        400: lambda s: s.send(method, f"{STORES}/harbour", **body),
        404: lambda s: s.send(method, f"{STORES}/{KS}", **body),
    }


def on_item(method: str, status: int) -> Calls:
    """The calls of an operation on an item."""
    return {
        status: lambda s: s.api.request(method, f"{store(s)}/items/{item(s)}"),
        400: lambda s: s.api.request(method, f"{store(s)}/items/first"),
        404: lambda s: s.api.request(method, f"{store(s)}/items/{KSI}"),
    }


def on_collection(method: str, status: int, below: str = "", **body: object) -> Calls:
    """The calls of an operation on an item collection."""
    path = "/item-collections"
    return {
        status: lambda s: s.send(method, f"{collection(s)}{below}", **body),
        400: lambda s: s.send(method, f"{store(s)}{path}/first{below}", **body),
        404: lambda s: s.send(method, f"{store(s)}{path}/{KSIC}{below}", **body),
    }


STATUSES: Mapping[str, Calls] = {
    "list-knowledge-stores": {
        200: lambda s: s.get(STORES, page_limit=store(s) and 1),
        400: lambda s: s.get(STORES, page_limit=51),
    },
    "create-knowledge-store": {
        201: lambda s: s.post(STORES, name="harbour"),
        400: lambda s: s.post(STORES),
        422: lambda s: s.post(STORES, name="harbour", ingestion_config=ODD),
    },
    "retrieve-knowledge-store": on_store("GET", 200),
    "update-knowledge-store": on_store("PATCH", 200, name="quay"),
    "delete-knowledge-store": on_store("DELETE", 204),
    "list-knowledge-store-items": {
        200: lambda s: s.get(f"{store(s)}/items", status=item(s) and "ready"),
        400: lambda s: s.get(f"{store(s)}/items", status="asleep"),
        404: lambda s: s.get(f"{STORES}/{KS}/items"),
    },
    "create-knowledge-store-item": {
        202: lambda s: s.post(f"{store(s)}/items", asset_id=asset(s)),
        400: lambda s: s.post(f"{store(s)}/items", asset_id=asset(s), asset_type="image"),
        404: lambda s: s.post(f"{store(s)}/items", asset_id=NOBODY),
    },
    "retrieve-knowledge-store-item": on_item("GET", 200),
    "delete-knowledge-store-item": on_item("DELETE", 204),
    "list-item-collections": {
        200: lambda s: s.get(f"{collection(s).rpartition('/')[0]}"),
        400: lambda s: s.get(f"{store(s)}/item-collections", sort_by="size"),
        404: lambda s: s.get(f"{STORES}/{KS}/item-collections"),
    },
    "create-item-collection": {
        201: lambda s: s.post(f"{store(s)}/item-collections", name="tugs"),
        400: lambda s: s.post(f"{store(s)}/item-collections", name=collection(s) and "ferries"),
        404: lambda s: s.post(f"{STORES}/{KS}/item-collections", name="tugs"),
    },
    "retrieve-item-collection": on_collection("GET", 200),
    "update-item-collection": on_collection("PATCH", 200, name="tugs"),
    "delete-item-collection": on_collection("DELETE", 204),
    "list-item-collection-items": on_collection("GET", 200, "/items"),
    "add-item-collection-items": {
        **on_collection("POST", 200, "/items/add", **IDS),
        200: lambda s: s.post(f"{collection(s)}/items/add", item_ids=[item(s)]),
    },
    "remove-item-collection-items": on_collection("POST", 204, "/items/remove", **IDS),
    "search-knowledge-store": {
        200: lambda s: s.post(f"{store(s)}/search", **WORDS, page_size=item(s) and 2),
        400: lambda s: s.post(f"{store(s)}/search", **WORDS, page_token="second"),
        404: lambda s: s.post(f"{STORES}/{KS}/search", **WORDS),
        410: further,
    },
    "create-response": {
        200: lambda s: s.post("/responses", **question(item(s) and store(s), "A ferry?")),
        400: lambda s: s.post("/responses", **question(KS, "A ferry?")),
    },
}


def stock(fake: Fake) -> Ids:
    """A store with an item that is ready, and a collection of it."""
    with client_of(fake, KEY) as api:
        path = new_store(api)
        film = new_asset(api, "ferry.mp4")
        fake.clock.advance(SOON)
        member = new_item(api, path, film)
        fake.clock.advance(SOON)
        group = last(collected(api, path, "ferries", member))
    return {
        "knowledge_store_id": last(path),
        f"item_id@{STORES}/{{knowledge_store_id}}/items": member,
        f"collection_id@{STORES}/{{knowledge_store_id}}/item-collections": group,
    }
