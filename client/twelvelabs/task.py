"""Indexing tasks: uploads on their way to becoming videos."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage
from understudy.client.twelvelabs.video import Hls, SystemMetadata

TaskStatus = Literal["uploading", "validating", "pending", "queued", "indexing", "ready", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingTask(Model):
    """A task as it is now. `status` is a text, since the service may add to its list."""

    id: Annotated[str, Name("_id")]
    video_id: str | None = None
    index_id: str
    status: str
    created_at: datetime
    updated_at: datetime | None = None
    system_metadata: SystemMetadata | None = None
    hls: Hls | None = None
    error_reason: str | None = None


INDEXING: Signs[IndexingTask] = Signs(
    Statuses(
        running=frozenset({"uploading", "validating", "pending", "queued", "indexing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda task: task.status,
    reason=lambda task: task.error_reason,
)
"""How an indexing task is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingTaskPage(NumberedPage):
    """A page of tasks."""

    data: tuple[IndexingTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingTaskIds(Model):
    """The ids of a new task and of the video that it makes."""

    id: Annotated[str, Name("_id")]
    video_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingTaskCounts(Model):
    """How many tasks of an index are where."""

    index_id: str
    ready: int
    validating: int
    pending: int
    failed: int
    total_result: int
