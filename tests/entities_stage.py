"""What tests of Twelve Labs' entities share: pictures that are ready, collections, entities."""

from typing import Any

import httpx2

from understudy.mocks import Fake

Body = dict[str, Any]

SOON = 60.0
"""Seconds after which a picture and an entity are ready."""


def asset_of(api: httpx2.Client, url: str) -> str:
    """Have an asset made of a file behind a URL; answers its id, not yet ready."""
    made = api.post("/assets", files={"method": (None, "url"), "url": (None, url)})
    assert made.status_code == 201, made.text
    return str(made.json()["_id"])


def new_pictures(fake: Fake, api: httpx2.Client, *names: str) -> list[str]:
    """Pictures of these names, ready; answers their ids."""
    ids = [asset_of(api, f"https://media.example/{name}.jpg") for name in names]
    fake.clock.advance(SOON)
    return ids


def new_collection(api: httpx2.Client, name: str = "staff", **more: object) -> str:
    """Create an entity collection and answer its id."""
    made = api.post("/entity-collections", json={"name": name, **more})
    assert made.status_code == 201, made.text
    return str(made.json()["_id"])


def new_entity(api: httpx2.Client, collection: str, assets: list[str], **more: object) -> Body:
    """Create an entity and answer it."""
    body = {"name": "Ada", "asset_ids": assets, **more}
    made = api.post(f"/entity-collections/{collection}/entities", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def place_of(entity: Body) -> str:
    """The path of an entity."""
    return f"/entity-collections/{entity['entity_collection_id']}/entities/{entity['_id']}"
