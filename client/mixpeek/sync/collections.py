# From client/mixpeek/aio/collections.py, by `python -m tools.twins`: edit that file, not this.
"""`client.collections` and `client.namespaces`: where assets are kept."""

from collections.abc import Mapping, Sequence

from understudy.client.call import Call, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.mixpeek.asset import Metadata
from understudy.client.mixpeek.collection import (
    Collection,
    CollectionPage,
    CollectionSize,
    Indexes,
    Namespace,
    NamespaceList,
)
from understudy.client.mixpeek.sync.paging import numbered
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session


class Collections:
    """Collections, by name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self, *, page: int = 1, page_size: int | None = None
    ) -> Pager[CollectionPage, CollectionSize]:
        """The collections of the namespace, from `page` on."""
        return numbered(
            self._session,
            "/collections",
            None,
            CollectionPage,
            lambda found: found.results,
            page,
            page_size,
        )

    def create(self, name: str, *, metadata: Metadata | None = None) -> Collection:
        """A new, empty collection."""
        body = given(collection_name=name, metadata=metadata)
        return self._session.fetch(Call("POST", "/collections", json=body), Collection)

    def retrieve(self, collection: str) -> Collection:
        """The collection as it is now."""
        where = path("/collections/{}", collection)
        return self._session.fetch(Call("GET", where), Collection)

    def update(self, collection: str, *, name: str, metadata: Metadata | None = None) -> Collection:
        """Give a collection this name and these metadata."""
        body = given(collection_name=name, metadata=metadata)
        where = path("/collections/{}", collection)
        return self._session.fetch(Call("PUT", where, json=body), Collection)

    def delete(self, collection: str) -> None:
        """Delete the collection with its assets."""
        self._session.settle(Call("DELETE", path("/collections/{}", collection)))


class Namespaces:
    """Worlds within the account, by name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> tuple[Namespace, ...]:
        """Every namespace but the default one."""
        return (self._session.fetch(Call("GET", "/namespaces"), NamespaceList)).items

    def create(
        self,
        name: str,
        embedding_models: Sequence[str],
        *,
        payload_indexes: Sequence[Mapping[str, Json]] | None = None,
    ) -> Namespace:
        """A new namespace for vectors of these models."""
        body = given(
            namespace_name=name,
            embedding_models=[*embedding_models],
            vector_indexes=[*embedding_models],
            payload_indexes=None if payload_indexes is None else [*payload_indexes],
        )
        return self._session.fetch(Call("POST", "/namespaces", json=body), Namespace)

    def retrieve(self, namespace: str) -> Namespace:
        """The namespace as it is now."""
        where = path("/namespaces/{}", namespace)
        return self._session.fetch(Call("GET", where), Namespace)

    def update(
        self, namespace: str, *, name: str, payload_indexes: Sequence[Mapping[str, Json]] = ()
    ) -> Namespace:
        """Give a namespace this name and these indexed fields."""
        body = given(namespace_name=name, payload_indexes=[*payload_indexes])
        where = path("/namespaces/{}", namespace)
        return self._session.fetch(Call("PUT", where, json=body), Namespace)

    def delete(self, namespace: str) -> None:
        """Delete the namespace with all that is in it."""
        self._session.settle(Call("DELETE", path("/namespaces/{}", namespace)))

    def indexes(self) -> Indexes:
        """Which models and types of fields there are."""
        return self._session.fetch(Call("GET", "/namespaces/indexes"), Indexes)
