"""Loops that could never end are stopped; those that may end are left alone."""

import time
from collections.abc import Callable

import httpx2
import pytest
from stage import BASE, client_of, new_index, new_task

from understudy.mocks import Fake, Limits
from understudy.mocks.standstill import Standstill

FILM = "https://media.example/film.mp4?duration=60"
STUCK = "https://media.example/understudy-stuck.mp4"


def poll(api: httpx2.Client, path: str, pause: Callable[[], object] = lambda: None) -> None:
    while True:
        api.get(path)
        pause()


def test_manual__is_stopped_after_the_bound() -> None:
    """The hundred-and-first poll raises, with the task, the clock and what would help."""
    with Fake("twelvelabs", time="manual") as fake:
        api = client_of(fake, "any-key")
        task = new_task(api, new_index(api, "films"), FILM)["_id"]
        with pytest.raises(Standstill) as raised:
            poll(api, f"/tasks/{task}")
        assert len(fake.journal) == 102
        with pytest.raises(Standstill):
            api.get(f"/tasks/{task}")
    told = str(raised.value)
    for part in (
        "has polled 100 times in a row",
        "The clock is manual and stands at 2025-07-01T00:00:00.000Z",
        f"tasks {task!r} is 'uploading', 'validating' in 5 s",
        f"fake.clock.advance_to({task!r}, 'validating')",
        "fake.clock.run_until_idle()",
    ):
        assert part in told


def test_manual__goes_on_when_somebody_moves_the_clock() -> None:
    """Any movement, and any other call, begins the count anew."""
    with Fake("twelvelabs", time="manual", limits=Limits(polls=10)) as fake:
        api = client_of(fake, "any-key")
        index = new_index(api, "films")
        task = new_task(api, index, FILM)["_id"]
        for turn in range(50):
            api.get(f"/tasks/{task}")
            if turn % 8 == 0:
                fake.clock.advance(0.001)
        for turn in range(50):
            api.get(f"/tasks/{task}")
            if turn % 8 == 0:
                api.get(f"/indexes/{index}")
        fake.clock.run_until_idle()
        for _ in range(50):
            api.get(f"/tasks/{task}")


def test_stuck__is_stopped_at_the_same_instant() -> None:
    """On an auto clock too, where polls alone move nothing that is stuck."""
    with Fake("twelvelabs") as fake:
        api = client_of(fake, "any-key")
        task = new_task(api, new_index(api, "films"), STUCK)["_id"]
        with pytest.raises(Standstill, match="is stuck there, on purpose"):
            poll(api, f"/tasks/{task}")


def test_stuck__with_sleeps_gets_more_patience() -> None:
    """Who sleeps may have a deadline of his own; without one it ends as well."""
    with Fake("twelvelabs", limits=Limits(polls=20)) as fake:
        api = client_of(fake, "any-key")
        task = new_task(api, new_index(api, "films"), STUCK)["_id"]
        began = fake.clock.now()
        with pytest.raises(Standstill, match=r"fake\.decide"):
            poll(api, f"/tasks/{task}", lambda: time.sleep(5))
        assert fake.clock.now() - began >= 20 * 10 * 5


def test_list__of_what_moves_is_no_standstill() -> None:
    """A stuck task beside one that moves is still worth waiting for."""
    with Fake("twelvelabs", limits=Limits(polls=20)) as fake:
        api = client_of(fake, "any-key")
        index = new_index(api, "films")
        new_task(api, index, STUCK)
        new_task(api, index, FILM)
        for _ in range(18):
            api.get("/tasks")
            time.sleep(5)


def test_wire__and_real_time_are_not_judged() -> None:
    """Somebody else may move the clock of a server; real time passes by itself."""
    with (
        Fake("twelvelabs", time="manual", limits=Limits(polls=3)) as fake,
        httpx2.Client(base_url=f"{fake.serve()}/twelvelabs/v1.3") as live,
    ):
        live.headers["x-api-key"] = "any-key"
        task = new_task(live, new_index(live, "films"), FILM)["_id"]
        for _ in range(20):
            live.get(f"/tasks/{task}")
    with Fake("twelvelabs", time="real", limits=Limits(polls=3)) as fake:
        api = client_of(fake, "any-key")
        task = new_task(api, new_index(api, "films"), FILM)["_id"]
        for _ in range(20):
            api.get(f"{BASE}/tasks/{task}")
