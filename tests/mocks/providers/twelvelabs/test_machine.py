"""Indexes, tasks, videos and time against a small model of what an account should hold."""

from dataclasses import dataclass, field

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)
from stage import MODELS, client_of, refused, upload

from understudy.mocks import Fake

ORDER = ["uploading", "validating", "pending", "queued", "indexing"]
ENDS = {"ready", "failed"}


@dataclass
class Job:
    """What the model knows of a task."""

    index: str
    video: str
    ending: str
    place: int = 0


@dataclass
class Account:
    """The model: names of indexes, tasks, and the metadata of videos that exist."""

    indexes: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    videos: dict[str, dict[str, object]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


class TwelveLabsMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    indexes = Bundle("indexes")
    tasks = Bundle("tasks")

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.api: httpx2.Client = client_of(self.fake, "tlk_machine")
        self.account = Account()

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @rule(target=indexes, name=st.sampled_from(["a", "b", "c", "d", "ü"]))
    def create_index(self, name: str) -> str:
        """A free name makes an index; a taken one is refused."""
        response = self.api.post("/indexes", json={"index_name": name, "models": MODELS})
        if name in self.account.indexes.values():
            refused(response, 409, "index_name_already_exists")
            return next(key for key, known in self.account.indexes.items() if known == name)
        identity = str(response.json()["_id"])
        assert identity not in self.account.indexes
        self.account.indexes[identity] = name
        return identity

    @rule(
        target=tasks,
        index=indexes,
        ending=st.sampled_from(["", "understudy-fail"]),
        seconds=st.integers(4, 3600),
    )
    def create_task(self, index: str, ending: str, seconds: int) -> str:
        """An upload into an index that exists makes a task, which begins at the beginning."""
        response = upload(self.api, index, f"https://x.example/{ending}.mp4?duration={seconds}")
        if index not in self.account.indexes:
            refused(response, 404, "resource_not_exists")
            return ""
        made = response.json()
        self.account.jobs[made["_id"]] = Job(
            index, made["video_id"], "failed" if ending else "ready"
        )
        return str(made["_id"])

    @rule(seconds=st.floats(0, 4000))
    def advance(self, seconds: float) -> None:
        """Time only goes forward."""
        before = self.fake.clock.now()
        self.fake.clock.advance(seconds)
        assert self.fake.clock.now() >= before

    @rule(task=tasks)
    def poll(self, task: str) -> None:
        """A status never moves back, ends as it must, and a ready task has its video."""
        if task not in self.account.jobs:
            return
        job = self.account.jobs[task]
        status = self.api.get(f"/tasks/{task}").json()["status"]
        place = len(ORDER) if status in ENDS else ORDER.index(status)
        assert place >= job.place
        assert status in (*ORDER, job.ending)
        job.place = place
        self._notice(job, status)

    @rule(index=consumes(indexes))
    def delete_index(self, index: str) -> None:
        """An index goes with all that it has, once."""
        response = self.api.delete(f"/indexes/{index}")
        if self.account.indexes.pop(index, None) is None:
            refused(response, 404, "resource_not_exists")
            return
        assert response.status_code == 204
        gone = [key for key, job in self.account.jobs.items() if job.index == index]
        for key in gone:
            job = self.account.jobs.pop(key)
            self.account.videos.pop(job.video, None)
            refused(self.api.get(f"/tasks/{key}"), 404, "resource_not_exists")

    @rule(task=tasks)
    def delete_task(self, task: str) -> None:
        """Only an ended task without a video can be deleted."""
        job = self.account.jobs.get(task)
        if job is None:
            return
        status = self.api.get(f"/tasks/{task}").json()["status"]
        self._notice(job, status)
        response = self.api.delete(f"/tasks/{task}")
        if status not in ENDS or job.video in self.account.videos:
            refused(response, 409, "task_cannot_be_deleted")
        else:
            assert response.status_code == 204
            del self.account.jobs[task]

    @precondition(lambda self: self.account.videos)
    @rule(pick=st.integers(0, 99), key=st.sampled_from("xyz"), value=st.integers(0, 9))
    def patch_video(self, pick: int, key: str, value: int) -> None:
        """PATCH adds one entry."""
        video = sorted(self.account.videos)[pick % len(self.account.videos)]
        path = self._path(video)
        assert self.api.patch(path, json={"user_metadata": {key: value}}).status_code == 204
        self.account.videos[video][key] = value
        assert self.api.get(path).json()["user_metadata"] == self.account.videos[video]

    @precondition(lambda self: self.account.videos)
    @rule(pick=st.integers(0, 99))
    def delete_video(self, pick: int) -> None:
        """A deleted video stays away."""
        video = sorted(self.account.videos)[pick % len(self.account.videos)]
        assert self.api.delete(self._path(video)).status_code == 204
        refused(self.api.get(self._path(video)), 404, "resource_not_exists")
        del self.account.videos[video]
        self.account.deleted.add(video)

    @invariant()
    def lists_agree(self) -> None:
        """Lists hold just what the model holds, and each filter the part that fits it."""
        listed = self.api.get("/indexes", params={"page_limit": 50}).json()
        found = {each["_id"]: each["index_name"] for each in listed["data"]}
        assert found == self.account.indexes
        tasks = self.api.get("/tasks", params={"page_limit": 50}).json()
        assert tasks["page_info"]["total_results"] == len(self.account.jobs)
        for each in tasks["data"]:
            self._notice(self.account.jobs[each["_id"]], each["status"])
        for status in ("ready", "failed", "indexing"):
            part = self.api.get("/tasks", params={"page_limit": 50, "status": status}).json()
            expected = {each["_id"] for each in tasks["data"] if each["status"] == status}
            if len(self.account.jobs) <= 50:
                assert {each["_id"] for each in part["data"]} == expected
        for index in self.account.indexes:
            videos = self.api.get(f"/indexes/{index}/videos", params={"page_limit": 50}).json()
            mine = {job.video for job in self.account.jobs.values() if job.index == index}
            assert {each["_id"] for each in videos["data"]} == mine & set(self.account.videos)

    def _notice(self, job: Job, status: str) -> None:
        """A task that is ready has put its video into the index."""
        if status == "ready" and job.video not in self.account.deleted:
            self.account.videos.setdefault(job.video, {})

    def _path(self, video: str) -> str:
        job = next(job for job in self.account.jobs.values() if job.video == video)
        return f"/indexes/{job.index}/videos/{video}"


TestTwelveLabs = TwelveLabsMachine.TestCase
TestTwelveLabs.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
