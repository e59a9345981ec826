"""Every operation of the document, in any order, against a small model of one account."""

import json
import math
from dataclasses import dataclass, field
from typing import Any

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from stage import MODELS, NOBODY, client_of, refused, upload

from understudy.contracts.contract import Contract
from understudy.mocks import Fake
from understudy.mocks.providers.twelvelabs.buckets import files

HOUR = 3600.0
RUNNING = ("validating", "pending", "queued", "indexing")
FAMILIES = {"both": MODELS, "marengo": MODELS[:1], "pegasus": MODELS[1:]}
IMPORT = "/tasks/transfers/import"
TEXTS = ("gist", "summary", "chapter", "highlight", "analyze", "generate")
PICK = st.integers(0, 99)


@dataclass
class Job:
    """What the model knows of a task."""

    index: str
    video: str
    status: str = ""


@dataclass
class Import:
    """What the model knows of an import."""

    index: str
    bucket: str
    ids: list[str]
    refused: int


@dataclass
class Asked:
    """A search with further pages."""

    index: str
    at: float
    token: str


@dataclass
class Account:
    """The model; `indexes` gives each index's models, `videos` each video's index."""

    indexes: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    videos: dict[str, str] = field(default_factory=dict)
    embeddings: dict[str, int] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    searches: list[Asked] = field(default_factory=list)
    gone: list[str] = field(default_factory=lambda: [NOBODY])


def picked(known: list[str], gone: list[str], pick: int) -> str:
    """One of those there are, or now and then one that is gone."""
    return gone[pick % len(gone)] if pick % 8 == 7 or not known else known[pick % len(known)]


class SurfaceMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.api: httpx2.Client = client_of(self.fake, "tlk_machine")
        self.account = Account()

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @initialize(films=st.integers(0, 3))
    def begin(self, films: int) -> None:
        """Some videos that are ready, so that few steps go to waste."""
        self.create_index("both")
        for each in range(films):
            self.create_task(0, 20 * each + 10, False)
        self.fake.clock.advance(HOUR)

    @rule(family=st.sampled_from(["both", "both", "marengo", "pegasus"]))
    def create_index(self, family: str) -> None:
        """An index is listed and read with its models."""
        name = f"index {len(self.account.indexes) + len(self.account.gone)}"
        asked = {"index_name": name, "models": FAMILIES[family]}
        made = self.api.post("/indexes", json=asked).json()["_id"]
        self.account.indexes[made] = family
        shown = self.api.get(f"/indexes/{made}").json()
        assert len(shown["models"]) == len(FAMILIES[family])

    @rule(pick=PICK)
    def rename_index(self, pick: int) -> None:
        """A new name is shown."""
        index = self._index(pick)
        name = f"renamed {index}"
        response = self.api.put(f"/indexes/{index}", json={"index_name": name})
        if self._there(response, index in self.account.indexes):
            assert self.api.get(f"/indexes/{index}").json()["index_name"] == name

    @rule(pick=st.integers(0, 999))
    def delete_index(self, pick: int) -> None:
        """With an index go its tasks, videos, imports and searches."""
        if pick % 3:
            return
        index = self._index(pick)
        known = self.account
        if not self._there(self.api.delete(f"/indexes/{index}"), index in known.indexes):
            return
        del known.indexes[index]
        for task in [task for task, job in known.jobs.items() if job.index == index]:
            del known.jobs[task]
            refused(self.api.get(f"/tasks/{task}"), 404, "resource_not_exists")
        known.gone += [index, *(v for v, home in known.videos.items() if home == index)]
        known.videos = {v: home for v, home in known.videos.items() if home != index}
        known.imports = [each for each in known.imports if each.index != index]

    @rule(pick=PICK, seconds=st.integers(4, 90), fails=st.booleans())
    def create_task(self, pick: int, seconds: int, fails: bool) -> None:
        """A task is made below an index that is there."""
        index = self._index(pick)
        name = "understudy-fail" if fails else "red-fox"
        response = upload(self.api, index, f"https://x.example/{name}.mp4?duration={seconds}")
        if self._there(response, index in self.account.indexes):
            made = response.json()
            self.account.jobs[made["_id"]] = Job(index, made["video_id"])

    @rule(pick=PICK)
    def delete_task(self, pick: int) -> None:
        """Only an ended task without a video goes."""
        task = picked(sorted(self.account.jobs), self.account.gone, pick)
        job = self.account.jobs.get(task)
        response = self.api.delete(f"/tasks/{task}")
        if job and (job.status not in ("ready", "failed") or job.video in self.account.videos):
            refused(response, 409, "task_cannot_be_deleted")
        elif self._there(response, job is not None):
            del self.account.jobs[task]
            refused(self.api.get(f"/tasks/{task}"), 404, "resource_not_exists")

    @rule(pick=PICK, value=st.integers(0, 9))
    def describe_video(self, pick: int, value: int) -> None:
        """PUT replaces the metadata, PATCH adds to them."""
        video = self._video(pick)
        path = self._path(video)
        there = video in self.account.videos
        response = self.api.put(path, json={"user_metadata": {"a": value}})
        if self._there(response, there):
            assert self.api.patch(path, json={"user_metadata": {"b": 1}}).status_code == 204
            assert self.api.get(path).json()["user_metadata"] == {"a": value, "b": 1}
        else:
            response = self.api.patch(path, json={"user_metadata": {"b": 1}})
            refused(response, 404, "resource_not_exists")
            refused(self.api.get(path), 404, "resource_not_exists")

    @rule(pick=PICK)
    def delete_video(self, pick: int) -> None:
        """A deleted video stays away."""
        video = self._video(pick)
        path = self._path(video)
        if self._there(self.api.delete(path), video in self.account.videos):
            refused(self.api.get(path), 404, "resource_not_exists")
            del self.account.videos[video]
            self.account.gone.append(video)

    @rule(seconds=st.one_of(st.floats(0, 300), st.just(HOUR)))
    def advance(self, seconds: float) -> None:
        """Time only goes forward."""
        self.fake.clock.advance(seconds)

    @rule(pick=PICK, limit=st.integers(5, 20), group=st.sampled_from(["clip", "video"]))
    def search(self, pick: int, limit: int, group: str) -> None:
        """The pages together hold each hit once, of videos of this index, within their lengths."""
        index = self._index(pick)
        fields = {"index_id": index, "search_options": "visual", "query_text": "a red fox"}
        fields |= {"page_limit": str(limit), "threshold": "none", "group_by": group}
        response = self.api.post("/search", files={n: (None, v) for n, v in fields.items()})
        family = self.account.indexes.get(index)
        if family == "pegasus":
            refused(response, 400, "index_not_supported_for_search")
        elif self._there(response, family is not None):
            pages = self._walk(response.json())
            self._check_hits(index, group, pages)
            token = pages[0]["page_info"].get("next_page_token")
            if token:
                self.account.searches.append(Asked(index, self.fake.clock.now(), token))

    @rule(pick=PICK)
    def turn(self, pick: int) -> None:
        """A page is there for an hour, as long as its index, without videos that have gone."""
        if not self.account.searches:
            refused(self.api.get(f"/search/{'-'.join(['0' * 8, *['0' * 4] * 3, '0' * 12])}-1"),
                    404, "resource_not_exists")  # fmt: skip
            return
        asked = self.account.searches[pick % len(self.account.searches)]
        response = self.api.get(f"/search/{asked.token}")
        if asked.index not in self.account.indexes:
            refused(response, 404, "resource_not_exists")
        elif self.fake.clock.now() >= asked.at + HOUR + 0.002:
            refused(response, 400, "search_page_token_expired")
        elif response.status_code != 200:
            refused(response, 404, "resource_not_exists")  # too few hits are left
            assert set(self.account.gone) != {NOBODY}
        else:
            shown = {each.get("video_id", each.get("id")) for each in response.json()["data"]}
            assert shown <= self._mine(asked.index)

    @rule(pick=PICK, kind=st.sampled_from(TEXTS), stream=st.booleans())
    def write(self, pick: int, kind: str, stream: bool) -> None:
        """Texts are of videos that are there, in indexes with Pegasus; times lie within them."""
        video = self._video(pick)
        asked: dict[str, object] = {"video_id": video}
        if kind == "gist":
            path, asked["types"] = "/gist", ["title", "topic", "hashtag"]
        elif kind in ("analyze", "generate"):
            path = f"/{kind}"
            asked |= {"prompt": "Who runs?", "stream": stream}
        else:
            path, asked["type"] = "/summarize", kind
        response = self.api.post(path, json=asked)
        home = self.account.videos.get(video)
        if home is not None and self.account.indexes[home] == "marengo":
            refused(response, 400, "index_not_supported_for_generate")
        elif self._there(response, home is not None):
            self._check_text(response, kind, asked, self._lengths(str(home))[video])

    @rule(words=st.sampled_from(["fox", "ferry", "ü"]))
    def embed(self, words: str) -> None:
        """A text has one vector, of length 1, the same each time."""
        fields = {"model_name": (None, "marengo3.0"), "text": (None, words)}
        first, second = (self.api.post("/embed", files=fields).json() for _ in range(2))
        assert first == second
        (segment,) = first["text_embedding"]["segments"]
        assert math.isclose(math.hypot(*segment["float"]), 1.0, rel_tol=1e-6)

    @rule(seconds=st.integers(4, 60))
    def embed_video(self, seconds: int) -> None:
        """An embedding task is listed."""
        url = f"https://x.example/film.mp4?duration={seconds}"
        files = {"model_name": (None, "marengo3.0"), "video_url": (None, url)}
        task = str(self.api.post("/embed/tasks", files=files).json()["_id"])
        listed = self.api.get("/embed/tasks", params={"page_limit": 50}).json()["data"]
        assert task in {each["_id"] for each in listed}
        self.account.embeddings[task] = seconds

    @rule(pick=PICK)
    def read_vectors(self, pick: int) -> None:
        """Segments are there when the task is ready, in order and within the duration."""
        task = picked(sorted(self.account.embeddings), self.account.gone, pick)
        path = f"/embed/tasks/{task}"
        response = self.api.get(f"{path}/status")
        shown = self.api.get(path)
        if not self._there(response, task in self.account.embeddings):
            refused(shown, 404, "resource_not_exists")
            return
        segments = shown.json()["video_embedding"].get("segments", [])
        assert response.json()["status"] == shown.json()["status"]
        for option in ("visual-text", "audio"):
            edges = [
                edge
                for each in segments
                if each["embedding_option"] == option
                for edge in (each["start_offset_sec"], each["end_offset_sec"])
            ]
            assert edges == sorted(edges)
            assert all(0 <= edge <= self.account.embeddings[task] for edge in edges)

    @rule(pick=PICK, bucket=st.sampled_from(["a", "b", "understudy-fail"]), whole=st.booleans())
    def start_import(self, pick: int, bucket: str, whole: bool) -> None:
        """One import at a time, into an index that is there."""
        index = self._index(pick)
        asked = {"index_id": index, "incremental_import": not whole}
        response = self.api.post(f"{IMPORT}/{bucket}", json=asked)
        running = [
            one
            for each in self.account.imports
            for one in each.ids
            if one in self.account.jobs and self.account.jobs[one].status in RUNNING
        ]
        if index in self.account.indexes and running:
            refused(response, 409, "resource_conflict")
        elif self._there(response, index in self.account.indexes):
            body = response.json()
            ids = [each["video_id"] for each in body["videos"]]
            made = Import(index, bucket, ids, len(body["failed_files"]))
            self.account.imports.append(made)
            self.account.jobs |= {one: Job(index, one) for one in ids}

    @rule(pick=PICK, bucket=st.sampled_from(["a", "b", "understudy-fail"]))
    def follow_import(self, pick: int, bucket: str) -> None:
        """Groups agree with tasks and videos, logs with the imports that there were."""
        index = self._index(pick)
        response = self.api.get(f"{IMPORT}/{bucket}/status", params={"index_id": index})
        if self._there(response, index in self.account.indexes):
            groups = response.json()
            ours = [i for i in self.account.imports if (i.index, i.bucket) == (index, bucket)]
            ids = {one for each in ours for one in each.ids}
            for status in RUNNING:
                jobs = {o for o in ids & set(self.account.jobs) if self._status(o) == status}
                assert {each["video_id"] for each in groups[status]} == jobs
            ready = {each["video_id"] for each in groups["ready"]}
            assert ready == ids & set(self.account.videos)
            named = {file["filename"] for s in (*RUNNING, "ready", "failed") for file in groups[s]}
            assert named.isdisjoint(groups["not_imported"])
            assert named | set(groups["not_imported"]) == {file.name for file in files(bucket)}
        logs = self.api.get(f"{IMPORT}/{bucket}/logs").json()["data"]
        expected = [each for each in self.account.imports if each.bucket == bucket]
        assert [log["index_id"] for log in logs] == [each.index for each in expected]
        for log, each in zip(logs, expected, strict=True):
            assert sum(log["video_status"].values()) == len(each.ids) + each.refused
            under_way = any(log["video_status"][status] for status in RUNNING)
            assert ("ended_at" in log) == (not under_way)

    @rule(pick=PICK)
    def count_tasks(self, pick: int) -> None:
        """The counts of an index are those of its tasks."""
        index = self._index(pick)
        response = self.api.get("/tasks/status", params={"index_id": index})
        if self._there(response, index in self.account.indexes):
            jobs = [job.status for job in self.account.jobs.values() if job.index == index]
            counts = response.json()
            assert counts["total_result"] == len(jobs)
            for status in ("ready", "validating", "pending", "failed"):
                assert counts[status] == jobs.count(status)

    @invariant()
    def lists_agree(self) -> None:
        """Lists hold what the model holds; a task that is ready has put its video in its index."""
        known = self.account
        assert {each["_id"] for each in self._listed("/indexes")} == set(known.indexes)
        tasks = {each["_id"]: each["status"] for each in self._listed("/tasks")}
        assert set(tasks) == set(known.jobs)
        for task, status in tasks.items():
            job = known.jobs[task]
            job.status = status
            if status == "ready" and job.video not in known.gone:
                known.videos[job.video] = job.index
        for index in known.indexes:
            assert set(self._lengths(index)) == self._mine(index)

    def _listed(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = total = 1
        while page <= total:
            body = self.api.get(path, params={"page": page, "page_limit": 50}).json()
            found += body["data"]
            page, total = page + 1, body["page_info"]["total_page"]
        return found

    def _lengths(self, index: str) -> dict[str, float]:
        videos = self._listed(f"/indexes/{index}/videos")
        return {each["_id"]: each["system_metadata"]["duration"] for each in videos}

    def _walk(self, first: dict[str, Any]) -> list[dict[str, Any]]:
        pages = [first]
        while token := pages[-1]["page_info"].get("next_page_token"):
            pages.append(self.api.get(f"/search/{token}").json())
        return pages

    def _check_hits(self, index: str, group: str, pages: list[dict[str, Any]]) -> None:
        results = [each for page in pages for each in page["data"]]
        clips = results if group == "clip" else [c for each in results for c in each["clips"]]
        lengths = self._lengths(index)
        assert {page["page_info"]["total_results"] for page in pages} == {len(results)}
        assert {page["search_pool"]["total_count"] for page in pages} == {len(lengths)}
        assert len({(c["video_id"], c["start"]) for c in clips}) == len(clips)
        assert sorted(clip["rank"] for clip in clips) == list(range(1, len(clips) + 1))
        assert all(0 <= c["start"] < c["end"] <= lengths[c["video_id"]] for c in clips)

    def _check_text(
        self, response: httpx2.Response, kind: str, asked: dict[str, object], length: float
    ) -> None:
        if asked.get("stream"):
            told = [json.loads(line) for line in response.text.splitlines()]
            whole = self.api.post(response.request.url.path.removeprefix("/v1.3"),
                                  json={**asked, "stream": False}).json()  # fmt: skip
            assert "".join(each["text"] for each in told[1:-1]) == whole["data"]
        elif kind in ("chapter", "highlight"):
            parts = response.json()[f"{kind}s"]
            edges = [edge for each in parts for edge in (each["start"], each["end"])]
            assert edges == sorted(edges)
            assert all(0 <= edge <= length for edge in edges)

    def _there(self, response: httpx2.Response, expected: bool) -> bool:
        """Whether what was asked for is there, as the model says; else it is not found."""
        if expected:
            assert response.is_success, response.text
        else:
            refused(response, 404, "resource_not_exists")
        return expected

    def _index(self, pick: int) -> str:
        return picked(sorted(self.account.indexes), self.account.gone, pick)

    def _video(self, pick: int) -> str:
        return picked(sorted(self.account.videos), self.account.gone, pick)

    def _path(self, video: str) -> str:
        return f"/indexes/{self.account.videos.get(video, NOBODY)}/videos/{video}"

    def _status(self, task: str) -> str:
        return self.account.jobs[task].status

    def _mine(self, index: str) -> set[str]:
        return {video for video, home in self.account.videos.items() if home == index}


def test_surface__every_operation() -> None:
    """The rules, each once, call every operation of the document and are answered with success."""
    machine = SurfaceMachine()
    try:
        machine.create_index("both")
        machine.rename_index(0)
        for seconds in (60, 80):
            machine.create_task(0, seconds, False)
        machine.start_import(0, "a", False)
        machine.embed_video(30)
        machine.advance(HOUR)
        machine.lists_agree()
        machine.follow_import(0, "a")
        machine.count_tasks(0)
        machine.describe_video(0, 1)
        machine.search(0, 5, "clip")
        machine.turn(0)
        for kind in TEXTS:
            machine.write(0, kind, True)
        machine.embed("fox")
        machine.read_vectors(0)
        video = sorted(machine.account.videos)[0]
        jobs = machine.account.jobs
        task = next(key for key, job in jobs.items() if job.video == video)
        assert machine.api.get(f"/tasks/{task}").is_success
        machine.delete_video(0)
        machine.delete_task(next(n for n in range(99) if picked(sorted(jobs), [""], n) == task))
        machine.delete_index(0)
        done = {each.operation for each in machine.fake.journal if each.status < 300}
    finally:
        machine.teardown()
    assert done == set(Contract.load("twelvelabs/v1.3-2025").operations)


TestSurface = SurfaceMachine.TestCase
TestSurface.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
