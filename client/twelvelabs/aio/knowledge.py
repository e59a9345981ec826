"""`client.knowledge_stores`: stores, their items and collections, and search in them."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from understudy.client.aio.pager import AsyncPager, Cursor
from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, path
from understudy.client.errors import UsageError
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.twelvelabs.aio.items import AsyncItemCollections, AsyncItems
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.index import SortBy, SortOption
from understudy.client.twelvelabs.knowledge import (
    ItemType,
    KnowledgeHit,
    KnowledgeHitPage,
    KnowledgeStore,
    KnowledgeStorePage,
    Labels,
    Modality,
)


class AsyncKnowledgeStores:
    """The account's stores; `client.responses` talks about them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.items = AsyncItems(session)
        self.collections = AsyncItemCollections(session)

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        sort_by: SortBy | None = None,
        sort_option: SortOption | None = None,
    ) -> AsyncPager[KnowledgeStorePage, KnowledgeStore]:
        """The stores, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "sort_by": sort_by,
            "sort_option": sort_option,
        }
        where, model = "/knowledge-stores", KnowledgeStorePage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    async def create(
        self,
        name: str,
        *,
        description: str | None = None,
        enrichment: str | Mapping[str, Json] | None = None,
        metadata: Labels | None = None,
    ) -> KnowledgeStore:
        """A new, empty store. `enrichment` says for ever what is noted about each item: in words,
        or by a JSON Schema whose properties all have a description.
        """
        body = given(
            name=name,
            description=description,
            ingestion_config=None if enrichment is None else _enriched(enrichment),
            metadata=None if metadata is None else dict(metadata),
        )
        call = Call("POST", "/knowledge-stores", json=body)
        return await self._session.fetch(call, KnowledgeStore)

    async def retrieve(self, store_id: str) -> KnowledgeStore:
        """The store as it is now."""
        call = Call("GET", path("/knowledge-stores/{}", store_id))
        return await self._session.fetch(call, KnowledgeStore)

    async def update(
        self,
        store_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        metadata: Labels | None = None,
    ) -> KnowledgeStore:
        """Change what is given; `metadata` takes the place of all there are."""
        body = given(
            name=name,
            description=description,
            metadata=None if metadata is None else dict(metadata),
        )
        call = Call("PATCH", path("/knowledge-stores/{}", store_id), json=body, again=True)
        return await self._session.fetch(call, KnowledgeStore)

    async def delete(self, store_id: str) -> None:
        """Delete the store with its items."""
        await self._session.settle(Call("DELETE", path("/knowledge-stores/{}", store_id)))

    def search(
        self,
        store_id: str,
        text: str,
        *,
        asset_types: Sequence[ItemType] | None = None,
        item_ids: Sequence[str] | None = None,
        modalities: Sequence[Modality] | None = None,
        group_by: Literal["none", "item"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        include_metadata: bool | None = None,
    ) -> AsyncPager[KnowledgeHitPage, KnowledgeHit]:
        """The items that fit, best first, of these types and among these when they are given.

        Ungrouped, a hit holds one match. Further pages are asked for by token; `Gone` when one
        has expired. `page_token` begins at the page that it names.
        """
        wanted = given(
            query={"text": text},
            filter=_filter(asset_types, item_ids),
            search_options=(
                None if modalities is None else {"video": {"modalities": [*modalities]}}
            ),
            group_by=group_by,
            page_size=page_size,
            include_metadata=include_metadata,
        )
        where = path("/knowledge-stores/{}/search", store_id)

        async def read(cursor: Cursor | None) -> KnowledgeHitPage:
            token = page_token if cursor is None else cursor
            body = {**wanted, **given(page_token=token)}
            call = Call("POST", where, json=body, again=True)
            return await self._session.fetch(call, KnowledgeHitPage)

        return AsyncPager(
            read, items=lambda page: page.data, following=lambda page: page.next_page_token or None
        )


def _filter(asset_types: Sequence[str] | None, item_ids: Sequence[str] | None) -> Json:
    chosen: dict[str, Json] = {}
    for name, values in (("asset_type", asset_types), ("item_id", item_ids)):
        if isinstance(values, str):
            raise UsageError(f"{values!r} is one text; pass a list of them.")
        if values is not None:
            chosen[name] = {"in": [*values]}
    return chosen or None


def _enriched(enrichment: str | Mapping[str, Json]) -> Json:
    if isinstance(enrichment, str):
        return {"enrichment_config": {"type": "description", "description": enrichment}}
    schema = cast("Json", enrichment)
    return {"enrichment_config": {"type": "json_schema", "json_schema": schema}}
