# From client/memories/aio/scrapes.py, by `python -m tools.twins`: edit that file, not this.
"""`client.scrapes`: have videos fetched from pages of TikTok, YouTube or Instagram."""

from collections.abc import Callable, Sequence

from understudy.client.call import Call, Value
from understudy.client.fields import given
from understudy.client.memories.video import SCRAPING, Scraped, ScrapedReply, ScrapeReply
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work


class Scrapes:
    """Tasks that fetch videos; each video is then parsed like any upload."""

    def __init__(self, session: Session, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    def create(
        self,
        video_urls: Sequence[str],
        *,
        quality: int | None = None,
        callback_url: str | None = None,
    ) -> Work[Scraped]:
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
        made = self._session.fetch(Call("POST", "/scraper_url", json=body), ScrapeReply)
        task_id = made.data.task_id
        return Work(self._session, task_id, SCRAPING, _look(task_id, self._scope))

    def videos(self, task_id: str) -> Scraped:
        """The videos of a task; none while they are being fetched."""
        return _look(task_id, self._scope)(self._session)


def _look(task_id: str, scope: str | None) -> Callable[[Session], Scraped]:
    def look(session: Session) -> Scraped:
        query: dict[str, Value] = {"task_id": task_id, "unique_id": scope}
        call = Call("GET", "/get_video_ids_by_task_id", query)
        return (session.fetch(call, ScrapedReply)).data

    return look
