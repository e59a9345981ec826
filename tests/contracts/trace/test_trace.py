"""Lifecycle laws over exchanges: true stories pass, each way of lying is caught at its place."""

import json
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.contract import Contract
from understudy.contracts.errors import DocumentError
from understudy.contracts.exchange import Exchange, Headers, Request, Response
from understudy.contracts.lifecycle import Lifecycle, load_lifecycles
from understudy.contracts.violation import Violation

KEY = Headers([("x-api-key", "k"), ("content-type", "application/json")])
JOBS: dict[str, Any] = {
    "lifecycles": {
        "job": {
            "status": "status",
            "initial": "waiting",
            "stages": [{"status": "waiting"}, {"status": "working"}, {"status": "storing"}],
            "terminal": ["ready", "failed"],
            "success": "ready",
            "failure": {"status": "failed", "from": ["working"]},
            "transitions": {
                "waiting": ["working"],
                "working": ["storing", "failed"],
                "storing": ["ready"],
                "ready": [],
                "failed": [],
            },
            "progress": {"field": "percent"},
        }
    }
}


def operation(name: str, **more: Any) -> dict[str, Any]:
    """An operation without more rules than its place."""
    return {"operationId": name, "responses": {"default": {"description": "x"}}, **more}


ID = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example/v1"}],
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}
    },
    "security": [{"key": []}],
    "x-resources": {
        "jobs": {
            "schema": "#/x",
            "id": {"field": "job_id", "form": "uuid"},
            "created": "made",
            "updated": "changed",
            "lifecycle": "job",
        }
    },
    "paths": {
        "/shops/{id}": {"delete": operation("close-shop", parameters=ID)},
        "/jobs": {
            "post": operation(
                "create-job",
                requestBody={"content": {"application/json": {"schema": {}}}},
                **{"x-resource": {"name": "jobs", "action": "create"}},
            ),
            "get": operation(
                "list-jobs",
                **{
                    "x-resource": {"name": "jobs", "action": "list"},
                    "x-paging": {"style": "page-number", "items": "data"},
                },
            ),
        },
        "/jobs/{id}": {
            "get": operation(
                "read-job",
                parameters=ID,
                **{"x-resource": {"name": "jobs", "action": "read", "id": "id"}},
            ),
            "delete": operation(
                "delete-job",
                parameters=ID,
                **{"x-resource": {"name": "jobs", "action": "delete", "id": "id"}},
            ),
        },
        "/jobs/{id}/again": {
            "post": operation(
                "again",
                parameters=ID,
                **{
                    "x-traces": [
                        {
                            "lifecycle": "job",
                            "act": "restart",
                            "status": "/status",
                            "progress": "/percent",
                            "asked": "$request.path.id",
                        }
                    ]
                },
            )
        },
        "/jobs/{id}/pages/{page}": {
            "get": operation(
                "page",
                parameters=[*ID, {**ID[0], "name": "page"}],
                **{
                    "x-traces": [
                        {
                            "lifecycle": "job",
                            "act": "part",
                            "status": "/status",
                            "asked": ["$request.path.id", "$request.path.page"],
                        }
                    ]
                },
            )
        },
        "/stop": {
            "post": operation(
                "stop",
                requestBody={"content": {"application/json": {"schema": {}}}},
                **{
                    "x-traces": [
                        {"lifecycle": "job", "act": "delete", "asked": "$request.body#/ids"}
                    ]
                },
            )
        },
    },
}


@pytest.fixture(scope="module")
def shop() -> Contract:
    """A contract whose jobs have a lifecycle."""
    return Contract.load(SHOP)


@pytest.fixture(scope="module")
def jobs() -> Mapping[str, Lifecycle]:
    """That lifecycle."""
    return load_lifecycles(JOBS)


def said(line: str, answer: Any = None, *, status: int = 200, body: Any = None) -> Exchange:
    """An exchange from `METHOD /path` to its JSON answer."""
    method, path = line.split()
    content = b"" if answer is None else json.dumps(answer).encode()
    asked = b"" if body is None else json.dumps(body).encode()
    kind = Headers([("content-type", "application/json")])
    return Exchange(Request(method, path, "", KEY, asked), Response(status, kind, content))


