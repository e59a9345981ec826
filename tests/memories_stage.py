"""What tests of Memories.ai share: a client in process, and the first steps of any of them."""

from collections.abc import Mapping
from typing import Any

import httpx2

from understudy.mocks import Fake

HOST = "https://api.memories.ai"
LONG = 24 * 3600.0
VIDEO = "https://media.example/Red_fox.mp4?duration=30"
NOBODY = "VI600000000000000000"
FAMILIES = ("v1", "video")


class Api:
    """Calls of one key below one of the path families; answers are the replies as they came."""

    def __init__(self, fake: Fake, key: str = "sk-test", family: str = "v1") -> None:
        headers = {"authorization": key}
        base = f"{HOST}/serve/api/{family}/"
        self.http = httpx2.Client(transport=fake.transport(), base_url=base, headers=headers)

    def get(self, name: str, **query: Any) -> httpx2.Response:
        return self.http.get(name, params=query)

    def post(self, name: str, body: object = None, **more: Any) -> httpx2.Response:
        """A JSON body, or whatever httpx2 can send under another name."""
        return self.http.post(name, json=body, **more) if body is not None else self.http.post(
            name, **more
        )  # fmt: skip

    def form(self, name: str, **fields: Any) -> httpx2.Response:
        return self.http.post(name, data=fields)

    def upload(self, url: str = VIDEO, **fields: Any) -> str:
        """Upload by address and answer the number."""
        return str(good(self.form("upload_url", url=url, **fields))["videoNo"])

    def listed(self, **asked: Any) -> list[dict[str, str]]:
        """The videos of a list."""
        return list(good(self.post("list_videos", asked))["videos"])

    def close(self) -> None:
        self.http.close()


def good(response: httpx2.Response) -> Any:
    """Check the envelope of a success and answer its data."""
    assert response.status_code == 200, response.text
    body = response.json()
    assert (body["code"], body["msg"], body["success"], body["failed"]) == (
        "0000", "success", True, False,
    ), body  # fmt: skip
    return body["data"]


def refused(response: httpx2.Response, code: str, status: int = 200) -> str:
    """Check the envelope of a refusal and answer its message."""
    assert response.status_code == status, response.text
    body: Mapping[str, Any] = response.json()
    assert body["code"] == code, body
    assert body["data"] is None and body["success"] is False and body["failed"] is True
    assert body["msg"]
    return str(body["msg"])


def events(response: httpx2.Response) -> list[str]:
    """What the lines of a stream carry, checked to be `data:` without a space, as text."""
    assert response.headers["content-type"] == "text/event-stream"
    blocks = response.text.split("\n\n")
    assert blocks.pop() == ""
    assert all(block.startswith("data:") and block[5] != " " for block in blocks)
    return [block[5:] for block in blocks]
