"""One of everything that today's Twelve Labs keeps."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import httpx2
from tests.fuzz.row import KEY, Row

from understudy.contracts.json import Json

VIDEO = "https://media.example/ferry.mp4?duration=120"
MODELS = [{"model_name": "marengo3.0", "model_options": ["visual", "audio"]}]
NOBODY_STORE = "ks_019fb3a2-7c41-7d0e-9b52-000000000000"
LOCAL = "http://127.0.0.1:9/back"


class Stock:
    """Makes things by the API's own calls, and moves time on from outside."""

    def __init__(self, api: httpx2.Client, root: str) -> None:
        self._api = api
        self._root = root

    def made(self, path: str, body: Json, field: str = "_id") -> str:
        """The id of what a JSON body makes."""
        return str(self._api.post(path, json=body).raise_for_status().json()[field])

    def sent(self, path: str, **fields: str) -> Mapping[str, str]:
        """The answer to a form."""
        form = {name: (None, value) for name, value in fields.items()}
        answer: Mapping[str, str] = self._api.post(path, files=form).raise_for_status().json()
        return answer

    def asset(self, url: str) -> str:
        """The id of an asset, not yet ready."""
        return self.sent("assets", method="url", url=url)["_id"]

    def wait(self, seconds: float = 3600) -> None:
        """Let everything come to its end."""
        path = f"{self._root}/_understudy/clock/advance"
        self._api.post(path, json={"seconds": seconds}).raise_for_status()


def stock_today(api: httpx2.Client, root: str) -> Mapping[str, str]:
    """An index with a video and an asset, tasks of each kind, entities, a store, an upload."""
    stock = Stock(api, root)
    index = stock.made("indexes", {"index_name": "Stock", "models": MODELS})
    task = stock.sent("tasks", index_id=index, video_url=VIDEO)
    embedding = stock.sent("embed/tasks", model_name="marengo3.0", video_url=VIDEO)
    video, other = stock.asset(VIDEO), stock.asset("https://media.example/pier.mp4")
    face, profile = (stock.asset(f"https://media.example/{name}.jpg") for name in ("a", "b"))
    stock.wait()
    return {
        "68652c10f1b5a3d2c4e6f701": index,
        "68652d3af1b5a3d2c4e6f731": task["_id"],
        "68652d3af1b5a3d2c4e6f732": task["video_id"],
        "68653188f1b5a3d2c4e6f761": embedding["_id"],
        "69d2a0b4c1e85f30718a9b01": video,
        "69d2a0b4c1e85f30718a9b02": other,
        "69d2a0b4c1e85f30718a9b03": face,
        "69d2a0b4c1e85f30718a9b04": profile,
        **_used(stock, index, video),
        **_entities(stock, face),
        **_connections(stock),
        **_store(stock, video),
    }


def _used(stock: Stock, index: str, video: str) -> Mapping[str, str]:
    """What is made of an asset: in an index, in vectors, in text; and an upload that goes on."""
    upload = {"filename": "long.mp4", "type": "video", "total_size": 12_000_000}
    source = {"type": "asset_id", "asset_id": video}
    vectors = {
        "input_type": "video",
        "model_name": "marengo3.0",
        "video": {"media_source": {"asset_id": video}},
    }
    batch = {
        "model_name": "pegasus1.5",
        "analysis_mode": "general",
        "requests": [{"video": source, "prompt": {"input_text": "Who comes aboard?"}}],
    }
    asked = {"video": source, "prompt": "Who comes aboard?"}
    found = {
        "69d2a0b4c1e85f30718a9b21": stock.made(
            f"indexes/{index}/indexed-assets", {"asset_id": video}
        ),
        "69d2e0a1c1e85f30718a9f01": stock.made("embed-v2/tasks", vectors),
        "69d2b1c0c1e85f30718a9c11": stock.made("analyze/tasks", asked, "task_id"),
        "69d2b1c0c1e85f30718a9c01": stock.made("analyze/batches", batch, "batch_id"),
    }
    stock.wait()
    upload_id = stock.made("assets/multipart-uploads", upload, "upload_id")
    return {**found, "69d2a0b4c1e85f30718a9b11": upload_id}


def _entities(stock: Stock, face: str) -> Mapping[str, str]:
    collection = stock.made("entity-collections", {"name": "Stock"})
    path = f"entity-collections/{collection}/entities"
    entity = stock.made(path, {"name": "Ada", "asset_ids": [face]})
    return {"69d2c0a1c1e85f30718a9d01": collection, "69d2c0b2c1e85f30718a9d11": entity}


def _connections(stock: Stock) -> Mapping[str, str]:
    """A drive whose user has agreed, and an import from it."""
    uri = stock.made("connections/redirect-uris", {"redirect_uri": "https://app.example/done/2"})
    done = {"redirect_uri": "https://app.example/oauth/done"}
    stock.made("connections/redirect-uris", done)
    asked = {"provider": "google_drive", **done}
    address = stock.made("./connections:authorize", asked, "authorize_url")
    back = httpx2.get(address).headers["location"]
    connection = parse_qs(urlsplit(back).query)["connection_id"][0]
    files = {"items": [{"source_id": "1AbCdEfGhIjKlMnOp"}]}
    imported = stock.made(f"connections/{connection}/imports", files)
    return {
        "69d2d0a1c1e85f30718a9e01": connection,
        "69d2d0b2c1e85f30718a9e11": uri,
        "69d2d0c3c1e85f30718a9e21": imported,
    }


def _store(stock: Stock, video: str) -> Mapping[str, str]:
    store = stock.made("knowledge-stores", {"name": "Stock"})
    path = f"knowledge-stores/{store}"
    item = stock.made(f"{path}/items", {"asset_id": video})
    collection = stock.made(f"{path}/item-collections", {"name": "Stock"})
    stock.wait()
    return {
        "ks_019fb3a2-7c41-7d0e-9b52-4f8a6c1d2e90": store,
        "ksi_019fb3a3-1a20-7f3b-8c11-6d5e4f3a2b10": item,
        "ksic_019fb3a5-55aa-7012-a3b4-0c1d2e3f4a5b": collection,
    }


ROWS = (Row("twelvelabs/v1.3", "/twelvelabs/v1.3", ("x-api-key", KEY), stock_today),)