def job(status: str, **more: Any) -> dict[str, Any]:
    """A job as its reading shows it."""
    return {"job_id": "j", "status": status, **more}


def looks(*statuses: str) -> list[Exchange]:
    """Readings of the job, one for each status."""
    return [said("GET /jobs/j", job(status)) for status in statuses]


MADE = said("POST /jobs", {"job_id": "j"}, body={"shop_id": "s"})
GONE = said("GET /jobs/j", {}, status=404)

TRUE_STORIES = {
    "every status in order": [MADE, *looks("waiting", "working", "storing", "ready", "ready")],
    "statuses between two looks are not seen": [MADE, *looks("waiting", "ready")],
    "a failure": [MADE, *looks("working", "failed")],
    "deleted, then gone": [MADE, said("DELETE /jobs/j", status=204), GONE],
    "gone with what it belonged to": [MADE, said("DELETE /shops/s", status=204), GONE],
    "stopped in a batch": [MADE, said("POST /stop", {}, body={"ids": ["j"]}), GONE],
    "never made, never found": [GONE],
    "two jobs": [*looks("ready"), said("GET /jobs/k", {"job_id": "k", "status": "waiting"})],
    "a percentage that rises": [
        said("GET /jobs/j", job("working", percent=percent)) for percent in (0, "12.5%", 99)
    ],
    "seen in a list": [MADE, said("GET /jobs", {"data": [job("waiting")]}), *looks("working")],
    "refusals say nothing": [MADE, said("GET /jobs/j", {"status": "odd"}, status=500)],
    "begun anew": [
        *(
            said("GET /jobs/j", job("ready", percent=100)),
            said("POST /jobs/j/again", job("waiting")),
        ),
        said("GET /jobs/j", job("working", percent=10)),
    ],
    "begun anew without a word": [
        *(*looks("failed"), said("POST /jobs/j/again", {}), *looks("waiting")),
    ],
    "a part that is no more": [
        said("GET /jobs/j/pages/1", {"status": "ready"}),
        said("GET /jobs/j/pages/2", {"status": "waiting"}),
        said("GET /jobs/j/pages/1", {}, status=404),
        said("GET /jobs/j/pages/1", {"status": "ready"}),
    ],
    "a whole URL": [said("GET /v1/jobs/j", job("ready"))],
}


@pytest.mark.parametrize("story", TRUE_STORIES)
def test_trace__is_silent_about_true_stories(
    story: str, shop: Contract, jobs: Mapping[str, Lifecycle]
) -> None:
    """What a lifecycle allows is no violation."""
    assert shop.trace(TRUE_STORIES[story], jobs) == []


