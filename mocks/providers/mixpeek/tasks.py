"""Tasks: an ingestion on its way, and what happens when it gets somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import text
from understudy.mocks.polling import polled
from understudy.mocks.providers.mixpeek.errors import unknown
from understudy.mocks.providers.mixpeek.parts import features_for
from understudy.mocks.providers.mixpeek.scope import scope
from understudy.mocks.resource import prepared
from understudy.mocks.store import Collection, Resource
from understudy.mocks.tenant import Tenant

NAME = "mixpeek"


@dataclass(frozen=True, slots=True)
class Works:
    """Where a task writes: the stored tasks, assets and features."""

    tasks: Collection
    assets: Collection
    features: Collection

    @classmethod
    def of(cls, tenant: Tenant) -> "Works":
        """Those of a tenant."""
        return cls(*(tenant.collection(NAME, kind) for kind in ("tasks", "assets", "features")))


def read_task(call: Call) -> Answer:
    """One task as it is now."""
    task = _found(call)
    with polled(call, [task]):
        return Answer(200, dict(task.fields))


def cancel_task(call: Call) -> Answer:
    """Ends a running task; one that has ended stays as it is."""
    resource = _found(call)
    task = resource.task
    if task is None or task.finished:
        status = text(resource.fields["status"])
        message = f"Task {resource.id} had ended already as {status}"
        return Answer(200, {"message": message, "task_id": resource.id, "status": status})
    task.end("CANCELLED", call.now)
    message = f"Task {resource.id} was cancelled"
    return Answer(200, {"message": message, "task_id": resource.id, "status": "CANCELLED"})


def deletion(call: Call, noun: str, name: str) -> Answer:
    """That a collection or a namespace has gone: for SDK 0.15 the task of it, over already."""
    fields: dict[str, Json] = {"status": "DONE", "asset_id": None, "inputs": [name], "outputs": []}
    task = prepared(call, call.edition.cast.kinds["tasks"], fields, scope(call))
    call.collection("tasks").add(task)
    message = f"{noun} {name} was deleted"
    shown = {"task_id": task.id, "status": "DONE", "inputs": [name], "outputs": []}
    return Answer(200, {"message": message, **shown})


def entered(tenant: Tenant, task: Resource, status: str, at: float) -> None:
    """What a task's status causes: its asset follows, and features appear at the end.

    A skipped task leaves the asset alone, which is the older one.
    """
    works = Works.of(tenant)
    asset = works.assets.get(text(task.fields["asset_id"]))
    reason = task.task.reason if task.task is not None else ""
    if status in ("DONE", "SKIPPED"):
        works.tasks.change(task, {"outputs": [task.fields["asset_id"]]})
    if status == "FAILED":
        works.tasks.change(task, {"error": reason})
    if asset is None or asset.fields["task_id"] != task.id:
        return
    changes: dict[str, Json] = {"status": status}
    if status == "PROCESSING":
        changes.update(_hashes(asset))
    if status == "FAILED":
        changes["error"] = reason
    if status == "DONE":
        if task.hidden["replaces"]:
            for old in works.features.page(where={"asset_id": asset.id}).items:
                works.features.remove(old)
        works.features.fill(features_for(task, asset, tenant.ids, at))
    works.assets.change(asset, changes, at=at)


def _hashes(asset: Resource) -> Mapping[str, Json]:
    """The hash of what was fetched, which is known from then on; a text has none (recorded)."""
    if asset.fields["modality"] == "text":
        return {}
    identity = asset.fields["identity"]
    return {"unique_hash": identity, "file_hash": identity}


def _found(call: Call) -> Resource:
    namespace = scope(call)
    identity = call.path("task_id")
    task = call.collection("tasks").get(identity)
    if task is None or task.parent != namespace:
        raise unknown(f"there is no task with the task_id {identity!r}")
    return task
