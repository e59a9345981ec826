"""Knowledge stores: assets with what is known about them, searched and talked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from understudy.client.json import Json
from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage

ItemType = Literal["video", "image"]
ItemStatus = Literal["queued", "pending", "processing", "ready", "failed"]
Modality = Literal["visual", "audio"]
Labels = Mapping[str, str | int | float | bool | Sequence[str]]
"""What a user notes: texts, numbers, flags and lists of texts, by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeStore(Model):
    """A store; its `ingestion_config` never changes."""

    id: Annotated[str, Name("_id")]
    name: str | None = None
    description: str | None = None
    ingestion_config: Mapping[str, Json] = field(default_factory=dict)
    item_count: int = 0
    metadata: Mapping[str, Json] = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeStorePage(NumberedPage):
    """A page of stores."""

    data: tuple[KnowledgeStore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSystemMetadata(Model):
    """What the service found out; seconds, pixels and bytes. Images have no duration."""

    asset_type: str | None = None
    filename: str | None = None
    duration: float | None = None
    fps: float | None = None
    width: int | None = None
    height: int | None = None
    codec_name: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Model):
    """An asset in a store, or on its way there."""

    id: Annotated[str, Name("_id")]
    asset_type: str
    asset_id: str | None = None
    status: str
    system_metadata: ItemSystemMetadata | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


INGESTION: Signs[Item] = Signs(
    Statuses(
        running=frozenset({"queued", "pending", "processing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda item: item.status,
    reason=lambda _: None,
)
"""How an item on its way is read; the service gives no reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage(NumberedPage):
    """A page of items."""

    data: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCollection(Model):
    """Some of a store's items under one name."""

    id: Annotated[str, Name("_id")]
    knowledge_store_id: str | None = None
    name: str | None = None
    description: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    member_count: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCollectionPage(NumberedPage):
    """A page of collections."""

    data: tuple[ItemCollection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Model):
    """A stretch of a video that fits, in seconds, and by what it does."""

    start_sec: float
    end_sec: float
    modalities: tuple[str, ...] = ()
    transcription: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitMetadata(Model):
    """What is known of a hit's item, when it was asked for."""

    system: Mapping[str, Json] = field(default_factory=dict)
    user: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeHit(Model):
    """An item that fits, the best has rank 1; only videos have matches."""

    asset_type: str
    rank: int
    item_id: str
    matches: tuple[Match, ...] = ()
    metadata: HitMetadata | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeHitPage(Model):
    """A page of hits; without `next_page_token` it is the last one."""

    data: tuple[KnowledgeHit, ...]
    next_page_token: str | None = None
    effective_search_options: Mapping[str, Json] = field(default_factory=dict)
