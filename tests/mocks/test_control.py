"""The control API: its tenants, its clock, its tasks and its journal."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from understudy.contracts.redaction import alias
from understudy.mocks.fake import Fake

KEY = {"x-api-key": "orchard"}
OWNER = alias("orchard")
"""The name of the tenant whose key is `orchard`: the key itself is never written."""
MODELS = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
START = "2025-07-01T00:00:00.000Z"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake("twelvelabs", time="manual") as made:
        yield made


@pytest.fixture
def control(fake: Fake) -> httpx2.Client:
    return httpx2.Client(transport=fake.transport(), base_url="http://127.0.0.1/_understudy")


@pytest.fixture
def vendor(fake: Fake) -> httpx2.Client:
    base = "https://api.twelvelabs.io/v1.3"
    return httpx2.Client(transport=fake.transport(), base_url=base, headers=KEY)


@pytest.fixture
def task(vendor: httpx2.Client) -> str:
    """A fresh indexing task, from a URL, of the tenant `orchard`."""
    index = vendor.post("/indexes", json={"index_name": "a", "models": MODELS}).json()["_id"]
    url = "https://media.example/pear.mp4?duration=60"
    sent = vendor.post("/tasks", files={"index_id": (None, index), "video_url": (None, url)})
    assert sent.status_code in (200, 201), sent.text
    return str(sent.json()["_id"])


def test_health__names_providers_and_no_tenant(control: httpx2.Client, task: str) -> None:
    """Open to everybody, so it tells nobody's name."""
    reply = control.get("/health").json()
    assert (reply["status"], reply["providers"]) == ("ok", ["twelvelabs"])
    assert "tenants" not in reply


def test_providers__say_where_and_how_we_know(control: httpx2.Client) -> None:
    """Base URLs are on the host that the caller used; each operation has a provenance."""
    [shown] = control.get("/providers").json()["providers"]
    assert shown["base_urls"] == [f"http://127.0.0.1/twelvelabs/{v}" for v in ("v1.3", "v1.2")]
    assert shown["hosts"] == ["api.twelvelabs.io"]
    assert all(operation["provenance"]["label"] for operation in shown["operations"])
    assert all(lifecycle["provenance"]["label"] for lifecycle in shown["lifecycles"])


def test_control__leaves_no_trace_of_itself(fake: Fake, control: httpx2.Client) -> None:
    """Looking makes no tenant and no journal entry."""
    control.get("/clock")
    control.get("/journal")
    assert len(fake.engine.tenants) == 0
    assert len(fake.journal) == 0


@pytest.mark.parametrize(
    "lines",
    [
        KEY,
        {"authorization": "Bearer orchard"},
        {"x-understudy-tenant": "orchard", "x-api-key": "b"},
    ],
)
def test_tenant__by_name_then_by_key(
    fake: Fake, control: httpx2.Client, lines: dict[str, str]
) -> None:
    """X-Understudy-Tenant wins, then the provider key; only that tenant's clock moves."""
    fake.tenant("other").clock.now()
    moved = control.post("/clock/advance", json={"seconds": 30}, headers=lines).json()
    assert moved["tenants"] == [lines.get("x-understudy-tenant", OWNER)]
    assert moved["now"] == "2025-07-01T00:00:30.000Z"
    assert control.get("/clock", headers={"x-api-key": "other"}).json()["now"] == START


def test_clock__without_a_tenant_means_all(fake: Fake, control: httpx2.Client) -> None:
    """Every tenant there is; and with none, how a new one would begin."""
    assert control.get("/clock").json() == {
        "mode": "manual",
        "speed": 1.0,
        "now": START,
        "tenants": [],
        "clocks": [],
    }
    for key in ("a", "b"):
        fake.tenant(key).clock.now()
    moved = control.post("/clock/advance", json={"seconds": 1}).json()
    assert set(moved["tenants"]) == {alias("a"), alias("b")}
    assert {each["now"] for each in moved["clocks"]} == {"2025-07-01T00:00:01.000Z"}


