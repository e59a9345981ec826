"""Analysis tasks: what is asked now and answered later, once a worker has come to it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate import tokens
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.twelvelabs.analyses import batch
from understudy.mocks.providers.twelvelabs.analyses.answer import TRUNCATED
from understudy.mocks.providers.twelvelabs.analyses.order import (
    GENERAL,
    SEGMENTED,
    Order,
    cut,
    order_of,
    shown,
)
from understudy.mocks.providers.twelvelabs.analyses.segments import Lengths
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.webhooks import announce, notices
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import found, prepared
from understudy.mocks.store import Resource
from understudy.mocks.task import Outcome, Plan, Task
from understudy.mocks.tenant import Tenant

KIND = batch.TASKS
LIFECYCLE = "analyze-task"
ENDS = ("ready", "failed", "canceled")
TOO_MUCH = (
    "The segments have more tokens than max_tokens allows, and no part of a result is kept. Allow"
    " more of them, or ask for fewer definitions, fewer fields or longer segments."
)


def create_task(call: Call) -> Answer:
    """Queues a task; a repeated call with the same key is answered with the first one's task."""
    key, digest = call.request.headers.get("idempotency-key") or "", _digest(call.reading.body)
    before = call.collection(KIND).first({"idempotency_key": key}) if key else None
    if before is not None:
        if before.hidden["body"] != digest:
            message = f"the Idempotency-Key {key!r:.80} came before, with another body"
            raise refuse("parameter_invalid", message)
        return _created(before)
    body = call.body
    mode = text(body.get("analysis_mode"), GENERAL)
    order = order_of(call, body, mode, text(body.get("model_name"), "pegasus1.5"))
    if order.overlong:
        raise refuse("video_duration_too_long", order.overlong)
    task = made(call, order, body, None)
    if key:
        task.fields["idempotency_key"], task.hidden["body"] = key, digest
    begin(call, task, plan_of(call, order))
    return _created(task)


def _created(task: Resource) -> Answer:
    return Answer(202, {"task_id": task.id, "status": task.fields["status"]})


def made(call: Call, order: Order, body: Mapping[str, Json], batch_id: str | None) -> Resource:
    """A task for an order, not yet stored; `body` is what was asked, in the form of a task."""
    fields: dict[str, Json] = {
        "custom_id": body.get("custom_id"),
        "status": "queued",
        "request_params": shown(body, order.mode),
    }
    if batch_id is not None:
        fields["batch_id"] = batch_id
    if "video" in body:
        source = {**mapping(body["video"])}
        source.pop("base64_string", None)
        fields["video_source"] = {**source, "system_metadata": {"duration": order.medium.duration}}
    task = prepared(call, call.edition.cast.kinds[KIND], fields, None)
    task.hidden["medium"] = kept(order.medium)
    task.hidden["order"] = {
        "window": list(order.window),
        "images": order.images,
        "prompt": order.prompt,
        "most": order.most,
        "lengths": [order.lengths.least, order.lengths.most],
    }
    task.hidden["generation"] = call.tenant.ids.uuid()
    return task


def plan_of(call: Call, order: Order, wait: float = 0.0) -> Plan:
    """How a task for an order goes on, after so many seconds more in the queue."""
    lifecycle = call.provider.lifecycles[LIFECYCLE]
    outcome = ending(order.medium, lifecycle)
    if order.overlong:
        outcome = Outcome("failed", reason=order.overlong, code="video_duration_too_long")
    elif outcome == Outcome() and order.mode == SEGMENTED and order.exceeds(order.data(call.seed)):
        outcome = Outcome("failed", reason=TOO_MUCH)
    start, end = order.window
    speed = call.tenant.clock.speed
    plan = Plan.of(lifecycle, end - start, speed=speed, outcome=outcome)
    first, *rest = plan.seconds
    return replace(plan, seconds=(first + wait / speed, *rest))


def begin(call: Call, task: Resource, plan: Plan) -> None:
    """Stores a task and lets it go on its way."""
    tasks = call.collection(KIND)
    call.collection(batch.KIND)
    Task.begin(
        tasks.add(task),
        plan,
        collection=tasks,
        agenda=call.tenant.agenda,
        on_enter=partial(entered, call.tenant),
    )


