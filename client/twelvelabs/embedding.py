"""Vectors of texts, images, sounds and videos."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage
from understudy.client.twelvelabs.video import VideoSegment

EmbeddingStatus = Literal["processing", "ready", "failed"]
EmbeddingScope = Literal["clip", "video"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputMetadata(Model):
    """Where a medium came from."""

    input_url: str | None = None
    input_filename: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Model):
    """A vector, and for a sound where it begins, in seconds."""

    vector: Annotated[tuple[float, ...], Name("float")]
    start_offset_sec: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding(Model):
    """The vectors of one text, image or sound, or why there are none."""

    segments: tuple[Segment, ...] = ()
    error_message: str | None = None
    metadata: InputMetadata | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddings(Model):
    """The vectors of each kind that was sent."""

    model_name: str
    text_embedding: Embedding | None = None
    image_embedding: Embedding | None = None
    audio_embedding: Embedding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoEmbeddingMetadata(Model):
    """What was embedded, and how."""

    input_url: str | None = None
    input_filename: str | None = None
    video_clip_length: float | None = None
    video_embedding_scope: tuple[str, ...] = ()
    duration: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoEmbedding(Model):
    """The vectors of a video; none until its task is ready, and none in lists."""

    metadata: VideoEmbeddingMetadata = field(default_factory=VideoEmbeddingMetadata)
    segments: tuple[VideoSegment, ...] = ()
    error_message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingTask(Model):
    """A task that turns a video into vectors; `status` may be one that is new."""

    id: Annotated[str, Name("_id")]
    model_name: str | None = None
    status: str
    created_at: datetime | None = None
    video_embedding: VideoEmbedding | None = None


EMBEDDING: Signs[EmbeddingTask] = Signs(
    Statuses(
        running=frozenset({"processing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda task: task.status,
    reason=lambda task: task.video_embedding.error_message if task.video_embedding else None,
)
"""How an embedding task is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingTaskPage(NumberedPage):
    """A page of embedding tasks."""

    data: tuple[EmbeddingTask, ...]
