"""Tenants, clocks and faults: nobody's time, faults or data leak into another's.

A model of each tenant stands beside the fake, and after every step each tenant must look like
its model alone: what it stores, where its clock stands, which of its calls are struck.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from stage import BASE, client_of, new_index, new_task

from understudy.mocks import Fake
from understudy.mocks.clock import EPOCH, Mode

KEYS = ("ada", "bob", "cyd")
URL = "https://media.example/pear.mp4?duration=60"
STAGES = (("uploading", 5.0), ("validating", 5.0), ("pending", 5.0), ("queued", 5.0))
TOTAL = 90.0
TENANTS = st.sampled_from(KEYS)


def expected(age: float) -> str:
    """The status of a task that began so many seconds ago."""
    for status, lasting in STAGES:
        if age < lasting:
            return status
        age -= lasting
    return "indexing" if age < TOTAL - 20 else "ready"


@dataclass
class Model:
    """What one tenant should be like."""

    now: float = EPOCH
    indexes: list[str] = field(default_factory=list)
    tasks: dict[str, float] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    down: int = 0


class Tenants(RuleBasedStateMachine):
    """Three tenants of one fake, and what each of them should see."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.models = {key: Model() for key in KEYS}
        self.apis = {key: client_of(self.fake, key) for key in KEYS}
        self.kept: dict[str, tuple[Any, Model]] = {}

    @rule(key=TENANTS)
    def create_index(self, key: str) -> None:
        """An index of one tenant."""
        model = self.models[key]
        name = f"films {len(model.indexes)}"
        new_index(self.apis[key], name)
        model.indexes.append(name)

    @rule(key=TENANTS)
    def begin(self, key: str) -> None:
        """A task of one tenant, in an index of its own."""
        model = self.models[key]
        name = f"films {len(model.indexes)}"
        index = new_index(self.apis[key], name)
        model.indexes.append(name)
        model.tasks[new_task(self.apis[key], index, URL)["_id"]] = model.now

    @rule(key=TENANTS, seconds=st.sampled_from([0.5, 5.0, 30.0, 90.0]))
    def advance(self, key: str, seconds: float) -> None:
        """One clock moves."""
        self.fake.tenant(key).clock.advance(seconds)
        self.models[key].now += seconds

    @rule(seconds=st.sampled_from([1.0, 12.0]))
    def advance_all(self, seconds: float) -> None:
        """Every clock moves, those of tenants to come too."""
        self.fake.clock.advance(seconds)
        for model in self.models.values():
            model.now += seconds

    @rule(key=TENANTS, times=st.integers(1, 3))
    def strike(self, key: str, times: int) -> None:
        """Some calls of one tenant fail."""
        self.fake.tenant(key).faults.add(
            "status", status=503, operation="list-indexes", times=times
        )
        self.models[key].down += times

    @precondition(lambda self: any(model.tasks for model in self.models.values()))
    @rule(key=TENANTS)
    def hold(self, key: str) -> None:
        """The newest task of one tenant never gets beyond queued."""
        model = self.models[key]
        if not model.tasks:
            return
        task = list(model.tasks)[-1]
        if model.now - model.tasks[task] < 20:
            self.fake.tenant(key).faults.add("stuck", at="queued", task=task)
            model.stuck.add(task)

    @rule(key=TENANTS)
    def keep(self, key: str) -> None:
        """A snapshot of one tenant."""
        model = self.models[key]
        copy = Model(
            model.now, list(model.indexes), dict(model.tasks), set(model.stuck), model.down
        )
        self.kept[key] = (self.fake.tenant(key).snapshot(), copy)

    @rule(key=TENANTS)
    def go_back(self, key: str) -> None:
        """One tenant goes back; the others stay."""
        if key in self.kept:
            snapshot, copy = self.kept[key]
            self.fake.tenant(key).restore(snapshot)
            self.models[key] = Model(
                copy.now, list(copy.indexes), dict(copy.tasks), set(copy.stuck), copy.down
            )

    @rule(key=TENANTS)
    def reset(self, key: str) -> None:
        """One tenant begins anew, at the instant where a new one would."""
        self.fake.tenant(key).reset()
        self.models[key] = Model(now=self.fake.tenant("nobody else").clock.now())

    @rule()
    def from_threads(self) -> None:
        """All at once, from a thread each."""
        with ThreadPoolExecutor(len(KEYS)) as pool:
            list(pool.map(self.create_index_of, KEYS))

    def create_index_of(self, key: str) -> None:
        model = self.models[key]
        name = f"films {len(model.indexes)}"
        new_index(self.apis[key], name)
        model.indexes.append(name)

    @invariant()
    def each_is_as_if_alone(self) -> None:
        """Clock, tasks, lists and strikes of each are those of its own model."""
        for key, model in self.models.items():
            api = self.apis[key]
            assert self.fake.tenant(key).clock.now() == pytest.approx(model.now, abs=1e-6)
            listed = api.get("/indexes", params={"page_limit": 50})
            if model.down:
                assert listed.status_code == 503
                model.down -= 1
            else:
                names = {each["index_name"] for each in listed.json()["data"]}
                assert names == set(model.indexes)
            for task, began in model.tasks.items():
                status = expected(model.now - began)
                if task in model.stuck and status in ("queued", "indexing", "ready"):
                    status = "queued"
                assert api.get(f"/tasks/{task}").json()["status"] == status

    def teardown(self) -> None:
        self.fake.close()


