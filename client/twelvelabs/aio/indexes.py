"""`client.indexes`: create, read, list, rename and delete indexes."""

from collections.abc import Sequence
from datetime import date

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Range, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.twelvelabs.aio.indexed import AsyncIndexedAssets
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.aio.videos import AsyncVideos
from understudy.client.twelvelabs.index import (
    Addon,
    Created,
    Index,
    IndexPage,
    ModelChoice,
    ModelFamily,
    ModelOption,
    SortBy,
    SortOption,
)


class AsyncIndexes:
    """The account's indexes; `indexed_assets` brings assets in, their videos are under `videos`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.indexed_assets = AsyncIndexedAssets(session)
        self.videos = AsyncVideos(session)

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        sort_by: SortBy | None = None,
        sort_option: SortOption | None = None,
        index_name: str | None = None,
        model_options: Sequence[ModelOption] | None = None,
        model_family: ModelFamily | None = None,
        created_at: str | date | Range | None = None,
        updated_at: str | date | Range | None = None,
    ) -> AsyncPager[IndexPage, Index]:
        """The indexes that fit, from `page` on; moments mean then or later."""
        query = {
            "page_limit": page_limit,
            "sort_by": sort_by,
            "sort_option": sort_option,
            "index_name": index_name,
            "model_options": ",".join(model_options) if model_options else None,
            "model_family": model_family,
            "created_at": created_at,
            "updated_at": updated_at,
        }
        return numbered(self._session, "/indexes", query, IndexPage, lambda found: found.data, page)

    async def create(
        self,
        index_name: str,
        models: Sequence[ModelChoice],
        *,
        addons: Sequence[Addon] | None = None,
    ) -> Created:
        """A new index; its models and add-ons cannot be changed later."""
        choices: list[Json] = [
            {"model_name": each["model_name"], "model_options": [*each["model_options"]]}
            for each in models
        ]
        body = given(
            index_name=index_name, models=choices, addons=None if addons is None else [*addons]
        )
        return await self._session.fetch(Call("POST", "/indexes", json=body), Created)

    async def retrieve(self, index_id: str) -> Index:
        """The index as it is now."""
        return await self._session.fetch(Call("GET", path("/indexes/{}", index_id)), Index)

    async def update(self, index_id: str, *, index_name: str) -> None:
        """Give an index another name."""
        body = given(index_name=index_name)
        await self._session.settle(Call("PUT", path("/indexes/{}", index_id), json=body))

    async def delete(self, index_id: str) -> None:
        """Delete an index with the videos in it."""
        await self._session.settle(Call("DELETE", path("/indexes/{}", index_id)))
