# From client/twelvelabs/aio/items.py, by `python -m tools.twins`: edit that file, not this.
"""`client.knowledge_stores.items` and `.collections`: what a store holds."""

from collections.abc import Callable, Sequence

from understudy.client.call import Call, Value, path
from understudy.client.fields import given
from understudy.client.patience import Patience
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work
from understudy.client.twelvelabs.entity import NamedSortBy
from understudy.client.twelvelabs.index import SortBy, SortOption
from understudy.client.twelvelabs.knowledge import (
    INGESTION,
    Item,
    ItemCollection,
    ItemCollectionPage,
    ItemPage,
    ItemStatus,
    ItemType,
    Labels,
)
from understudy.client.twelvelabs.sync.paging import numbered


class NewItem(Work[Item]):
    """An asset that was taken into a store, and the way to its being found there."""

    def __init__(self, session: Session, store_id: str, made: Item) -> None:
        super().__init__(session, made.id, INGESTION, _look(store_id, made.id), noun="Item")
        self.made = made


class Items:
    """The items of a store."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        store_id: str,
        *,
        page: int = 1,
        page_limit: int | None = None,
        sort_by: SortBy | None = None,
        sort_option: SortOption | None = None,
        status: Sequence[ItemStatus] | None = None,
    ) -> Pager[ItemPage, Item]:
        """The items that fit, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "sort_by": sort_by,
            "sort_option": sort_option,
            "status": status,
        }
        where = path("/knowledge-stores/{}/items", store_id)
        return numbered(self._session, where, query, ItemPage, lambda found: found.data, page)

    def create(
        self,
        store_id: str,
        asset_id: str,
        *,
        asset_type: ItemType | None = None,
        metadata: Labels | None = None,
    ) -> NewItem:
        """Take an asset, which must be ready, into the store."""
        body = given(
            asset_id=asset_id,
            asset_type=asset_type,
            metadata=None if metadata is None else dict(metadata),
        )
        call = Call("POST", path("/knowledge-stores/{}/items", store_id), json=body)
        return NewItem(self._session, store_id, self._session.fetch(call, Item))

    def retrieve(self, store_id: str, item_id: str) -> Item:
        """The item as it is now."""
        return _look(store_id, item_id)(self._session)

    def wait(
        self,
        store_id: str,
        item_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[Item], None] | None = None,
    ) -> Item:
        """The item once it is ready; it ends as `client.tasks.wait` does."""
        work = Work(self._session, item_id, INGESTION, _look(store_id, item_id), noun="Item")
        return work.wait(patience=patience, on_status=on_status)

    def delete(self, store_id: str, item_id: str) -> None:
        """Take the item out of the store; the asset stays."""
        call = Call("DELETE", path("/knowledge-stores/{}/items/{}", store_id, item_id))
        self._session.settle(call)


class ItemCollections:
    """Collections of a store's items."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        store_id: str,
        *,
        page: int = 1,
        page_limit: int | None = None,
        sort_by: NamedSortBy | None = None,
        sort_option: SortOption | None = None,
    ) -> Pager[ItemCollectionPage, ItemCollection]:
        """The collections, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "sort_by": sort_by,
            "sort_option": sort_option,
        }
        where, model = path("/knowledge-stores/{}/item-collections", store_id), ItemCollectionPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    def create(
        self,
        store_id: str,
        name: str,
        *,
        description: str | None = None,
        metadata: Labels | None = None,
    ) -> ItemCollection:
        """A new, empty collection; no other of the store has its name."""
        body = given(
            name=name,
            description=description,
            metadata=None if metadata is None else dict(metadata),
        )
        where = path("/knowledge-stores/{}/item-collections", store_id)
        return self._session.fetch(Call("POST", where, json=body), ItemCollection)

    def retrieve(self, store_id: str, collection_id: str) -> ItemCollection:
        """The collection as it is now."""
        return self._session.fetch(
            Call("GET", _collection(store_id, collection_id)), ItemCollection
        )

    def update(
        self,
        store_id: str,
        collection_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        metadata: Labels | None = None,
    ) -> ItemCollection:
        """Change what is given; `metadata` takes the place of all there are."""
        body = given(
            name=name,
            description=description,
            metadata=None if metadata is None else dict(metadata),
        )
        call = Call("PATCH", _collection(store_id, collection_id), json=body, again=True)
        return self._session.fetch(call, ItemCollection)

    def delete(self, store_id: str, collection_id: str) -> None:
        """Delete the collection; its items stay in the store."""
        self._session.settle(Call("DELETE", _collection(store_id, collection_id)))

    def items(
        self,
        store_id: str,
        collection_id: str,
        *,
        page: int = 1,
        page_limit: int | None = None,
    ) -> Pager[ItemPage, Item]:
        """The items of a collection, from `page` on."""
        where, query = f"{_collection(store_id, collection_id)}/items", {"page_limit": page_limit}
        return numbered(self._session, where, query, ItemPage, lambda found: found.data, page)

    def add(self, store_id: str, collection_id: str, item_ids: Sequence[str]) -> ItemCollection:
        """Take up to 500 items in; those that are in it are passed over."""
        where = f"{_collection(store_id, collection_id)}/items/add"
        call = Call("POST", where, json={"item_ids": [*item_ids]}, again=True)
        return self._session.fetch(call, ItemCollection)

    def remove(self, store_id: str, collection_id: str, item_ids: Sequence[str]) -> None:
        """Take items out; those that are not in it are passed over."""
        where = f"{_collection(store_id, collection_id)}/items/remove"
        call = Call("POST", where, json={"item_ids": [*item_ids]}, again=True)
        self._session.settle(call)


def _collection(store_id: str, collection_id: str) -> str:
    return path("/knowledge-stores/{}/item-collections/{}", store_id, collection_id)


def _look(store_id: str, item_id: str) -> Callable[[Session], Item]:
    where = path("/knowledge-stores/{}/items/{}", store_id, item_id)
    return lambda session: session.fetch(Call("GET", where), Item)
