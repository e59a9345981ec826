"""`client.indexes.indexed_assets`: index assets, and read, list, annotate and remove them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Range, Value, path
from understudy.client.fields import given
from understudy.client.patience import Patience
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.index import SortBy, SortOption
from understudy.client.twelvelabs.indexed import (
    ASSET_INDEXING,
    IndexedAsset,
    IndexedAssetIds,
    IndexedAssetPage,
    IndexedStatus,
)
from understudy.client.twelvelabs.video import EmbeddingOption, Metadata, Notes


class AsyncNewIndexedAsset(AsyncWork[IndexedAsset]):
    """An asset that was taken into an index: its ids, and the way to its being searchable."""

    def __init__(self, session: AsyncSession, index_id: str, ids: IndexedAssetIds) -> None:
        look = _look(index_id, ids.id)
        super().__init__(session, ids.id, ASSET_INDEXING, look, noun="Indexed asset")
        self.ids = ids

    @property
    def video_id(self) -> str:
        """The id of the video to be, which is that of the indexed asset."""
        return self.id


class AsyncIndexedAssets:
    """The assets of an index."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self,
        index_id: str,
        *,
        page: int = 1,
        page_limit: int | None = None,
        sort_by: SortBy | None = None,
        sort_option: SortOption | None = None,
        status: Sequence[IndexedStatus] | None = None,
        filename: str | None = None,
        duration: float | Range | None = None,
        fps: float | Range | None = None,
        width: int | Range | None = None,
        height: int | Range | None = None,
        size: float | Range | None = None,
        created_at: str | date | Range | None = None,
        updated_at: str | date | Range | None = None,
        user_metadata: Metadata | None = None,
    ) -> AsyncPager[IndexedAssetPage, IndexedAsset]:
        """The assets that fit, from `page` on; `user_metadata` holds keys that must agree."""
        query: dict[str, Value] = {
            **{f"user_metadata[{key}]": value for key, value in (user_metadata or {}).items()},
            "page_limit": page_limit,
            "sort_by": sort_by,
            "sort_option": sort_option,
            "status": status,
            "filename": filename,
            "duration": duration,
            "fps": fps,
            "width": width,
            "height": height,
            "size": size,
            "created_at": created_at,
            "updated_at": updated_at,
        }
        where, model = path("/indexes/{}/indexed-assets", index_id), IndexedAssetPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    async def create(
        self,
        index_id: str,
        asset_id: str,
        *,
        enable_video_stream: bool | None = None,
        user_metadata: Notes | None = None,
    ) -> AsyncNewIndexedAsset:
        """Index an asset, which must be ready. No retry indexes it twice."""
        body = given(
            asset_id=asset_id,
            enable_video_stream=enable_video_stream,
            user_metadata=None if user_metadata is None else dict(user_metadata),
        )
        call = Call("POST", path("/indexes/{}/indexed-assets", index_id), json=body)
        made = await self._session.fetch(call, IndexedAssetIds)
        return AsyncNewIndexedAsset(self._session, index_id, made)

    async def retrieve(
        self,
        index_id: str,
        indexed_asset_id: str,
        *,
        embedding_option: Sequence[EmbeddingOption] | None = None,
        transcription: bool | None = None,
    ) -> IndexedAsset:
        """The asset; its vectors and what is said in it only when asked for."""
        query: dict[str, Value] = {
            "embedding_option": embedding_option,
            "transcription": transcription,
        }
        where = path("/indexes/{}/indexed-assets/{}", index_id, indexed_asset_id)
        return await self._session.fetch(Call("GET", where, query), IndexedAsset)

    async def wait(
        self,
        index_id: str,
        indexed_asset_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[IndexedAsset], None] | None = None,
    ) -> IndexedAsset:
        """The asset once it is indexed; it ends as `client.tasks.wait` does."""
        ids = IndexedAssetIds(id=indexed_asset_id)
        work = AsyncNewIndexedAsset(self._session, index_id, ids)
        return await work.wait(patience=patience, on_status=on_status)

    async def update(self, index_id: str, indexed_asset_id: str, *, user_metadata: Notes) -> None:
        """Lay `user_metadata` over what is noted about the asset; None deletes a key."""
        where = path("/indexes/{}/indexed-assets/{}", index_id, indexed_asset_id)
        body = {"user_metadata": dict(user_metadata)}
        await self._session.settle(Call("PATCH", where, json=body, again=True))

    async def delete(self, index_id: str, indexed_asset_id: str) -> None:
        """Take the asset out of the index; the asset itself stays."""
        where = path("/indexes/{}/indexed-assets/{}", index_id, indexed_asset_id)
        await self._session.settle(Call("DELETE", where))


def _look(
    index_id: str, indexed_asset_id: str
) -> Callable[[AsyncSession], Awaitable[IndexedAsset]]:
    where = path("/indexes/{}/indexed-assets/{}", index_id, indexed_asset_id)
    return lambda session: session.fetch(Call("GET", where), IndexedAsset)
