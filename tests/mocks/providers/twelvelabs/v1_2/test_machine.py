"""One account through two versions, in any order, against a small model of what it should hold."""

import math
from dataclasses import dataclass, field
from typing import Any

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from older import ENGINES, Older, client_of
from stage import MODELS, NOBODY, refused, upload
from stage import client_of as newer_client_of

from understudy.mocks import Fake

HOUR = 3600.0
PICK = st.integers(0, 99)
OLD = st.booleans()
FAMILIES = {"both": (0, 1), "marengo": (0,), "pegasus": (1,)}
WAYS = ("form", "external", "transfer", "newer")
ENGINE = "Marengo-retrieval-2.6"


@dataclass
class Account:
    """The model: each index's family, each task's index, each video's index and metadata."""

    indexes: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    videos: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, dict[str, object]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    embeddings: list[str] = field(default_factory=list)
    pages: list[tuple[str, str, float]] = field(default_factory=list)
    gone: list[str] = field(default_factory=lambda: [NOBODY])


class TwoVersions(RuleBasedStateMachine):
    """Every reply is held against the contract of its version as well: the fake is strict."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.old = Older(self.fake, client_of(self.fake, "tlk_machine"))
        self.new: httpx2.Client = newer_client_of(self.fake, "tlk_machine")
        self.account = Account()

    def teardown(self) -> None:
        self.old.api.close()
        self.new.close()
        self.fake.close()

    @initialize(older=OLD)
    def begin(self, older: bool) -> None:
        """An index with two videos, made through either version."""
        self.create_index("both", older)
        for way in ("form", "newer"):
            self.create_task(0, way, 20)
        self.fake.clock.advance(HOUR)

    @rule(family=st.sampled_from(sorted(FAMILIES)), older=OLD)
    def create_index(self, family: str, older: bool) -> None:
        """Made through one version, an index is read through both."""
        name = f"index {len(self.account.indexes) + len(self.account.gone)}"
        chosen = FAMILIES[family]
        if older:
            made = self.old.new_index(name, [ENGINES[place] for place in chosen])
        else:
            models = [MODELS[place] for place in chosen]
            sent = {"index_name": name, "models": models}
            made = str(self.new.post("/indexes", json=sent).json()["_id"])
        self.account.indexes[made] = family
        old, new = self.old.get(f"/indexes/{made}").json(), self.new.get(f"/indexes/{made}").json()
        engines = [each["engine_name"] for each in old["engines"]]
        assert engines == [each["model_name"] for each in new["models"]]
        assert old["index_name"] == new["index_name"] == name

    @rule(pick=PICK, older=OLD)
    def delete_index(self, pick: int, older: bool) -> None:
        """With an index go its tasks and videos, for both versions."""
        if pick % 3:
            return
        index, known = self._one(self.account.indexes, pick), self.account
        response = self._api(older).delete(f"/indexes/{index}")
        if self._there(response, index in known.indexes):
            del known.indexes[index]
            known.tasks = {task: home for task, home in known.tasks.items() if home != index}
            known.gone += [index, *(v for v, home in known.videos.items() if home == index)]
            known.videos = {v: home for v, home in known.videos.items() if home != index}

    @rule(pick=PICK, way=st.sampled_from(WAYS), seconds=st.integers(4, 60))
    def create_task(self, pick: int, way: str, seconds: int) -> None:
        """Every way of an upload makes a task below an index that is there."""
        index = self._one(self.account.indexes, pick)
        url = f"https://x.example/red-fox.mp4?duration={seconds}"
        if way == "form":
            response = self.old.upload(index, video_url=url)
        elif way == "external":
            response = self.old.post("/tasks/external-provider", index_id=index, url=url)
        elif way == "transfer":
            response = self.old.transfer(f'[{{"index_id": "{index}", "object": "{url}"}}]')
        else:
            response = upload(self.new, index, url)
        if not self._there(response, index in self.account.indexes):
            return
        task = (
            response.json()["_id"] if response.content else self._listed("/tasks", True)[0]["_id"]
        )
        assert task not in self.account.tasks
        self.account.tasks[task] = index

    @rule(pick=PICK, older=OLD)
    def delete_video(self, pick: int, older: bool) -> None:
        """A deleted video stays away."""
        video, known = self._one(self.account.videos, pick), self.account
        path = self._path(video)
        if self._there(self._api(older).delete(path), video in known.videos):
            del known.videos[video]
            known.gone.append(video)
            for api in (self.old.api, self.new):
                refused(api.get(path), 404, "resource_not_exists")

    @rule(pick=PICK, value=st.integers(0, 9), how=st.sampled_from(["old", "put", "patch", "title"]))
    def describe_video(self, pick: int, value: int, how: str) -> None:
        """Metadata are one set, laid over or replaced; a title is v1.2's own."""
        video, known = self._one(self.account.videos, pick), self.account
        path, there = self._path(video), video in known.videos
        entry: dict[str, object] = {f"k{value}": value}
        if how == "title":
            response = self.old.send("PUT", path, video_title=f"Title {value}")
        elif how == "old":
            response = self.old.send("PUT", path, metadata=entry)
        else:
            response = self.new.request(how.upper(), path, json={"user_metadata": entry})
        if not self._there(response, there):
            return
        if how == "title":
            known.titles[video] = f"Title {value}"
        else:
            kept = known.metadata.get(video, {}) if how == "patch" else {}
            known.metadata[video] = {**kept, **entry}

    @rule(seconds=st.one_of(st.floats(0, 300), st.just(HOUR)))
    def advance(self, seconds: float) -> None:
        """Time only goes forward."""
        self.fake.clock.advance(seconds)

    @rule(pick=PICK, way=st.sampled_from(["words", "form", "combined", "classes"]),
          limit=st.integers(2, 9))  # fmt: skip
    def search(self, pick: int, way: str, limit: int) -> None:
        """Pages hold each result once, of videos of this index."""
        index = self._one(self.account.indexes, pick)
        asked: dict[str, Any] = {"threshold": "none", "page_limit": limit}
        page = "/search"
        if way == "words":
            response = self.old.search(index, **asked)
        elif way == "combined":
            response = self.old.combined({"$and": [{"text": "fox"}]}, index=index, **asked)
            page = "/combined-search"
        elif way == "form":
            form = {name: str(value) for name, value in asked.items()}
            sent = {"index_id": index, "query_text": "fox", "search_options": "visual", **form}
            response, page = self.old.form("/search-v2", **sent), "/search-v2"
        else:
            response, page = self.old.classify(index, page_limit=limit), "/classify"
        family = self.account.indexes.get(index)
        if family == "pegasus":
            refused(response, 400, "index_not_supported_for_search")
        elif self._there(response, family is not None):
            first = response.json()
            found = list(first["data"])
            shown = first
            while token := shown["page_info"].get("next_page_token"):
                self.account.pages.append((index, f"{page}/{token}", self.fake.clock.now()))
                shown = self.old.get(f"{page}/{token}").json()
                found += shown["data"]
            assert len(found) == first["page_info"]["total_results"]
            mine = {video for video, home in self.account.videos.items() if home == index}
            assert {each["video_id"] for each in found} == mine
            keys = [(each["video_id"], each.get("start")) for each in found]
            assert len(set(keys)) == len(keys)

    @rule(pick=PICK)
    def turn(self, pick: int) -> None:
        """A page is there for an hour, as long as its index and enough of its results."""
        if not self.account.pages:
            return
        index, path, at = self.account.pages[pick % len(self.account.pages)]
        response = self.old.get(path)
        if index not in self.account.indexes:
            refused(response, 404, "resource_not_exists")
        elif self.fake.clock.now() >= at + HOUR + 0.002:
            refused(response, 400, "search_page_token_expired")
        elif response.status_code != 200 and self.fake.clock.now() < at + HOUR - 0.002:
            refused(response, 404, "resource_not_exists")
        elif response.status_code == 200:
            shown = {each["video_id"] for each in response.json()["data"]}
            assert shown <= set(self.account.videos)

    @rule(pick=PICK, kind=st.sampled_from(["gist", "summary", "chapter", "generate", "stream"]))
    def write(self, pick: int, kind: str) -> None:
        """Texts are of videos that are there, in indexes with Pegasus, alike in both."""
        video = self._one(self.account.videos, pick)
        asked: dict[str, Any] = {"video_id": video}
        path = f"/{kind}"
        if kind == "gist":
            asked["types"] = ["title"]
        elif kind in ("summary", "chapter"):
            path, asked["type"] = "/summarize", kind
        else:
            path, asked["prompt"] = "/generate", "Who runs?"
        stream = {"stream": True} if kind == "stream" else {}
        response = self.old.post(path, **asked, **stream)
        home = self.account.videos.get(video)
        if home is not None and self.account.indexes[home] == "marengo":
            refused(response, 400, "index_not_supported_for_generate")
        elif self._there(response, home is not None) and kind != "stream":
            plain = {"stream": False} if kind == "generate" else {}
            newer = self.new.post(path, json={**asked, **plain}).json()
            assert {**response.json(), "id": newer["id"]} == newer

    @rule(pick=PICK, what=st.sampled_from(["transcription", "text-in-video", "logo", "thumbnail"]))
    def see(self, pick: int, what: str) -> None:
        """What is in a video has times in order."""
        video = self._one(self.account.videos, pick)
        response = self.old.get(f"{self._path(video)}/{what}")
        if self._there(response, video in self.account.videos) and what != "thumbnail":
            edges = [
                edge for each in response.json()["data"] for edge in (each["start"], each["end"])
            ]
            assert edges == sorted(edges)

    @rule(older=OLD, seconds=st.integers(4, 30))
    def embed(self, older: bool, seconds: int) -> None:
        """An embedding task is listed in both versions; a text has one vector of length 1."""
        url = f"https://x.example/film.mp4?duration={seconds}"
        if older:
            made = self.old.form("/embed/tasks", engine_name=ENGINE, video_url=url)
        else:
            sent = {"model_name": (None, "marengo3.0"), "video_url": (None, url)}
            made = self.new.post("/embed/tasks", files=sent)
        self.account.embeddings.append(str(made.json()["_id"]))
        text = self.old.api.post("/embed", data={"engine_name": ENGINE, "text": "fox"}).json()
        assert math.isclose(math.hypot(*text["text_embedding"]["float"]), 1.0, rel_tol=1e-6)

    @rule(pick=PICK)
    def read_vectors(self, pick: int) -> None:
        """Both versions tell the same status, and the same vectors once it is ready."""
        if not self.account.embeddings:
            return
        task = self.account.embeddings[pick % len(self.account.embeddings)]
        old = self.old.get(f"/embed/tasks/{task}").json()
        new = self.new.get(f"/embed/tasks/{task}?embedding_option=visual-text").json()
        assert old["status"] == new["status"]
        assert old["status"] == self.old.get(f"/embed/tasks/{task}/status").json()["status"]
        segments = new["video_embedding"].get("segments")
        vectors = old["video_embeddings"]
        assert (vectors is None) == (segments is None)
        if segments:
            found = [each["embedding"]["float"] for each in vectors]
            assert found == [each["float"] for each in segments]

    @invariant()
    def versions_agree(self) -> None:
        """Both list what the model holds; a task that is ready has put its video in its index."""
        known = self.account
        for older in (True, False):
            assert {each["_id"] for each in self._listed("/indexes", older)} == set(known.indexes)
            tasks = self._listed("/tasks", older)
            assert {each["_id"]: each["index_id"] for each in tasks} == known.tasks
            for task in tasks:
                if task["status"] == "ready" and task["video_id"] not in known.gone:
                    known.videos[task["video_id"]] = task["index_id"]
        for index in known.indexes:
            mine = {video for video, home in known.videos.items() if home == index}
            old = self._listed(f"/indexes/{index}/videos", True)
            new = self._listed(f"/indexes/{index}/videos", False)
            assert {each["_id"] for each in old} == {each["_id"] for each in new} == mine
            system = {each["_id"]: each["system_metadata"] for each in new}
            for video in old:
                expected = {**known.metadata.get(video["_id"], {}), **system[video["_id"]]}
                if video["_id"] in known.titles:
                    expected["video_title"] = known.titles[video["_id"]]
                assert video["metadata"] == expected
            counts = self.old.get("/tasks/status", index_id=index).json()
            assert counts == self.new.get("/tasks/status", params={"index_id": index}).json()

    def _listed(self, path: str, older: bool) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = total = 1
        while page <= total:
            asked = {"page": page, "page_limit": 50}
            body = self._api(older).get(path, params=asked).json()
            found += body["data"]
            page, total = page + 1, body["page_info"]["total_page"]
        return found

    def _api(self, older: bool) -> httpx2.Client:
        return self.old.api if older else self.new

    def _one(self, known: dict[str, Any], pick: int) -> str:
        """One of those there are, or now and then one that is gone."""
        gone = self.account.gone
        return (
            gone[pick % len(gone)]
            if pick % 8 == 7 or not known
            else sorted(known)[pick % len(known)]
        )

    def _path(self, video: str) -> str:
        return f"/indexes/{self.account.videos.get(video, NOBODY)}/videos/{video}"

    def _there(self, response: httpx2.Response, expected: bool) -> bool:
        """Whether what was asked for is there, as the model says; else it is not found."""
        if expected:
            assert response.is_success, response.text
        else:
            refused(response, 404, "resource_not_exists")
        return expected


def test_versions__share_every_way() -> None:
    """Each way of uploading, searching and writing works once in a row, on one account."""
    machine = TwoVersions()
    try:
        machine.begin(True)
        for way in WAYS:
            machine.create_task(0, way, 12)
        machine.advance(HOUR)
        machine.versions_agree()
        for how in ("old", "put", "patch", "title"):
            machine.describe_video(0, 1, how)
            machine.versions_agree()
        for way in ("words", "form", "combined", "classes"):
            machine.search(0, way, 2)
        machine.turn(0)
        for kind in ("gist", "summary", "chapter", "generate", "stream"):
            machine.write(0, kind)
        machine.embed(True, 12)
        machine.advance(HOUR)
        machine.read_vectors(0)
        machine.delete_video(0, True)
        machine.delete_index(0, False)
        machine.versions_agree()
    finally:
        machine.teardown()


TestVersions = TwoVersions.TestCase
TestVersions.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
