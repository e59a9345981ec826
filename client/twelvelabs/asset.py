"""Assets: files that are kept once and used by everything else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from understudy.client.json import Json
from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage

AssetType = Literal["image", "video", "audio", "document"]
Including = Literal["words", "sentences", "utterances"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetProblem(Model):
    """Why an asset, or what was said in it, could not be made ready."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetStream(Model):
    """The stream of an asset; `status` is pending, processing, ready or error."""

    status: str | None = None
    manifest_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetThumbnail(Model):
    """The picture that stands for an asset; `status` as that of its stream."""

    status: str | None = None
    representative_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetOrigin(Model):
    """Where an imported file lies at its provider."""

    provider: str | None = None
    source_id: str | None = None
    original_filename: str | None = None
    source_link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetSource(Model):
    """What brought an asset in, when that was a connector."""

    type: str | None = None
    details: AssetOrigin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset(Model):
    """An asset as it is now; `size` in bytes and `duration` in seconds are there once it is ready.

    `method` is direct, url, multipart or connector; `file_type` a media type. Stream, thumbnail
    and what is known of the file are left out of the answer to its creation.
    """

    id: Annotated[str, Name("_id")]
    status: str
    method: str | None = None
    filename: str | None = None
    file_type: str | None = None
    created_at: datetime | None = None
    user_metadata: Mapping[str, Json] = field(default_factory=dict)
    source: AssetSource | None = None
    hls: AssetStream | None = None
    thumbnail: AssetThumbnail | None = None
    technical_metadata: Mapping[str, Json] = field(default_factory=dict)
    size: int | None = None
    duration: float | None = None
    error: AssetProblem | None = None


READINESS: Signs[Asset] = Signs(
    Statuses(
        running=frozenset({"processing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda asset: asset.status,
    reason=lambda asset: asset.error.message if asset.error else None,
)
"""How an asset on its way is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPage(NumberedPage):
    """A page of assets."""

    data: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken(Model):
    """A word, a sentence or an utterance, from `start` to `end` in seconds.

    Only utterances have a `speaker`.
    """

    start: float
    end: float
    value: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcription(Model):
    """What is said in an asset, as far as it was asked for, once `status` is ready."""

    status: str
    words: tuple[Spoken, ...] = ()
    sentences: tuple[Spoken, ...] = ()
    utterances: tuple[Spoken, ...] = ()
    error: AssetProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexName(Model):
    """An index by its id and name."""

    id: Annotated[str, Name("_id")]
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedUse(Model):
    """An indexed asset (`id`) that was made of an asset, and the index it is in."""

    id: Annotated[str, Name("_id")]
    index: IndexName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedUsePage(NumberedPage):
    """A page of the places where an asset is indexed."""

    data: tuple[IndexedUse, ...] = ()
