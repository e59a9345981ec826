"""What tests of knowledge stores share: stores with items that are ready, and questions."""

import json
from typing import Any

import httpx2

from understudy.mocks import Fake

SOON = 3600.0
"""Seconds after which every asset and every item of these tests is ready."""
KS = "ks_019ebcf4-7e08-7201-b69c-69e0c1e6ae56"
KSI = "ksi_069e9870-3c4d-7abc-9012-3456789abcde"
KSIC = "ksic_069e9870-3c4d-7abc-9012-3456789abcde"
SESS = "sess_019f4f2a-b69b-7a01-9018-cc51681121ea"
"""Ids of the right form (those that the vendor's SDK shows) that nothing has."""


def good(response: httpx2.Response, status: int = 200) -> dict[str, Any]:
    """The body of an answer of that status."""
    assert response.status_code == status, response.text
    return dict(response.json())


def new_store(api: httpx2.Client, name: str = "harbour", **more: object) -> str:
    """The path of a new store."""
    made = good(api.post("/knowledge-stores", json={"name": name, **more}), 201)
    return f"/knowledge-stores/{made['_id']}"


def new_asset(api: httpx2.Client, name: str) -> str:
    """The id of an asset by address, which is not ready yet."""
    fields = {"method": (None, "url"), "url": (None, f"https://media.example/{name}")}
    return str(good(api.post("/assets", files=fields), 201)["_id"])


def ready_asset(fake: Fake, api: httpx2.Client, name: str) -> str:
    """The id of an asset that is ready."""
    made = new_asset(api, name)
    fake.clock.advance(SOON)
    return made


def new_item(api: httpx2.Client, store: str, asset: str, **more: object) -> str:
    """The id of a new item of an asset."""
    return str(good(api.post(f"{store}/items", json={"asset_id": asset, **more}), 202)["_id"])


def ready_item(fake: Fake, api: httpx2.Client, store: str, name: str, **more: object) -> str:
    """The id of an item that is ready, of a file of that name."""
    made = new_item(api, store, ready_asset(fake, api, name), **more)
    fake.clock.advance(SOON)
    return made


def new_collection(api: httpx2.Client, store: str, name: str, *members: str) -> str:
    """The path of a new item collection with these members."""
    made = good(api.post(f"{store}/item-collections", json={"name": name}), 201)["_id"]
    path = f"{store}/item-collections/{made}"
    if members:
        good(api.post(f"{path}/items/add", json={"item_ids": list(members)}))
    return path


def last(path: str) -> str:
    """The id at the end of a path."""
    return path.rpartition("/")[2]


def question(store: str, content: str, **more: object) -> dict[str, Any]:
    """The body of a question about a store."""
    message = {"type": "message", "role": "user", "content": content}
    return {"knowledge_store_id": last(store), "input": [message], **more}


def ask(api: httpx2.Client, store: str, content: str, **more: object) -> dict[str, Any]:
    """The answer to a question about a store."""
    return good(api.post("/responses", json=question(store, content, **more)))


def frames(response: httpx2.Response) -> list[dict[str, Any]]:
    """The events of a stream, checked: each has its name beside it, and the last line is [DONE]."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, end, rest = response.text.split("\n\n")
    assert (end, rest) == ("data: [DONE]", "")
    found = []
    for event in events:
        name, content = event.split("\n")
        found.append(json.loads(content.removeprefix("data: ")))
        assert name == f"event: {found[-1]['type']}"
    return found