def test_advance__answers_what_fired(control: httpx2.Client, task: str) -> None:
    """Statuses passed on the way are told in order, with the instant of each."""
    moved = control.post("/clock/advance", json={"seconds": 100_000}, headers=KEY).json()
    instants = [event["at"] for event in moved["fired"]]
    assert len(instants) >= 3
    assert instants == sorted(instants)
    assert all(event["tenant"] == OWNER for event in moved["fired"])
    [shown] = control.get("/tasks").json()["tasks"]
    assert (shown["id"], shown["status"], shown["finished"]) == (task, "ready", True)
    assert shown["next"] is None


def test_set_clock__mode_speed_and_instant(control: httpx2.Client, task: str) -> None:
    """What is left out stays; a clock never goes back, and then nothing has changed."""
    changed = control.put("/clock", json={"mode": "auto", "speed": 4}).json()
    assert (changed["mode"], changed["speed"], changed["now"]) == ("auto", 4.0, START)
    later = control.put("/clock", json={"now": "2025-07-01T00:00:05Z"}).json()
    assert (later["mode"], later["now"]) == ("auto", "2025-07-01T00:00:05.000Z")
    assert later["fired"]
    back = control.put("/clock", json={"mode": "manual", "now": START})
    assert back.status_code == 409
    assert control.get("/clock").json()["mode"] == "auto"


def test_set_clock__real_takes_the_wall(task: str, fake: Fake, control: httpx2.Client) -> None:
    """A clock that was behind the wall jumps to it, and what was due happens."""
    changed = control.put("/clock", json={"mode": "real"}).json()
    assert changed["mode"] == "real"
    assert changed["now"] > START
    assert changed["fired"]


def test_tasks__filters_and_pages(control: httpx2.Client, task: str) -> None:
    """By provider and status; the page says how many there are in all."""
    shown = control.get("/tasks").json()
    assert (shown["total"], shown["tenants"]) == (1, [OWNER])
    assert shown["tasks"][0]["next"]["status"]
    assert control.get("/tasks?status=ready").json()["total"] == 0
    assert control.get("/tasks?provider=nobody").json()["total"] == 0
    assert control.get("/tasks?offset=1").json()["tasks"] == []


@pytest.mark.parametrize(
    ("wanted", "outcome", "status"),
    [
        ({"outcome": "ok", "now": True}, "ok", "ready"),
        ({"outcome": "fail", "now": True, "reason": "The worker was lost."}, "fail", "failed"),
        ({"outcome": "fail", "status": "indexing"}, "fail", "failed"),
        ({"outcome": "stuck", "status": "queued"}, "stuck", "queued"),
        ({"outcome": "slow", "factor": 2}, "ok", "ready"),
    ],
)
def test_outcome__is_what_the_task_comes_to(
    control: httpx2.Client, task: str, wanted: dict[str, Any], outcome: str, status: str
) -> None:
    """Each ending can be chosen while the task runs, at once or in its time."""
    reply = control.post(f"/tasks/{task}/outcome", json=wanted)
    assert reply.status_code == 200, reply.text
    assert reply.json()["task"]["outcome"] == outcome
    control.post("/clock/advance", json={"seconds": 100_000})
    assert control.get("/tasks").json()["tasks"][0]["status"] == status


def test_outcome__refusals(fake: Fake, control: httpx2.Client, task: str) -> None:
    """Unknown tasks, unknown stages and finished tasks are told apart."""
    assert control.post("/tasks/none/outcome", json={"outcome": "ok"}).status_code == 404
    wrong = {"outcome": "stuck", "status": "dancing"}
    assert control.post(f"/tasks/{task}/outcome", json=wrong).status_code == 400
    assert control.post(f"/tasks/{task}/outcome", json={"outcome": "win"}).status_code == 400
    fake.clock.advance(100_000)
    assert control.post(f"/tasks/{task}/outcome", json={"outcome": "fail"}).status_code == 409


