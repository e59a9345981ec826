"""In `auto` time every loop that polls ends, in process and on the wire, by polling alone."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from imentiv_stage import KINDS, Api
from media import mp4

from understudy.mocks import Fake

MOST = 12
"""Polls after which a client would give up; no process has so many statuses."""

Poll = Callable[[httpx2.Client, str], bool]


def _highlights(client: httpx2.Client, video: str) -> bool:
    told = client.get(f"/v1/videos/{video}/highlights").json()
    return told["highlight_status"] == "completed" and bool(told["highlight_url"])


def _annotated(client: httpx2.Client, video: str) -> bool:
    return "download_url" in client.get(f"/v2/videos/{video}/annotated_video").json()


def _tables(client: httpx2.Client, video: str) -> bool:
    return client.get(f"/v1/videos/{video}/report").status_code == 200


def _paper(client: httpx2.Client, video: str) -> bool:
    path = f"/v2/reports/pdf/{video}"
    return client.get(path, params={"media_type": "video"}).status_code == 200


def _personality(client: httpx2.Client, video: str) -> bool:
    path = f"/v2/videos/{video}/faces/1/personality-analysis"
    told = client.get(path).json()["analysis_status"] or {}
    return bool(told) and all(each["status"] == "completed" for each in told.values())


def _match(client: httpx2.Client, video: str) -> bool:
    told = client.get(f"/v2/videos/{video}/multimodal-analytics").json()
    return any(face["name"] for face in told["detected_faces"])


JOBS: dict[str, tuple[str, dict[str, str], Poll]] = {
    "highlights": ("/v1/videos/highlights", {"video_id": "{video}"}, _highlights),
    "annotated video": ("", {}, _annotated),
    "tables": ("/v1/videos/{video}/report", {}, _tables),
    "paper": ("", {}, _paper),
    "personality": (
        "/v2/videos/{video}/personality/analyze",
        {"face_id": "1", "analysis_type": "combined"},
        _personality,
    ),
    "match": ("/v2/videos/{video}/speaker-face-match", {}, _match),
}


@pytest.fixture(params=["in process", "on the wire"])
def client(request: pytest.FixtureRequest) -> Iterator[httpx2.Client]:
    """A client of a fake in `auto` time, without a port and with one."""
    with Fake("imentiv", time="auto") as fake:
        if request.param == "in process":
            yield Api(fake, "imk_auto").client
            return
        headers = {"x-api-key": "imk_auto"}
        with httpx2.Client(base_url=f"{fake.serve()}/imentiv", headers=headers) as made:
            yield made


def completed(client: httpx2.Client, kind: str) -> list[str]:
    """Upload, poll without sleeping until it is completed; the statuses that were told."""
    if kind == "texts":
        made = client.post("/v2/texts", data={"title": "x", "text": "We did it."})
    else:
        name = {"videos": "video_url", "audios": "media_url", "images": "image_url"}[kind]
        fields = {"title": (None, "x"), name: (None, "https://cdn.example/a.mp4")}
        made = client.post(f"/v2/{kind}", files=fields)
    seen = [made.json()["id"]]
    for _ in range(MOST):
        seen.append(client.get(f"/v1/{kind}/{seen[0]}").json()["status"])
        if seen[-1] == "completed":
            break
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_poll__of_a_medium_ends(client: httpx2.Client, kind: str) -> None:
    """A loop that does not sleep sees every status once, in order."""
    _, *statuses = completed(client, kind)
    assert statuses == ["queue", "processing", "completed"]


@pytest.mark.parametrize("job", sorted(JOBS))
def test_poll__of_a_job_ends(client: httpx2.Client, job: str) -> None:
    """So does one that waits for what is made of a completed video."""
    video = completed(client, "videos")[0]
    path, form, done = JOBS[job]
    if path:
        fields = {name: value.format(video=video) for name, value in form.items()}
        assert client.post(path.format(video=video), data=fields).status_code == 200
    assert any(done(client, video) for _ in range(MOST))


def test_upload__of_a_file_on_the_wire_is_measured() -> None:
    """What a server takes in is measured as in process."""
    with Fake("imentiv", time="auto") as fake:
        parts: Any = {
            "title": (None, "x"),
            "video_file": ("a.mp4", mp4(duration=14.0), "video/mp4"),
        }
        headers = {"x-api-key": "imk_auto"}
        with httpx2.Client(base_url=f"{fake.serve()}/imentiv", headers=headers) as client:
            assert client.post("/v2/videos", files=parts).json()["duration"] == 14


@pytest.mark.parametrize("kind", ["audios", "texts"])
def test_poll__of_what_a_video_owns_ends(client: httpx2.Client, kind: str) -> None:
    """Looking at its sound or its text alone is enough; the video is completed with them."""
    first = completed(client, "videos")[0]
    shown = client.get(f"/v1/videos/{first}").json()
    assert client.put(f"/v1/videos/{first}", data={"reprocess": "true"}).status_code == 200
    owned = shown["audio_id"] if kind == "audios" else shown["text_id"]
    statuses = [client.get(f"/v1/{kind}/{owned}").json()["status"] for _ in range(3)]
    assert statuses == ["queue", "processing", "completed"]
    assert client.get(f"/v1/videos/{first}").json()["status"] == "completed"
