"""What can be done with a medium of any kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from understudy.client.aio.pager import AsyncPager, Cursor
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value, path
from understudy.client.imentiv.aio.insights import AsyncInsights
from understudy.client.imentiv.medium import (
    Change,
    Direction,
    MediaType,
    Medium,
    Metadata,
    Page,
    Summary,
    analysis_of,
)
from understudy.client.patience import Patience

D = TypeVar("D", bound=Medium)

PAGE_SIZE = 10
"""How many the service gives when nobody says."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[D]):
    """A kind of medium: its place in paths, what names a page of its list, and its model."""

    name: MediaType
    offset: str
    model: type[D]

    @property
    def many(self) -> str:
        """The path of its list."""
        return f"/v1/{self.name}s"

    def one(self, id: str) -> str:
        """The path of one of them."""
        return path(f"{self.many}/{{}}", id)


class AsyncAnalysis(AsyncWork[D]):
    """A medium that is being analysed: its id, and the way to its end.

    `summary` is what the service answered to the upload; None for one that is analysed again.
    """

    def __init__(
        self, session: AsyncSession, kind: Kind[D], id: str, summary: Summary | None = None
    ) -> None:
        super().__init__(
            session,
            id,
            analysis_of(kind.model),
            lambda once: once.fetch(Call("GET", kind.one(id)), kind.model),
            noun=kind.name.capitalize(),
        )
        self.summary = summary


class AsyncMedia(Generic[D]):
    """Media of one kind: list, read, wait for, analyse again, delete; `insights` talk of one."""

    def __init__(self, session: AsyncSession, kind: Kind[D]) -> None:
        self._session = session
        self._kind = kind
        self.insights = AsyncInsights(session, kind.name)

    def list(
        self,
        *,
        after: str | None = None,
        page_size: int | None = None,
        direction: Direction = "forward",
    ) -> AsyncPager[Page, Summary]:
        """The account's media, from the one that comes after `after` on.

        Backward, the pages before it, the nearest first; each page is in the order of the list.
        """
        kind, size = self._kind, page_size or PAGE_SIZE

        async def read(cursor: Cursor | None) -> Page:
            query: dict[str, Value] = {
                kind.offset: after if cursor is None else cursor,
                "page_size": page_size,
                "direction": direction,
            }
            return await self._session.fetch(Call("GET", kind.many, query), Page)

        def following(page: Page) -> Cursor | None:
            if len(page.documents) < size:
                return None
            return page.documents[-1 if direction == "forward" else 0].id

        return AsyncPager(read, items=lambda page: page.documents, following=following)

    async def retrieve(self, id: str) -> D:
        """The medium as it is now, whatever its status."""
        return await self._session.fetch(Call("GET", self._kind.one(id)), self._kind.model)

    async def wait(
        self,
        id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[D], None] | None = None,
    ) -> D:
        """The medium once its analysis is completed; it always ends, by default within an hour.

        `on_status` is told what each look showed. Raises `TaskFailed`, `UnknownStatus` for a
        status that is not declared, `DeadlineExceeded`, or the last error when too many looks
        in a row have failed.
        """
        work = AsyncAnalysis(self._session, self._kind, id)
        return await work.wait(patience=patience, on_status=on_status)

    async def reprocess(self, id: str, *, callback_url: str | None = None) -> AsyncAnalysis[D]:
        """Have the medium analysed again, under its id; wait for it as for an upload."""
        fields: dict[str, Value] = {"reprocess": True, "callback_url": callback_url}
        call = Call("PUT", self._kind.one(id), fields=fields, again=False)
        changed = await self._session.fetch(call, Change)
        return AsyncAnalysis(self._session, self._kind, changed.id)

    async def delete(self, id: str) -> None:
        """Delete the medium, and all that was derived from it, for good."""
        await self._session.settle(Call("DELETE", self._kind.one(id)))

    async def _rename(self, id: str, **fields: Value) -> Metadata:
        call = Call("PUT", f"{self._kind.one(id)}/metadata", fields=fields)
        return await self._session.fetch(call, Metadata)

    async def _uploaded(self, call: Call) -> AsyncAnalysis[D]:
        made = await self._session.fetch(call, Summary)
        return AsyncAnalysis(self._session, self._kind, made.id, made)
