"""What a search asks for, and what it finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

from understudy.client.file import Source
from understudy.client.json import Json
from understudy.client.model import Model

SearchOption = Literal["visual", "audio", "transcription"]
Threshold = Literal["high", "medium", "low", "none"]


class Query(TypedDict, total=False):
    """How to search. Words, images (at most ten), or both; the rest refines. An entity is named
    as `<@its id>` in the words.

    Withdrawn on 2026-04-02: `adjust_confidence_level`, `threshold` and `sort_option`; hits have a
    `rank` now, and come in its order.
    """

    query_text: str
    query_media_type: Literal["image"]
    query_media_url: str | Sequence[str]
    query_media_file: Source
    query_media_files: Sequence[Source]
    adjust_confidence_level: float
    threshold: Threshold
    sort_option: Literal["score", "clip_count"]
    operator: Literal["or", "and"]
    page_limit: int
    filter: Mapping[str, Json]
    include_user_metadata: bool
    transcription_options: Sequence[Literal["lexical", "semantic"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchClip(Model):
    """A stretch of a video, in seconds, and how well it fits.

    Older services say `score` and `confidence`, newer ones `rank`.
    """

    video_id: str
    start: float
    end: float
    score: float | None = None
    rank: int | None = None
    confidence: str | None = None
    thumbnail_url: str | None = None
    transcription: str | None = None
    user_metadata: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGroup(Model):
    """A video (`id`) and the clips found in it."""

    id: str
    clips: tuple[SearchClip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPool(Model):
    """What was searched; `total_duration` is in seconds."""

    index_id: str
    total_count: int
    total_duration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPageInfo(Model):
    """Where a page stands, and the tokens of its neighbours while they last."""

    limit_per_page: int
    total_results: int
    total_inner_matches: int | None = None
    page_expires_at: datetime | None = None
    next_page_token: str | None = None
    prev_page_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Model):
    """A page of clips, or of videos with their clips."""

    data: tuple[SearchClip | SearchGroup, ...]
    page_info: SearchPageInfo
    search_pool: SearchPool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPage(Model):
    """A page of clips."""

    data: tuple[SearchClip, ...]
    page_info: SearchPageInfo
    search_pool: SearchPool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage(Model):
    """A page of videos with their clips."""

    data: tuple[SearchGroup, ...]
    page_info: SearchPageInfo
    search_pool: SearchPool | None = None
