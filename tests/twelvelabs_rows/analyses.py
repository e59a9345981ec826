"""Analyses: at once, as tasks, and in batches."""

from collections.abc import Mapping

import httpx2
from analyses_stage import VIDEO, Body, new_asset, new_batch, new_task, requests
from stage import NOBODY, client_of
from twelvelabs_stage import KEY, Calls, Ids, Stage

from understudy.mocks import Fake

AT, TASKS, BATCHES = "/analyze", "/analyze/tasks", "/analyze/batches"
ASKED: Body = {"video": VIDEO, "prompt": "Who comes aboard?"}
ELSEWHERE = {"type": "asset_id", "asset_id": NOBODY}
ODD = {
    "type": "json_schema",
    "json_schema": {"type": "object", "properties": {"title": {"type": "string", "minLength": 1}}},
}


def asset(stage: Stage) -> str:
    """A video that is ready."""
    return stage.once("asset of an analysis", lambda s: new_asset(s.fake, s.api))


def task(stage: Stage) -> str:
    """The path of a task that is queued."""
    return stage.once("analysis", lambda s: f"{TASKS}/{new_task(s.api)}")


def processed(stage: Stage) -> str:
    """The path of a task that is being processed."""

    def made(s: Stage) -> str:
        identity = new_task(s.api)
        s.fake.clock.advance_to(identity, "processing")
        return f"{TASKS}/{identity}"

    return stage.once("processed", made)


def ready(stage: Stage) -> str:
    """The path of a task that is ready."""

    def made(s: Stage) -> str:
        identity = new_task(s.api)
        s.fake.clock.advance_to(identity, "ready")
        return f"{TASKS}/{identity}"

    return stage.once("ready", made)


def batch(stage: Stage) -> str:
    """The path of a batch that has not begun."""
    return stage.once("batch", lambda s: f"{BATCHES}/{new_batch(s.api, asset(s))['batch_id']}")


def completed(stage: Stage) -> str:
    """The path of a batch that is completed."""

    def made(s: Stage) -> str:
        identity = new_batch(s.api, asset(s))["batch_id"]
        s.fake.clock.advance_to(identity, "completed")
        return f"{BATCHES}/{identity}"

    return stage.once("completed", made)


def owned(stage: Stage) -> str:
    """The path of a task of a batch."""
    return f"{TASKS}/{new_batch(stage.api, asset(stage))['items'][0]['task_id']}"


def unready(stage: Stage) -> httpx2.Response:
    """Have an asset analyzed that is still on its way."""
    parts = {"method": (None, "url"), "url": (None, str(VIDEO["url"]))}
    identity = stage.api.post("/assets", files=parts).json()["_id"]
    return stage.post(BATCHES, **requests(identity))


def odd_batch(stage: Stage) -> httpx2.Response:
    """A batch whose schema has a keyword that is not supported."""
    return stage.post(BATCHES, **requests(asset(stage), defaults={"response_format": ODD}))


STATUSES: Mapping[str, Calls] = {
    "analyze-media": {
        200: lambda s: s.post(AT, **ASKED, stream=False),
        400: lambda s: s.post(AT, video=VIDEO),
        404: lambda s: s.post(AT, prompt="Who?", video=ELSEWHERE),
        422: lambda s: s.post(AT, **ASKED, response_format=ODD),
    },
    "list-analysis-tasks": {
        200: lambda s: s.get(TASKS, asset_id=asset(s)),
        400: lambda s: s.get(TASKS, status="asleep"),
    },
    "create-analysis-task": {
        202: lambda s: s.post(TASKS, **ASKED),
        400: lambda s: s.post(TASKS, video=ELSEWHERE, prompt="Who?"),
        422: lambda s: s.post(TASKS, **ASKED, response_format=ODD),
    },
    "retrieve-analysis-task": {
        200: lambda s: s.get(ready(s)),
        400: lambda s: s.get(f"{TASKS}/first"),
        404: lambda s: s.get(f"{TASKS}/{NOBODY}"),
    },
    "delete-analysis-task": {
        204: lambda s: s.api.delete(task(s)),
        400: lambda s: s.api.delete(f"{TASKS}/first"),
        404: lambda s: s.api.delete(f"{TASKS}/{NOBODY}"),
        409: lambda s: s.api.delete(processed(s)),
    },
    "cancel-analysis-task": {
        200: lambda s: s.api.post(f"{processed(s)}/cancel"),
        400: lambda s: s.api.post(f"{TASKS}/first/cancel"),
        403: lambda s: s.api.post(f"{owned(s)}/cancel"),
        404: lambda s: s.api.post(f"{TASKS}/{NOBODY}/cancel"),
        409: lambda s: s.api.post(f"{ready(s)}/cancel"),
    },
    "list-analysis-batches": {
        200: lambda s: s.get(BATCHES, status=batch(s) and "pending"),
        400: lambda s: s.get(BATCHES, status="asleep"),
    },
    "create-analysis-batch": {
        201: lambda s: s.post(BATCHES, **requests(asset(s), asset(s))),
        400: lambda s: s.post(BATCHES, **requests()),
        404: lambda s: s.post(BATCHES, **requests(asset(s), NOBODY)),
        409: unready,
        422: odd_batch,
    },
    "retrieve-analysis-batch": {
        200: lambda s: s.get(batch(s)),
        400: lambda s: s.get(f"{BATCHES}/first"),
        404: lambda s: s.get(f"{BATCHES}/{NOBODY}"),
    },
    "delete-analysis-batch": {
        204: lambda s: s.api.delete(completed(s)),
        400: lambda s: s.api.delete(f"{BATCHES}/first"),
        404: lambda s: s.api.delete(f"{BATCHES}/{NOBODY}"),
        409: lambda s: s.api.delete(batch(s)),
    },
    "cancel-analysis-batch": {
        202: lambda s: s.api.post(f"{batch(s)}/cancel"),
        400: lambda s: s.api.post(f"{BATCHES}/first/cancel"),
        404: lambda s: s.api.post(f"{BATCHES}/{NOBODY}/cancel"),
        409: lambda s: s.api.post(f"{completed(s)}/cancel"),
    },
    "retrieve-analysis-batch-results": {
        200: lambda s: s.get(f"{completed(s)}/results"),
        400: lambda s: s.get(f"{BATCHES}/first/results"),
        404: lambda s: s.get(f"{BATCHES}/{NOBODY}/results"),
    },
}


def stock(fake: Fake) -> Ids:
    """A task and a batch that have not begun."""
    with client_of(fake, KEY) as api:
        made = new_batch(api, new_asset(fake, api))
        return {"task_id@/analyze/tasks": new_task(api), "batch_id": made["batch_id"]}
