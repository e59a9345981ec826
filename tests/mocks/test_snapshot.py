"""Snapshots: what is kept, that going back is exact, and what is refused without harm."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stage import client_of, new_index, new_task

from understudy.contracts.redaction import alias
from understudy.mocks import Fake
from understudy.mocks.clock import Mode
from understudy.mocks.delivery import Answered
from understudy.mocks.snapshot import Snapshot, SnapshotError

KEY = "tlk_test"
URL = "https://media.example/pear.mp4?duration=30"


class World:
    """A fake and its client; every step answers what the client was told."""

    def __init__(self, time: Mode = "manual", rate: str | None = "40/60") -> None:
        self.fake = Fake("twelvelabs", time=time, rate=rate)
        self.api = client_of(self.fake, KEY)

    def ids(self, place: str) -> list[str]:
        tenant = self.fake.engine.tenants.get(alias(KEY))
        return [each.id for each in tenant.collection("twelvelabs", place)]

    def step(self, name: str, number: int) -> Any:
        reply = getattr(self, name)(number)
        if isinstance(reply, httpx2.Response):
            return reply.status_code, reply.text, tuple(reply.headers.items())
        return reply

    def sent(self, path: str, fields: dict[str, str]) -> Any:
        """A form whose boundary does not change, so that journals can be compared."""
        headers = {"content-type": "multipart/form-data; boundary=pears"}
        return self.api.post(path, files={k: (None, v) for k, v in fields.items()}, headers=headers)

    def chosen(self, place: str, number: int) -> str:
        known = self.ids(place)
        return known[number % len(known)] if known else "0" * 24

    def index(self, number: int) -> Any:
        models = [{"model_name": "marengo2.7", "model_options": ["visual", "audio"]}]
        body = {"index_name": f"index {number}", "models": models}
        return self.api.post("/indexes", json=body)

    def upload(self, number: int) -> Any:
        word = ("pear", "understudy-fail", "understudy-slow", "understudy-stuck")[number % 4]
        fields = {
            "index_id": self.chosen("indexes", number),
            "video_url": f"https://media.example/{word}-{number}.mp4?duration=12",
        }
        return self.sent("/tasks", fields)

    def imported(self, number: int) -> Any:
        body = {"index_id": self.chosen("indexes", number)}
        return self.api.post(f"/tasks/transfers/import/{number:024x}", json=body)

    def embedding(self, number: int) -> Any:
        fields = {"model_name": "Marengo-retrieval-2.7", "video_url": URL}
        return self.sent("/embed/tasks", fields)

    def read(self, number: int) -> Any:
        return self.api.get(f"/tasks/{self.chosen('tasks', number)}")

    def listed(self, number: int) -> Any:
        sort = ("created_at", "updated_at")[number % 2]
        return self.api.get("/tasks", params={"sort_by": sort, "page_limit": 3})

    def logs(self, number: int) -> Any:
        return self.api.get(f"/tasks/transfers/import/{number:024x}/logs")

    def removed(self, number: int) -> Any:
        return self.api.delete(f"/indexes/{self.chosen('indexes', number)}")

    def searched(self, number: int) -> Any:
        fields = {
            "index_id": self.chosen("indexes", number),
            "query_text": "pear",
            "search_options": "visual",
            "page_limit": "1",
        }
        return self.sent("/search", fields)

    def renamed(self, number: int) -> Any:
        place = f"/indexes/{self.chosen('indexes', number)}"
        return self.api.put(place, json={"index_name": f"new {number}"})

    def later(self, number: int) -> Any:
        return [(each.at, each.label) for each in self.fake.clock.advance(number * 1.37)]

    def faulty(self, number: int) -> Any:
        kind = ("stuck", "fail", "slow", "vanish", "unknown-status", "backwards")[number % 6]
        return self.fake.tenant(KEY).faults.add(kind, nth=2 + number % 3)  # type: ignore[arg-type]

    def unlucky(self, number: int) -> Any:
        faults = self.fake.tenant(KEY).faults
        return faults.add(
            "status", status=503, probability=0.4, operation="list-video-indexing-tasks"
        )

    def mended(self, number: int) -> Any:
        return self.fake.tenant(KEY).faults.clear()

    def journal(self, number: int) -> Any:
        return list(self.fake.tenant(KEY).journal)


STEPS = (
    "index", "upload", "upload", "imported", "embedding", "read", "listed", "logs", "removed",
    "searched", "renamed", "later", "later", "faulty", "unlucky", "mended", "journal",
)  # fmt: skip
PATHS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 30)), max_size=12)


def played(world: World, path: list[tuple[str, int]]) -> list[Any]:
    return [world.step(name, number) for name, number in path]


@settings(max_examples=60, deadline=None)
@given(PATHS, PATHS, PATHS, st.sampled_from(["manual", "auto"]))
def test_snapshot__going_back_is_as_if_nothing_had_been(
    before: list[tuple[str, int]],
    between: list[tuple[str, int]],
    after: list[tuple[str, int]],
    time: Mode,
) -> None:
    """The same replies, headers, events and journal as of a fake that never went astray; also
    for one that has only read the snapshot, through JSON text."""
    before = [("index", 1), ("upload", 4), ("upload", 5), *before]
    straight, astray, fresh = World(time), World(time), World(time)
    played(straight, before)
    played(astray, before)
    snapshot = astray.fake.snapshot()
    played(astray, between)
    astray.fake.restore(snapshot)
    fresh.fake.restore(json.loads(json.dumps(snapshot.whole)))
    expected = played(straight, [*after, ("later", 90), ("listed", 0), ("journal", 0)])
    assert played(astray, [*after, ("later", 90), ("listed", 0), ("journal", 0)]) == expected
    assert played(fresh, [*after, ("later", 90), ("listed", 0), ("journal", 0)]) == expected


@settings(max_examples=20, deadline=None)
@given(PATHS)
def test_snapshot__taken_again_is_the_same(path: list[tuple[str, int]]) -> None:
    """What is read is what was written, to the last value."""
    world, other = World(), World()
    played(world, [("index", 1), ("upload", 4), *path])
    snapshot = world.fake.snapshot()
    other.fake.restore(snapshot)
    assert other.fake.snapshot().whole == snapshot.whole


def test_snapshot__of_one_tenant_touches_no_other(tmp_path: Path) -> None:
    """Kept in a file; taken up by the tenant itself, or by another that is to begin so."""
    fake = Fake("twelvelabs", time="manual")
    mine, yours = client_of(fake, "mine"), client_of(fake, "yours")
    task = new_task(mine, new_index(mine, "a"), URL)["_id"]
    path = tmp_path / "mine.json"
    fake.tenant("mine").snapshot(path)
    new_index(yours, "b")
    fake.clock.advance(1000)
    fake.tenant("mine").restore(path)
    assert mine.get(f"/tasks/{task}").json()["status"] == "uploading"
    assert [each["index_name"] for each in yours.get("/indexes").json()["data"]] == ["b"]
    assert fake.tenant("yours").clock.now() == fake.tenant("mine").clock.now() + 1000
    fake.tenant("third").restore(path)
    assert client_of(fake, "third").get(f"/tasks/{task}").json()["status"] == "uploading"
    assert [each["index_name"] for each in yours.get("/indexes").json()["data"]] == ["b"]


def test_snapshot__of_all_forgets_the_tenants_that_came_later() -> None:
    """Clocks of tenants to come are as far ahead as they were."""
    fake = Fake("twelvelabs", time="manual")
    new_index(client_of(fake, "a"), "a")
    fake.clock.advance(50)
    fake.faults.add("status", status=503, operation="list-indexes")
    snapshot = fake.snapshot()
    began = fake.clock.now()
    new_index(client_of(fake, "b"), "b")
    fake.clock.advance(50)
    fake.faults.clear()
    fake.restore(snapshot)
    assert snapshot.tenants == (alias("a"),) == tuple(each.name for each in fake.engine.tenants)
    assert client_of(fake, "c").get("/indexes").status_code == 503
    assert fake.tenant("c").clock.now() == began == fake.tenant("a").clock.now()


def test_snapshot__holds_no_credentials() -> None:
    """Neither the key nor what else the journal was sent under a name for secrets."""
    world = World()
    world.api.get("/indexes?api_key=very-secret", headers={"authorization": "Bearer hush"})
    text = json.dumps(world.fake.snapshot().whole)
    assert "very-secret" not in text and "hush" not in text and KEY not in text


def test_snapshot__of_a_real_clock_goes_on_from_its_instant() -> None:
    """The wall goes on; the tenant's time goes on from where it was kept."""
    wall = [1_000_000.0]
    fake = Fake("twelvelabs", time="real", speed=1, now=lambda: wall[0])
    api = client_of(fake, KEY)
    task = new_task(api, new_index(api, "a"), URL)["_id"]
    wall[0] += 7
    snapshot = fake.snapshot()
    wall[0] += 10_000
    assert api.get(f"/tasks/{task}").json()["status"] == "ready"
    fake.restore(snapshot)
    assert fake.tenant(KEY).clock.now() == 1_000_007
    assert api.get(f"/tasks/{task}").json()["status"] == "validating"
    wall[0] += 3
    assert api.get(f"/tasks/{task}").json()["status"] == "pending"


