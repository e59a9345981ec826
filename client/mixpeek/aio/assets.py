"""`client.assets`: list, search, read, change and delete assets."""

from collections.abc import Mapping, Sequence

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.mixpeek.aio.paging import numbered
from understudy.client.mixpeek.asset import (
    Asset,
    AssetGroup,
    AssetGroupPage,
    AssetPage,
    AssetWithFeatures,
    Filters,
    Metadata,
    Sort,
)


class AsyncAssets:
    """What was ingested."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self,
        collections: Sequence[str],
        *,
        filters: Filters | None = None,
        sort: Sort | None = None,
        select: Sequence[str] | None = None,
        return_url: bool | None = None,
        page: int = 1,
        page_size: int | None = None,
    ) -> AsyncPager[AssetPage, Asset]:
        """The assets of these collections, from `page` on."""
        body = asked(collections, filters, sort, select, return_url=return_url)
        return self._pages("/assets", body, page, page_size)

    def groups(
        self,
        collections: Sequence[str],
        field: str,
        *,
        max_assets: int | None = None,
        filters: Filters | None = None,
        sort: Sort | None = None,
        page: int = 1,
        page_size: int | None = None,
    ) -> AsyncPager[AssetGroupPage, AssetGroup]:
        """The assets of these collections, grouped by their values in `field`."""
        body = asked(collections, filters, sort, None)
        body["group_by"] = given(field=field, max_assets=max_assets)
        return numbered(
            self._session,
            "/assets",
            body,
            AssetGroupPage,
            lambda found: found.results,
            page,
            page_size,
        )

    def search(
        self,
        collections: Sequence[str],
        words: str,
        keys: Sequence[str],
        *,
        filters: Filters | None = None,
        sort: Sort | None = None,
        select: Sequence[str] | None = None,
        return_url: bool | None = None,
        page: int = 1,
        page_size: int | None = None,
    ) -> AsyncPager[AssetPage, Asset]:
        """The assets with these words in one of the fields `keys`."""
        body = asked(collections, filters, sort, select, return_url=return_url)
        body["query"] = {"key": [*keys], "value": words}
        return self._pages("/assets/search", body, page, page_size)

    async def retrieve(self, asset_id: str, *, return_url: bool | None = None) -> Asset:
        """The asset as it is now, with its address unless `return_url` is False."""
        call = Call("GET", path("/assets/{}", asset_id), {"return_url": return_url})
        return await self._session.fetch(call, Asset)

    async def features(self, asset_id: str, *, return_url: bool | None = None) -> AssetWithFeatures:
        """The asset with what was found in it, without vectors."""
        call = Call("GET", path("/assets/{}/features", asset_id), {"return_url": return_url})
        return await self._session.fetch(call, AssetWithFeatures)

    async def update(
        self, asset_id: str, metadata: Metadata, *, propagate_features: bool | None = None
    ) -> Asset:
        """Add to the metadata, of its features too if they shall follow."""
        body = given(metadata=metadata, propagate_features=propagate_features)
        return await self._session.fetch(
            Call("PATCH", path("/assets/{}", asset_id), json=body), Asset
        )

    async def replace(
        self, asset_id: str, metadata: Metadata, *, propagate_features: bool | None = None
    ) -> Asset:
        """Put these metadata in the place of the old."""
        body = given(metadata=metadata, propagate_features=propagate_features)
        return await self._session.fetch(
            Call("PUT", path("/assets/{}", asset_id), json=body), Asset
        )

    async def delete(self, asset_id: str) -> None:
        """Delete the asset with its features."""
        await self._session.settle(Call("DELETE", path("/assets/{}", asset_id)))

    def _pages(
        self, where: str, body: Mapping[str, Json], page: int, page_size: int | None
    ) -> AsyncPager[AssetPage, Asset]:
        return numbered(
            self._session, where, body, AssetPage, lambda found: found.results, page, page_size
        )


def asked(
    collections: Sequence[str],
    filters: Filters | None,
    sort: Sort | None,
    select: Sequence[str] | None,
    **more: Json,
) -> dict[str, Json]:
    """The body of a list or a search."""
    return given(
        collections=[*collections],
        filters=filters,
        sort=None if sort is None else {"field": sort["field"], "direction": sort["direction"]},
        select=None if select is None else [*select],
        **more,
    )
