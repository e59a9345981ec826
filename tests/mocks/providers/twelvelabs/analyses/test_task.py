"""Analysis tasks: how they are asked for, shown, listed, canceled and deleted."""

import json
from typing import Any

import httpx2
import pytest
from analyses_stage import (
    LENGTH,
    PICTURE,
    URL,
    VIDEO,
    api_of,
    nested,
    new_asset,
    new_batch,
    new_task,
    shaped,
    task_of,
)
from junk import shown
from stage import NOBODY

from understudy.mocks import Fake

LONG_PROMPT = "Tell of everything that happens along the shore, and of who comes along."
SOURCE = {"name": "fox", "media_type": "image", "url": PICTURE}
SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}


def listed(api: httpx2.Client, **query: Any) -> list[dict[str, Any]]:
    """A page of tasks."""
    response = api.get("/analyze/tasks", params=query)
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"data", "page_info"}
    return list(response.json()["data"])


def finished(fake: Fake, api: httpx2.Client, **body: object) -> dict[str, Any]:
    """A task about the video when it is ready."""
    identity = new_task(api, **body)
    fake.clock.advance_to(identity, "ready")
    return task_of(api, identity)


def test_task__takes_its_way(fake: Fake, api: httpx2.Client) -> None:
    """queued, pending, processing, ready; only then are there a result and an end."""
    identity = new_task(api)
    for status in ("queued", "pending", "processing"):
        fake.clock.advance_to(identity, status)
        task = task_of(api, identity)
        assert task["status"] == status
        assert not {"result", "completed_at", "error"} & set(task)
    fake.clock.advance_to(identity, "ready")
    task = task_of(api, identity)
    assert task["completed_at"] > task["created_at"]
    result = task["result"]
    assert set(result) == {"generation_id", "data", "finish_reason", "usage"}
    assert result["finish_reason"] == "stop"
    assert task_of(api, identity) == task


def test_task__custom_id_is_always_there(fake: Fake, api: httpx2.Client) -> None:
    """Trap: the key is there even when nobody set it; "" is no name, and names may repeat."""
    assert task_of(api, new_task(api))["custom_id"] is None
    for _ in range(2):
        assert task_of(api, new_task(api, custom_id="clip-7_B"))["custom_id"] == "clip-7_B"
    for odd in ("", "a b", "é", "x" * 65, 7, None):
        body = {"video": VIDEO, "prompt": "Who?", "custom_id": odd}
        nested(api.post("/analyze/tasks", json=body), 400, "parameter_invalid")
    assert len(listed(api)) == 3


def test_task__repeated_with_its_key(fake: Fake, api: httpx2.Client) -> None:
    """The header Idempotency-Key makes one task of several calls; another body is refused."""
    body = {"video": VIDEO, "prompt": "Who?"}

    def post(key: str, **more: object) -> httpx2.Response:
        headers = {"Idempotency-Key": key}
        return api.post("/analyze/tasks", json={**body, **more}, headers=headers)

    first = post("a")
    fake.clock.advance_to(first.json(), "processing")
    again = post("a")
    assert again.status_code == 202
    assert again.json() == {"task_id": first.json()["task_id"], "status": "processing"}
    assert post("b").json()["task_id"] != first.json()["task_id"]
    nested(post("a", prompt="What?"), 400, "parameter_invalid")
    assert len(listed(api)) == 2
    with api_of(fake, "tlk_other") as other:
        other_made = other.post("/analyze/tasks", json=body, headers={"Idempotency-Key": "a"})
        assert other_made.json()["task_id"] != first.json()["task_id"]


def test_task__tells_what_was_asked(fake: Fake, api: httpx2.Client) -> None:
    """Everything that came, with what was filled in; a list cuts it short."""
    video = {"type": "asset_id", "asset_id": new_asset(fake, api)}
    format = shaped(SCHEMA)
    identity = new_task(
        api, video=video, prompt=LONG_PROMPT, response_format=format, start_time=2, end_time=9.5
    )
    task = task_of(api, identity)
    assert task["video_source"] == {**video, "system_metadata": {"duration": LENGTH}}
    assert task["request_params"] == {
        "analysis_mode": "general",
        "prompt": LONG_PROMPT,
        "response_format": format,
        "temperature": 0.2,
        "max_tokens": 4096,
        "start_time": 2,
        "end_time": 9.5,
    }
    (short,) = listed(api)
    assert short["request_params"]["prompt"] == LONG_PROMPT[:30]
    assert short["request_params"]["response_format"] == {"type": "json_schema"}


def test_task__structured_prompt_is_no_string(fake: Fake, api: httpx2.Client) -> None:
    """Trap: `prompt` is only ever a string; an object, as in batches, shows as prompt_v2."""
    prompt = {"input_text": f"{LONG_PROMPT} <@fox>", "media_sources": [SOURCE]}
    body = {"video": VIDEO, "prompt_v2": prompt}
    assert api.post("/analyze/tasks", json=body).status_code == 202
    new_batch(api, new_asset(fake, api), defaults={"prompt": prompt})
    for task in listed(api):
        told = task["request_params"]
        assert "prompt" not in told
        assert told["prompt_v2"] == {**prompt, "input_text": LONG_PROMPT[:30]}
        assert task_of(api, task["task_id"])["request_params"]["prompt_v2"] == prompt


