"""Embedding tasks of both versions in any order, against a small model of what they should be."""

from dataclasses import dataclass
from typing import Any

import httpx2
from embed_stage import HORN, PICTURE, TASKS, asked, at, inline
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from stage import client_of

from understudy.mocks import Fake

WEEK = 7 * 24 * 3600.0
LENGTH = 31.0
FILM = f"https://media.example/ferry.mp4?duration={LENGTH:g}"
FAILING = "https://media.example/understudy-fail.mp4?duration=10"
TEXT = b"One fox. Two dogs. Three cats."
PIECES = {"sequential": {"strategy": "sentence", "max_sentences": 1}}

BODIES: dict[str, tuple[dict[str, Any], float]] = {
    "film": (asked("video", "marengo3.5", media_source=at(FILM)), LENGTH),
    "older film": (asked("video", media_source=at(FILM)), LENGTH),
    "failing film": (asked("video", "marengo3.5", media_source=at(FAILING)), 10.0),
    "horn": (asked("audio", "marengo3.5", media_source=at(HORN)), 20.0),
    "picture": (asked("image", "marengo3.5", media_source=at(PICTURE)), 0.0),
    "text": (
        asked(
            "document",
            "marengo3.5",
            media_source=inline(TEXT),
            embedding_scope=["local"],
            segmentation=PIECES,
        ),
        0.0,
    ),
}
"""What is embedded, and how many seconds of it."""


@dataclass
class Expected:
    """A task as it should be: when it was made, when it ends, and how."""

    made: float
    ends: float
    end: str

    def status(self, now: float) -> str:
        """Its status at that time."""
        return self.end if now >= self.ends else "processing"


class Embeddings(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.api: httpx2.Client = client_of(self.fake, "tlk_machine")
        self.tasks: dict[str, Expected] = {}
        self.older: set[str] = set()

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @property
    def now(self) -> float:
        """The fake's time."""
        return self.fake.clock.now()

    @rule(what=st.sampled_from(sorted(BODIES)))
    def begin(self, what: str) -> None:
        """A task of version 2."""
        body, seconds = BODIES[what]
        response = self.api.post(TASKS, json=body)
        assert response.status_code == 202, response.text
        end = "failed" if what == "failing film" else "ready"
        expected = Expected(self.now, self.now + 60 + 0.25 * seconds, end)
        self.tasks[response.json()["_id"]] = expected

    @rule()
    def begin_older(self) -> None:
        """A task of version 1 is none of version 2."""
        parts = {"model_name": (None, "marengo3.0"), "video_url": (None, FILM)}
        self.older.add(self.api.post("/embed/tasks", files=parts).json()["_id"])

    @rule(what=st.sampled_from(sorted(BODIES)))
    def begin_badly(self, what: str) -> None:
        """A refused task is none."""
        body = {**BODIES[what][0], "embedding_dimension": 0}
        assert self.api.post(TASKS, json=body).status_code == 400

    @rule(seconds=st.sampled_from([1.0, 30.0, 59.0, 61.0, 70.0, WEEK / 2]))
    def advance(self, seconds: float) -> None:
        """Time goes by."""
        self.fake.clock.advance(seconds)

    @rule()
    def come_back(self) -> None:
        """A snapshot brings all of it back."""
        self.fake.restore(self.fake.snapshot())

    @rule(status=st.sampled_from(["processing", "ready", "failed"]))
    def narrow(self, status: str) -> None:
        """The list by status holds those of the last week that are in it."""
        query = {"status": status, "page_limit": "50"}
        page = self.api.get(TASKS, params=query).json()
        wanted = {
            task
            for task, each in self.tasks.items()
            if each.status(self.now) == status and each.made >= self.now - WEEK
        }
        assert page["page_info"]["total_results"] == len(wanted)
        assert {each["_id"] for each in page["data"]} <= wanted

    @invariant()
    def tasks_agree(self) -> None:
        """Status, vectors and reason of each task follow from the time; those of v1 are apart."""
        for task, expected in self.tasks.items():
            shown = self.api.get(f"{TASKS}/{task}").json()
            status = expected.status(self.now)
            assert shown["status"] == status
            assert (shown["data"] is not None) == (
                status == "ready" and self.now < expected.ends + WEEK
            )
            assert ("error" in shown) == (status == "failed")
        for task in self.older:
            assert self.api.get(f"{TASKS}/{task}").status_code == 404


TestEmbeddings = Embeddings.TestCase
TestEmbeddings.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
