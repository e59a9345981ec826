"""An asset with features, a collection, a namespace, a user with a key and an interaction."""

from collections.abc import Mapping
from typing import Any

import httpx2
from tests.fuzz.row import KEY, Row

URL = "https://media.example/harbour-ferry.mp4?duration=25"


def stock(api: httpx2.Client, root: str) -> Mapping[str, str]:
    """By way of both path families; what the examples name has the same names here."""
    asked = {"url": URL, "collection": "example", "metadata": {"author": "Ada"}}
    task = _made(api.post("ingest/videos/url", json=asked))
    _made(api.post("index/text", json={"collection_id": "example", "text": "a red fox"}))
    advance = api.post(f"{root}/_understudy/clock/advance", json={"seconds": 3600})
    advance.raise_for_status()
    features = _made(api.get(f"assets/{task['asset_id']}/features"))["features"]["video"]
    noted = {"feature_id": features[0]["feature_id"], "interaction_type": "click"}
    interaction = _made(api.post("features/search/interactions", json=noted))
    _made(api.post("namespaces", json={"namespace_name": "films", "vector_indexes": ["text"]}))
    _made(api.post("organizations/users", json={"email": "ada@films.example"}))
    _made(api.post("organizations/users/ada@films.example/api-keys"))
    return {
        "3c1f7a52-8f0e-4a55-9a0c-5f1f3d1c2b01": task["asset_id"],
        "7be2a3c4-6f21-4d0b-8f3d-2c9d6f0e1a02": task["task_id"],
        "a94d2f60-1b7c-4e1b-b1b5-0a8c7e5d4f03": features[0]["feature_id"],
        "5d0c9b8a-7e6f-4a3b-9c2d-1e0f9a8b7c04": interaction["interaction_id"],
    }


def _made(reply: httpx2.Response) -> dict[str, Any]:
    return dict(reply.raise_for_status().json())


ROWS = (Row("mixpeek/2024-12", "/mixpeek", ("Authorization", f"Bearer {KEY}"), stock),)
