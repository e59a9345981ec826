"""Laws of Twelve Labs' indexing tasks."""

import httpx2
import pytest
from media import mp4
from stage import LONG, NOBODY, client_of, new_index, new_task, new_video, refused, upload

from understudy.mocks import Fake

ORDER = ["uploading", "validating", "pending", "queued", "indexing", "ready"]
URL = "https://cdn.example/red-fox.mp4?duration=30"


def statuses(fake: Fake, api: httpx2.Client, task: str, step: float, most: int) -> list[str]:
    """Every status that shows while time goes on in steps."""
    seen: list[str] = []
    for _ in range(most):
        status = api.get(f"/tasks/{task}").json()["status"]
        if not seen or seen[-1] != status:
            seen.append(status)
        fake.clock.advance(step)
    return seen


def test_task__goes_through_its_statuses_in_order(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """As time passes a task shows each status once, in the declared order."""
    task = new_task(api, index, URL)["_id"]
    assert statuses(fake, api, task, 1.0, 120) == ORDER


def test_task__takes_longer_for_a_longer_video(fake: Fake, api: httpx2.Client, index: str) -> None:
    """At the instant when a short video is ready, a long one is not; none before a minute."""
    short = new_task(api, index, "https://cdn.example/a.mp4?duration=10")["_id"]
    long = new_task(api, index, "https://cdn.example/b.mp4?duration=3000")["_id"]
    fake.clock.advance(59)
    assert api.get(f"/tasks/{short}").json()["status"] != "ready"
    fake.clock.advance(60)
    assert api.get(f"/tasks/{short}").json()["status"] == "ready"
    assert api.get(f"/tasks/{long}").json()["status"] == "indexing"


def test_task__is_read_with_what_was_uploaded(api: httpx2.Client, index: str) -> None:
    """From the start a task names its index, its video and the medium's facts."""
    made = new_task(api, index, URL)
    shown = api.get(f"/tasks/{made['_id']}").json()
    assert shown["video_id"] == made["video_id"] != made["_id"]
    assert shown["index_id"] == index
    assert shown["system_metadata"]["duration"] == 30
    assert shown["system_metadata"]["filename"] == "red-fox.mp4"
    assert shown["hls"]["status"] == "PROCESSING"


def test_task__real_file_is_measured(fake: Fake, api: httpx2.Client, index: str) -> None:
    """An uploaded MP4 has its duration and size read from its header."""
    files = {
        "index_id": (None, index),
        "video_file": ("clip.mp4", mp4(duration=12.5, width=640, height=480), "video/mp4"),
    }
    response = api.post("/tasks", files=files)
    assert response.status_code == 200, response.text
    fake.clock.advance(LONG)
    video = api.get(f"/indexes/{index}/videos/{response.json()['video_id']}").json()
    metadata = video["system_metadata"]
    assert (metadata["duration"], metadata["width"], metadata["height"]) == (12.5, 640, 480)
    assert metadata["filename"] == "clip.mp4"


def test_task__without_stream_has_no_hls(fake: Fake, api: httpx2.Client, index: str) -> None:
    """`enable_video_stream=false` leaves task and video without a stream."""
    made = new_task(api, index, URL, enable_video_stream="false")
    assert "hls" not in api.get(f"/tasks/{made['_id']}").json()
    fake.clock.advance(LONG)
    assert "hls" not in api.get(f"/indexes/{index}/videos/{made['video_id']}").json()


def test_task__stamps_each_transition(fake: Fake, api: httpx2.Client, index: str) -> None:
    """`updated_at` moves with the status and never goes back."""
    task = new_task(api, index, URL)["_id"]
    stamps = []
    for _ in range(30):
        shown = api.get(f"/tasks/{task}").json()
        stamps.append((ORDER.index(shown["status"]), shown["updated_at"]))
        fake.clock.advance(4)
    assert stamps == sorted(stamps)
    assert len({stamp for _, stamp in stamps}) == len(ORDER)


def test_task__fails_by_name_with_a_reason(fake: Fake, api: httpx2.Client, index: str) -> None:
    """The word understudy-fail in a URL ends the task as failed; no video comes of it."""
    made = new_task(api, index, "https://cdn.example/understudy-fail.mp4")
    fake.clock.advance(LONG)
    shown = api.get(f"/tasks/{made['_id']}").json()
    assert shown["status"] == "failed"
    assert shown["error_reason"]
    missing = api.get(f"/indexes/{index}/videos/{made['video_id']}")
    refused(missing, 404, "resource_not_exists")


def test_task__stuck_and_slow_by_name(fake: Fake, api: httpx2.Client, index: str) -> None:
    """A stuck task never ends; a slow one ends later than a plain one."""
    stuck = new_task(api, index, "https://cdn.example/understudy-stuck.mp4")["_id"]
    slow = new_task(api, index, "https://cdn.example/understudy-slow.mp4")["_id"]
    fake.clock.advance(300)
    assert api.get(f"/tasks/{slow}").json()["status"] != "ready"
    fake.clock.advance(LONG)
    assert api.get(f"/tasks/{slow}").json()["status"] == "ready"
    assert api.get(f"/tasks/{stuck}").json()["status"] not in ("ready", "failed")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"this is no film at all", "video_file_broken"),
        (b"", "video_file_broken"),
        (mp4(duration=2.0, width=640, height=480), "video_duration_too_short"),
        (mp4(duration=9000.0, width=640, height=480), "video_duration_too_long"),
        (mp4(duration=30.0, width=320, height=240), "video_resolution_too_low"),
        (mp4(duration=30.0, width=7680, height=4320), "video_resolution_too_high"),
        (mp4(duration=30.0, width=1000, height=400), "video_resolution_invalid_aspect_ratio"),
    ],
)
def test_task__unfit_media_are_refused_at_once(
    api: httpx2.Client, index: str, content: bytes, code: str
) -> None:
    """Media outside the limits get their own code, and no task."""
    files = {"index_id": (None, index), "video_file": ("clip.mp4", content, "video/mp4")}
    refused(api.post("/tasks", files=files), 400, code)
    assert api.get("/tasks").json()["data"] == []


