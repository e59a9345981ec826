"""What tests of Mixpeek share: a client in process, and the first steps of any of them."""

from typing import Any

import httpx2

from understudy.mocks import Fake

BASE = "https://api.mixpeek.com"
LONG = 24 * 3600.0
VIDEO = "https://media.example/red-fox-in-snow.mp4?duration=25"
NOBODY = "00000000-0000-4000-8000-000000000000"
FILMS = "films"


def client_of(fake: Fake, key: str = "sk_test", **headers: str) -> httpx2.Client:
    """A client in process with that API key."""
    lines = {"authorization": f"Bearer {key}", **headers}
    return httpx2.Client(transport=fake.transport(), base_url=BASE, headers=lines)


def good(response: httpx2.Response) -> Any:
    """The body of a success."""
    assert response.status_code == 200, response.text
    return response.json()


def ingest(api: httpx2.Client, url: str = VIDEO, **more: Any) -> dict[str, Any]:
    """Queue a video in the collection FILMS, unless another is named."""
    body = {"url": url, **more}
    if not {"collection", "collection_id"} & set(more):
        body["collection"] = FILMS
    return dict(good(api.post("/ingest/videos/url", json=body)))


def new_asset(fake: Fake, api: httpx2.Client, url: str = VIDEO, **more: Any) -> str:
    """Ingest a video, let it be done, and answer the asset's id."""
    made = ingest(api, url, **more)
    fake.clock.advance(LONG)
    return str(made["asset_id"])


def features_of(api: httpx2.Client, asset: str, modality: str = "video") -> list[dict[str, Any]]:
    """The features of an asset."""
    return list(good(api.get(f"/assets/{asset}/features"))["features"][modality])


def refused(response: httpx2.Response, status: int) -> str:
    """Check either form of a refusal, and answer what it says."""
    assert response.status_code == status, response.text
    body = response.json()
    if status == 422:
        assert set(body) == {"detail"}
        assert all(set(each) == {"loc", "msg", "type"} for each in body["detail"])
        return "; ".join(f"{each['loc']}: {each['msg']}" for each in body["detail"])
    assert set(body) == {"success", "status", "error"}
    assert (body["success"], body["status"]) == (False, status)
    assert set(body["error"]) == {"message", "type", "details"}
    return str(body["error"]["message"])
