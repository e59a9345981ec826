"""Videos: what an index holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from understudy.client.json import Json
from understudy.client.model import Model, Name
from understudy.client.twelvelabs.page import NumberedPage

EmbeddingOption = Literal["visual", "audio", "transcription", "visual-text"]
"""Which vectors of a video: the older models have visual-text and audio, today's the others."""
Metadata = Mapping[str, str | int | float | bool]
"""What a user notes about a video."""
Notes = Mapping[str, str | int | float | bool | Sequence[str] | None]
"""What a user notes about an asset: texts, numbers, flags and lists of texts, by key.

None deletes a key where notes are merged; a whole number beyond 53 bits is sent as a text.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hls(Model):
    """The stream of a video; `status` is PROCESSING, COMPLETE, CANCELED or ERROR."""

    video_url: str | None = None
    thumbnail_urls: tuple[str, ...] = ()
    status: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemMetadata(Model):
    """What the service found out; seconds, pixels and bytes. Nothing is there at first."""

    filename: str | None = None
    duration: float | None = None
    fps: float | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSegment(Model):
    """The vector of a stretch of video, in seconds."""

    vector: Annotated[tuple[float, ...], Name("float")]
    start_offset_sec: float
    end_offset_sec: float
    embedding_option: str
    embedding_scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSegments(Model):
    """The vectors of a video, in order."""

    segments: tuple[VideoSegment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedEmbedding(Model):
    """The vectors that indexing has left behind."""

    model_name: str
    video_embedding: VideoSegments


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance(Model):
    """Something said, from `start` to `end` in seconds."""

    start: float
    end: float
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Model):
    """A video; vectors and transcript are there when `retrieve` was asked for them.

    One that was indexed from an asset has its `asset_id`.
    """

    id: Annotated[str, Name("_id")]
    asset_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None
    indexed_at: datetime | None = None
    system_metadata: SystemMetadata
    user_metadata: Mapping[str, Json] = field(default_factory=dict)
    hls: Hls | None = None
    embedding: IndexedEmbedding | None = None
    transcription: tuple[Utterance, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoPage(NumberedPage):
    """A page of an index's videos."""

    data: tuple[Video, ...]
