"""Batches of analyses: many tasks made in one call, all of them or none."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import orjson

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.listing import Cut, cut
from understudy.mocks.polling import polled
from understudy.mocks.providers.twelvelabs.analyses import batch, tasks
from understudy.mocks.providers.twelvelabs.analyses.batch import DAY, KIND, TASKS, counts, members
from understudy.mocks.providers.twelvelabs.analyses.order import GENERAL, Order, order_of
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import picked
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import found, prepared
from understudy.mocks.store import Resource
from understudy.mocks.task import Plan, Task

MODEL = "pegasus1.5"
LIFECYCLE = "analyze-batch"
ACTIVE = ("pending", "processing", "canceling")
MOST_ACTIVE = 5
MOST_SECONDS = 2_000 * 3600.0
KEPT = 30 * DAY
SHARED = (
    "prompt",
    "response_format",
    "temperature",
    "max_tokens",
    "min_segment_duration",
    "max_segment_duration",
    "start_time",
    "end_time",
)
"""What a request may say, and the defaults for it (types of Python SDK 1.3.6)."""
AT_ONCE, TURN = 4, 30.0
"""How many tasks of a batch begin at the same time, and after how many seconds the next: ours."""


def create_batch(call: Call) -> Answer:
    """Queues a task for every request; nothing is kept of it where one of them is refused."""
    mode = text(call.body["analysis_mode"])
    bodies = [_item(call, mapping(each)) for each in elements(call.body["requests"])]
    _check_names(bodies)
    _check_assets(call, bodies)
    orders = [_ordered(call, number, body, mode) for number, body in enumerate(bodies)]
    seconds = sum(order.medium.duration for order in orders)
    if seconds > MOST_SECONDS:
        message = f"the videos last {seconds / 3600:g} h together; 2000 h are the limit"
        raise refuse("parameter_invalid", message)
    _check_active(call)
    made = _made(call, mode, len(orders))
    items = [
        tasks.made(call, order, body, made.id) for order, body in zip(orders, bodies, strict=True)
    ]
    _begin(call, made, items, orders)
    shown: list[Json] = [
        {"task_id": item.id, "custom_id": item.fields["custom_id"]} for item in items
    ]
    names = ("batch_id", "status", "total_items", "created_at", "expires_at")
    return Answer(201, {**{name: made.fields[name] for name in names}, "items": shown})


def list_batches(call: Call) -> Answer:
    """A page of batches, newest first; a look at one is a look at its tasks."""
    page = _page(call)
    watched = [task for each in page.items for task in _tasks(call, each)]
    with polled(call, watched) as moved:
        if moved:
            page = _page(call)
        shown: list[Json] = [_shown(call, each) for each in page.items]
    names = ("page", "limit_per_page", "total_page", "total_results")
    return Answer(200, {"data": shown, "page_info": {name: page.tally[name] for name in names}})


def read_batch(call: Call) -> Answer:
    """A batch, and how many of its tasks are where."""
    made = _found(call)
    with polled(call, _tasks(call, made)):
        return Answer(200, _shown(call, made))


def batch_results(call: Call) -> Answer:
    """A line for each request, with what has come of it."""
    made = _found(call)
    items = _tasks(call, made)
    with polled(call, items):
        lines = b"".join(orjson.dumps(_line(call, item)) + b"\n" for item in items)
    return Answer(200, None, "application/jsonl", raw=lines)


def cancel_batch(call: Call) -> Answer:
    """Asks a batch to end; one that has ended says so."""
    made = _found(call)
    status = text(made.fields["status"])
    if status not in ACTIVE:
        message = f"batch {made.id} is {status}; only one that has not ended can be canceled"
        raise refuse(f"batch_{status}", message, status=409)
    batch.cancel(call.tenant, made, call.now)
    return Answer(202, _shown(call, made))


def delete_batch(call: Call) -> Answer:
    """Removes a batch that has ended, and its tasks."""
    made = _found(call)
    status = text(made.fields["status"])
    if status in ACTIVE:
        message = f"batch {made.id} is {status}; cancel it or wait until it has ended"
        raise refuse("batch_not_terminal", message, status=409)
    _remove(call, made)
    return nothing()


def _item(call: Call, request: Mapping[str, Json]) -> Mapping[str, Json]:
    """A request over the defaults, in the form of a task's: its prompt is a structured one."""
    defaults = picked(mapping(call.body.get("defaults")), *SHARED)
    body = {**defaults, **picked(request, "video", "custom_id", *SHARED)}
    prompt = body.pop("prompt", None)
    return body if prompt is None else {**body, "prompt_v2": prompt}


