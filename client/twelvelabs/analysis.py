"""Analyses: what is asked about videos and images, and what came of it, later or in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from understudy.client.errors import BadReply
from understudy.client.json import Json
from understudy.client.model import Model, Via
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage
from understudy.client.twelvelabs.source import AssetVideo, NamedMedium, Prompt
from understudy.client.twelvelabs.text import AnswerProblem, Usage, value_of

AnalysisMode = Literal["general", "time_based_metadata"]
AnalysisStatus = Literal["queued", "pending", "processing", "ready", "failed", "canceled"]
BatchStatus = Literal["pending", "processing", "canceling", "canceled", "completed", "expired"]
TimeFormat = Literal["seconds", "hh:mm:ss", "hh:mm:ss.fff"]


class TimeRange(TypedDict):
    """A stretch of a video, in seconds."""

    start_time: float
    end_time: float


class SegmentField(TypedDict):
    """What is to be noted about each segment."""

    name: str
    type: Literal["string", "boolean", "number", "integer", "array", "timestamp", "time_array"]
    description: str
    format: NotRequired[TimeFormat]
    enum: NotRequired[Sequence[str]]
    items: NotRequired[Mapping[str, Json]]


class SegmentDefinition(TypedDict):
    """A kind of segment to look for."""

    id: str
    description: str
    fields: NotRequired[Sequence[SegmentField]]
    media_sources: NotRequired[Sequence[NamedMedium]]
    time_ranges: NotRequired[Sequence[TimeRange]]


class SegmentFormat(TypedDict):
    """Segments of one to twenty kinds; for `time_based_metadata`, which has no prompt."""

    type: Literal["segment_definitions"]
    segment_definitions: Sequence[SegmentDefinition]
    segment_time_format: NotRequired[TimeFormat]


ResponseFormat = SegmentFormat | Mapping[str, Json]
"""Segments, or a JSON Schema: `{"type": "json_schema", "json_schema": {...}}`."""


class Wishes(TypedDict, total=False):
    """How to analyze; the times and durations are in seconds."""

    response_format: ResponseFormat
    temperature: float
    max_tokens: int | Literal["unlimited"]
    min_segment_duration: float
    max_segment_duration: float
    start_time: float
    end_time: float


class BatchDefaults(Wishes, total=False):
    """What holds for all requests of a batch that do not say it themselves."""

    prompt: Prompt


class BatchRequest(BatchDefaults):
    """One analysis of a batch; `custom_id` is yours, and no other's in the batch."""

    video: AssetVideo
    custom_id: NotRequired[str]


def seconds(value: Json) -> Json:
    """A moment in seconds, which may also be written as hh:mm:ss or hh:mm:ss.fff."""
    if not isinstance(value, str):
        return value
    total = 0.0
    for part in value.split(":"):
        total = 60 * total + float(part)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Model):
    """A segment that was found, in seconds, and what was to be noted about it."""

    start_time: Annotated[float, Via(seconds)]
    end_time: Annotated[float, Via(seconds)]
    metadata: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisResult(Model):
    """What an analysis came to; `data` is words, or JSON as a text."""

    generation_id: str
    data: str
    finish_reason: str
    usage: Usage = field(default_factory=Usage)

    @property
    def parsed(self) -> Json:
        """The value that `data` says; `BadReply` when it is no JSON, or was cut off."""
        return value_of(self.data, self.finish_reason)

    @property
    def segments(self) -> Mapping[str, tuple[Segment, ...]]:
        """The segments that were found, by the ids of their definitions."""
        found = self.parsed
        if not isinstance(found, Mapping) or not all(isinstance(v, list) for v in found.values()):
            raise BadReply(f"The result is {self.data[:120]!r}; expected lists of segments.")
        return {
            name: tuple(Segment.read(each, f"data.{name}[{at}]") for at, each in enumerate(listed))
            for name, listed in found.items()
            if isinstance(listed, list)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzedVideo(Model):
    """What was analyzed; `type` is url, asset_id, base64_string or video_id."""

    type: str | None = None
    url: str | None = None
    asset_id: str | None = None
    video_id: str | None = None
    system_metadata: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Model):
    """What became of telling a webhook."""

    url: str
    delivered: bool
    attempts: int
    last_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisTask(Model):
    """An analysis as it is now. Its `error` says why it failed; on one that is ready, it warns.

    `request_params` says what was asked for, shortened in lists.
    """

    task_id: str
    custom_id: str | None = None
    batch_id: str | None = None
    status: str
    created_at: datetime | None = None
    completed_at: datetime | None = None
    video_source: AnalyzedVideo | None = None
    request_params: Mapping[str, Json] = field(default_factory=dict)
    result: AnalysisResult | None = None
    error: AnswerProblem | None = None
    webhooks: tuple[Notified, ...] = ()


ANALYSIS: Signs[AnalysisTask] = Signs(
    Statuses(
        running=frozenset({"queued", "pending", "processing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed", "canceled"}),
    ),
    status=lambda task: task.status,
    reason=lambda task: task.error.message if task.error else None,
)
"""How an analysis on its way is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisTaskPage(NumberedPage):
    """A page of analyses."""

    data: tuple[AnalysisTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem(Model):
    """An analysis of a new batch."""

    task_id: str
    custom_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMade(Model):
    """A batch that was taken, with its analyses in the order of the request."""

    batch_id: str
    status: str
    total_items: int
    created_at: datetime | None = None
    expires_at: datetime | None = None
    items: tuple[BatchItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Model):
    """A batch as it is now, and how many of its analyses are where."""

    batch_id: str
    status: str
    analysis_mode: str | None = None
    model_name: str | None = None
    total_items: int = 0
    queued_items: int = 0
    processing_items: int = 0
    ready_items: int = 0
    failed_items: int = 0
    canceled_items: int = 0
    created_at: datetime | None = None
    expires_at: datetime | None = None
    completed_at: datetime | None = None
    canceled_at: datetime | None = None
    expired_at: datetime | None = None
    webhooks: tuple[Notified, ...] = ()


BATCH: Signs[Batch] = Signs(
    Statuses(
        running=frozenset({"pending", "processing", "canceling"}),
        succeeded=frozenset({"completed"}),
        failed=frozenset({"canceled", "expired"}),
    ),
    status=lambda batch: batch.status,
    reason=lambda batch: f"{batch.ready_items} of {batch.total_items} analyses were ready",
)
"""How a batch is read; one that is completed may hold analyses that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(NumberedPage):
    """A page of batches."""

    data: tuple[Batch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult(Model):
    """What one analysis of a batch has come to so far; `data` is there when it is ready."""

    task_id: str
    custom_id: str | None = None
    status: str
    data: AnalysisResult | None = None
    error: AnswerProblem | None = None
