"""Vectors of today: of texts, images, sounds, videos and documents, in pieces or as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from understudy.client.json import Json
from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage

VectorStatus = Literal["processing", "ready", "failed"]
VectorScope = Literal["clip", "local", "asset"]
VectorType = Literal["separate_embedding", "fused_embedding"]


class Fixed(TypedDict):
    """How long each piece is: 2 to 10 seconds."""

    duration_sec: int


class FixedSegmentation(TypedDict):
    """Pieces of the same length; the last one may be shorter."""

    strategy: Literal["fixed"]
    fixed: Fixed


class Dynamic(TypedDict):
    """How long each piece is at least, in seconds."""

    min_duration_sec: int


class DynamicSegmentation(TypedDict):
    """Pieces that end where the picture changes; for videos."""

    strategy: Literal["dynamic"]
    dynamic: Dynamic


class TemporalSegmentation(TypedDict):
    """The same as marengo3.5 wants it, which takes no other form."""

    temporal: FixedSegmentation | DynamicSegmentation


class Spatial(TypedDict):
    """Whole pages, or their quarters."""

    strategy: Literal["standard", "quadrants"]


class Sequential(TypedDict):
    """So many sentences at a time."""

    strategy: Literal["sentence"]
    max_sentences: int
    overlap_sentences: NotRequired[int]


class DocumentSegmentation(TypedDict, total=False):
    """How a PDF (`spatial`) or a text (`sequential`) is cut."""

    spatial: Spatial
    sequential: Sequential


class TimedText(TypedDict):
    """Words about a stretch of a medium, in seconds."""

    start: float
    end: float
    text: str


class AudioWishes(TypedDict, total=False):
    """What of a sound becomes vectors, and in which pieces."""

    start_sec: float
    end_sec: float
    segmentation: FixedSegmentation | TemporalSegmentation
    embedding_option: Sequence[Literal["audio", "transcription"]]
    embedding_scope: Sequence[VectorScope]
    embedding_type: Sequence[VectorType]


class VideoWishes(TypedDict, total=False):
    """What of a video becomes vectors, and in which pieces."""

    start_sec: float
    end_sec: float
    segmentation: FixedSegmentation | DynamicSegmentation | TemporalSegmentation
    embedding_option: Sequence[Literal["visual", "audio", "transcription"]]
    embedding_scope: Sequence[VectorScope]
    embedding_type: Sequence[VectorType]


class DocumentWishes(TypedDict, total=False):
    """What of a document becomes vectors, and in which pieces."""

    segmentation: DocumentSegmentation
    embedding_option: Sequence[Literal["visual", "text"]]
    embedding_scope: Sequence[Literal["local", "asset"]]
    embedding_type: Sequence[VectorType]


class ImageWishes(TypedDict, total=False):
    """What of an image becomes vectors."""

    embedding_option: Sequence[Literal["visual"]]
    embedding_scope: Sequence[Literal["asset"]]
    embedding_type: Sequence[Literal["separate_embedding"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector(Model):
    """A vector, and what it is of: a stretch in seconds, pages, a quarter of one, or a chunk."""

    vector: Annotated[tuple[float, ...], Name("embedding")]
    embedding_option: str | None = None
    embedding_scope: str | None = None
    start_sec: float | None = None
    end_sec: float | None = None
    start_page_number: int | None = None
    end_page_number: int | None = None
    quadrant: str | None = None
    chunk_index: int | None = None
    embedding_uncertainty: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorUsage(Model):
    """How many tokens of each kind went in, and whether some were cut off."""

    input_tokens: Mapping[str, Json] = field(default_factory=dict)
    truncated: bool = False
    truncation_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorMetadata(Model):
    """What was turned into vectors, and how; the fields depend on the kind of input."""

    input_type: str | None = None
    input_url: str | None = None
    input_filename: str | None = None
    clip_length: float | None = None
    embedding_options: tuple[str, ...] = ()
    embedding_scopes: tuple[str, ...] = ()
    embedding_dimension: int | None = None
    duration: float | None = None
    start_offset_sec: float | None = None
    end_offset_sec: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors(Model):
    """The vectors of one input."""

    data: tuple[Vector, ...]
    usage: VectorUsage | None = None
    metadata: VectorMetadata | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorProblem(Model):
    """Why there are no vectors."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorTask(Model):
    """A task that makes vectors, and has them once it is ready; they are kept for seven days."""

    id: Annotated[str, Name("_id")]
    status: str
    created_at: datetime | None = None
    updated_at: datetime | None = None
    data: tuple[Vector, ...] = ()
    usage: VectorUsage | None = None
    metadata: VectorMetadata | None = None
    error: VectorProblem | None = None


VECTORS: Signs[VectorTask] = Signs(
    Statuses(
        running=frozenset({"processing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda task: task.status,
    reason=lambda task: task.error.message if task.error else None,
)
"""How a task that makes vectors is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedMedium(Model):
    """What a task in a list is about."""

    metadata: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorTaskEntry(Model):
    """A task in a list; the medium is in the field of its kind."""

    id: Annotated[str, Name("_id")]
    status: str
    model_name: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    video_embedding: EmbeddedMedium | None = None
    audio_embedding: EmbeddedMedium | None = None
    image_embedding: EmbeddedMedium | None = None
    document_embedding: EmbeddedMedium | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorTaskPage(NumberedPage):
    """A page of tasks."""

    data: tuple[VectorTaskEntry, ...] = ()
