"""Batches: all of their tasks or none, counts that agree with them, ends of every kind."""

import json
from collections import Counter
from typing import Any

import httpx2
import pytest
from analyses_stage import (
    VIDEO,
    Body,
    api_of,
    nested,
    new_asset,
    new_batch,
    new_task,
    requests,
    shaped,
    task_of,
)
from junk import shown
from stage import NOBODY

from understudy.mocks import Fake
from understudy.mocks.task import Outcome

DAY = 24 * 3600.0
ITEM = ("queued", "processing", "ready", "failed", "canceled")


@pytest.fixture
def asset(fake: Fake, api: httpx2.Client) -> str:
    """A video that is ready."""
    return new_asset(fake, api)


def batch_of(api: httpx2.Client, identity: str) -> dict[str, Any]:
    """A batch as it is read, held against its own tasks."""
    response = api.get(f"/analyze/batches/{identity}")
    assert response.status_code == 200, response.text
    found = dict(response.json())
    tally = Counter(each["status"] for each in results(api, identity))
    assert {name: found[f"{name}_items"] for name in ITEM} == {name: tally[name] for name in ITEM}
    assert sum(tally.values()) == found["total_items"]
    return found


def results(api: httpx2.Client, identity: str) -> list[dict[str, Any]]:
    """The lines of a batch's results."""
    response = api.get(f"/analyze/batches/{identity}/results")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/jsonl"
    assert response.text.endswith("\n")
    return [json.loads(line) for line in response.text.splitlines()]


def stick(fake: Fake, identity: str) -> None:
    """Have a task never leave the status that it is in."""
    tenant, task = fake.clock.find(identity)
    task.replan(Outcome(at=task.status, stuck=True), tenant.clock.now())


