"""Lists whose pages have numbers, begin after a feature, or begin at a place."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from understudy.client.aio.pager import AsyncPager, Cursor
from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value
from understudy.client.json import Json
from understudy.client.mixpeek.feature import Feature, FeatureGroupPage, FeaturePage
from understudy.client.mixpeek.page import NumberedPage

P = TypeVar("P", bound=NumberedPage)
F = TypeVar("F", FeaturePage, FeatureGroupPage)
T = TypeVar("T")


def numbered(
    session: AsyncSession,
    where: str,
    body: Mapping[str, Json] | None,
    model: type[P],
    items: Callable[[P], Sequence[T]],
    page: int,
    page_size: int | None,
) -> AsyncPager[P, T]:
    """The list at `where`, from the page with the number `page` on; asked for by POST if `body`."""

    async def read(cursor: Cursor | None) -> P:
        query: dict[str, Value] = {
            "page": page if cursor is None else cursor,
            "page_size": page_size,
        }
        if body is None:
            return await session.fetch(Call("GET", where, query), model)
        return await session.fetch(Call("POST", where, query, json=body, again=True), model)

    def following(found: P) -> Cursor | None:
        return found.pagination.following if items(found) else None

    return AsyncPager(read, items=items, following=following)


def after(
    session: AsyncSession, body: Mapping[str, Json], page_size: int | None
) -> AsyncPager[FeaturePage, Feature]:
    """The list of features; each page begins after the last feature of the one before."""

    async def read(cursor: Cursor | None) -> FeaturePage:
        query: dict[str, Value] = {"offset_feature_id": cursor, "page_size": page_size}
        call = Call("POST", "/features", query, json=body, again=True)
        return await session.fetch(call, FeaturePage)

    def following(found: FeaturePage) -> Cursor | None:
        more = found.pagination.next_page is not None and found.results
        return found.results[-1].feature_id if more else None

    return AsyncPager(read, items=lambda found: found.results, following=following)


def placed(
    session: AsyncSession,
    body: Mapping[str, Json],
    model: type[F],
    items: Callable[[F], Sequence[T]],
    page_size: int | None,
) -> AsyncPager[F, T]:
    """What a search finds; each page begins at a place."""

    async def read(cursor: Cursor | None) -> F:
        query: dict[str, Value] = {"offset_position": cursor, "page_size": page_size}
        call = Call("POST", "/features/search", query, json=body, again=True)
        return await session.fetch(call, model)

    def following(found: F) -> Cursor | None:
        pagination = found.pagination
        more = pagination.next_page is not None and items(found)
        return pagination.current_page * pagination.page_size if more else None

    return AsyncPager(read, items=items, following=following)