TestTenants = Tenants.TestCase
TestTenants.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def journey(api: httpx2.Client, fake: Fake, key: str) -> list[tuple[int, str]]:
    """What one tenant is told on a way of its own; the same from every thread."""
    faults = fake.tenant(key).faults
    fault = faults.add("status", status=500, nth=3, operation="retrieve-video-indexing-task")
    task = new_task(api, new_index(api, "films"), URL)["_id"]
    told = []
    for _ in range(12):
        reply = api.get(f"/tasks/{task}")
        told.append((reply.status_code, reply.json().get("status", "")))
        fake.tenant(key).clock.advance(7)
    faults.remove(fault.id)
    return told


@pytest.mark.parametrize("time", ["manual", "auto"])
def test_isolation__from_threads(time: Mode) -> None:
    """Eight threads, each with a key, a clock and a fault of its own, tell the same story."""
    with closing(Fake("twelvelabs", time=time)) as fake:

        def run(number: int) -> list[tuple[int, str]]:
            key = f"key-{number}"
            return journey(client_of(fake, key), fake, key)

        with ThreadPoolExecutor(8) as pool:
            stories = list(pool.map(run, range(16)))
    assert all(story == stories[0] for story in stories)
    assert stories[0][2][0] == 500 and stories[0][-1] != stories[0][0]


def test_isolation__from_threads_on_a_port() -> None:
    """The same over sockets, where polls of an `auto` clock move the task."""
    with closing(Fake("twelvelabs")) as fake:
        base = f"{fake.serve()}/twelvelabs/v1.3"

        def run(number: int) -> list[tuple[int, str]]:
            key = f"key-{number}"
            with httpx2.Client(base_url=base, headers={"x-api-key": key}) as api:
                return journey(api, fake, key)

        with ThreadPoolExecutor(4) as pool:
            stories = list(pool.map(run, range(8)))
    assert all(story == stories[0] for story in stories)


def test_isolation__from_parallel_tasks_of_one_loop() -> None:
    """Sixteen coroutines that take turns at every call."""

    async def one(fake: Fake, number: int) -> list[tuple[int, str]]:
        key = f"key-{number}"
        tenant = fake.tenant(key)
        tenant.faults.add("unknown-status", at="pending")
        tenant.faults.add("latency", delay=float(number % 2), operation="list-indexes")
        headers = {"x-api-key": key}
        transport = fake.async_transport()
        async with httpx2.AsyncClient(transport=transport, base_url=BASE, headers=headers) as api:
            body = {"index_name": "a", "models": [MODEL]}
            index = (await api.post("/indexes", json=body)).json()["_id"]
            form = {"index_id": (None, index), "video_url": (None, URL)}
            task = (await api.post("/tasks", files=form)).json()["_id"]
            told = []
            for _ in range(12):
                await asyncio.sleep(0)
                reply = await api.get(f"/tasks/{task}")
                told.append((reply.status_code, str(reply.json()["status"])))
                tenant.clock.advance(7)
            return told

    async def all_of(fake: Fake) -> list[list[tuple[int, str]]]:
        return await asyncio.gather(*(one(fake, number) for number in range(16)))

    with closing(Fake("twelvelabs", time="manual")) as fake:
        stories = asyncio.run(all_of(fake))
    assert all(story == stories[0] for story in stories)
    assert (200, "understudy-unknown") in stories[0]


MODEL = {"model_name": "marengo2.7", "model_options": ["visual"]}
