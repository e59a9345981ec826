"""Entities: people with pictures of them, in collections, to be searched for by `<@id>`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from understudy.client.json import Json
from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage

EntityStatus = Literal["processing", "ready"]
NamedSortBy = Literal["created_at", "updated_at", "name"]
EntityMetadata = Mapping[str, str | int | float | bool]


class EntityDraft(TypedDict):
    """An entity to be created."""

    name: str
    asset_ids: Sequence[str]
    description: NotRequired[str]
    metadata: NotRequired[EntityMetadata]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCollection(Model):
    """A collection of entities."""

    id: Annotated[str, Name("_id")]
    name: str | None = None
    description: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCollectionPage(NumberedPage):
    """A page of collections."""

    data: tuple[EntityCollection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Model):
    """An entity and the assets that show it; it is looked at anew whenever they change."""

    id: Annotated[str, Name("_id")]
    entity_collection_id: str | None = None
    name: str | None = None
    description: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    asset_ids: tuple[str, ...] = ()
    status: str
    created_at: datetime | None = None
    updated_at: datetime | None = None


RECOGNITION: Signs[Entity] = Signs(
    Statuses(
        running=frozenset({"processing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset(),
    ),
    status=lambda entity: entity.status,
    reason=lambda _: None,
)
"""How an entity on its way is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage(NumberedPage):
    """A page of entities."""

    data: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntity(Model):
    """An entity of those created at once."""

    id: Annotated[str, Name("_id")]
    name: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntity(Model):
    """An entity that was not created, by its place in the request (the first is 0), and why."""

    entity_index: int
    entity_name: str | None = None
    error_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitiesCreated(Model):
    """What came of creating many entities at once: some may have been refused."""

    success_count: int
    failed_count: int
    entities: tuple[NewEntity, ...] = ()
    errors: tuple[RefusedEntity, ...] = ()
