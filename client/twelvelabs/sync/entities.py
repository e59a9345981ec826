# From client/twelvelabs/aio/entities.py, by `python -m tools.twins`: edit that file, not this.
"""`client.entity_collections`: people with pictures of them, in collections."""

from collections.abc import Callable, Sequence
from typing import cast

from understudy.client.call import Call, Value, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.patience import Patience
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work
from understudy.client.twelvelabs.entity import (
    RECOGNITION,
    EntitiesCreated,
    Entity,
    EntityCollection,
    EntityCollectionPage,
    EntityDraft,
    EntityMetadata,
    EntityPage,
    EntityStatus,
    NamedSortBy,
)
from understudy.client.twelvelabs.index import SortOption
from understudy.client.twelvelabs.sync.paging import numbered


class NewEntity(Work[Entity]):
    """An entity that was taken, and the way to its being found in searches."""

    def __init__(self, session: Session, collection_id: str, made: Entity) -> None:
        look = _look(collection_id, made.id)
        super().__init__(session, made.id, RECOGNITION, look, noun="Entity")
        self.made = made


class Entities:
    """The entities of a collection; one is searched for as `<@id>` in the words of a search."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        collection_id: str,
        *,
        page: int = 1,
        page_limit: int | None = None,
        name: str | None = None,
        status: EntityStatus | None = None,
        sort_by: NamedSortBy | None = None,
        sort_option: SortOption | None = None,
    ) -> Pager[EntityPage, Entity]:
        """The entities that fit, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "name": name,
            "status": status,
            "sort_by": sort_by,
            "sort_option": sort_option,
        }
        where = path("/entity-collections/{}/entities", collection_id)
        return numbered(self._session, where, query, EntityPage, lambda found: found.data, page)

    def create(
        self,
        collection_id: str,
        name: str,
        asset_ids: Sequence[str],
        *,
        description: str | None = None,
        metadata: EntityMetadata | None = None,
    ) -> NewEntity:
        """A new entity, shown by at least one asset."""
        body = given(
            name=name,
            asset_ids=[*asset_ids],
            description=description,
            metadata=None if metadata is None else dict(metadata),
        )
        call = Call("POST", path("/entity-collections/{}/entities", collection_id), json=body)
        made = self._session.fetch(call, Entity)
        return NewEntity(self._session, collection_id, made)

    def create_many(self, collection_id: str, entities: Sequence[EntityDraft]) -> EntitiesCreated:
        """Several new entities; those that are refused keep none of the others away."""
        body = {"entities": [cast("Json", dict(each)) for each in entities]}
        where = path("/entity-collections/{}/entities/bulk", collection_id)
        return self._session.fetch(Call("POST", where, json=body), EntitiesCreated)

    def retrieve(self, collection_id: str, entity_id: str) -> Entity:
        """The entity as it is now."""
        return _look(collection_id, entity_id)(self._session)

    def wait(
        self,
        collection_id: str,
        entity_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[Entity], None] | None = None,
    ) -> Entity:
        """The entity once it is ready; it ends as `client.tasks.wait` does."""
        look = _look(collection_id, entity_id)
        work = Work(self._session, entity_id, RECOGNITION, look, noun="Entity")
        return work.wait(patience=patience, on_status=on_status)

    def update(
        self,
        collection_id: str,
        entity_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        metadata: EntityMetadata | None = None,
    ) -> Entity:
        """Change what is given; `metadata` takes the place of all there are."""
        body = given(
            name=name,
            description=description,
            metadata=None if metadata is None else dict(metadata),
        )
        where = path("/entity-collections/{}/entities/{}", collection_id, entity_id)
        return self._session.fetch(Call("PATCH", where, json=body, again=True), Entity)

    def delete(self, collection_id: str, entity_id: str) -> None:
        """Delete the entity; its assets stay."""
        where = path("/entity-collections/{}/entities/{}", collection_id, entity_id)
        self._session.settle(Call("DELETE", where))

    def add_assets(self, collection_id: str, entity_id: str, asset_ids: Sequence[str]) -> Entity:
        """Let more assets show the entity, which is then looked at anew."""
        return self._assets("POST", collection_id, entity_id, asset_ids)

    def remove_assets(self, collection_id: str, entity_id: str, asset_ids: Sequence[str]) -> Entity:
        """Let these assets show it no more; one must be left."""
        return self._assets("DELETE", collection_id, entity_id, asset_ids)

    def _assets(
        self, method: str, collection_id: str, entity_id: str, asset_ids: Sequence[str]
    ) -> Entity:
        where = path("/entity-collections/{}/entities/{}/assets", collection_id, entity_id)
        call = Call(method, where, json={"asset_ids": [*asset_ids]}, again=False)
        return self._session.fetch(call, Entity)


class EntityCollections:
    """Collections of entities, which are under `entities`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.entities = Entities(session)

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        name: str | None = None,
        sort_by: NamedSortBy | None = None,
        sort_option: SortOption | None = None,
    ) -> Pager[EntityCollectionPage, EntityCollection]:
        """The collections that fit, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "name": name,
            "sort_by": sort_by,
            "sort_option": sort_option,
        }
        where, model = "/entity-collections", EntityCollectionPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    def create(self, name: str, *, description: str | None = None) -> EntityCollection:
        """A new, empty collection."""
        body = given(name=name, description=description)
        call = Call("POST", "/entity-collections", json=body)
        return self._session.fetch(call, EntityCollection)

    def retrieve(self, collection_id: str) -> EntityCollection:
        """The collection as it is now."""
        call = Call("GET", path("/entity-collections/{}", collection_id))
        return self._session.fetch(call, EntityCollection)

    def update(
        self, collection_id: str, *, name: str | None = None, description: str | None = None
    ) -> EntityCollection:
        """Change what is given."""
        body = given(name=name, description=description)
        where = path("/entity-collections/{}", collection_id)
        call = Call("PATCH", where, json=body, again=True)
        return self._session.fetch(call, EntityCollection)

    def delete(self, collection_id: str) -> None:
        """Delete the collection with its entities."""
        self._session.settle(Call("DELETE", path("/entity-collections/{}", collection_id)))


def _look(collection_id: str, entity_id: str) -> Callable[[Session], Entity]:
    where = path("/entity-collections/{}/entities/{}", collection_id, entity_id)
    return lambda session: session.fetch(Call("GET", where), Entity)
