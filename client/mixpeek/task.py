"""Ingestions: content on its way to becoming an asset with features."""

from dataclasses import dataclass

from understudy.client.json import Json
from understudy.client.model import Model
from understudy.client.patience import Signs, Statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestionTask(Model):
    """A task as it is now. `status` is a text, since the service may add to its list.

    A task that was SKIPPED has ended well: the collection has that content already, and
    `asset_id` is the older asset.
    """

    task_id: str
    asset_id: str | None = None
    status: str
    error: str | None = None

    @property
    def inputs(self) -> tuple[Json, ...]:
        """What was sent."""
        return _list(self.raw.get("inputs"))

    @property
    def outputs(self) -> tuple[Json, ...]:
        """The asset, once it is done."""
        return _list(self.raw.get("outputs"))


INGESTION: Signs[IngestionTask] = Signs(
    Statuses(
        running=frozenset(
            {"INITIALIZING", "QUEUED", "PENDING", "DOWNLOADING", "PROCESSING", "UPLOADING"}
        ),
        succeeded=frozenset({"DONE", "SKIPPED"}),
        failed=frozenset({"FAILED", "CANCELLED"}),
    ),
    status=lambda task: task.status,
    reason=lambda task: task.error,
)
"""How an ingestion is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingestion(Model):
    """What the service answers to an ingestion: the task, and the asset where it says so."""

    task_id: str
    message: str | None = None
    asset_id: str | None = None
    status: str | None = None


def _list(value: Json) -> tuple[Json, ...]:
    return tuple(value) if isinstance(value, list) else ()