def test_batch__takes_its_way(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """pending, processing, completed; every task has a result, and says which batch it is of."""
    made = new_batch(api, *[asset] * 6)
    identity = made["batch_id"]
    assert (made["status"], made["total_items"]) == ("pending", 6)
    assert {each["custom_id"] for each in made["items"]} == {None}
    assert batch_of(api, identity)["queued_items"] == 6
    fake.clock.advance_to(identity, "processing")
    begun = batch_of(api, identity)
    assert (begun["status"], begun["processing_items"] > 0) == ("processing", True)
    assert not {"completed_at", "canceled_at", "expired_at"} & set(begun)
    fake.clock.advance_to(identity, "completed")
    ended = batch_of(api, identity)
    assert (ended["status"], ended["ready_items"]) == ("completed", 6)
    tasks = [task_of(api, each["task_id"]) for each in made["items"]]
    assert ended["completed_at"] == max(each["completed_at"] for each in tasks)
    assert {each["batch_id"] for each in tasks} == {identity}
    assert [each["data"] for each in results(api, identity)] == [each["result"] for each in tasks]


def test_batch__knows_no_pending_items(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Trap: what is pending as a task is queued in its batch."""
    made = new_batch(api, asset)
    task = made["items"][0]["task_id"]
    fake.clock.advance_to(task, "pending")
    assert task_of(api, task)["status"] == "pending"
    assert results(api, made["batch_id"])[0] == {
        "task_id": task,
        "custom_id": None,
        "status": "queued",
    }
    assert batch_of(api, made["batch_id"])["status"] == "pending"


def test_batch__completed_is_no_success(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Trap: a batch never fails; a window beyond two hours only fails its own task."""
    long = new_asset(fake, api, "https://media.example/long.mp4?duration=9000")
    made = new_batch(api, long, asset)
    identity = made["batch_id"]
    fake.clock.advance_to(identity, "completed")
    ended = batch_of(api, identity)
    assert (ended["failed_items"], ended["ready_items"]) == (1, 1)
    failed = results(api, identity)[0]
    assert set(failed) == {"task_id", "custom_id", "status", "error"}
    assert failed["error"]["code"] == "video_duration_too_long"


def test_batch__defaults_and_names(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """What a request says comes before the defaults, whole; names occur once in a batch."""
    video = {"type": "asset_id", "asset_id": asset}
    sent: list[Body] = [
        {"video": video, "custom_id": "a", "prompt": {"input_text": "What?"}, "max_tokens": 600},
        {"video": video, "custom_id": "b", "response_format": shaped({"type": "object"})},
        {"video": video},
    ]
    defaults = {"temperature": 0.5, "max_tokens": 700, "end_time": 9}
    made = new_batch(api, requests=sent, defaults=defaults)
    assert [each["custom_id"] for each in made["items"]] == ["a", "b", None]
    told = [task_of(api, each["task_id"])["request_params"] for each in made["items"]]
    assert [each["max_tokens"] for each in told] == [600, 700, 700]
    assert [each["prompt_v2"]["input_text"] for each in told][:2] == ["What?", "Who comes along?"]
    assert {(each["temperature"], each["end_time"]) for each in told} == {(0.5, 9)}
    twice = requests(requests=[sent[0], {**sent[1], "custom_id": "a"}])
    nested(api.post("/analyze/batches", json=twice), 400, "parameter_invalid")


def test_batch__segments(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Trap: batches know pegasus1.5 alone, and so neither time arrays nor unlimited tokens."""
    definition: Body = {"id": "dogs", "description": "A dog."}
    form = {"type": "segment_definitions", "segment_definitions": [definition]}
    body = {
        "model_name": "pegasus1.5",
        "analysis_mode": "time_based_metadata",
        "defaults": {"response_format": form},
        "requests": [{"video": {"type": "asset_id", "asset_id": asset}}],
    }
    made = api.post("/analyze/batches", json=body).json()
    fake.clock.advance_to(made["batch_id"], "completed")
    (line,) = results(api, made["batch_id"])
    assert json.loads(line["data"]["data"])["dogs"]
    events = {"type": "object", "fields": [{"name": "a", "type": "string", "description": "A."}]}
    field = {"name": "b", "type": "time_array", "description": "B.", "items": events}
    definition["fields"] = [field]
    assert "time_array" in nested(api.post("/analyze/batches", json=body), 400, "parameter_invalid")
    for change in ({"model_name": "pegasus1.6"}, {"defaults": {"max_tokens": "unlimited"}}):
        assert api.post("/analyze/batches", json={**body, **change}).status_code == 400


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"requests": []}, 400, "parameter_invalid"),
        ({"analysis_mode": None}, 400, "parameter_not_provided"),
        ({"model_name": "pegasus1.6"}, 400, "parameter_invalid"),
        ({"defaults": {"max_tokens": 100}}, 400, "parameter_invalid"),
        ({"defaults": {"start_time": 5, "end_time": 5.5}}, 400, "parameter_not_provided"),
        ({"start_time": 5, "end_time": 5.5}, 400, "parameter_invalid"),
        ({"asset": NOBODY}, 404, "resource_not_exists"),
        ({"asset": "walk"}, 400, "parameter_invalid"),
        ({"video": VIDEO}, 400, "parameter_not_provided"),
        ({"prompt": "Who?"}, 400, "parameter_invalid"),
    ],
)
def test_batch__all_or_nothing(
    fake: Fake, api: httpx2.Client, asset: str, change: Body, status: int, code: str
) -> None:
    """One bad request among good ones: nothing is made."""
    body = requests(asset, asset)
    if "asset" in change:
        body["requests"].append({"video": {"type": "asset_id", "asset_id": change["asset"]}})
    elif {"video", "prompt", "start_time"} & set(change):
        body["requests"].append({**body["requests"][0], **change})
    else:
        body = {name: held for name, held in {**body, **change}.items() if held is not None}
    before = shown(fake)
    nested(api.post("/analyze/batches", json=body), status, code)
    assert shown(fake) == before


def test_batch__asset_that_is_not_ready(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """409 here, where other calls say 400."""
    parts = {"method": (None, "url"), "url": (None, str(VIDEO["url"]))}
    fresh = api.post("/assets", files=parts).json()["_id"]
    before = shown(fake)
    response = api.post("/analyze/batches", json=requests(asset, fresh))
    assert "processing" in nested(response, 409, "resource_conflict")
    assert shown(fake) == before


def test_batch__too_many_hours(fake: Fake, api: httpx2.Client) -> None:
    """2,000 hours of video at most."""
    long = new_asset(fake, api, "https://media.example/long.mp4?duration=14400")
    window = {"defaults": {"end_time": 60}}
    refused = api.post("/analyze/batches", json=requests(*[long] * 501, **window))
    assert "2000 h" in nested(refused, 400, "parameter_invalid")
    new_batch(api, *[long] * 500, **window)


def test_batch__five_at_a_time(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """The sixth active batch is one too many; one that has ended makes room."""
    made = [new_batch(api, asset) for _ in range(5)]
    sixth = api.post("/analyze/batches", json=requests(asset))
    nested(sixth, 429, "too_many_requests")
    with api_of(fake, "tlk_other") as other:
        new_batch(other, new_asset(fake, other))
    api.post(f"/analyze/batches/{made[0]['batch_id']}/cancel")
    new_batch(api, asset)


def test_batch__canceled(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """What is queued is canceled at once, what is processed comes to its end, then the batch."""
    made = new_batch(api, *[asset] * 6)
    identity = made["batch_id"]
    fake.clock.advance_to(identity, "processing")
    running = batch_of(api, identity)["processing_items"]
    response = api.post(f"/analyze/batches/{identity}/cancel")
    assert response.status_code == 202
    assert response.json()["status"] == "canceling"
    canceling = batch_of(api, identity)
    assert (canceling["processing_items"], canceling["canceled_items"]) == (running, 6 - running)
    last = made["items"][-1]["task_id"]
    assert task_of(api, last)["error"]["code"] == "batch_canceled"
    assert set(results(api, identity)[-1]) == {"task_id", "custom_id", "status"}
    again = api.post(f"/analyze/batches/{identity}/cancel")
    assert (again.status_code, again.json()["status"]) == (202, "canceling")
    nested(api.delete(f"/analyze/batches/{identity}"), 409, "batch_not_terminal")
    fake.clock.advance_to(identity, "canceled")
    ended = batch_of(api, identity)
    assert ended["canceled_at"]
    assert (ended["ready_items"], ended["processing_items"]) == (running, 0)


def test_batch__canceled_before_it_began(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Nothing is processed, so it is canceled at once."""
    for status in ("queued", "pending"):
        made = new_batch(api, asset, asset)
        fake.clock.advance_to(made["items"][0]["task_id"], status)
        response = api.post(f"/analyze/batches/{made['batch_id']}/cancel")
        assert (response.status_code, response.json()["status"]) == (202, "canceled")
        assert batch_of(api, made["batch_id"])["canceled_items"] == 2


def test_batch__expires_after_a_day(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """What is queued then is canceled, what is processed has failed; each with its own code."""
    made = new_batch(api, *[asset] * 5)
    identity = made["batch_id"]
    first, *_, last = (each["task_id"] for each in made["items"])
    stick(fake, last)
    fake.clock.advance_to(first, "processing")
    stick(fake, first)
    fake.clock.advance(DAY / 2)
    assert batch_of(api, identity)["status"] == "processing"
    fake.clock.advance(DAY / 2)
    expired = batch_of(api, identity)
    assert expired["status"] == "expired"
    assert expired["expired_at"] == expired["expires_at"]
    assert (expired["ready_items"], expired["failed_items"], expired["canceled_items"]) == (3, 1, 1)
    assert task_of(api, first)["error"]["code"] == "batch_processing_timeout"
    assert task_of(api, last)["error"]["code"] == "batch_expired"


def test_batch__canceling_does_not_last_for_ever(
    fake: Fake, api: httpx2.Client, asset: str
) -> None:
    """A stuck task ends with the batch's day, and so the batch is canceled at last."""
    made = new_batch(api, asset)
    identity, task = made["batch_id"], made["items"][0]["task_id"]
    fake.clock.advance_to(task, "processing")
    stick(fake, task)
    api.post(f"/analyze/batches/{identity}/cancel")
    fake.clock.advance(DAY)
    ended = batch_of(api, identity)
    assert (ended["status"], ended["failed_items"]) == ("canceled", 1)


def test_batch__ended(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Trap: a batch that has ended says how when somebody cancels it; it can be deleted."""
    completed, canceled, expired = (new_batch(api, asset) for _ in range(3))
    stick(fake, expired["items"][0]["task_id"])
    api.post(f"/analyze/batches/{canceled['batch_id']}/cancel")
    fake.clock.advance(DAY)
    for made, status in ((completed, "completed"), (canceled, "canceled"), (expired, "expired")):
        path = f"/analyze/batches/{made['batch_id']}"
        assert batch_of(api, made["batch_id"])["status"] == status
        nested(api.post(f"{path}/cancel"), 409, f"batch_{status}")
        task = made["items"][0]["task_id"]
        nested(api.delete(f"/analyze/tasks/{task}"), 409, "resource_conflict")
        assert api.delete(path).status_code == 204
        for gone in (path, f"{path}/results", f"/analyze/tasks/{task}"):
            nested(api.get(gone), 404, "resource_not_exists")
    assert api.get("/analyze/batches").json()["data"] == []
    assert api.get("/analyze/tasks").json()["data"] == []


def test_batch__kept_for_a_month(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Results can be read for 30 days after the creation, and then are gone."""
    identity = new_batch(api, asset)["batch_id"]
    fake.clock.advance(30 * DAY - 1)
    assert results(api, identity)[0]["data"]
    fake.clock.advance(1)
    nested(api.get(f"/analyze/batches/{identity}/results"), 404, "resource_not_exists")
    assert api.get("/analyze/batches").json()["data"] == []


def test_batch__list(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Newest first, by statuses and modes; `data` and `page_info` past the end too."""
    first, second, third = (new_batch(api, asset)["batch_id"] for _ in range(3))
    api.post(f"/analyze/batches/{second}/cancel")
    for query, found in (
        ({}, [third, second, first]),
        ({"status": "pending"}, [third, first]),
        ({"status": ["canceled", "completed"]}, [second]),
        ({"analysis_mode": ["general"]}, [third, second, first]),
        ({"analysis_mode": "time_based_metadata"}, []),
        ({"page": 2, "page_limit": 2}, [first]),
        ({"page": 7}, []),
    ):
        page = api.get("/analyze/batches", params=query).json()
        assert [each["batch_id"] for each in page["data"]] == found, query
        assert set(page) == {"data", "page_info"}


def test_batch__goes_on_after_a_snapshot(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """In the middle of its way, and of its cancellation."""
    identity = new_batch(api, *[asset] * 6)["batch_id"]
    fake.clock.advance_to(identity, "processing")
    kept = fake.snapshot()
    fake.clock.advance_to(identity, "completed")
    ended = batch_of(api, identity)
    fake.restore(kept)
    fake.clock.advance_to(identity, "completed")
    assert batch_of(api, identity) == ended
    fake.restore(kept)
    api.post(f"/analyze/batches/{identity}/cancel")
    fake.restore(fake.snapshot())
    assert batch_of(api, identity)["status"] == "canceling"
    fake.clock.advance_to(identity, "canceled")
    assert batch_of(api, identity)["canceled_items"] > 0


def test_batch__its_own_tasks_move_it() -> None:
    """In `auto` time polls of the batch move its tasks; each of its statuses is told."""
    with Fake("twelvelabs", time="auto") as fake:
        base = f"{fake.serve()}/twelvelabs/v1.3"
        with httpx2.Client(base_url=base, headers={"x-api-key": "tlk_test"}) as api:
            parts = {"method": (None, "url"), "url": (None, str(VIDEO["url"]))}
            asset = api.post("/assets", files=parts).json()["_id"]
            while api.get(f"/assets/{asset}").json()["status"] != "ready":
                pass
            identity = new_batch(api, asset, asset)["batch_id"]
            path = f"/analyze/batches/{identity}"
            seen = [api.get(path).json()["status"] for _ in range(6)]
            page = api.get("/analyze/batches").json()["data"]
        assert list(dict.fromkeys(seen)) == ["pending", "processing", "completed"]
        assert page[0]["ready_items"] == 2


def test_batch__decided(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Whatever the control API decides of a batch or its tasks, the counts agree."""
    made = new_batch(api, asset, asset)
    fake.decide(made["items"][0]["task_id"], "fail", "No sound.")
    fake.clock.advance_to(made["batch_id"], "completed")
    ended = batch_of(api, made["batch_id"])
    assert (ended["failed_items"], ended["ready_items"]) == (1, 1)
    other = new_batch(api, asset, asset)["batch_id"]
    fake.decide(other, "fail")
    fake.clock.advance(DAY)
    assert batch_of(api, other)["status"] in ("expired", "completed")


def test_batch__decided_at_once(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """A batch that is to be completed now has its tasks completed."""
    identity = new_batch(api, asset, asset)["batch_id"]
    with httpx2.Client(transport=fake.transport(), base_url="http://127.0.0.1") as control:
        path = f"/_understudy/tasks/{identity}/outcome"
        told = control.post(path, json={"outcome": "ok", "now": True})
        assert told.status_code == 200, told.text
    ended = batch_of(api, identity)
    assert (ended["status"], ended["ready_items"]) == ("completed", 2)


def test_batch__alone_with_its_name(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """Tasks of their own stand beside those of batches in the list, without a batch."""
    new_task(api)
    made = new_batch(api, asset)
    tasks = api.get("/analyze/tasks").json()["data"]
    assert [each.get("batch_id") for each in tasks] == [made["batch_id"], None]


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"prompt_v2": {"input_text": "Who?"}}, "parameter_not_provided", "requests.1 has no pro"),
        ({"prompt": {"input_text": "<@fox>?"}}, "parameter_invalid", "requests.1: prompt.input"),
        (
            {"prompt": {"input_text": "Who?"}, "end_time": 99},
            "parameter_invalid",
            "requests.1: end_time is 99",
        ),
    ],
)
def test_batch__names_the_request(
    api: httpx2.Client, asset: str, more: Body, code: str, words: str
) -> None:
    """Among up to a thousand requests a refusal tells which, in the words of a batch.

    A batch knows no `prompt_v2`: its prompts are objects already.
    """
    video = {"video": {"type": "asset_id", "asset_id": asset}}
    sent = [{**video, "prompt": {"input_text": "Who?"}}, {**video, **more}]
    body = {"model_name": "pegasus1.5", "analysis_mode": "general", "requests": sent}
    assert words in nested(api.post("/analyze/batches", json=body), 400, code)


def test_batch__defaults_name_no_request(api: httpx2.Client, asset: str) -> None:
    """A custom_id among the defaults, which have none, is nobody's name."""
    made = new_batch(api, asset, asset, defaults={"custom_id": "all"})
    assert [each["custom_id"] for each in made["items"]] == [None, None]
