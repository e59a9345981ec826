"""Faults at a stage of a task's life: what the polls tell, in process and over the wire."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2
import pytest
from stage import client_of, new_index, new_task

from understudy.contracts import Contract
from understudy.mocks import Fake

KEY = "tlk_test"
URL = "https://media.example/pear.mp4?duration=60"
WAY = ["uploading", "validating", "pending", "queued", "indexing", "ready"]
TOTAL = 90.0
"""Seconds that a video of a minute takes to be indexed."""


@pytest.fixture
def fake() -> Iterator[Fake]:
    with closing(Fake("twelvelabs", time="manual")) as made:
        yield made


@pytest.fixture
def api(fake: Fake) -> Iterator[httpx2.Client]:
    with client_of(fake, KEY) as client:
        yield client


def begun(api: Any) -> dict[str, str]:
    return dict(new_task(api, new_index(api, "films"), URL))


def status(api: Any, task: str) -> str:
    reply = api.get(f"/tasks/{task}")
    return str(reply.json()["status"]) if reply.status_code == 200 else str(reply.status_code)


def told(fake: Fake, api: Any, task: str, seconds: float = 200, step: float = 2.5) -> list[str]:
    """The statuses that polls tell on the way, each once for as long as it is told."""
    seen: list[str] = []
    for _ in range(int(seconds / step)):
        now = status(api, task)
        if not seen or seen[-1] != now:
            seen.append(now)
        fake.clock.advance(step)
    return seen


def test_stuck__in_a_status_until_the_fault_goes(fake: Fake, api: httpx2.Client) -> None:
    """The task stays for days; without the fault it goes on as if it had just come there."""
    fault = fake.faults.add("stuck", at="pending")
    task = begun(api)["_id"]
    assert told(fake, api, task) == WAY[:3]
    fake.clock.advance(86_400)
    assert status(api, task) == "pending"
    fake.faults.remove(fault.id)
    assert told(fake, api, task) == WAY[3:]  # its time there was over long ago


def test_fail__at_a_status_with_a_reason(fake: Fake, api: httpx2.Client) -> None:
    """At the end of the stage that is named, with the words of the test."""
    fake.faults.add("fail", at="validating", reason="The reels are lost.")
    task = begun(api)["_id"]
    assert told(fake, api, task) == ["uploading", "validating", "failed"]
    assert api.get(f"/tasks/{task}").json()["error_reason"] == "The reels are lost."


@pytest.mark.parametrize(("percent", "at"), [(0, 0.0), (5, 4.5), (50, 45.0), (99, 89.1)])
def test_fail__at_a_share_of_the_whole_way(
    fake: Fake, api: httpx2.Client, percent: float, at: float
) -> None:
    """To the second: 50 % of 90 s are 45 s."""
    fake.faults.add("fail", percent=percent)
    task = begun(api)["_id"]
    fake.clock.advance(max(0.0, at - 0.01))
    if at:
        assert status(api, task) != "failed"
    fake.clock.advance(0.02)
    assert status(api, task) == "failed"


def test_slow__by_a_factor(fake: Fake, api: httpx2.Client) -> None:
    """Every stage takes so many times longer; magic words in the title are kept."""
    fake.faults.add("slow", factor=4)
    task = begun(api)["_id"]
    fake.clock.advance(TOTAL * 4 - 1)
    assert status(api, task) == "indexing"
    fake.clock.advance(1)
    assert status(api, task) == "ready"
    doomed = new_task(api, new_index(api, "b"), "https://media.example/understudy-fail.mp4")
    assert told(fake, api, doomed["_id"], seconds=400)[-1] == "failed"


def test_vanish__after_a_status(fake: Fake, api: httpx2.Client) -> None:
    """Read, list and count agree that there is no such task any more."""
    fake.faults.add("vanish", at="queued")
    task = begun(api)["_id"]
    assert told(fake, api, task) == [*WAY[:4], "404"]
    assert api.get("/tasks").json()["data"] == []
    assert list(fake.engine.tenants.get(fake.tenant(KEY).name).tasks()) == []


def test_fault__of_the_nth_task_that_begins(fake: Fake, api: httpx2.Client) -> None:
    """Tasks are counted as they begin."""
    fake.faults.add("fail", nth=2)
    index = new_index(api, "films")
    tasks = [new_task(api, index, URL)["_id"] for _ in range(3)]
    fake.clock.advance(1000)
    assert [status(api, task) for task in tasks] == ["ready", "failed", "ready"]


def test_fault__of_a_task_that_runs_already(fake: Fake, api: httpx2.Client) -> None:
    """One that is named changes its course at once; the others do not."""
    index = new_index(api, "films")
    one, two = (new_task(api, index, URL)["_id"] for _ in range(2))
    fake.clock.advance(12)
    fake.faults.add("stuck", at="queued", task=one)
    fake.clock.advance(1000)
    assert (status(api, one), status(api, two)) == ("queued", "ready")


def test_fault__that_comes_too_late_is_reported_and_does_nothing(
    fake: Fake, api: httpx2.Client
) -> None:
    """A stage that lies behind cannot be made to fail."""
    task = begun(api)["_id"]
    fake.clock.advance(60)
    fake.faults.add("fail", at="validating", task=task)
    fake.clock.advance(1000)
    assert status(api, task) == "ready"
    assert "past the stage 'validating'" in fake.evictions[-1]


def test_results__are_missing_for_a_while_after_ready(fake: Fake, api: httpx2.Client) -> None:
    """The task says ready, its video is not found; and then it is."""
    fake.faults.add("results-missing", seconds=20)
    index = new_index(api, "films")
    made = new_task(api, index, URL)
    fake.clock.advance(TOTAL + 1)
    assert status(api, made["_id"]) == "ready"
    place = f"/indexes/{index}/videos/{made['video_id']}"
    body = {"video_id": made["video_id"], "type": "summary"}
    assert api.get(place).status_code == api.post("/summarize", json=body).status_code == 404
    assert api.get(place).json()["code"] == "resource_not_exists"
    fake.clock.advance(18)
    assert api.get(place).status_code == 404
    fake.clock.advance(1)
    assert api.get(place).status_code == api.post("/summarize", json=body).status_code == 200
    assert api.get(f"/indexes/{index}").status_code == 200


def test_polls__are_down_while_the_work_goes_on(fake: Fake, api: httpx2.Client) -> None:
    """The status cannot be had in one stage; what is ready is ready afterwards."""
    fake.faults.add("polls-down", at="indexing", status=502)
    task = begun(api)["_id"]
    assert told(fake, api, task) == [*WAY[:4], "502", "ready"]


def test_polls__are_down_for_so_many_seconds(fake: Fake, api: httpx2.Client) -> None:
    """Retry-After tells when the polls come back."""
    fake.faults.add("polls-down", seconds=40)
    task = begun(api)["_id"]
    down = api.get(f"/tasks/{task}")
    assert (down.status_code, down.headers["retry-after"]) == (503, "40")
    fake.clock.advance(40)
    assert status(api, task) == "indexing"


def test_unknown_status__is_told_and_was_never_declared(fake: Fake, api: httpx2.Client) -> None:
    """In one stage, in reads and lists; the reply is off contract, which is no fault of ours."""
    fake.faults.add("unknown-status", at="queued", shown="reticulating")
    task = begun(api)["_id"]
    assert told(fake, api, task) == [*WAY[:3], "reticulating", *WAY[4:]]
    other = begun_second(api)
    fake.clock.advance(17)
    listed = api.get("/tasks", params={"sort_option": "asc"})
    assert [each["status"] for each in listed.json()["data"]] == ["ready", "reticulating"]
    contract = Contract.load("twelvelabs/v1.3-2025")
    reply = api.get(f"/tasks/{other}")
    assert [each.where for each in contract.check(reply.request, reply)] == ["response body"]
    assert not any(entry.violations for entry in fake.journal)


def begun_second(api: Any) -> str:
    return str(new_task(api, new_index(api, "second"), URL)["_id"])


def test_unknown_status__of_one_task(fake: Fake, api: httpx2.Client) -> None:
    """In a list only the object that has the task's id is changed."""
    index = new_index(api, "films")
    one, two = (new_task(api, index, URL)["_id"] for _ in range(2))
    fake.faults.add("unknown-status", task=one)
    listed = {each["_id"]: each["status"] for each in api.get("/tasks").json()["data"]}
    assert listed == {one: "understudy-unknown", two: "uploading"}