def _ordered(call: Call, number: int, body: Mapping[str, Json], mode: str) -> Order:
    """The order of a request; what is wrong with it is told with its place and in its words."""
    place = f"requests.{number}"
    if mode == GENERAL and "prompt_v2" not in body:
        message = f"{place} has no prompt, and defaults has none for it"
        raise refuse("parameter_not_provided", message)
    try:
        return order_of(call, body, mode, MODEL)
    except Refusal as refusal:
        said = f"{place}: {refusal.message.replace('prompt_v2', 'prompt')}"
        raise Refusal(refusal.reason, said, status=refusal.status, code=refusal.code) from None


def _check_names(bodies: list[Mapping[str, Json]]) -> None:
    names = [text(body["custom_id"]) for body in bodies if "custom_id" in body]
    for number, name in enumerate(names):
        if name in names[:number]:
            message = f"requests.custom_id {name!r} occurs twice; it is unique within a batch"
            raise refuse("parameter_invalid", message)


def _check_assets(call: Call, bodies: list[Mapping[str, Json]]) -> None:
    """Every asset is known, else 404, and ready, else 409."""
    for number, body in enumerate(bodies):
        place = f"requests.{number}.video.asset_id"
        asset = named(call, "assets", place, text(mapping(body["video"])["asset_id"]))
        status = text(asset.fields.get("status"))
        if status != "ready":
            message = f"the asset {asset.id!r} of {place} is {status}, not ready"
            raise Refusal(Reason.CONFLICT, message)


def _check_active(call: Call) -> None:
    active = call.collection(KIND).page(where={"status": ACTIVE}, limit=0).total
    if active >= MOST_ACTIVE:
        message = f"{active} batches are active, the most at a time; wait until one has ended"
        raise refuse("too_many_requests", message, status=429)


def _made(call: Call, mode: str, total: int) -> Resource:
    fields: dict[str, Json] = {
        "analysis_mode": mode,
        "model_name": MODEL,
        "status": "pending",
        "total_items": total,
    }
    made = prepared(call, call.edition.cast.kinds[KIND], fields, None)
    made.fields["expires_at"] = stamp(made.created + DAY)
    return made


def _begin(call: Call, made: Resource, items: list[Resource], orders: list[Order]) -> None:
    """Stores a batch and lets its tasks go, a few at a time; what is left of a day is its own."""
    batches, lifecycle = call.collection(KIND), call.provider.lifecycles[LIFECYCLE]
    plan = replace(
        Plan.of(lifecycle),
        statuses=("pending", "expired"),
        seconds=(DAY, float("inf")),
        reason=lifecycle.failure().reason,
        code=lifecycle.failure().code,
    )
    enter = partial(batch.entered, call.tenant)
    agenda = call.tenant.agenda
    Task.begin(batches.add(made), plan, collection=batches, agenda=agenda, on_enter=enter)
    for number, (item, order) in enumerate(zip(items, orders, strict=True)):
        tasks.begin(call, item, tasks.plan_of(call, order, number // AT_ONCE * TURN))


def _found(call: Call) -> Resource:
    """The batch that the path names."""
    _purge(call)
    return found(call, call.edition.cast.kinds[KIND], call.path("batch_id"))


def _purge(call: Call) -> None:
    """Batches are deleted 30 days after their creation, and their tasks with them."""
    while (oldest := call.collection(KIND).first({})) is not None:
        if call.now < oldest.created + KEPT:
            return
        _remove(call, oldest)


def _remove(call: Call, made: Resource) -> None:
    for item in _tasks(call, made):
        call.collection(TASKS).remove(item)
    call.collection(KIND).remove(made)


def _page(call: Call) -> Cut:
    _purge(call)
    cast = call.edition.cast
    return cut(call, cast.kinds[KIND], cast.roles[call.operation.id])


def _tasks(call: Call, made: Resource) -> tuple[Resource, ...]:
    return members(call.collection(TASKS), made)


def _shown(call: Call, made: Resource) -> dict[str, Json]:
    return {**made.fields, **counts(call.collection(TASKS), made)}


def _line(call: Call, item: Resource) -> dict[str, Json]:
    status = text(item.fields["status"])
    line: dict[str, Json] = {
        "task_id": item.id,
        "custom_id": item.fields["custom_id"],
        "status": "queued" if status == "pending" else status,
    }
    if status == "ready":
        line["data"], _ = tasks.result_of(call, item)
    if status == "failed":
        line["error"] = item.fields["error"]
    return line
