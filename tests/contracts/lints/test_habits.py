"""Each habit is told once, at the place where it shows; good habits are silent."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from shop import JOBS, SHOP, said

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Exchange
from understudy.contracts.lifecycle import load_lifecycles
from understudy.contracts.lints.habits import Habits
from understudy.contracts.lints.look import Warned
from understudy.contracts.operation import Reading
from understudy.contracts.trace.trace import Trace


def seen(exchanges: Iterable[Exchange]) -> tuple[list[Warned], Habits]:
    """Every warning that exchanges give rise to, each at the place of its number."""
    contract = Contract.load(SHOP)
    trace, habits = Trace(contract, load_lifecycles(JOBS)), Habits()
    warned: list[Warned] = []
    for number, exchange in enumerate(exchanges):
        reading = contract.read(exchange.request)
        assert isinstance(reading, Reading)
        shown = trace.shown(reading, exchange.response)
        warned.extend(habits.see(str(number), reading, exchange, shown))
    warned.extend(habits.end())
    return warned, habits


def job(status: str, name: str = "job-aaa", **more: Any) -> Mapping[str, Any]:
    """A job as its reading shows it."""
    return {"job_id": name, "status": status, **more}


def look(status: str, at: float, name: str = "job-aaa", **more: Any) -> Exchange:
    """One reading of a job."""
    return said(f"GET /jobs/{name}", job(status, name), at=at, **more)


MAKE = said("POST /jobs", {"job_id": "job-aaa"}, body={"shop_id": "shop-1"}, at=0.0)

GOOD = {
    "polls with pauses, stops at the end": [MAKE, look("waiting", 5), look("ready", 10)],
    "one look after the end": [MAKE, look("ready", 5), look("ready", 5.1)],
    "waits as asked": [
        look("waiting", 0, retry_after="5"), look("ready", 5)],
    "waits for the reset": [
        said("GET /jobs/job-aaa", {}, status=429, at=2e9, x_ratelimit_reset="2000000060"),
        look("ready", 2e9 + 60)],
    "another operation meanwhile": [
        said("GET /jobs", {"data": []}, at=0, retry_after="5"), look("ready", 1)],
    "two different jobs": [
        said("POST /jobs", {}, status=503, body={"a": 1}, at=0),
        said("POST /jobs", {"job_id": "job-bbb"}, body={"a": 2}, at=1),
        look("ready", 2, "job-bbb")],
    "the same after a clear refusal": [
        said("POST /jobs", {}, status=429, body={"a": 1}, at=0),
        said("POST /jobs", {"job_id": "job-aaa"}, body={"a": 1}, at=90), look("ready", 91)],
    "seen in a list": [MAKE, said("GET /jobs", {"data": [job("waiting")]}, at=1)],
    "deleted unread": [MAKE, said("DELETE /jobs/job-aaa", status=204, at=1)],
    "parallel tasks at their own times": [
        look("working", step * 5 + index, f"job-{index}") for step in range(9) for index in range(4)
    ],
}  # fmt: skip


@pytest.mark.parametrize("story", GOOD)
def test_habits__are_silent_about_good_ones(story: str) -> None:
    """No warning for what a careful client does."""
    assert seen(GOOD[story])[0] == []


BAD = {
    "faster than Retry-After": ([look("waiting", 0, retry_after="5"), look("ready", 2)],
        "1", "asked for 5 seconds, and the next call came after 2.00"),
    "ignored 429": ([
        said("GET /jobs/job-aaa", {}, status=429, at=0, retry_after="60"), look("ready", 1)],
        "1", "asked for 60 seconds"),
    "no deadline": ([look("working", 60 * minute) for minute in range(70)],
        "61", "over 61 minutes and has not ended"),
    "polls after the end": ([look("ready", step) for step in range(9)],
        "3", "read 3 times more"),
    "no jitter": ([look("working", step * 5 + index / 1000, f"job-{index}")
        for step in range(4) for index in range(3)], "8", "3 tasks are read at the same instants"),
    "created twice": ([
        said("POST /jobs", {}, status=504, body={"a": 1}, at=0),
        said("POST /jobs", {"job_id": "job-aaa"}, body={"a": 1}, at=9), look("ready", 10)],
        "1", "look for what it made"),
    "never fetched": ([MAKE], "0", "'job-aaa' (job) was made"),
    "read before ready": ([
        said("GET /jobs/job-aaa", job("working", video_id="film-aaa"), at=0),
        said("POST /stop", {}, status=409, body={"ids": [], "film": "film-aaa"}, at=1)],
        "1", "'film-aaa' was asked for while its task 'job-aaa' was 'working'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_habit__is_told_once(kind: str) -> None:
    """One warning of that kind, where it shows, with what would be better."""
    story, place, message = BAD[kind]
    [warned] = seen(story)[0]
    assert (warned.kind, warned.place) == (kind, place)
    assert message in warned.message


def test_deadline__without_times_is_a_number_of_looks() -> None:
    """Where a recording has no times, five hundred looks are too many."""
    story = [said("GET /jobs/job-aaa", job("working")) for _ in range(502)]
    assert [warned.kind for warned in seen(story)[0]] == ["no deadline"]


def test_usage__counts_what_the_vendor_would_bill() -> None:
    """Requests, tasks, refusals, and each medium's length once, however it is written."""
    length = {"system_metadata": {"duration": 90}}
    story = [
        MAKE,
        said("GET /jobs/job-aaa", {**job("ready"), **length}, at=1),
        said("GET /jobs/job-aaa", {**job("ready"), **length}, at=2),
        said("GET /jobs/job-bbb", {**job("ready", "job-bbb"), "duration": "30"}, at=3),
        said("GET /jobs/job-ccc", {}, status=429, at=4),
    ]
    _, habits = seen(story)
    assert habits.usage.sentence() == (
        "5 requests, 1 task, 2.0 minutes of media, 1 refused (1 for their rate)"
    )
