"""Stored resources as v1.2 shows them, where that differs from v1.3."""

import math
from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import known
from understudy.mocks.kind import mapping
from understudy.mocks.providers.twelvelabs.streams import streamed
from understudy.mocks.store import Resource
from understudy.mocks.task import Task


def task(call: Call, resource: Resource) -> Mapping[str, Json]:
    """A task's metadata, and how far it is."""
    progress = _progress(resource.task, call.now) if resource.task is not None else {}
    return {
        **streamed(call, resource),
        "metadata": resource.fields["system_metadata"],
        **progress,
    }


def video(call: Call, resource: Resource) -> Mapping[str, Json]:
    """A video's metadata: what the service knows, and beside it what the user wrote down."""
    metadata: dict[str, Json] = {
        **mapping(resource.fields.get("user_metadata")),
        **mapping(resource.fields.get("system_metadata")),
    }
    title = resource.fields.get("video_title")
    if title is not None:
        metadata["video_title"] = title
    return {**streamed(call, resource), "metadata": metadata, "source": _source(resource)}


def _source(resource: Resource) -> Json:
    medium = known(resource.hidden)
    if medium.url:
        return {"type": "url", "name": medium.name, "url": medium.url}
    return {"type": "file", "name": medium.name}


def _progress(task: Task, now: float) -> dict[str, Json]:
    """When the task is to be ready, and its share of the way there; a failed one is nowhere."""
    plan = task.plan
    if task.finished and task.status != plan.lifecycle.success:
        return {}
    stages = plan.lifecycle.stages
    whole = math.fsum(stage.duration(plan.media_seconds) / plan.speed for stage in stages)
    share = task.progress(now)
    return {
        "estimated_time": stamp(task.resource.created + whole),
        "process": {
            "percentage": round(100 * share, 1),
            "remain_seconds": round((1.0 - share) * whole, 1),
        },
    }
