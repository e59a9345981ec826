"""Indexing tasks: an upload that becomes a video of its index when the task is ready."""

from collections import Counter
from collections.abc import Mapping
from functools import partial

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import mapping, text
from understudy.mocks.polling import polled
from understudy.mocks.provider import Hook
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.indexes import has_family, need_marengo
from understudy.mocks.providers.twelvelabs.media import check_limits, sent_video
from understudy.mocks.providers.twelvelabs.metadata import parsed
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.providers.twelvelabs.webhooks import announce
from understudy.mocks.resource import found, new_id, prepared
from understudy.mocks.store import Resource
from understudy.mocks.task import Plan, Task
from understudy.mocks.tenant import Tenant


def create_task(call: Call) -> Answer:
    """Takes a video in; everything is checked before the task exists.

    While what was withdrawn is served, Pegasus indexes as in 2025; today only Marengo does.
    """
    index = named(call, "indexes", "index_id", call.field("index_id"))
    older = any(edition.retired for edition in call.provider.editions)
    if not older:
        need_marengo(index)
    medium = sent_video(call)
    check_limits(medium, pegasus=older and has_family(index, "pegasus"))
    metadata = parsed(call.field("user_metadata"))
    streamed = call.body.get("enable_video_stream") is not False
    return started(call, index, medium, metadata, streamed=streamed)


def started(
    call: Call,
    index: Resource,
    medium: Medium,
    metadata: Mapping[str, Json] | None,
    *,
    streamed: bool,
) -> Answer:
    """Starts the task of a medium that was checked; tells its id and that of the video to be."""
    video_id = str(new_id(call, call.edition.cast.kinds["videos"]))
    task = planned(call, index, medium, {"video_id": video_id}, metadata)
    if streamed:
        task.fields["hls"] = {"status": "PROCESSING", "updated_at": stamp(call.now)}
    begin(call, task, medium, "indexing-task", entered)
    return Answer(200, {"_id": task.id, "video_id": video_id})


def planned(
    call: Call,
    index: Resource,
    medium: Medium,
    ids: Mapping[str, Json],
    metadata: Mapping[str, Json] | None,
) -> Resource:
    """A task for a medium, not yet stored; `ids` holds the video's and, if given, the task's."""
    fields: dict[str, Json] = {
        **ids,
        "index_id": index.id,
        "system_metadata": {
            "filename": medium.name,
            "duration": medium.duration,
            "width": medium.width,
            "height": medium.height,
        },
    }
    task = prepared(call, call.edition.cast.kinds["tasks"], fields, index.id)
    kept_metadata = None if metadata is None else dict(metadata)
    task.hidden.update({"medium": kept(medium), "user_metadata": kept_metadata})
    return task


def begin(call: Call, task: Resource, medium: Medium, lifecycle: str, hook: Hook) -> Task:
    """Stores a task and starts it on its way; `hook` is the one of its lifecycle."""
    tasks = call.collection("tasks")
    call.collection("videos")
    tasks.add(task)
    plan = Plan.of(
        call.provider.lifecycles[lifecycle],
        medium.duration,
        speed=call.tenant.clock.speed,
        outcome=ending(medium, call.provider.lifecycles[lifecycle]),
    )
    enter = partial(hook, call.tenant)
    return Task.begin(task, plan, collection=tasks, agenda=call.tenant.agenda, on_enter=enter)


def delete_task(call: Call) -> Answer:
    """Removes a task that has ended; a ready one only after its video."""
    task = found(call, call.edition.cast.kinds["tasks"], call.path("task_id"))
    status = text(task.fields.get("status"))
    if status not in ("ready", "failed"):
        message = f"task {task.id} is {status}; only a ready or failed task can be deleted"
        raise refuse("task_cannot_be_deleted", message, status=409)
    video = text(task.fields.get("video_id"))
    if status == "ready" and video in call.collection("videos"):
        message = f"task {task.id} is ready and its video {video} exists; delete the video first"
        raise refuse("task_cannot_be_deleted", message, status=409)
    call.collection("tasks").remove(task)
    return nothing()


def count_tasks(call: Call) -> Answer:
    """How many of an index's tasks are in which status; old SDKs ask for it."""
    index = named(call, "indexes", "index_id", text(call.query("index_id")))
    members = call.collection("tasks").page(where={"parent": index.id})
    with polled(call, members.items):
        counts = Counter(text(task.fields.get("status")) for task in members.items)
    asked = ("ready", "validating", "pending", "failed")
    shown: dict[str, Json] = {status: counts[status] for status in asked}
    return Answer(200, {"index_id": index.id, **shown, "total_result": members.total})


def entered(tenant: Tenant, resource: Resource, status: str, at: float) -> None:
    """When a task enters a status, its video appears, or the reason of its failure."""
    tasks, videos = (tenant.collection("twelvelabs", kind) for kind in ("tasks", "videos"))
    if status == "ready":
        videos.add(_video(resource, at))
    if "hls" in resource.fields and status in ("ready", "failed"):
        state = "COMPLETE" if status == "ready" else "CANCELED"
        tasks.change(resource, {"hls.status": state, "hls.updated_at": stamp(at)})
    if status == "failed" and resource.task is not None:
        tasks.change(resource, {"error_reason": resource.task.reason})
    if status in ("ready", "failed"):
        told = {name: resource.fields[name] for name in ("status", "created_at")}
        announce(
            tenant, f"index.task.{status}", {"id": resource.id, **told}, about=resource.id, at=at
        )


def _video(task: Resource, at: float) -> Resource:
    medium = known(task.hidden)
    fields: dict[str, Json] = {
        "_id": task.fields["video_id"],
        "indexed_at": stamp(at),
        "system_metadata": {
            **mapping(task.fields["system_metadata"]),
            "fps": medium.fps,
            "size": medium.size,
        },
        "user_metadata": task.hidden["user_metadata"],
    }
    if "hls" in task.fields:
        hls = {**mapping(task.fields["hls"]), "status": "COMPLETE", "updated_at": stamp(at)}
        fields["hls"] = hls
    video = Resource("videos", text(task.fields["video_id"]), fields, at, task.parent)
    video.hidden["medium"] = task.hidden["medium"]
    return video