def test_snapshot__keeps_deliveries_and_what_is_due_of_them() -> None:
    """The log, the retries that are still to come, and those that nobody has taken yet."""
    fake = Fake("twelvelabs", time="manual")
    client_of(fake, KEY).get("/indexes")
    tenant = fake.engine.tenants.get(alias(KEY))
    fake.faults.add("duplicate", delay=5)
    now = tenant.clock.now()
    for number, at in enumerate((now, now + 10, now + 20)):
        tenant.deliveries.queue(
            "twelvelabs", "http://127.0.0.1:9/hook", {"n": number}, event="done", at=at
        )
    tenant.settle()
    snapshot = fake.snapshot()

    def fired() -> list[Any]:
        happened = [(each.at, each.label) for each in fake.clock.advance(100)]
        parcels = []
        while (parcel := tenant.deliveries.take()) is not None:
            parcels.append(parcel)
            tenant.deliveries.record(parcel, Answered(200))
        log = [(each.id, each.state, tuple(each.attempts)) for each in tenant.deliveries]
        return [happened, parcels, log]

    expected = fired()
    assert len(expected[1]) == 6
    fake.restore(snapshot)
    assert fired() == expected


def _at(*path: str | int) -> Callable[[Any], tuple[Any, Any]]:
    def find(whole: Any) -> tuple[Any, Any]:
        for key in path[:-1]:
            whole = whole[key]
        return whole, path[-1]

    return find


