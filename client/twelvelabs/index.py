"""Indexes: collections of videos that are searched together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypedDict

from understudy.client.model import Model, Name
from understudy.client.twelvelabs.page import NumberedPage

SortBy = Literal["created_at", "updated_at"]
SortOption = Literal["asc", "desc"]
ModelFamily = Literal["marengo", "pegasus"]
ModelOption = Literal["visual", "audio"]
Addon = Literal["thumbnail"]


class ModelChoice(TypedDict):
    """A model to index with, such as marengo2.7, and what of a video it looks at."""

    model_name: str
    model_options: Sequence[ModelOption]


@dataclass(frozen=True, slots=True, kw_only=True)
class Created(Model):
    """The id of what was just created."""

    id: Annotated[str, Name("_id")]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexModel(Model):
    """A model of an index."""

    model_name: str
    model_options: tuple[str, ...]
    addons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Model):
    """An index; `total_duration` is in seconds, `expires_at` None on a paid plan."""

    id: Annotated[str, Name("_id")]
    index_name: str
    created_at: datetime
    updated_at: datetime | None = None
    expires_at: datetime | None = None
    total_duration: float
    video_count: int
    models: tuple[IndexModel, ...]
    addons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage(NumberedPage):
    """A page of the account's indexes."""

    data: tuple[Index, ...]
