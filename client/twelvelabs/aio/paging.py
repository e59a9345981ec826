"""Lists whose pages have numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from understudy.client.aio.pager import AsyncPager, Cursor
from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value
from understudy.client.twelvelabs.page import NumberedPage

P = TypeVar("P", bound=NumberedPage)
T = TypeVar("T")


def numbered(
    session: AsyncSession,
    where: str,
    query: Mapping[str, Value],
    model: type[P],
    items: Callable[[P], Sequence[T]],
    page: int,
) -> AsyncPager[P, T]:
    """The list at `where`, from the page with the number `page` on."""

    async def read(cursor: Cursor | None) -> P:
        number = page if cursor is None else cursor
        return await session.fetch(Call("GET", where, {**query, "page": number}), model)

    def following(found: P) -> Cursor | None:
        return found.page_info.following if items(found) else None

    return AsyncPager(read, items=items, following=following)
