"""The control API's faults and snapshots: whom they touch, and what they tell."""

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
from stage import client_of, new_index, new_task

from understudy.contracts.redaction import alias
from understudy.mocks import Fake

URL = "https://media.example/pear.mp4?duration=60"
CONTROL = "http://127.0.0.1/_understudy"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with closing(Fake("twelvelabs", time="manual")) as made:
        yield made


@pytest.fixture
def control(fake: Fake) -> Iterator[httpx2.Client]:
    with httpx2.Client(transport=fake.transport(), base_url=CONTROL) as client:
        yield client


def test_fault__of_everybody_is_one_of_tenants_to_come_too(
    fake: Fake, control: httpx2.Client
) -> None:
    """Without a tenant it is for all; each counts by itself."""
    made = control.post("/faults", json={"kind": "status", "status": 503, "times": 1})
    assert made.json() == {
        "tenants": [],
        "fault": {"kind": "status", "id": "common-1", "status": 503, "times": 1},
    }
    for key in ("a", "b"):
        api = client_of(fake, key)
        assert [api.get("/indexes").status_code for _ in range(2)] == [503, 200]
    [shown] = control.get("/faults").json()["faults"]
    assert shown["struck"] == {alias("a"): 1, alias("b"): 1}
    assert [fault.id for fault in fake.faults] == ["common-1"]


def test_fault__of_one_tenant(fake: Fake, control: httpx2.Client) -> None:
    """Named by key or name; the others have none."""
    mine = {"x-api-key": "a"}
    made = control.post("/faults", json={"kind": "status", "status": 500}, headers=mine).json()
    assert made["tenants"] == [alias("a")]
    assert client_of(fake, "a").get("/indexes").status_code == 500
    assert client_of(fake, "b").get("/indexes").status_code == 200
    assert control.get("/faults", headers={"x-api-key": "b"}).json()["faults"] == []
    place = f"/faults/{made['fault']['id']}"
    assert control.delete(place, headers={"x-api-key": "b"}).status_code == 404
    assert control.delete(place, headers=mine).json()["fault"] == made["fault"]
    assert client_of(fake, "a").get("/indexes").status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"kind": "status"}, 400, "needs 'status'"),
        ({"kind": "slow", "status": 500}, 400, "takes no 'status'"),
        ({"kind": "reset", "operation": "list-index"}, 400, "did you mean 'list-indexes'"),
        ({"kind": "reset", "id": "mine"}, 409, "There is a fault 'mine' already"),
    ],
)
def test_fault__refused(
    fake: Fake, control: httpx2.Client, body: dict[str, object], status: int, said: str
) -> None:
    """Beyond the schema: what goes together, and what is served here."""
    fake.faults.add("reset", id="mine")
    reply = control.post("/faults", json=body)
    assert reply.status_code == status
    assert said in reply.json()["error"]["message"]
    assert len(fake.faults) == 1


def test_snapshot__there_and_back(fake: Fake, control: httpx2.Client) -> None:
    """All tenants, the clocks of those to come, and those that came later are gone."""
    api = client_of(fake, "a")
    task = new_task(api, new_index(api, "films"), URL)["_id"]
    fake.clock.advance(7)
    kept = control.get("/snapshot").json()
    assert [each["name"] for each in kept["tenants"]] == [alias("a")]
    began = fake.clock.now()
    fake.clock.advance(1000)
    new_index(client_of(fake, "b"), "other")
    assert control.put("/snapshot", json=kept).json() == {"tenants": [alias("a")]}
    assert api.get(f"/tasks/{task}").json()["status"] == "validating"
    assert len(fake.engine.tenants) == 1
    assert fake.tenant("new").clock.now() == began


def test_snapshot__of_one_tenant_for_another(fake: Fake, control: httpx2.Client) -> None:
    """A test's tenant can begin as another was."""
    api = client_of(fake, "a")
    new_index(api, "films")
    kept = control.get("/snapshot", headers={"x-api-key": "a"}).json()
    reply = control.put("/snapshot", json=kept, headers={"x-understudy-tenant": "test-1"})
    assert reply.json() == {"tenants": ["test-1"]}
    listed = api.get("/indexes", headers={"x-understudy-tenant": "test-1"}).json()["data"]
    assert [each["index_name"] for each in listed] == ["films"]


def test_snapshot__refused_as_a_whole(fake: Fake, control: httpx2.Client) -> None:
    """The place is named, and nothing has changed."""
    api = client_of(fake, "a")
    new_index(api, "films")
    kept = control.get("/snapshot").json()
    kept["tenants"][0]["clock"]["mode"] = "fast"
    new_index(api, "later")
    reply = control.put("/snapshot", json=kept)
    assert reply.status_code == 400
    assert "at /tenants/0/clock/mode: 'fast'" in reply.json()["error"]["message"]
    assert len(api.get("/indexes").json()["data"]) == 2
