"""Embedding tasks and pages of searches against a small model of what should be there."""

from dataclasses import dataclass, field

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from stage import client_of, new_index, new_task, refused

from understudy.mocks import Fake

WEEK = 7 * 24 * 3600.0
HOUR = 3600.0


@dataclass
class Job:
    """What the model knows of an embedding task."""

    created: float
    ending: str
    seconds: float
    status: str = "processing"


@dataclass
class Asked:
    """What the model knows of a search: when it was made, and its first page and second token."""

    at: float
    index: str
    total: int
    token: str


@dataclass
class Account:
    """The model: tasks by id, searches, and indexes that are there."""

    jobs: dict[str, Job] = field(default_factory=dict)
    indexes: set[str] = field(default_factory=set)


class VectorMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    tasks = Bundle("tasks")
    indexes = Bundle("indexes")
    searches = Bundle("searches")

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.api: httpx2.Client = client_of(self.fake, "tlk_machine")
        self.account = Account()

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @property
    def now(self) -> float:
        """The tenant's time."""
        return self.fake.clock.now()

    @rule(target=tasks, fails=st.booleans(), seconds=st.integers(4, 7200))
    def embed(self, fails: bool, seconds: int) -> str:
        """A new task is processing and the newest of the list."""
        name = "understudy-fail" if fails else "film"
        url = f"https://x.example/{name}.mp4?duration={seconds}"
        files = {"model_name": (None, "marengo3.0"), "video_url": (None, url)}
        task = str(self.api.post("/embed/tasks", files=files).json()["_id"])
        assert task not in self.account.jobs
        self.account.jobs[task] = Job(self.now, "failed" if fails else "ready", seconds)
        return task

    @rule(seconds=st.one_of(st.floats(0, 4000), st.just(WEEK)))
    def advance(self, seconds: float) -> None:
        """Time only goes forward."""
        self.fake.clock.advance(seconds)

    @rule(task=tasks)
    def poll(self, task: str) -> None:
        """A task ends as it must, and never begins again."""
        job = self.account.jobs[task]
        status = self.api.get(f"/embed/tasks/{task}/status").json()["status"]
        assert status in ("processing", job.ending)
        assert job.status in ("processing", status)
        if self.now - job.created > 60 + 0.25 * job.seconds + 1:
            assert status == job.ending
        job.status = status

    @rule(target=indexes, number=st.integers(0, 10**6), videos=st.integers(0, 3))
    def fill_index(self, number: int, videos: int) -> str:
        """An index with a few videos, soon ready."""
        name = f"index {number}"
        taken = self.api.get("/indexes", params={"index_name": name}).json()["data"]
        if taken:
            return str(taken[0]["_id"])
        index = new_index(self.api, name)
        for each in range(videos):
            new_task(self.api, index, f"https://x.example/{each}.mp4?duration=12")
        self.account.indexes.add(index)
        return index

    @rule(index=indexes)
    def delete_index(self, index: str) -> None:
        """With an index its searches go."""
        if index in self.account.indexes:
            assert self.api.delete(f"/indexes/{index}").status_code == 204
            self.account.indexes.remove(index)

    @rule(target=searches, index=indexes)
    def search(self, index: str) -> Asked:
        """A search of an index that is there has a first page."""
        fields = {"index_id": index, "search_options": "visual", "query_text": "x"}
        fields |= {"page_limit": "1", "threshold": "none"}
        files = {name: (None, value) for name, value in fields.items()}
        response = self.api.post("/search", files=files)
        if index not in self.account.indexes:
            refused(response, 404, "resource_not_exists")
            return Asked(0, index, 0, "")
        body = response.json()
        info = body["page_info"]
        assert len(body["data"]) == min(1, info["total_results"])
        assert ("next_page_token" in info) == (info["total_results"] > 1)
        token = info.get("next_page_token", "")
        return Asked(self.now, index, info["total_results"], token)

    @rule(asked=searches)
    def turn(self, asked: Asked) -> None:
        """A page is there for an hour, as long as its index, and tells the same total."""
        if not asked.token:
            return
        response = self.api.get(f"/search/{asked.token}")
        if asked.index not in self.account.indexes:
            refused(response, 404, "resource_not_exists")
        elif self.now >= asked.at + HOUR + 0.002:
            refused(response, 400, "search_page_token_expired")
        elif self.now < asked.at + HOUR - 0.002:
            assert response.json()["page_info"]["total_results"] == asked.total

    @invariant()
    def lists_agree(self) -> None:
        """The list holds the tasks of the last seven days, and each status its part of them."""
        page = self.api.get("/embed/tasks", params={"page_limit": 50}).json()
        listed = {each["_id"]: each["status"] for each in page["data"]}
        jobs = self.account.jobs.items()
        surely = {task for task, job in jobs if job.created > self.now - WEEK + 0.002}
        perhaps = {task for task, job in jobs if job.created > self.now - WEEK - 0.002}
        if len(perhaps) <= 50:
            assert surely <= set(listed) <= perhaps
        for status in ("processing", "ready", "failed"):
            params = {"status": status, "page_limit": "50"}
            part = self.api.get("/embed/tasks", params=params).json()["data"]
            assert {each["_id"] for each in part} == {t for t, s in listed.items() if s == status}


TestVectors = VectorMachine.TestCase
TestVectors.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
