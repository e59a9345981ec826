"""What videos, sounds, texts and images have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from understudy.client.model import Model
from understudy.client.patience import Signs, Statuses

MediaType = Literal["video", "audio", "text", "image"]
Direction = Literal["forward", "backward"]
Shares = Mapping[str, float]
"""How much of each emotion, by its name; all of them make 1."""

STATUSES = Statuses(
    running=frozenset({"queue", "processing"}),
    succeeded=frozenset({"completed", "done"}),
    failed=frozenset({"failed"}),
)
"""Of an analysis; `done` is what parts of the vendor's document call `completed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium(Model):
    """A medium of any kind. `status` is a text, since the service may add to its list."""

    id: str
    status: str


D = TypeVar("D", bound=Medium)


def analysis_of(model: type[D]) -> Signs[D]:
    """How a medium is read while it is analysed; no reason is given for a failure."""
    return Signs(STATUSES, status=lambda seen: seen.status, reason=lambda seen: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Model):
    """A medium in short: what an upload answers, and an item of a list.

    `duration` is in whole seconds; a text has `word_count` instead, and an image neither.
    """

    id: str
    title: str
    status: str
    description: str | None = None
    duration: int | None = None
    word_count: int | None = None
    media_source: str | None = None
    media_source_url: str | None = None
    media_source_type: str | None = None
    thumbnail_image: str | None = None
    user_id: str | None = None
    created_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Model):
    """A page of a list; `count` is of the whole list."""

    documents: tuple[Summary, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Model):
    """What became of a medium: its id, its status, and mostly a sentence."""

    id: str
    status: str
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata(Model):
    """Title and description, as far as they were changed."""

    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood(Model):
    """How pleasant, how aroused and how intense."""

    valence: float
    arousal: float
    intensity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OverallEmotions(Model):
    """The emotions of a whole medium, as its faces, its voices and its words show them."""

    video: Shares | None = None
    audio: Shares | None = None
    text: Shares | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmotionAnalysis(Model):
    """Emotions of all, of each face and of each speaker, by their names."""

    overall: OverallEmotions
    faces: Mapping[str, Shares] | None = None
    speakers: Mapping[str, Mapping[str, Shares]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker(Model):
    """A voice; speakers count from 0."""

    speaker_id: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Face(Model):
    """A face; faces count from 1. `image` is where it is shown."""

    face_id: int
    image: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedSpeaker(Model):
    """A voice, as far as the service tells of it; its shape is not promised."""

    speaker_id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedFace(Model):
    """A face, as far as the service tells of it; its shape is not promised."""

    face_id: int | None = None
    name: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analytics(Model):
    """All there is about a video or a sound; a sound has no faces, frames and pixels."""

    title: str = ""
    status: str = ""
    description: str = ""
    created_at: str = ""
    media_type: str = ""
    video_id: str = ""
    audio_id: str = ""
    text_id: str = ""
    duration: float = 0.0
    total_frames_count: int = 0
    frame_rate: float | None = None
    frame_height: float | None = None
    frame_width: float | None = None
    face_count: int = 0
    speaker_count: int = 0
    media_source_url: str = ""
    annotated_video_url: str = ""
    youtube_url: str | None = None
    detected_faces: tuple[DetectedFace, ...] = ()
    detected_speakers: tuple[DetectedSpeaker, ...] = ()
    emotion_analysis: EmotionAnalysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Model):
    """Where a face is, in pixels, as far as the service tells of it."""

    x: float | None = None
    y: float | None = None
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection(Model):
    """A face in a frame or in an image, as far as the service tells of it."""

    face_id: int | None = None
    name: str | None = None
    box: Box | None = None
    emotions: Shares | None = None
    dominant_emotion: str | None = None
    valence: float | None = None
    arousal: float | None = None
    intensity: float | None = None
    note: str | None = None