def test_task__pegasus_is_stricter_about_length(api: httpx2.Client, index: str) -> None:
    """An hour and a half is too long where Pegasus is on the index, and fine elsewhere."""
    url = "https://cdn.example/long.mp4?duration=5400"
    refused(upload(api, index, url), 400, "video_duration_too_long")
    only = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    assert upload(api, new_index(api, "m", models=only), url).status_code == 200


def test_task__needs_index_and_video(api: httpx2.Client, index: str) -> None:
    """A missing part or an unknown index is named."""
    response = api.post("/tasks", files={"index_id": (None, index)})
    assert "video_url" in refused(response, 400, "parameter_not_provided")
    response = api.post("/tasks", files={"video_url": (None, URL)})
    assert "index_id" in refused(response, 400, "parameter_not_provided")
    refused(upload(api, NOBODY, URL), 404, "resource_not_exists")
    refused(upload(api, "x", URL), 400, "parameter_invalid")


@pytest.mark.parametrize(
    "metadata", ["{", "[]", '{"a": [1]}', '{"a": {"b": 1}}', '{"filename": "x"}', "7"]
)
def test_task__bad_user_metadata_is_refused(api: httpx2.Client, index: str, metadata: str) -> None:
    """User metadata is the text of a flat object without reserved names."""
    response = upload(api, index, URL, user_metadata=metadata)
    assert "user_metadata" in refused(response, 400, "parameter_invalid")
    assert api.get("/tasks").json()["data"] == []


def test_task__old_sdk_sends_the_url_twice(api: httpx2.Client, index: str) -> None:
    """SDK 0.4 sends `video_url` as a field and again as a file part: the field counts."""
    files = [
        ("index_id", (None, index)),
        ("video_url", (None, URL)),
        ("video_url", ("upload", URL.encode(), "application/octet-stream")),
    ]
    assert api.post("/tasks", files=files).status_code == 200


def test_task__is_deleted_only_after_its_end(fake: Fake, api: httpx2.Client, index: str) -> None:
    """A running task stays, a ready one goes after its video, a failed one goes at once."""
    made = new_task(api, index, URL)
    failing = new_task(api, index, "https://cdn.example/understudy-fail.mp4")["_id"]
    message = refused(api.delete(f"/tasks/{made['_id']}"), 409, "task_cannot_be_deleted")
    assert "uploading" in message
    fake.clock.advance(LONG)
    message = refused(api.delete(f"/tasks/{made['_id']}"), 409, "task_cannot_be_deleted")
    assert made["video_id"] in message
    assert api.delete(f"/indexes/{index}/videos/{made['video_id']}").status_code == 204
    assert api.delete(f"/tasks/{made['_id']}").status_code == 204
    assert api.delete(f"/tasks/{failing}").status_code == 204
    refused(api.get(f"/tasks/{made['_id']}"), 404, "resource_not_exists")