def test_task__about_images(fake: Fake, api: httpx2.Client) -> None:
    """There is no video then, and what is shown of images leaves their bytes out."""
    images = [{"name": "fox", "url": PICTURE}]
    body = {"model_name": "pegasus1.6", "image": images, "prompt": "What is it?"}
    made = api.post("/analyze/tasks", json=body).json()
    fake.clock.advance_to(made, "ready")
    task = task_of(api, made["task_id"])
    assert "video_source" not in task
    assert task["request_params"]["image"] == [{**images[0], "media_type": "image"}]
    assert task["result"]["data"]


def test_task__shaped_and_cut(fake: Fake, api: httpx2.Client) -> None:
    """JSON of a schema comes as text; what goes beyond max_tokens is cut, with a warning."""
    task = finished(fake, api, response_format=shaped(SCHEMA))
    assert set(json.loads(task["result"]["data"])) == {"title"}
    many = {f"title_{each}": {"type": "string"} for each in range(120)}
    wide = {"type": "object", "properties": many, "required": list(many)}
    task = finished(fake, api, response_format=shaped(wide), max_tokens=512)
    assert task["result"]["finish_reason"] == "length"
    assert task["result"]["usage"]["output_tokens"] == 512
    assert set(task["error"]) == {"message"}


def test_task__same_question_same_answer(fake: Fake, api: httpx2.Client) -> None:
    """What comes of a task follows from the medium and the question, not from the task."""
    first, second = (finished(fake, api)["result"] for _ in range(2))
    assert first["data"] == second["data"]
    assert first["generation_id"] != second["generation_id"]


def test_task__fails(fake: Fake, api: httpx2.Client) -> None:
    """A video that cannot be read: an end, a message, and no result."""
    video = {"type": "url", "url": "https://media.example/understudy-fail.mp4"}
    identity = new_task(api, video=video)
    fake.clock.advance_to(identity, "failed")
    task = task_of(api, identity)
    assert "result" not in task
    assert task["error"]["message"]
    assert task["completed_at"]


@pytest.mark.parametrize("status", ["queued", "pending", "processing"])
def test_task__canceled(fake: Fake, api: httpx2.Client, status: str) -> None:
    """What has not ended can be canceled, and again: the reason stays, and so does the end."""
    identity = new_task(api)
    fake.clock.advance_to(identity, status)
    canceled = api.post(f"/analyze/tasks/{identity}/cancel")
    assert canceled.status_code == 200
    assert canceled.json() == {"task_id": identity, "status": "canceled"}
    task = task_of(api, identity)
    assert task["error"]["code"] == "user_canceled"
    fake.clock.advance(3600)
    assert api.post(f"/analyze/tasks/{identity}/cancel").status_code == 200
    assert task_of(api, identity) == task
    assert "result" not in task


def test_task__failed_cannot_be_canceled(fake: Fake, api: httpx2.Client) -> None:
    """A task that has failed stays so, with its reason."""
    identity = new_task(api)
    fake.decide(identity, "fail")
    fake.clock.advance_to(identity, "failed")
    before = task_of(api, identity)
    nested(api.post(f"/analyze/tasks/{identity}/cancel"), 409, "resource_conflict")
    assert task_of(api, identity) == before


def test_task__ended_cannot_be_canceled(fake: Fake, api: httpx2.Client) -> None:
    """A result is a result; a batch alone decides of its tasks."""
    identity = finished(fake, api)["task_id"]
    before = task_of(api, identity)
    nested(api.post(f"/analyze/tasks/{identity}/cancel"), 409, "resource_conflict")
    assert task_of(api, identity) == before
    owned = new_batch(api, new_asset(fake, api))["items"][0]["task_id"]
    nested(api.post(f"/analyze/tasks/{owned}/cancel"), 403, "forbidden")


def test_task__deleted_unless_processed(fake: Fake, api: httpx2.Client) -> None:
    """Trap: 409 while it is being processed; before and after it goes for good."""
    for status, code in (("queued", 204), ("pending", 204), ("processing", 409), ("ready", 204)):
        identity = new_task(api)
        fake.clock.advance_to(identity, status)
        assert api.delete(f"/analyze/tasks/{identity}").status_code == code, status
        found = api.get(f"/analyze/tasks/{identity}")
        assert found.status_code == (404 if code == 204 else 200)


