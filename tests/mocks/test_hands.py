"""Clocks moved by hand: to a task's status, until nothing is due, and what is still pending."""

from collections.abc import Iterator
from types import SimpleNamespace

import httpx2
import pytest
from stage import client_of, new_index, new_task

from understudy.mocks import Fake, FakeError

FILM = "https://media.example/film.mp4?duration=60"  # indexing takes seventy seconds
STUCK = "https://media.example/understudy-stuck.mp4"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake("twelvelabs", time="manual") as entered:
        yield entered


@pytest.fixture
def api(fake: Fake) -> httpx2.Client:
    return client_of(fake, "any-key")


def status(api: httpx2.Client, task: str) -> str:
    return str(api.get(f"/tasks/{task}").json()["status"])


def test_advance_to__stops_when_the_status_begins(fake: Fake, api: httpx2.Client) -> None:
    """The clock stands at the very instant, and the task is there; twice changes nothing."""
    made = new_task(api, new_index(api, "films"), FILM)
    began = fake.clock.now()
    happened = fake.clock.advance_to(made["_id"], "indexing")
    assert fake.clock.now() - began == 20
    assert [event.at - began for event in happened] == [5, 10, 15, 20]
    assert status(api, made["_id"]) == "indexing"
    assert fake.clock.advance_to(made["_id"], "indexing") == []
    fake.clock.advance_to(made["_id"], "ready")
    assert (fake.clock.now() - began, status(api, made["_id"])) == (90, "ready")


def test_advance_to__takes_what_an_answer_says(fake: Fake, api: httpx2.Client) -> None:
    """An id, a JSON object with one, or a client's object."""
    index = new_index(api, "films")
    for wanted in (
        lambda made: made,
        lambda made: SimpleNamespace(id=made["_id"]),
        lambda made: made["_id"],
    ):
        made = new_task(api, index, FILM)
        fake.clock.advance_to(wanted(made), "queued")
        assert status(api, made["_id"]) == "queued"


def test_advance_to__what_will_never_be_is_refused(fake: Fake, api: httpx2.Client) -> None:
    """A status that is past, one of another way, a stuck task, an unknown one: time stands."""
    index = new_index(api, "films")
    made, stuck = new_task(api, index, FILM)["_id"], new_task(api, index, STUCK)["_id"]
    fake.clock.advance_to(made, "indexing")
    began = fake.clock.now()
    for task, wanted in ((made, "pending"), (made, "failed"), (made, "cooking"), (stuck, "ready")):
        with pytest.raises(FakeError, match="will not come to"):
            fake.clock.advance_to(task, wanted)
        assert fake.clock.now() == began
    with pytest.raises(FakeError, match="There is no task 'nobody'"):
        fake.clock.advance_to("nobody", "ready")


def test_run_until_idle__lets_everything_happen(fake: Fake, api: httpx2.Client) -> None:
    """Every task of every tenant comes to its end, but for those that are stuck."""
    index = new_index(api, "films")
    made = [new_task(api, index, FILM)["_id"] for _ in range(3)]
    stuck = new_task(api, index, STUCK)["_id"]
    other = client_of(fake, "another-key")
    theirs = new_task(other, new_index(other, "films"), FILM)["_id"]
    fake.clock.run_until_idle()
    assert {status(api, each) for each in made} == {"ready"}
    assert status(other, theirs) == "ready"
    assert status(api, stuck) != "ready"
    assert fake.clock.run_until_idle() == []


def test_pending__names_what_moves_next_first(fake: Fake, api: httpx2.Client) -> None:
    """Unfinished tasks with their next status; the stuck ones come last."""
    index = new_index(api, "films")
    stuck = new_task(api, index, STUCK)["_id"]
    fake.clock.run_until_idle()
    made = new_task(api, index, FILM)["_id"]
    first, last = fake.clock.pending()
    assert (first.id, first.status, first.then, first.seconds) == (
        made, "uploading", "validating", 5.0,
    )  # fmt: skip
    assert (last.id, last.then, last.seconds) == (stuck, "", float("inf"))
    told = str(fake.clock)
    assert f"tasks {made!r} is 'uploading', 'validating' in 5 s." in told
    assert f"tasks {stuck!r} is 'indexing' and stuck there" in told
    assert str(Fake("twelvelabs").clock) == "No tenant has called yet."


def test_decide__lets_a_stuck_task_go_on(fake: Fake, api: httpx2.Client) -> None:
    """To success, or to a failure with a reason; a finished one is past deciding."""
    index = new_index(api, "films")
    one, two = (new_task(api, index, STUCK)["_id"] for _ in range(2))
    fake.clock.run_until_idle()
    fake.decide(one)
    fake.decide(two, "fail", "the disk is full")
    fake.clock.run_until_idle()
    assert (status(api, one), status(api, two)) == ("ready", "failed")
    with pytest.raises(FakeError, match="has finished"):
        fake.decide(one)
