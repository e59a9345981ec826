"""Sounds: segments, speakers and a transcript."""

from dataclasses import dataclass
from typing import TypedDict

from understudy.client.imentiv.medium import DetectedSpeaker, Medium, Shares, Speaker
from understudy.client.json import Json
from understudy.client.model import Model


class Utterance(TypedDict):
    """A piece of a transcript to be written: when, what, and who says it."""

    start_millis: float
    end_millis: float
    segment: str
    speaker_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominant(Model):
    """The strongest emotion, and its share where the service tells it."""

    label: str
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Model):
    """A stretch of sound and how it is said, or (with a `sentence`) what is said."""

    index: int | None = None
    start_millis: float | None = None
    end_millis: float | None = None
    speaker_id: int | None = None
    sentence: str | None = None
    emotions: Shares | None = None
    dominant_emotion: Dominant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(Medium):
    """A sound as it is now; `audio_duration` is in seconds. Both lists of segments have the
    same stretches, in the same order."""

    url: str
    audio_duration: float
    user_id: str
    title: str | None = None
    model_id: str = ""
    task_completion_status: int | None = None
    average_audio_emotions: Shares | None = None
    segment_audio_emotions: tuple[Segment, ...] | None = None
    segment_text_emotions: tuple[Segment, ...] | None = None
    speakers: tuple[DetectedSpeaker, ...] | None = None
    created_at: str | None = None

    @property
    def summary(self) -> Json:
        """A text or an object, as the service likes; None without one."""
        return self.raw.get("summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedSegment(Model):
    """The place that a segment had."""

    id: str
    segment_id: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSegment(Model):
    """A piece of a transcript as it is now."""

    start_millis: float
    end_millis: float
    segment: str
    speaker_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript(Model):
    """How many segments a new transcript has, and who speaks in it."""

    id: str
    status: str
    segments_count: int
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers(Model):
    """Speakers as they are named now."""

    speakers: tuple[Speaker, ...]
