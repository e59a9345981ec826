"""Tasks, batches and time against a model that knows only when each task moves by itself."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx2
from analyses_stage import api_of, nested, new_asset, new_batch, new_task, requests, task_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

DAY = 24 * 3600 * 1000
QUEUED, PENDING, PROCESSING = 10_000, 5_000, 67_800  # of a video of 31.2 s
PROCESSING_LONG = 60_000 + 9_000_000 // 4
AT_ONCE, TURN = 4, 30_000
ENDS = {"ready", "failed", "canceled"}
ENDED = {"completed", "canceled", "expired"}


@dataclass
class Item:
    """What the model knows of a task: instants in milliseconds."""

    id: str
    created: int
    wait: int = 0
    lasts: int = PROCESSING
    end: str = "ready"
    stopped: int | None = None
    stuck_in: str = ""
    deadline: int | None = None
    code: str = ""

    def begins(self) -> int:
        """When it is being processed."""
        return self.created + QUEUED + self.wait + PENDING

    def status(self, now: int) -> str:
        """Where it is."""
        if self.stopped is not None and now >= self.stopped:
            return "canceled"
        if self.stuck_in and (self.deadline is None or now < self.deadline):
            return self.stuck_in
        if self.stuck_in:
            return "failed" if self.stuck_in == "processing" else "canceled"
        if now < self.created + QUEUED + self.wait:
            return "queued"
        if now < self.begins():
            return "pending"
        return "processing" if now < self.begins() + self.lasts else self.end


@dataclass
class Batch:
    """What the model knows of a batch."""

    id: str
    created: int
    items: list[Item] = field(default_factory=list)
    canceled: bool = False

    def status(self, now: int) -> str:
        """Where it is, by its tasks alone."""
        over = all(item.status(now) in ENDS for item in self.items)
        if self.canceled:
            return "canceled" if over else "canceling"
        given_up = any(item.stuck_in for item in self.items)
        if over:
            return "expired" if given_up and now >= self.created + DAY else "completed"
        begun = any(item.status(now) not in ("queued", "pending") for item in self.items)
        return "processing" if begun else "pending"


class AnalysesMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    batches = Bundle("batches")
    tasks = Bundle("tasks")

    def __init__(self) -> None:
        super().__init__()
        # The machine polls what is stuck far longer than anybody should.
        self.fake = Fake("twelvelabs", time="manual", limits=Limits(polls=100_000))
        self.api: httpx2.Client = api_of(self.fake, "tlk_machine")
        self.known: dict[str, Batch] = {}
        self.lone: dict[str, Item] = {}

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @initialize()
    def upload(self) -> None:
        """A video, and one whose task fails because it is too long to be looked at whole."""
        self.asset = new_asset(self.fake, self.api)
        long = "https://media.example/long.mp4?duration=9000"
        self.long = new_asset(self.fake, self.api, long)

    def now(self) -> int:
        """The instant, in milliseconds."""
        return round(self.fake.clock.now() * 1000)

    @rule(target=batches, kinds=st.lists(st.sampled_from("sl"), min_size=1, max_size=10))
    def create_batch(self, kinds: list[str]) -> str:
        """Five may be active; each makes a task for every request."""
        assets = [self.asset if kind == "s" else self.long for kind in kinds]
        active = sum(each.status(self.now()) not in ENDED for each in self.known.values())
        if active >= 5:
            refused = self.api.post("/analyze/batches", json=requests(*assets))
            nested(refused, 429, "too_many_requests")
            return next(iter(self.known))
        made = new_batch(self.api, *assets)
        batch = self.known[made["batch_id"]] = Batch(made["batch_id"], self.now())
        for number, (item, kind) in enumerate(zip(made["items"], kinds, strict=True)):
            known = Item(item["task_id"], self.now(), number // AT_ONCE * TURN)
            known.deadline = self.now() + DAY
            if kind == "l":
                known.end, known.lasts = "failed", PROCESSING_LONG
            batch.items.append(known)
        return batch.id

    @rule(target=tasks)
    def create_task(self) -> str:
        """One by itself."""
        identity = new_task(self.api)
        self.lone[identity] = Item(identity, self.now())
        return identity

    @rule(seconds=st.sampled_from([0.001, 4.5, 10, 12, 30, 67.8, 150, 3600]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.fake.clock.advance(seconds)

    @precondition(lambda self: any(item.stuck_in for item in self.of_batches()))
    @rule()
    def wait_a_day(self) -> None:
        """Long enough for what is stuck to be given up."""
        self.fake.clock.advance(DAY / 1000)

    @rule(batch=batches)
    def cancel_batch(self, batch: str) -> None:
        """What is queued is canceled; a batch that has ended says how."""
        now, known = self.now(), self.known.get(batch)
        response = self.api.post(f"/analyze/batches/{batch}/cancel")
        if known is None:
            nested(response, 404, "resource_not_exists")
            return
        status = known.status(now)
        if status in ENDED:
            nested(response, 409, f"batch_{status}")
            return
        assert response.status_code == 202, response.text
        known.canceled = True
        for item in known.items:
            if item.status(now) in ("queued", "pending"):
                item.stopped, item.code = now, "batch_canceled"

    @rule(batch=batches, place=st.integers(0, 9))
    def stick(self, batch: str, place: int) -> None:
        """A task that never moves again by itself."""
        known = self.known.get(batch)
        if known is None or place >= len(known.items):
            return
        item = known.items[place]
        status = item.status(self.now())
        if status not in ENDS and not item.stuck_in:
            self.hold(item.id)
            item.stuck_in = status

    def hold(self, identity: str) -> None:
        """As the control API would."""
        path = f"/_understudy/tasks/{identity}/outcome"
        base = "http://127.0.0.1"
        with httpx2.Client(transport=self.fake.transport(), base_url=base) as control:
            body = {"outcome": "stuck", "status": task_of(self.api, identity)["status"]}
            response = control.post(path, json=body)
            assert response.status_code == 200, response.text

    @rule(batch=batches)
    def delete_batch(self, batch: str) -> None:
        """Only what has ended, and with it its tasks."""
        known = self.known.get(batch)
        response = self.api.delete(f"/analyze/batches/{batch}")
        if known is None:
            nested(response, 404, "resource_not_exists")
        elif known.status(self.now()) in ENDED:
            assert response.status_code == 204, response.text
            del self.known[batch]
            for item in known.items:
                nested(self.api.get(f"/analyze/tasks/{item.id}"), 404, "resource_not_exists")
        else:
            nested(response, 409, "batch_not_terminal")

    @rule(task=tasks)
    def cancel_task(self, task: str) -> None:
        """What has not ended ends; what was canceled stays so."""
        known = self.lone.get(task)
        response = self.api.post(f"/analyze/tasks/{task}/cancel")
        if known is None:
            nested(response, 404, "resource_not_exists")
        elif known.status(self.now()) == "ready":
            nested(response, 409, "resource_conflict")
        else:
            assert response.status_code == 200
            if known.stopped is None:
                known.stopped, known.code = self.now(), "user_canceled"

    @rule(task=consumes(tasks))
    def delete_task(self, task: str) -> None:
        """Unless it is being processed."""
        known = self.lone.get(task)
        response = self.api.delete(f"/analyze/tasks/{task}")
        if known is None:
            nested(response, 404, "resource_not_exists")
        elif known.status(self.now()) == "processing":
            nested(response, 409, "resource_conflict")
        else:
            assert response.status_code == 204
            del self.lone[task]

    @rule()
    def keep_and_restore(self) -> None:
        """A snapshot changes nothing."""
        self.fake.restore(self.fake.snapshot())

    @invariant()
    def tasks_are_where_they_should_be(self) -> None:
        """Each task's status, end and code follow from the model."""
        now = self.now()
        for item in (*self.lone.values(), *self.of_batches()):
            task = task_of(self.api, item.id)
            assert task["status"] == item.status(now), (item, now)
            assert ("completed_at" in task) == (task["status"] in ENDS)
            assert ("result" in task) == (task["status"] == "ready")
            if task["status"] == "canceled":
                assert task["error"]["code"] == (item.code or "batch_expired")

    @invariant()
    def batches_agree_with_their_tasks(self) -> None:
        """Status and counts follow from the tasks, in every place where a batch is shown."""
        now = self.now()
        page = self.api.get("/analyze/batches", params={"page_limit": 50}).json()
        shown = {each["batch_id"]: each for each in page["data"]}
        if page["page_info"]["total_results"] <= 50:
            assert set(shown) == set(self.known)
        for batch in self.known.values():
            read = self.api.get(f"/analyze/batches/{batch.id}").json()
            assert shown.get(batch.id, read) == read
            self._agrees(read, batch, now)

    def _agrees(self, read: dict[str, Any], batch: Batch, now: int) -> None:
        assert read["status"] == batch.status(now), (batch, now)
        wanted = Counter(item.status(now) for item in batch.items)
        wanted["queued"] += wanted.pop("pending", 0)
        for name in ("queued", "processing", "ready", "failed", "canceled"):
            assert read[f"{name}_items"] == wanted[name], (name, batch)
        response = self.api.get(f"/analyze/batches/{batch.id}/results")
        lines = [json.loads(line) for line in response.text.splitlines()]
        assert [line["task_id"] for line in lines] == [item.id for item in batch.items]
        for line in lines:
            assert ("data" in line) == (line["status"] == "ready")
            assert ("error" in line) == (line["status"] == "failed")

    def of_batches(self) -> list[Item]:
        """Every task of a batch that is there."""
        return [item for batch in self.known.values() for item in batch.items]


TestAnalyses = AnalysesMachine.TestCase
TestAnalyses.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
