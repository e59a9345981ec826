"""Indexed assets: assets on their way into an index, and in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from understudy.client.json import Json
from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage
from understudy.client.twelvelabs.video import Hls, IndexedEmbedding, SystemMetadata, Utterance

IndexedStatus = Literal["pending", "queued", "validating", "indexing", "ready", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedAsset(Model):
    """An asset in an index; it is also a video of that index, with the same id.

    Vectors and transcript are there when `retrieve` was asked for them; lists leave out the
    notes and the stream too.
    """

    id: Annotated[str, Name("_id")]
    asset_id: str | None = None
    status: str
    created_at: datetime | None = None
    updated_at: datetime | None = None
    indexed_at: datetime | None = None
    system_metadata: SystemMetadata = field(default_factory=SystemMetadata)
    user_metadata: Mapping[str, Json] = field(default_factory=dict)
    hls: Hls | None = None
    embedding: IndexedEmbedding | None = None
    transcription: tuple[Utterance, ...] | None = None


ASSET_INDEXING: Signs[IndexedAsset] = Signs(
    Statuses(
        running=frozenset({"pending", "queued", "validating", "indexing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda asset: asset.status,
    reason=lambda _: None,
)
"""How an asset on its way into an index is read; the service gives no reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedAssetPage(NumberedPage):
    """A page of the assets of an index."""

    data: tuple[IndexedAsset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedAssetIds(Model):
    """The ids of a new indexed asset and of its asset."""

    id: Annotated[str, Name("_id")]
    asset_id: str | None = None
