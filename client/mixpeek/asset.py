"""Assets: what was ingested at once, and how it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypedDict

from understudy.client.json import Json
from understudy.client.mixpeek.feature import Feature
from understudy.client.mixpeek.page import NumberedPage
from understudy.client.model import Model

Metadata = Mapping[str, Json]
"""The user's own fields."""

Filters = Mapping[str, Json]
"""Conditions under AND, OR and NOR: `{"AND": [{"key": "metadata.author", "value": "Ada"}]}`."""


class Sort(TypedDict):
    """The field to sort by; dots lead into objects."""

    field: str
    direction: Literal["asc", "desc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset(Model):
    """An asset as it is now; its moments are UTC and carry no zone.

    With `select` in a list only the selected fields are there.
    """

    asset_id: str | None = None
    collection_id: str | None = None
    status: str | None = None
    modality: str | None = None
    url: str | None = None
    preview_url: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    task_id: str | None = None
    unique_hash: str | None = None
    file_hash: str | None = None
    duplicate_of: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    score: float | None = None

    @property
    def error(self) -> Json:
        """Why its task failed, in whatever form the service tells it."""
        return self.raw.get("error")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPage(NumberedPage):
    """A page of assets."""

    results: tuple[Asset, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetGroup(Model):
    """Assets with the same value in a field."""

    assets: tuple[Asset, ...]
    count: int | None = None

    @property
    def group(self) -> Json:
        """The value that they have in common."""
        return self.raw.get("group")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetGroupPage(NumberedPage):
    """A page of groups of assets."""

    results: tuple[AssetGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesByModality(Model):
    """The features of an asset."""

    video: tuple[Feature, ...] = ()
    image: tuple[Feature, ...] = ()
    text: tuple[Feature, ...] = ()
    audio: tuple[Feature, ...] = ()

    @property
    def all(self) -> tuple[Feature, ...]:
        """Those of every modality."""
        return (*self.video, *self.image, *self.text, *self.audio)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetWithFeatures(Model):
    """An asset and what was found in it, without vectors."""

    asset: Asset
    features: FeaturesByModality