LIES = {
    "undeclared status": ([*looks("sleeping")], "/status", "sleeping", "one of waiting"),
    "back": ([*looks("storing", "working")], "/status", "working", "can follow 'storing'"),
    "an illegal move": ([*looks("storing", "failed")], "/status", "failed", "(ready)"),
    "an end that ends": ([*looks("ready", "working")], "/status", "working", "to stay"),
    "another end": ([*looks("ready", "failed")], "/status", "failed", "'ready', which is an end"),
    "a status that is no text": ([said("GET /jobs/j", {"job_id": "j", "status": 3})],
        "/status", 3, "one of waiting"),
    "a restart that did not begin": (
        [*looks("ready"), said("POST /jobs/j/again", job("working"))], "/status", "working", "to"),
    "a part that goes back": ([said("GET /jobs/j/pages/1", job(s)) for s in ("ready", "working")],
        "/status", "working", "to stay"),
    "in a list": ([*looks("ready"), said("GET /jobs", {"data": [{}, job("working")]})],
        "/data/1/status", "working", "to stay"),
    "a percentage that falls": ([said("GET /jobs/j", job("working", percent=p)) for p in (9, 8)],
        "/percent", 8, "at least 9"),
    "a percentage of 101": ([said("GET /jobs/j", job("working", percent=101))],
        "/percent", 101, "from 0 to 100"),
    "changed before it was made": ([said("GET /jobs/j", job(
        "ready", made="2025-01-02T00:00:00Z", changed="2025-01-01T00:00:00Z"))],
        "", "2025-01-01T00:00:00Z", "after the creation"),
    "changes that go back": ([said("GET /jobs/j", job("ready", changed=at)) for at in (200, 100)],
        "", 100, "no earlier"),
    "made twice": ([said("GET /jobs/j", job("ready", made=at)) for at in (1, 2)],
        "", 2, "creation time of earlier"),
    "an id made twice": ([MADE, MADE], "", "j", "no task had before"),
    "another id than asked for": ([said("GET /jobs/k", job("ready"))], "", "j", "'k'"),
    "another owner": ([said("GET /jobs/j", job("ready", film_id=film)) for film in "ab"],
        "/film_id", "b", "'a', as in earlier"),
    "another owner than asked for": (
        [MADE, said("GET /jobs/j", job("waiting", shop_id="t"))], "/shop_id", "t", "'s'"),
    "lost": ([MADE, GONE], "", "j", "to be found"),
    "alive after its deletion": (
        [MADE, said("DELETE /jobs/j", status=204), *looks("ready")], "", "j", "after its deletion"),
    "alive after a batch": (
        [MADE, said("POST /stop", {}, body={"ids": ["j"]}), *looks("ready")],
        "", "j", "after its deletion"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_trace__catches(lie: str, shop: Contract, jobs: Mapping[str, Lifecycle]) -> None:
    """One violation, in the last exchange, with the place, the value and what was expected."""
    story, pointer, value, expected = LIES[lie]
    [found] = shop.trace(story, jobs)
    assert (found.where, found.pointer, found.value) == ("lifecycle", pointer, value)
    assert expected in found.expected


def test_violation__names_the_line_of_the_lifecycle() -> None:
    """The source is the line of the transitions that forbid the move."""
    contract = Contract.load("twelvelabs/v1.3-2025")
    base = {"_id": "t", "video_id": "v", "index_id": "i", "created_at": "2025-07-01T00:00:00Z"}
    exchanges = [
        said("GET /v1.3/tasks/t", {**base, "status": status}) for status in ("ready", "indexing")
    ]
    [found] = contract.trace(exchanges)
    assert isinstance(found, Violation)
    file, _, line = found.source.rpartition(":")
    assert file == "specs/twelvelabs/lifecycles.yaml"
    text = load_text()
    assert text.splitlines()[int(line) - 1].strip() == "ready: []"


def load_text() -> str:
    """The shipped file of Twelve Labs' lifecycles."""
    return (files("understudy.specs") / "twelvelabs" / "lifecycles.yaml").read_text("utf-8")


@given(st.lists(st.sampled_from(["waiting", "working", "storing", "ready", "failed"]), max_size=6))
def test_trace__of_any_statuses(shown: list[str]) -> None:
    """It is silent exactly when each status is the one before or can follow it."""
    life = load_lifecycles(JOBS)["job"]
    legal = all(life.reachable(before, after) for before, after in pairwise(shown))
    found = Contract.load(SHOP).trace(looks(*shown), {"job": life})
    assert (found == []) == legal


@pytest.mark.parametrize(
    ("traces", "problem"),
    [
        ("job", "expected a list"),
        ([{"lifecycle": "jo"}], "there is no lifecycle 'jo'; there are job"),
        ([{"lifecycle": "job", "acts": "read"}], "unknown key 'acts'"),
        ([{"lifecycle": "job", "act": "look"}], "act is 'look'"),
        ([{"lifecycle": "job", "asked": "id"}], "'id' is no runtime expression"),
    ],
)
def test_traces__amiss_are_refused(
    traces: Any, problem: str, jobs: Mapping[str, Lifecycle]
) -> None:
    """A wrong `x-traces` is an error that names it."""
    paths = {"/a": {"get": operation("a", **{"x-traces": traces})}}
    with pytest.raises(DocumentError, match=problem):
        Contract.load({**SHOP, "paths": paths}).trace([], jobs)
