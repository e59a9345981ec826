"""Texts, and the transcripts of sounds."""

from collections.abc import Mapping
from dataclasses import dataclass

from understudy.client.imentiv.medium import Medium, Shares
from understudy.client.json import Json
from understudy.client.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSegment(Model):
    """A piece of a transcript, in milliseconds. The service spells its scores as texts."""

    max_emotion: Mapping[str, Json]
    emotions: Mapping[str, str] | None = None
    start_time: int | None = None
    end_time: int | None = None
    speaker_id: int | None = None
    name: str | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(Model):
    """A paragraph of a text."""

    sentence: str | None = None
    emotions: Shares | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Medium):
    """A text as it is now; `parent_id` is the sound that it is the transcript of."""

    title: str | None = None
    model_id: str | None = None
    document_type: str | None = None
    user_id: str | None = None
    word_count: int | None = None
    segments: tuple[SpokenSegment | Paragraph, ...] | None = None
    text: str | None = None
    emotions: Shares | None = None
    parent_id: str | None = None
    created_at: str | None = None
