"""Laws of cloud imports."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from stage import LONG, NOBODY, client_of, new_index, refused

from understudy.mocks import Fake
from understudy.mocks.limits import Limits
from understudy.mocks.providers.twelvelabs.buckets import files

BUCKET = "68652c10f1b5a3d2c4e6f7aa"
ORDER = ["validating", "pending", "queued", "indexing", "ready"]
ROOT = "/tasks/transfers/import"


def start(api: httpx2.Client, index: str, bucket: str = BUCKET, **more: object) -> dict[str, Any]:
    """Start an import and answer what it takes."""
    response = api.post(f"{ROOT}/{bucket}", json={"index_id": index, **more})
    assert response.status_code == 201, response.text
    return dict(response.json())


def status(api: httpx2.Client, index: str, bucket: str = BUCKET) -> dict[str, list[Any]]:
    """The files by status."""
    response = api.get(f"{ROOT}/{bucket}/status", params={"index_id": index})
    assert response.status_code == 200, response.text
    return dict(response.json())


def logs(api: httpx2.Client, bucket: str = BUCKET) -> list[dict[str, Any]]:
    """The imports of an integration."""
    response = api.get(f"{ROOT}/{bucket}/logs")
    assert response.status_code == 200, response.text
    return list(response.json()["data"])


def names(files: list[dict[str, Any]]) -> list[str]:
    """Their file names."""
    return [file["filename"] for file in files]


def test_import__files_become_tasks_and_videos(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Each file is a task and then a video of the same id, listed like any other."""
    taken = start(api, index, user_metadata={"source": "archive"})
    assert names(taken["videos"]) == [file.name for file in files(BUCKET)]
    assert taken["failed_files"] == []
    ids = {video["video_id"] for video in taken["videos"]}
    tasks = api.get("/tasks", params={"index_id": index}).json()["data"]
    assert {task["_id"] for task in tasks} == {task["video_id"] for task in tasks} == ids
    assert {task["status"] for task in tasks} == {"validating"}
    fake.clock.advance(LONG)
    videos = api.get(f"/indexes/{index}/videos").json()["data"]
    assert {video["_id"] for video in videos} == ids
    for identity in ids:
        video = api.get(f"/indexes/{index}/videos/{identity}").json()
        assert video["user_metadata"] == {"source": "archive"}
        assert api.get(f"/tasks/{identity}").json()["status"] == "ready"


