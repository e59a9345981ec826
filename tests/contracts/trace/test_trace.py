"""Lifecycle laws over exchanges: true stories pass, each way of lying is caught at its place."""

from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import JOBS, SHOP, job, looks, operation, said

from understudy.contracts.contract import Contract
from understudy.contracts.errors import DocumentError
from understudy.contracts.lifecycle import Lifecycle, load_lifecycles
from understudy.contracts.trace.trace import Trace
from understudy.contracts.violation import Violation


@pytest.fixture(scope="module")
def shop() -> Contract:
    """A contract whose jobs have a lifecycle."""
    return Contract.load(SHOP)


@pytest.fixture(scope="module")
def jobs() -> Mapping[str, Lifecycle]:
    """That lifecycle."""
    return load_lifecycles(JOBS)


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
    "not below another owner": [MADE, said("GET /shops/t/jobs/j", {}, status=404)],
    "gone with the owner that its path alone named": [
        said("GET /shops/s/jobs/j", job("ready")),
        *(said("DELETE /shops/s", status=204), said("GET /shops/s/jobs/j", {}, status=404)),
    ],
    "not below another owner than its path named": [
        said("GET /shops/s/jobs/j", job("ready")),
        said("GET /shops/t/jobs/j", {}, status=404),
    ],
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
    "begun anew with what it belongs to": [
        *(said("GET /jobs/k", {"job_id": "k", "status": "ready"}), *looks("failed")),
        said("POST /jobs/j/again", job("waiting")),
        said("GET /jobs/k", {"job_id": "k", "status": "working"}),
    ],
    "gone with what named it": [
        *(said("GET /jobs/k", {"job_id": "k", "status": "ready"}),),
        *(said("GET /jobs/j", job("ready", part_id="k")), said("DELETE /jobs/j", status=204)),
        said("GET /jobs/k", {}, status=404),
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
    "begun anew for no reason": ([
        said("GET /jobs/k", {"job_id": "k", "status": "ready"}), *looks("failed"),
        said("POST /jobs/j/again", job("waiting")),
        said("GET /jobs/k", {"job_id": "k", "status": "ready"}),
        said("GET /jobs/k", {"job_id": "k", "status": "working"})],
        "/status", "working", "which is an end"),
    "lost": ([MADE, GONE], "", "j", "to be found"),
    "lost after a DELETE that only takes a part": (
        [MADE, said("DELETE /jobs/j/parts", job("waiting")), GONE], "", "j", "to be found"),
    "lost by its owner": (
        [MADE, said("GET /shops/s/jobs/j", {}, status=404)], "", "j", "to be found"),
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


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"status": "ready"}, None),
        ({"id": "j"}, None),
        ("ready", None),
        ({"status": "waiting"}, "a status that can follow 'storing'"),
        ({"status": "odd"}, "one of waiting"),
        ({"status": "ready", "shop_id": "t"}, "'s', as in earlier replies"),
    ],
)
def test_webhook__agrees_with_what_was_seen(
    content: Any, expected: str | None, shop: Contract, jobs: Mapping[str, Lifecycle]
) -> None:
    """What a webhook says of a task is held against it like any other look."""
    trace = Trace(shop, jobs)
    for exchange in (MADE, *looks("storing")):
        assert trace.see(exchange) == []
    [(account, *_)] = list(trace._tracks)
    found = trace.told(account, "j", "job", content)
    assert [violation.operation for violation in found] == ["webhook job"] * (expected is not None)
    assert expected is None or expected in found[0].expected
    assert trace.told(account, "another", "job", {"status": "odd"}) == []