def cancel_task(call: Call) -> Answer:
    """Ends a task that has not ended; one that was canceled before stays so."""
    task = found(call, call.edition.cast.kinds[KIND], call.path("task_id"))
    owner, status = text(task.fields.get("batch_id")), text(task.fields["status"])
    if owner:
        message = f"task {task.id} belongs to the batch {owner}; cancel the batch"
        raise refuse("forbidden", message, status=403)
    if status in ("ready", "failed"):
        message = f"task {task.id} is {status}; only what has not ended can be canceled"
        raise Refusal(Reason.CONFLICT, message)
    if status != "canceled" and task.task is not None:
        task.task.end("canceled", call.now)
    return Answer(200, {"task_id": task.id, "status": "canceled"})


def delete_task(call: Call) -> Answer:
    """Removes a task that is not being processed and belongs to no batch."""
    task = found(call, call.edition.cast.kinds[KIND], call.path("task_id"))
    if task.fields["status"] == "processing":
        message = f"task {task.id} is being processed; cancel it or wait until it has ended"
        raise Refusal(Reason.CONFLICT, message)
    owner = text(task.fields.get("batch_id"))
    if owner:
        message = f"task {task.id} belongs to the batch {owner}; delete the batch"
        raise Refusal(Reason.CONFLICT, message)
    call.collection(KIND).remove(task)
    return nothing()


def entered(tenant: Tenant, task: Resource, status: str, at: float) -> None:
    """When a task has ended it says when and why, and whoever is registered is told."""
    if status in ENDS:
        changes: dict[str, Json] = {"completed_at": stamp(at)}
        if status != "ready" and task.task is not None:
            changes["error"] = _condition(task.task)
        tenant.collection("twelvelabs", KIND).change(task, changes)
    if "batch_id" in task.fields:
        batch.moved(tenant, task, at)
    elif status in ENDS:
        announce(tenant, f"analyze.task.{status}", _told(task), about=task.id, at=at)


def viewed(call: Call, task: Resource) -> Mapping[str, Json]:
    """What is known of a task beside its fields: its result, and who was told of it."""
    told: dict[str, Json] = {}
    if task.fields["status"] == "ready":
        told["result"], warning = result_of(call, task)
        if warning:
            told["error"] = {"message": warning}
    delivered = notices(call.tenant, task.id)
    if delivered:
        told["webhooks"] = delivered
    if call.operation.id == "list-analysis-tasks":
        told["request_params"] = cut(mapping(task.fields["request_params"]))
    return told


def result_of(call: Call, task: Resource) -> tuple[dict[str, Json], str]:
    """What came of a task that is ready, and in what it falls short; empty where in nothing."""
    order = _kept_order(task)
    data = order.data(call.seed)
    short = order.exceeds(data)
    if short:
        data = tokens.head(data, order.most or 0)
    usage: Json = {"output_tokens": tokens.count(data), "input_tokens": order.read()}
    result: dict[str, Json] = {
        "generation_id": task.hidden["generation"],
        "data": data,
        "finish_reason": "length" if short else "stop",
        "usage": usage,
    }
    return result, TRUNCATED if short else ""


def _kept_order(task: Resource) -> Order:
    told, parameters = mapping(task.hidden["order"]), mapping(task.fields["request_params"])
    start, end = cast("list[float]", told["window"])
    least, most = cast("list[float]", told["lengths"])
    return Order(
        known(task.hidden),
        (start, end),
        cast(int, told["images"]),
        text(told["prompt"]),
        text(parameters["analysis_mode"]),
        mapping(parameters.get("response_format")),
        cast("int | None", told["most"]),
        Lengths(least, most),
    )


def _told(task: Resource) -> dict[str, Json]:
    """What a webhook says of a task that has ended: a failure's reason, no cancellation's."""
    names = ("custom_id", "status", "created_at", "video_source")
    told = {name: task.fields[name] for name in names if name in task.fields}
    if task.fields["status"] == "failed":
        told["error"] = {"message": mapping(task.fields["error"])["message"]}
    return {"id": task.id, **told}


def _condition(task: Task) -> dict[str, Json]:
    code: dict[str, Json] = {"code": task.code} if task.code else {}
    return {**code, "message": task.reason}


def _digest(body: Json) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