@pytest.mark.parametrize(
    "query", ["status=ready&status=failed", "status=ready,failed", "status=ready%2Cfailed"]
)
def test_tasks__filter_by_status_in_both_spellings(
    fake: Fake, api: httpx2.Client, index: str, query: str
) -> None:
    """Statuses may be repeated or joined by commas."""
    done = {new_task(api, index, URL)["_id"]}
    done.add(new_task(api, index, "https://cdn.example/understudy-fail.mp4")["_id"])
    fake.clock.advance(LONG)
    new_task(api, index, URL)
    found = api.get(f"/tasks?{query}").json()["data"]
    assert {each["_id"] for each in found} == done


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("filename=a.mp4", 1),
        ("duration=30", 1),
        ("duration[gte]=20&duration[lte]=40.0", 1),
        ("duration%5Bgte%5D=20", 2),
        ("width=1280", 2),
        ("height=1", 0),
        ("created_at=2025-01-01", 2),
        ("updated_at=2099-01-01T00:00:00Z", 0),
    ],
)
def test_tasks__filters(api: httpx2.Client, index: str, query: str, count: int) -> None:
    """Name, numbers, ranges and times narrow the list."""
    new_task(api, index, "https://cdn.example/a.mp4?duration=30")
    new_task(api, index, "https://cdn.example/b.mp4?duration=50")
    assert len(api.get(f"/tasks?{query}").json()["data"]) == count


def test_tasks__filter_by_index(api: httpx2.Client, index: str) -> None:
    """Tasks of one index, and none of another tenant's."""
    mine = new_task(api, index, URL)["_id"]
    new_task(api, new_index(api, "other"), URL)
    found = api.get("/tasks", params={"index_id": index}).json()
    assert [each["_id"] for each in found["data"]] == [mine]


def test_tasks__counts_by_status(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Old SDKs ask for the number of tasks per status."""
    new_video(fake, api, index, URL)
    new_task(api, index, URL)
    counts = api.get("/tasks/status", params={"index_id": index}).json()
    assert (counts["ready"], counts["failed"], counts["total_result"]) == (1, 0, 2)


def test_tenants__do_not_see_each_other(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Another key finds neither index nor task nor video."""
    made = new_task(api, index, URL)
    fake.clock.advance(LONG)
    with client_of(fake, "tlk_other") as other:
        assert other.get("/tasks").json()["data"] == []
        refused(other.get(f"/tasks/{made['_id']}"), 404, "resource_not_exists")
        refused(other.get(f"/indexes/{index}/videos"), 404, "resource_not_exists")


def test_auto__each_poll_takes_a_step() -> None:
    """In `auto` a loop without sleep sees every status in order and ends."""
    with Fake("twelvelabs", time="auto") as fake, client_of(fake, "tlk") as api:
        task = new_task(api, new_index(api, "films"), URL)["_id"]
        seen: list[str] = []
        while not seen or seen[-1] not in ("ready", "failed"):
            assert len(seen) < 20
            seen.append(api.get(f"/tasks/{task}").json()["status"])
        assert list(dict.fromkeys(seen)) == ORDER


@pytest.mark.parametrize("query", ["", "?status=ready"])
def test_auto__polling_a_list_ends(query: str) -> None:
    """Whoever waits for a ready task in a list gets it, with the filter and without."""
    with Fake("twelvelabs", time="auto") as fake, client_of(fake, "tlk") as api:
        new_task(api, new_index(api, "films"), URL)
        for _ in range(20):
            if any(each["status"] == "ready" for each in api.get(f"/tasks{query}").json()["data"]):
                return
    pytest.fail("twenty polls and no task was ready")


def test_fake__same_seed_same_story() -> None:
    """Ids, times and texts repeat with the seed, and differ with another."""

    def story(seed: int) -> list[object]:
        with Fake("twelvelabs", time="manual", seed=seed) as fake, client_of(fake, "tlk") as api:
            index = new_index(api, "films")
            video = new_video(fake, api, index, URL)
            path = f"/indexes/{index}/videos/{video}?embedding_option=audio&transcription=true"
            return [index, api.get(path).json()]

    assert story(1) == story(1)
    assert story(1)[0] != story(2)[0]