TENANT = ("tenants", 0)
INDEXES = (*TENANT, "collections", 0)
WRONG: list[tuple[Callable[[Any], tuple[Any, Any]], Any, str]] = [
    (_at("understudy"), "scenario", "at /understudy: expected 'snapshot'"),
    (_at("version"), 2, "version 2 cannot be read, this is version 1"),
    (_at("seed"), 7, "taken with seed 7; this fake has seed 0"),
    (_at("lead"), 1e300, "at /lead: expected a number from 0 to"),
    (_at("faults"), [{"kind": "reset"}], "at /faults/0/id: '' is no id of its own"),
    (_at("tenants"), {}, "at /tenants: expected a list"),
    (_at("tenants"), [{"name": "a"}, {"name": "a"}], "the tenant 'a' occurs twice"),
    (_at(*TENANT, "clock", "mode"), "fast", "'fast' is not known here"),
    (_at(*TENANT, "clock", "now"), "noon", "expected a number"),
    (_at(*TENANT, "clock", "now"), 1e300, "expected a number from 0 to"),
    (_at(*TENANT, "ids"), -1, "at /tenants/0/ids: expected a whole number from 0 on"),
    (_at(*TENANT, "colour"), "red", "unknown key 'colour'"),
    (_at(*INDEXES, "provider"), "twelvelab", "did you mean 'twelvelabs'"),
    (_at(*INDEXES, "resources", 0, "id"), 5, "expected a text, found 5"),
    (_at(*INDEXES, "resources", 0, "sequence"), 9, "expected a whole number from 9 on"),
    (_at(*TENANT, "agenda", 0, "task", 2), "x", "there is no task 'x'"),
    (_at(*TENANT, "journal", "recorded"), 0, "expected a whole number from"),
    (_at(*TENANT, "faults", "rules"), [{"fault": {"kind": "?"}}], "'\\?' is not known here"),
    (_at(*TENANT, "windows"), [["a"]], "expected provider, operation, since and used"),
]


