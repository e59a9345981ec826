"""Lists that come page by page, read as one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from understudy.client.errors import BadReply

P = TypeVar("P")
T = TypeVar("T")

Cursor = int | str
"""What names a page: its number, or a token."""


class AsyncPager(Generic[P, T]):
    """Nothing is asked for until it is iterated over; each iteration begins at the first page.

    `read` fetches a page, the first one for None; `items` takes it apart; `following` names
    the page after it, None for the last.
    """

    def __init__(
        self,
        read: Callable[[Cursor | None], Awaitable[P]],
        *,
        items: Callable[[P], Sequence[T]],
        following: Callable[[P], Cursor | None],
    ) -> None:
        self._read = read
        self._items = items
        self._following = following

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in self._items(page):
                yield item

    async def pages(self) -> AsyncIterator[P]:
        """Whole pages, with what they say about the list."""
        cursor: Cursor | None = None
        seen: set[Cursor] = set()
        while True:
            page = await self._read(cursor)
            yield page
            cursor = self._following(page)
            if cursor is None:
                return
            if cursor in seen:
                raise BadReply(f"The list names the page {cursor!r} as the next one twice.")
            seen.add(cursor)

    async def first(self) -> P:
        """The first page alone."""
        return await self._read(None)