def test_backwards__an_earlier_status_comes_again_once(fake: Fake, api: httpx2.Client) -> None:
    """The first status is told again in the midst of the way, and then the truth."""
    fake.faults.add("backwards", at="indexing")
    task = begun(api)["_id"]
    seen = told(fake, api, task)
    assert seen == [*WAY[:4], "uploading", *WAY[4:]]


def test_every_poll_of_an_auto_clock_on_the_wire() -> None:
    """Where polls move a task, a fault of the polls does not hold it up."""
    with closing(Fake("twelvelabs")) as fake:
        base = f"{fake.serve()}/twelvelabs/v1.3"
        with httpx2.Client(base_url=base, headers={"x-api-key": KEY}) as api:
            task = begun(api)["_id"]
            fake.faults.add("polls-down", times=1, nth=2)
            fake.faults.add("unknown-status", at="pending")
            fake.faults.add("backwards", at="queued", shown="validating")
            seen = [status(api, task) for _ in range(7)]
    first = ["uploading", "503", "understudy-unknown", "validating"]
    assert seen == [*first, "indexing", "ready", "ready"]


def test_stuck__in_auto_time_on_the_wire() -> None:
    """However often it is polled."""
    with closing(Fake("twelvelabs")) as fake:
        fake.faults.add("stuck", at="validating")
        base = f"{fake.serve()}/twelvelabs/v1.3"
        with httpx2.Client(base_url=base, headers={"x-api-key": KEY}) as api:
            task = begun(api)["_id"]
            assert {status(api, task) for _ in range(10)} == {"uploading", "validating"}