def test_task__list(fake: Fake, api: httpx2.Client) -> None:
    """Newest first; by status, address, asset and mode; `data` and `page_info` past the end too."""
    asset = new_asset(fake, api)
    first = new_task(api)
    second = new_task(api, video={"type": "asset_id", "asset_id": asset})
    fake.clock.advance_to(second, "ready")
    third = new_task(api, video={"type": "url", "url": "https://media.example/dog.mp4"})
    for query, found in (
        ({}, [third, second, first]),
        ({"status": "ready"}, [second, first]),
        ({"status": "queued"}, [third]),
        ({"status": "canceled"}, []),
        ({"video_url": URL}, [first]),
        ({"asset_id": asset}, [second]),
        ({"analysis_mode": "general"}, [third, second, first]),
        ({"analysis_mode": "time_based_metadata"}, []),
        ({"page": 2, "page_limit": 2}, [first]),
        ({"page": 9}, []),
    ):
        assert [each["task_id"] for each in listed(api, **query)] == found, query


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"prompt": None}, "parameter_not_provided"),
        ({"prompt_v2": {"input_text": "Who?"}}, "parameter_invalid"),
        ({"max_tokens": 511}, "parameter_invalid"),
        ({"max_tokens": 98_305}, "parameter_invalid"),
        ({"max_tokens": "unlimited"}, "parameter_invalid"),
        ({"max_tokens": "many"}, "parameter_invalid"),
        ({"min_segment_duration": 4}, "parameter_invalid"),
        ({"max_segment_duration": 4}, "parameter_invalid"),
        ({"response_format": {"type": "json_schema"}}, "parameter_not_provided"),
        (
            {
                "response_format": {
                    "type": "segment_definitions",
                    "segment_definitions": [{"id": "a", "description": "A"}],
                }
            },
            "parameter_invalid",
        ),
        ({"video": {"type": "asset_id", "asset_id": NOBODY}}, "resource_not_exists"),
        ({"video": {"type": "asset_id", "asset_id": "walk"}}, "parameter_invalid"),
        ({"start_time": 5, "end_time": 5.5}, "parameter_invalid"),
        ({"analysis_mode": "quick"}, "parameter_invalid"),
    ],
)
def test_task__refused(
    fake: Fake, api: httpx2.Client, change: dict[str, object], code: str
) -> None:
    """What the general mode does not take, in the nested envelope; nothing is made of it."""
    body = {"video": VIDEO, "prompt": "Who?", **change}
    body = {name: held for name, held in body.items() if held is not None}
    before = shown(fake)
    nested(api.post("/analyze/tasks", json=body), 400, code)
    assert shown(fake) == before


@pytest.mark.parametrize(
    ("url", "window", "code"),
    [
        ("long.mp4?duration=7200", {}, ""),
        ("long.mp4?duration=7201", {}, "video_duration_too_long"),
        ("long.mp4?duration=14400", {"start_time": 7200}, ""),
        ("long.mp4?duration=14400", {"end_time": 7200.5}, "video_duration_too_long"),
        ("long.mp4?duration=14401", {"end_time": 60}, "video_duration_too_long"),
        ("long.m3u8?duration=7201", {"end_time": 60}, "video_duration_too_long"),
        ("short.mp4?duration=0.9", {}, "video_duration_too_short"),
    ],
)
def test_task__lengths(api: httpx2.Client, url: str, window: dict[str, float], code: str) -> None:
    """Two hours; four where a window of two is looked at, but not of a stream."""
    video = {"type": "url", "url": f"https://media.example/{url}"}
    response = api.post("/analyze/tasks", json={"video": video, "prompt": "Who?", **window})
    if code:
        nested(response, 400, code)
    else:
        assert response.status_code == 202


def test_task__others_see_nothing(fake: Fake, api: httpx2.Client) -> None:
    """Another account has no such task."""
    identity = new_task(api)
    with api_of(fake, "tlk_other") as other:
        assert listed(other) == []
        path = f"/analyze/tasks/{identity}"
        nested(other.get(path), 404, "resource_not_exists")
        nested(other.delete(path), 404, "resource_not_exists")
        nested(other.post(f"{path}/cancel"), 404, "resource_not_exists")


def test_task__goes_on_after_a_snapshot(fake: Fake, api: httpx2.Client) -> None:
    """What is restored in the middle ends as it would have."""
    identity = new_task(api)
    fake.clock.advance_to(identity, "processing")
    kept = fake.snapshot()
    fake.clock.advance_to(identity, "ready")
    ended = task_of(api, identity)
    fake.restore(kept)
    assert task_of(api, identity)["status"] == "processing"
    fake.clock.advance_to(identity, "ready")
    assert task_of(api, identity) == ended
    fake.restore(kept)
    assert api.post(f"/analyze/tasks/{identity}/cancel").status_code == 200
    assert task_of(api, identity)["error"]["code"] == "user_canceled"


def test_task__polled_on_a_port() -> None:
    """In `auto` time on the wire every status is told, in order."""
    with Fake("twelvelabs", time="auto") as fake:
        base = f"{fake.serve()}/twelvelabs/v1.3"
        with httpx2.Client(base_url=base, headers={"x-api-key": "tlk_test"}) as api:
            identity = new_task(api)
            seen = [task_of(api, identity)["status"] for _ in range(4)]
        assert seen == ["queued", "pending", "processing", "ready"]