def test_journal__is_filtered_redacted_and_emptied(
    control: httpx2.Client, vendor: httpx2.Client
) -> None:
    """Exchanges in order, with violations and without credentials."""
    vendor.get("/indexes")
    vendor.get("/indexes?page_limit=0")
    shown = control.get("/journal").json()
    assert [entry["status"] for entry in shown["entries"]] == [200, 400]
    assert shown["entries"][0]["request"]["headers"]["x-api-key"] == "[redacted]"
    [violation] = shown["entries"][1]["violations"]
    assert (violation["where"], violation["pointer"]) == ("query", "/page_limit")
    assert control.get("/journal?status=400&operation=list-indexes").json()["total"] == 1
    assert control.get("/journal?limit=1&offset=1").json()["entries"][0]["status"] == 400
    assert control.delete("/journal").json() == {"tenants": [OWNER], "removed": 2}
    assert control.get("/journal").json()["total"] == 0


def test_reset__one_or_all(fake: Fake, control: httpx2.Client, vendor: httpx2.Client) -> None:
    """Afterwards the same calls give the same ids."""
    body = {"index_name": "a", "models": MODELS}
    first = vendor.post("/indexes", json=body).json()
    control.post("/clock/advance", json={"seconds": 5})
    assert control.post("/reset", headers={"x-api-key": "other"}).json()["tenants"] == [
        alias("other")
    ]
    assert vendor.get("/indexes").json()["page_info"]["total_results"] == 1
    assert OWNER in control.post("/reset").json()["tenants"]
    assert vendor.post("/indexes", json=body).json() == first


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nowhere", None, 404),
        ("PATCH", "/clock", None, 405),
        ("POST", "/clock/advance", None, 400),
        ("POST", "/clock/advance", {"seconds": -1}, 400),
        ("POST", "/clock/advance", {"seconds": "soon"}, 400),
        ("PUT", "/clock", {}, 400),
        ("PUT", "/clock", {"mode": "lunar"}, 400),
        ("PUT", "/clock", {"now": "9999-12-31T23:59:59Z"}, 400),
        ("GET", "/tasks?limit=0", None, 400),
    ],
)
def test_control__bad_requests_are_answered_in_its_envelope(
    control: httpx2.Client, method: str, path: str, body: object, status: int
) -> None:
    """A sentence in `error.message`, whatever is wrong; the reply is on contract (strict)."""
    headers = KEY
    reply = (
        control.request(method, path, json=body, headers=headers)
        if body is not None
        else control.request(method, path, headers=headers)
    )
    assert reply.status_code == status
    assert len(reply.json()["error"]["message"]) > 10


def test_deliveries__are_listed_and_repeated(fake: Fake, control: httpx2.Client) -> None:
    """A page of the log with every attempt, filtered, without the credentials in a URL."""
    tenant = fake.engine.tenants.get("plum")
    url = "http://app.example/hook?api_key=sesame&x=1"
    made = tenant.deliveries.queue("grove", url, {"status": "ready"}, event="ready", about="a")
    tenant.deliveries.queue("grove", url, {}, event="other", at=fake.clock.now() + 60)
    answers = [503, 204]
    fake.deliveries.to(lambda parcel: answers.pop(0))
    page = control.get("/deliveries", params={"event": "ready"}).json()
    assert (page["total"], page["dropped"], page["tenants"]) == (1, 0, ["plum"])
    [shown] = page["deliveries"]
    assert (shown["id"], shown["state"], shown["content"]) == (
        made.id,
        "pending",
        {"status": "ready"},
    )
    assert "sesame" not in str(page)
    assert [each["status"] for each in shown["attempts"]] == [503]
    again = control.post(f"/deliveries/{made.id}/redeliver").json()["delivery"]
    assert again["id"] == made.id
    [shown] = control.get("/deliveries", params={"state": "delivered"}).json()["deliveries"]
    assert [each["status"] for each in shown["attempts"]] == [503, 204]


def test_deliveries__of_another_tenant_are_not_seen(fake: Fake, control: httpx2.Client) -> None:
    """Named, a tenant's log is its own, and so is what may be sent again."""
    tenant = fake.engine.tenants.get("plum")
    made = tenant.deliveries.queue("grove", "http://a.example/", {}, event="ready")
    other = {"X-Understudy-Tenant": "pear"}
    assert control.get("/deliveries", headers=other).json()["total"] == 0
    assert control.post(f"/deliveries/{made.id}/redeliver", headers=other).status_code == 404
