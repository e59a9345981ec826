"""Videos, a session, an image and a task of Memories.ai."""

from collections.abc import Mapping

import httpx2
from tests.fuzz.row import KEY, Row

from understudy.mocks.generate.footage import still
from understudy.mocks.generate.seeded import Seeded

VIDEO = "https://media.example/Harbour.mp4"
PAGE = "https://www.youtube.com/watch?v=harbour"


def stock(api: httpx2.Client, root: str) -> Mapping[str, str]:
    """By way of both path families."""
    video = _made(api.post("serve/api/video/upload_url", data={"url": VIDEO}))["videoNo"]
    task = _made(api.post("serve/api/v1/scraper_url", json={"video_urls": [PAGE]}))["taskId"]
    image = ("quay.png", still(Seeded("quay")))
    assert api.post("serve/api/v1/upload_img", files={"files": image}).json()["success"]
    advance = api.post(f"{root}/_understudy/clock/advance", json={"seconds": 3600})
    advance.raise_for_status()
    asked = {"video_nos": [video], "prompt": "What happens?"}
    session = _made(api.post("serve/api/v1/chat", json=asked))["session_id"]
    return {
        "VI612000000000000001": video,
        "612000000000000777": session,
        "3f0c9f6e-9d0b-4c39-8c5c-1f3f0a9d2b11": task,
    }


def _made(reply: httpx2.Response) -> Mapping[str, str]:
    answer = reply.raise_for_status().json()
    assert answer["success"], answer
    return dict(answer["data"])


ROWS = (Row("memories/v1", "/memories", ("Authorization", KEY), stock),)
