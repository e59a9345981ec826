"""What tests of Twelve Labs share: a client in process, and the first steps of any of them."""

import httpx2
from hypothesis import HealthCheck

from understudy.mocks import Fake

BASE = "https://api.twelvelabs.io/v1.3"
LONG = 24 * 3600.0
NOBODY = "0" * 24
ONE_FAKE = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
"""For a property whose examples share the test's fake, on a machine of any speed."""

MODELS = [
    {"model_name": "marengo3.0", "model_options": ["visual", "audio"]},
    {"model_name": "pegasus1.2", "model_options": ["visual", "audio"]},
]


def client_of(fake: Fake, key: str) -> httpx2.Client:
    """A client in process with that API key."""
    headers = {"x-api-key": key}
    return httpx2.Client(transport=fake.transport(), base_url=BASE, headers=headers)


def new_index(api: httpx2.Client, name: str, **more: object) -> str:
    """Create an index and answer its id."""
    response = api.post("/indexes", json={"index_name": name, "models": MODELS, **more})
    assert response.status_code == 201, response.text
    return str(response.json()["_id"])


def upload(api: httpx2.Client, index: str, url: str, **more: str) -> httpx2.Response:
    """Ask for a video to be indexed from its URL."""
    fields = {"index_id": index, "video_url": url, **more}
    return api.post("/tasks", files={name: (None, value) for name, value in fields.items()})


def new_task(api: httpx2.Client, index: str, url: str, **more: str) -> dict[str, str]:
    """Upload by URL and answer task and video ids."""
    response = upload(api, index, url, **more)
    assert response.status_code == 200, response.text
    return dict(response.json())


def new_video(fake: Fake, api: httpx2.Client, index: str, url: str, **more: str) -> str:
    """Upload by URL, let it become ready, and answer the video's id."""
    made = new_task(api, index, url, **more)
    fake.clock.advance(LONG)
    return made["video_id"]


def refused(response: httpx2.Response, status: int, code: str) -> str:
    """Check the envelope of a refusal and answer its message."""
    assert response.status_code == status, response.text
    body = response.json()
    assert body["code"] == code, body
    assert set(body) <= {"code", "message", "docs_url"}
    return str(body["message"])
