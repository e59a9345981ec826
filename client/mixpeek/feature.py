"""Features: what was found in an asset, and vectors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NotRequired, TypedDict

from understudy.client.json import Json
from understudy.client.mixpeek.page import FeaturePagination
from understudy.client.model import Model

InputType = Literal["text", "url", "base64", "file"]
EmbeddingModel = str
"""image, multimodal, text, keyword, or a model's own name such as baai-bge-m3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseVector(Model):
    """Weights at the indices that are not zero."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors(Model):
    """Vectors by name; those that a feature does not have are None."""

    image: tuple[float, ...] | None = None
    multimodal: tuple[float, ...] | None = None
    text: tuple[float, ...] | None = None
    keyword: SparseVector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature(Model):
    """A feature; `start_time` and `end_time` are seconds of a video.

    With `select` in a list only the selected fields are there.
    """

    feature_id: str | None = None
    modality: str | None = None
    asset_id: str | None = None
    collection_id: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    text: str | None = None
    description: str | None = None
    transcription: str | None = None
    detect: Mapping[str, Json] | None = None
    json_output: Mapping[str, Json] | None = None
    start_time: float | None = None
    end_time: float | None = None
    interval_sec: float | None = None
    url: str | None = None
    preview_url: str | None = None
    vectors: Vectors | None = None
    score: float | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePage(Model):
    """A page of features."""

    results: tuple[Feature, ...]
    pagination: FeaturePagination


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureGroup(Model):
    """Features with the same value in a field, and the best of their scores."""

    features: tuple[Feature, ...]
    count: int | None = None
    score: float | None = None

    @property
    def group(self) -> Json:
        """The value that they have in common."""
        return self.raw.get("group")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureGroupPage(Model):
    """A page of groups of features."""

    results: tuple[FeatureGroup, ...]
    pagination: FeaturePagination


class QuerySettings(TypedDict, total=False):
    """What narrows one query."""

    limit: int
    min_score: float
    modality: str


class Query(TypedDict):
    """One thing to look for with one model."""

    embedding_model: EmbeddingModel
    value: str
    type: Literal["text", "url", "base64"]
    filters: NotRequired[Mapping[str, Json]]
    settings: NotRequired[QuerySettings]


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseVector(Model):
    """As many numbers as the model has."""

    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding(Model):
    """One vector, and the seconds that it took."""

    embedding: DenseVector | SparseVector
    elapsed_time: float | None = None