@pytest.mark.parametrize(("place", "value", "said"), WRONG)
def test_restore__refuses_what_is_wrong_and_leaves_all_as_it_is(
    place: Callable[[Any], tuple[Any, Any]], value: Any, said: str
) -> None:
    """Where, what stands there, and what would have been right; nothing has changed by then."""
    world = World()
    played(world, [("index", 1), ("upload", 4), ("later", 3)])
    whole = json.loads(json.dumps(world.fake.snapshot().whole))
    held, key = place(whole)
    held[key] = value
    played(world, [("index", 2), ("later", 5)])
    before = world.fake.snapshot().whole
    with pytest.raises(SnapshotError, match=said):
        world.fake.restore(whole)
    assert world.fake.snapshot().whole == before


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a JSON value."""
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            found += places(member, (*path, key))
    return found


def full() -> Any:
    """A snapshot with something of everything in it."""
    world = World()
    path = [("index", 1), ("upload", 4), ("upload", 5), ("imported", 3), ("embedding", 1)]
    played(world, [*path, ("faulty", 0), ("unlucky", 1), ("listed", 0), ("later", 12)])
    tenant = world.fake.engine.tenants.get(alias(KEY))
    tenant.deliveries.queue("twelvelabs", "http://127.0.0.1:9/", {}, event="done")
    tenant.deliveries.queue(
        "twelvelabs", "http://127.0.0.1:9/", {}, event="done", at=tenant.clock.now() + 9
    )
    return json.loads(json.dumps(world.fake.snapshot().whole))


FULL = full()
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([each for each in places(FULL) if "hidden" not in each]), JUNK)
def test_restore__of_anything_is_done_or_refused(path: tuple[Any, ...], junk: Any) -> None:
    """A value that is not what it was: never a crash, and never half a restore."""
    whole = json.loads(json.dumps(FULL))
    held = whole
    for key in path[:-1]:
        held = held[key]
    held[path[-1]] = junk
    fake = Fake("twelvelabs", time="manual")
    refused = ""
    try:
        fake.restore(whole)
    except SnapshotError as error:
        refused = str(error)
    assert not refused or "at /" in refused
    assert not refused or len(fake.engine.tenants) == 0
    fake.snapshot()


def test_restore__of_a_task_nobody_has_a_hook_for() -> None:
    """A lifecycle that the provider does not have, or has no hook for."""
    world = World()
    played(world, [("index", 1), ("upload", 4)])
    whole = json.loads(json.dumps(world.fake.snapshot().whole))
    for collection in whole["tenants"][0]["collections"]:
        for resource in collection["resources"]:
            if "task" in resource:
                resource["task"]["lifecycle"] = "indexing"
    with pytest.raises(SnapshotError, match="did you mean 'indexing-task'"):
        world.fake.restore(whole)


def test_restore__of_a_file_that_is_none(tmp_path: Path) -> None:
    """Missing, no JSON, or something else altogether."""
    fake = Fake("twelvelabs")
    with pytest.raises(SnapshotError, match=r"nowhere\.json cannot be read"):
        fake.restore(tmp_path / "nowhere.json")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"broken\.json cannot be read as a snapshot"):
        fake.restore(broken)
    broken.write_text("[]", encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"broken\.json: at /: expected a mapping"):
        fake.restore(str(broken))


def test_restore__of_a_tenant_needs_one_that_is_meant() -> None:
    """Several tenants, none of them of that name."""
    fake = Fake("twelvelabs")
    for key in ("a", "b"):
        client_of(fake, key).get("/indexes")
    with pytest.raises(SnapshotError, match="there is no tenant"):
        fake.tenant("c").restore(fake.snapshot())
    fake.tenant("a").restore(fake.snapshot())


def test_snapshot__says_what_it_is(tmp_path: Path) -> None:
    """A value with a name; written and read it is the same."""
    with closing(Fake("twelvelabs")) as fake:
        client_of(fake, KEY).get("/indexes")
        snapshot = fake.snapshot(tmp_path / "s.json")
    again = Snapshot.read(tmp_path / "s.json")
    assert again.whole == snapshot.whole
    assert "s.json" in repr(again) and Snapshot.read(again) is again
