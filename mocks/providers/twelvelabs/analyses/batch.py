"""A batch while it lasts: it moves as its tasks do, and gives up what has not ended in a day."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.clock import stamp
from understudy.mocks.kind import text
from understudy.mocks.store import Collection, Resource
from understudy.mocks.tenant import Tenant

KIND, TASKS = "analysis-batches", "analysis-tasks"
DAY = 24 * 3600.0
COUNTED: Mapping[str, tuple[str, ...]] = {
    "queued": ("queued", "pending"),
    "processing": ("processing",),
    "ready": ("ready",),
    "failed": ("failed",),
    "canceled": ("canceled",),
}
"""What a batch calls its tasks, by their own statuses; it knows no pending ones."""

RUNNING = ("queued", "pending", "processing")

CANCELED = "The task was canceled with its batch while it was queued."
EXPIRED = "The task was still queued when its batch expired."
TIMED_OUT = "The task was still being processed when the time of its batch was over."

_STAMPS = {"completed": "completed_at", "canceled": "canceled_at", "expired": "expired_at"}


def counts(tasks: Collection, batch: Resource) -> dict[str, Json]:
    """How many tasks of a batch are where."""
    return {
        f"{name}_items": tasks.page(where={"batch_id": batch.id, "status": statuses}, limit=0).total
        for name, statuses in COUNTED.items()
    }


def members(tasks: Collection, batch: Resource, *statuses: str) -> tuple[Resource, ...]:
    """The tasks of a batch in the order of its requests, in these statuses or in any."""
    where: dict[str, Json | tuple[Json, ...]] = {"batch_id": batch.id}
    if statuses:
        where["status"] = statuses
    return tasks.page(where=where).items


def moved(tenant: Tenant, task: Resource, at: float) -> None:
    """When a task moves, its batch may begin, be completed, or be canceled at last."""
    batches, tasks = _collections(tenant)
    batch = batches.get(text(task.fields["batch_id"]))
    if batch is None or batch.task is None or batch.task.finished:
        return
    status = text(task.fields["status"])
    if status == "processing" and batch.task.status == "pending":
        batch.task.divert("processing", at, then=("expired", _left(batch, at)))
    if status in RUNNING or not _over(tasks, batch):
        return
    end = "canceled" if batch.task.status == "canceling" else "completed"
    if batch.task.lifecycle.legal(batch.task.status, end):
        batch.task.divert(end, at)


def cancel(tenant: Tenant, batch: Resource, now: float) -> None:
    """Cancel what is queued; the batch is canceled once nothing is being processed any more."""
    _, tasks = _collections(tenant)
    if batch.task is None or batch.task.status == "canceling":
        return
    batch.task.divert("canceling", now, then=("canceled", _left(batch, now)))
    for task in members(tasks, batch, "queued", "pending"):
        if task.task is not None:
            task.task.end("canceled", now, reason=CANCELED, code="batch_canceled")


def entered(tenant: Tenant, batch: Resource, status: str, at: float) -> None:
    """When a batch has ended it says when; whatever of it had not ended does so then."""
    if status not in _STAMPS:
        return
    batches, tasks = _collections(tenant)
    batches.change(batch, {_STAMPS[status]: stamp(at)})
    for task in members(tasks, batch, *RUNNING):
        if task.task is None:
            continue
        if status == "completed":  # by a word of the control API
            while task.task.skip(at):
                pass
        elif task.task.status == "processing":
            code = "batch_processing_timeout"
            task.task.end("failed", at, reason=TIMED_OUT, code=code)
        else:
            task.task.end("canceled", at, reason=EXPIRED, code="batch_expired")


def _over(tasks: Collection, batch: Resource) -> bool:
    """Whether every task has ended; asked at each end, so of the index alone."""
    return not tasks.page(where={"batch_id": batch.id, "status": RUNNING}, limit=0).total


def _left(batch: Resource, at: float) -> float:
    return max(0.0, batch.created + DAY - at)


def _collections(tenant: Tenant) -> tuple[Collection, Collection]:
    return tenant.collection("twelvelabs", KIND), tenant.collection("twelvelabs", TASKS)