def test_import__status_follows_each_file(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Before the import nothing is imported; then every file is in one group at a time."""
    every = sorted(file.name for file in files(BUCKET))
    assert sorted(status(api, index)["not_imported"]) == every
    start(api, index)
    seen: dict[str, list[str]] = {}
    for _ in range(60):
        groups = status(api, index)
        assert groups.pop("not_imported") == []
        placed = [(file["filename"], group) for group, held in groups.items() for file in held]
        assert sorted(name for name, _ in placed) == every
        for name, group in placed:
            if group not in seen.setdefault(name, []):
                seen[name].append(group)
        fake.clock.advance(4)
    assert all(order == ORDER for order in seen.values())


def test_import__one_at_a_time(fake: Fake, api: httpx2.Client, index: str) -> None:
    """A second import, of whatever integration, waits until the first is over."""
    start(api, index)
    before = (logs(api), api.get("/tasks").json())
    for bucket in (BUCKET, "other"):
        response = api.post(f"{ROOT}/{bucket}", json={"index_id": index})
        refused(response, 409, "resource_conflict")
    assert (logs(api), api.get("/tasks").json()) == before
    assert logs(api, "other") == []
    fake.clock.advance(LONG)
    start(api, index, "other")


def test_import__tenants_do_not_wait_for_each_other(fake: Fake, api: httpx2.Client) -> None:
    """The import of one account does not hold up another's."""
    start(api, new_index(api, "a"))
    with client_of(fake, "tlk_other") as other:
        start(other, new_index(other, "a"))


def test_import__incremental_or_everything(fake: Fake, api: httpx2.Client, index: str) -> None:
    """What is there is left alone, unless everything is asked for; what was deleted comes back."""
    first = start(api, index)["videos"]
    fake.clock.advance(LONG)
    assert start(api, index)["videos"] == []
    assert start(api, index, incremental_import=None)["videos"] == []
    gone = first[0]
    assert api.delete(f"/indexes/{index}/videos/{gone['video_id']}").status_code == 204
    assert status(api, index)["not_imported"] == [gone["filename"]]
    assert names(start(api, index)["videos"]) == [gone["filename"]]
    fake.clock.advance(LONG)
    assert len(start(api, index, incremental_import=False)["videos"]) == len(first)
    assert [sum(log["video_status"].values()) for log in logs(api)] == [
        len(first), 0, 0, 1, len(first),
    ]  # fmt: skip


def test_import__failed_files(fake: Fake, api: httpx2.Client, index: str) -> None:
    """The word understudy-fail in the integration's id fails its files; retries are asked for."""
    bucket = "bucket-understudy-fail"
    taken = start(api, index, bucket)
    assert names(taken["failed_files"]) == ["notes.txt"]
    fake.clock.advance(LONG)
    groups = status(api, index, bucket)
    every = {*names(taken["videos"]), "notes.txt"}
    assert set(names(groups["failed"])) == every
    assert all(file["error_message"] for file in groups["failed"])
    (log,) = logs(api, bucket)
    assert log["video_status"]["failed"] == len(every)
    assert set(names(log["failed_files"])) == every
    assert log["ended_at"] > log["created_at"]
    assert api.get(f"/indexes/{index}/videos").json()["data"] == []
    assert start(api, index, bucket) == {"videos": [], "failed_files": []}
    again = start(api, index, bucket, retry_failed=True)
    assert {*names(again["videos"]), *names(again["failed_files"])} == every
    assert set(names(status(api, index, bucket)["validating"])) == every - {"notes.txt"}


def test_import__stuck_and_slow(fake: Fake, api: httpx2.Client, index: str) -> None:
    """A slow import ends later than a plain one, a stuck one never, until its index goes."""
    start(api, index, "understudy-slow")
    fake.clock.advance(300)
    assert "ended_at" not in logs(api, "understudy-slow")[0]
    fake.clock.advance(LONG)
    assert "ended_at" in logs(api, "understudy-slow")[0]
    start(api, index, "understudy-stuck")
    fake.clock.advance(LONG)
    assert "ended_at" not in logs(api, "understudy-stuck")[0]
    other = new_index(api, "other")
    assert api.post(f"{ROOT}/x", json={"index_id": other}).status_code == 409
    assert api.delete(f"/indexes/{index}").status_code == 204
    assert logs(api, "understudy-stuck") == []
    start(api, other, "x")


def test_import__logs_oldest_first(fake: Fake, api: httpx2.Client, index: str) -> None:
    """One entry an import, with the index's name and counts that add up."""
    count = len(files(BUCKET))
    start(api, index)
    fake.clock.advance(LONG)
    start(api, new_index(api, "second"))
    shown = logs(api)
    assert [log["index_name"] for log in shown] == ["films", "second"]
    assert shown[0]["video_status"] == {**dict.fromkeys(ORDER, 0), "failed": 0, "ready": count}
    assert shown[1]["video_status"]["validating"] == count
    assert "ended_at" in shown[0]
    assert "ended_at" not in shown[1]
    assert logs(api, "never-used") == []


def test_import__buckets_are_made_up_once() -> None:
    """The same integration holds the same files, different ones as a rule others."""
    assert files("a") == files("a")
    assert len({tuple(file.name for file in files(str(each))) for each in range(20)}) > 15
    for each in range(50):
        found = files(str(each))
        assert 3 <= len(found) <= 5
        assert len({file.name for file in found}) == len(found)


@pytest.fixture
def polled() -> Iterator[httpx2.Client]:
    """A client whose polls move the time of what they look at."""
    with Fake("twelvelabs", time="auto") as fake, client_of(fake, "tlk_test") as client:
        yield client


@pytest.mark.parametrize("asks", ["status", "logs"])
def test_import__a_loop_of_polls_ends(polled: httpx2.Client, asks: str) -> None:
    """On an `auto` clock reading status or logs again lets the files go on."""
    index = new_index(polled, "films")
    start(polled, index)
    for _ in range(20):
        if asks == "status":
            done = len(status(polled, index)["ready"])
        else:
            done = logs(polled)[0]["video_status"]["ready"]
        if done == len(files(BUCKET)):
            return
    pytest.fail("the import never ended")


@pytest.mark.parametrize(
    ("sent", "code", "named"),
    [
        ({}, "parameter_not_provided", "index_id"),
        ({"index_id": ""}, "parameter_invalid", "index_id"),
        ({"index_id": "nope"}, "parameter_invalid", "index_id"),
        ({"incremental_import": "yes"}, "parameter_invalid", "incremental_import"),
        ({"retry_failed": 1}, "parameter_invalid", "retry_failed"),
        ({"user_metadata": []}, "parameter_invalid", "user_metadata"),
        ({"user_metadata": {"filename": "x"}}, "parameter_invalid", "filename"),
        ({"user_metadata": {"a": {"b": 1}}}, "parameter_invalid", "user_metadata"),
    ],
)
def test_import__bad_input_changes_nothing(
    api: httpx2.Client, index: str, sent: dict[str, object], code: str, named: str
) -> None:
    """A value off the document or a rule is named, and no import begins."""
    asked = {"index_id": index, **sent} if sent else {}
    assert named in refused(api.post(f"{ROOT}/{BUCKET}", json=asked), 400, code)
    assert logs(api) == []
    assert api.get("/tasks").json()["data"] == []


def test_import__unknown_index(api: httpx2.Client) -> None:
    """An index that does not exist is not found, for imports and for their status."""
    response = api.post(f"{ROOT}/{BUCKET}", json={"index_id": NOBODY})
    assert "index_id" in refused(response, 404, "resource_not_exists")
    response = api.get(f"{ROOT}/{BUCKET}/status", params={"index_id": NOBODY})
    assert "index_id" in refused(response, 404, "resource_not_exists")
    response = api.get(f"{ROOT}/{BUCKET}/status", params={"index_id": "x"})
    assert "index_id" in refused(response, 400, "parameter_invalid")
    response = api.get(f"{ROOT}/{BUCKET}/status")
    assert "index_id" in refused(response, 400, "parameter_not_provided")
    refused(api.get(f"{ROOT}/{BUCKET}/logs", params={"page": 2}), 400, "parameter_unknown")


def test_import__other_refusals(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Wrong key, wrong method, wrong media type and a body that is too large."""
    with client_of(fake, "invalid-key") as stranger:
        refused(stranger.post(f"{ROOT}/{BUCKET}", json={"index_id": index}), 401, "api_key_invalid")
        for tail in ("status?index_id=x", "logs"):
            refused(stranger.get(f"{ROOT}/{BUCKET}/{tail}"), 401, "api_key_invalid")
    refused(api.get(f"{ROOT}/{BUCKET}"), 405, "method_not_allowed")
    for tail in ("status", "logs"):
        refused(api.post(f"{ROOT}/{BUCKET}/{tail}"), 405, "method_not_allowed")
    response = api.post(f"{ROOT}/{BUCKET}", files={"index_id": (None, index)})
    refused(response, 415, "unsupported_media_type")
    with Fake("twelvelabs", limits=Limits(body=100)) as small, client_of(small, "k") as client:
        response = client.post(f"{ROOT}/{BUCKET}", json={"index_id": "x" * 200})
        refused(response, 413, "request_too_large")
