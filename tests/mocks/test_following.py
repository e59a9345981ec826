"""What a fake says of its tasks is held against their lifecycles, like anybody's traffic."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from tests.stage import client_of, new_index, new_task

from understudy.contracts.coverage import Coverage
from understudy.contracts.late import Late
from understudy.contracts.trace.trace import Trace
from understudy.mocks import Fake
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.delivery import Delivery
from understudy.mocks.following import Following

READ = "retrieve-video-indexing-task"


@pytest.fixture
def fake() -> Fake:
    """A fake whose tasks are followed, habits of the caller included."""
    made = Fake("twelvelabs", time="manual")
    made.watch.following = Following(lints=True)
    return made


@pytest.fixture
def following(fake: Fake) -> Following:
    """What follows them."""
    assert fake.watch.following is not None
    return fake.watch.following


def _backwards(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every task that is read is indexing."""
    edition = fake.engine.providers["twelvelabs"].editions[0]
    play = edition.behaviours[READ]

    def read(call: Call) -> Answer:
        answer = play(call)
        assert isinstance(answer.content, dict)
        return replace(answer, content={**answer.content, "status": "indexing"})

    assert isinstance(edition.behaviours, Late)
    monkeypatch.setitem(edition.behaviours.made, READ, read)


def _ready(fake: Fake, api: httpx2.Client) -> str:
    task = new_task(api, new_index(api, "films"), "https://media.example/a.mp4")["_id"]
    fake.clock.advance(1e5)
    assert api.get(f"/tasks/{task}").json()["status"] == "ready"
    return task


def test_following__finds_a_task_that_goes_back(
    fake: Fake, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is among the fake's violations, and kept; here it is meant."""
    with client_of(fake, "any-key") as api:
        task = _ready(fake, api)
        _backwards(fake, monkeypatch)
        with fake.expect_violation(where="lifecycle") as met:
            api.get(f"/tasks/{task}")
    assert [each.value for each in met] == ["indexing"]
    assert following.found == met


@pytest.mark.parametrize("how", ["reset", "restore", "tenant", "fault"])
def test_following__begins_anew_where_the_fake_does(
    fake: Fake, following: Following, how: str
) -> None:
    """A reset, a snapshot and a fault change a task outside of its lifecycle."""
    with client_of(fake, "any-key") as api:
        before = fake.snapshot()
        task = _ready(fake, api)
        if how == "reset":
            fake.reset()
        elif how == "tenant":
            fake.tenant("any-key").reset()
        elif how == "restore":
            fake.restore(before)
        else:
            fake.faults.add("status", status=404, operation=READ)
        assert api.get(f"/tasks/{task}").status_code == 404
    assert following.found == []


def test_following__counts_moves(fake: Fake) -> None:
    """What a task went through directly is coverage."""
    coverage = fake.watch.coverage = Coverage()
    for edition in fake.engine.providers["twelvelabs"].editions:
        coverage.declare(edition.contract)
    with client_of(fake, "any-key") as api:
        task = new_task(api, new_index(api, "films"), "https://media.example/a.mp4")["_id"]
        for _ in range(2000):
            if api.get(f"/tasks/{task}").json()["status"] == "ready":
                break
            fake.clock.advance(1)
    assert coverage.shares["twelvelabs/v1.3"].of("move")[0] >= 4


class Counted(OrderedDict[str, Delivery]):
    """Deliveries that count how often one of them is looked at."""

    looks = 0

    def values(self) -> Any:
        """The deliveries, to be walked backwards only."""
        return self

    def __reversed__(self) -> Any:
        for key in super().__reversed__():
            self.looks += 1
            yield self[key]


@pytest.fixture
def heard(following: Following, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the deliveries that a trace was told of are about."""
    about: list[str] = []
    monkeypatch.setattr(Trace, "told", lambda *said: about.append(said[2]) or [])
    return about


def test_following__looks_at_each_delivery_once(fake: Fake, heard: list[str]) -> None:
    """However long a run is: what webhooks have said was heard at the exchange that followed."""
    with client_of(fake, "any-key") as api:
        api.get("/indexes")
        [tenant] = fake.engine.tenants
        held = tenant.deliveries._held = Counted()
        for turn in range(30):
            for number in range(3):
                about = f"{turn}.{number}"
                tenant.deliveries.queue("twelvelabs", "", {}, event="e", about=about)
            api.get("/indexes")
    assert heard == [f"{turn}.{number}" for turn in range(30) for number in range(3)]
    assert held.looks == len(heard)


def test_following__hears_what_a_full_log_still_holds(fake: Fake, heard: list[str]) -> None:
    """What the bound pushed out before the next exchange is not missed, and nothing comes twice."""
    with client_of(fake, "any-key") as api:
        api.get("/indexes")
        [tenant] = fake.engine.tenants
        tenant.limits = replace(tenant.limits, deliveries=2)
        for batch in (1, 3, 1):
            for _ in range(batch):
                about = str(tenant.deliveries.queued)
                tenant.deliveries.queue("twelvelabs", "", {}, event="e", about=about)
            api.get("/indexes")
    assert heard == ["0", "2", "3", "4"]


def test_following__tells_of_habits(fake: Fake, following: Following) -> None:
    """A task that nobody reads is told of at the end."""
    with client_of(fake, "any-key") as api:
        new_task(api, new_index(api, "films"), "https://media.example/a.mp4")
    [(provider, warned)] = following.end()
    assert (provider, warned.kind) == ("twelvelabs", "never fetched")
