"""What tests of Twelve Labs' analyses share: a video, a request, an asset that is ready."""

from typing import Any

import httpx2
from stage import BASE

from understudy.mocks import Fake

Body = dict[str, Any]

URL = "https://media.example/walk.mp4?duration=31.2"
LENGTH = 31.2
VIDEO: Body = {"type": "url", "url": URL}
PICTURE = "https://media.example/fox.png"
LONG = 24 * 3600.0


def api_of(fake: Fake, key: str = "tlk_test") -> httpx2.Client:
    """A client in process with that API key."""
    return httpx2.Client(transport=fake.transport(), base_url=BASE, headers={"x-api-key": key})


def asked(api: httpx2.Client, **body: object) -> httpx2.Response:
    """Ask about a video at once; whole unless `stream` says otherwise."""
    return api.post("/analyze", json={"video": VIDEO, "prompt": "Who?", "stream": False, **body})


def shaped(schema: Body) -> Body:
    """A response format that asks for a JSON Schema."""
    return {"type": "json_schema", "json_schema": schema}


def new_asset(fake: Fake, api: httpx2.Client, url: str = URL) -> str:
    """An asset of an address, ready."""
    parts = {"method": (None, "url"), "url": (None, url)}
    made = api.post("/assets", files=parts)
    assert made.status_code == 201, made.text
    fake.clock.advance_to(made.json(), "ready")
    return str(made.json()["_id"])


def nested(response: httpx2.Response, status: int, code: str) -> str:
    """Check the nested envelope of a refusal and answer its message."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error"}
    assert body["error"]["code"] == code, body
    return str(body["error"]["message"])


def new_task(api: httpx2.Client, **body: object) -> str:
    """The id of a new task; about the video and general unless told otherwise."""
    response = api.post("/analyze/tasks", json={"video": VIDEO, "prompt": "Who?", **body})
    assert response.status_code == 202, response.text
    return str(response.json()["task_id"])


def task_of(api: httpx2.Client, identity: str) -> dict[str, Any]:
    """A task as it is read."""
    response = api.get(f"/analyze/tasks/{identity}")
    assert response.status_code == 200, response.text
    return dict(response.json())


def requests(*assets: str, **more: object) -> Body:
    """A general batch about some assets."""
    defaults: Body = {"prompt": {"input_text": "Who comes along?"}}
    return {
        "model_name": "pegasus1.5",
        "analysis_mode": "general",
        "requests": [{"video": {"type": "asset_id", "asset_id": each}} for each in assets],
        **more,
        "defaults": {**defaults, **more.get("defaults", {})},  # type: ignore[dict-item]
    }


def new_batch(api: httpx2.Client, *assets: str, **more: object) -> dict[str, Any]:
    """What is answered for a new batch about some assets."""
    response = api.post("/analyze/batches", json=requests(*assets, **more))
    assert response.status_code == 201, response.text
    return dict(response.json())
