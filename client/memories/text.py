"""Texts about one video: what is seen, what is said, and summaries."""

from dataclasses import dataclass
from typing import Annotated, Literal

from understudy.client.memories.wire import NUMBER
from understudy.client.model import Model, Name

SummaryType = Literal["TOPIC", "CHAPTER"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece(Model):
    """What is seen or said from `start` to `end`, in seconds."""

    index: int
    content: str
    start: Annotated[float, Name("startTime"), NUMBER]
    end: Annotated[float, Name("endTime"), NUMBER]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcription(Model):
    """A video in sentences, in order."""

    video_no: Annotated[str, Name("videoNo")]
    pieces: Annotated[tuple[Piece, ...], Name("transcriptions")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionReply(Model):
    """The envelope of a transcription; without data nobody speaks."""

    data: Transcription | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Model):
    """A topic or chapter, and the second in which it begins."""

    title: str
    description: str
    start: Annotated[float | None, NUMBER] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Model):
    """A video in a paragraph, and in parts."""

    summary: str
    parts: Annotated[tuple[Part, ...], Name("items")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryReply(Model):
    """The envelope of a summary."""

    data: Summary
