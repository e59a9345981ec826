"""`client.scrapes`: have videos fetched from pages of TikTok, YouTube or Instagram."""

from collections.abc import Awaitable, Callable, Sequence

from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value
from understudy.client.fields import given
from understudy.client.memories.video import SCRAPING, Scraped, ScrapedReply, ScrapeReply


class AsyncScrapes:
    """Tasks that fetch videos; each video is then parsed like any upload."""

    def __init__(self, session: AsyncSession, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    async def create(
        self,
        video_urls: Sequence[str],
        *,
        quality: int | None = None,
        callback_url: str | None = None,
    ) -> AsyncWork[Scraped]:
        """Begin to fetch videos, all of one platform; `wait` ends when they have come.

        Only `callback_url` is told of a failure: waiting for a task that has failed ends with
        its deadline.
        """
        body = given(
            video_urls=[*video_urls],
            quality=quality,
            callback_url=callback_url,
            unique_id=self._scope,
        )
        made = await self._session.fetch(Call("POST", "/scraper_url", json=body), ScrapeReply)
        task_id = made.data.task_id
        return AsyncWork(self._session, task_id, SCRAPING, _look(task_id, self._scope))

    async def videos(self, task_id: str) -> Scraped:
        """The videos of a task; none while they are being fetched."""
        return await _look(task_id, self._scope)(self._session)


def _look(task_id: str, scope: str | None) -> Callable[[AsyncSession], Awaitable[Scraped]]:
    async def look(session: AsyncSession) -> Scraped:
        query: dict[str, Value] = {"task_id": task_id, "unique_id": scope}
        call = Call("GET", "/get_video_ids_by_task_id", query)
        return (await session.fetch(call, ScrapedReply)).data

    return look
