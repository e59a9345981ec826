"""The way in: one client of the Memories.ai API of mid 2025."""

from typing import Literal

import httpx2

from understudy import __version__
from understudy.client.aio.client import AsyncClient
from understudy.client.aio.session import AsyncSession, AsyncTiming
from understudy.client.memories.aio.chat import AsyncChat
from understudy.client.memories.aio.images import AsyncImages
from understudy.client.memories.aio.scrapes import AsyncScrapes
from understudy.client.memories.aio.search import AsyncSearch
from understudy.client.memories.aio.videos import AsyncVideos
from understudy.client.memories.wire import envelope, verdict
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from

BASE_URL = "https://api.memories.ai"
Family = Literal["v1", "video"]
"""The newer path family with scopes, or the older one with folders; the account is the same."""


class AsyncMemories(AsyncClient):
    """Everything under one key: `videos`, `search`, `chat`, `images` and `scrapes`.

    The key comes from `api_key` or MEMORIES_API_KEY, the base URL (the host alone) from
    `base_url` or MEMORIES_BASE_URL. `family` chooses between the two path families,
    `unique_id` the scope in which every call acts. `transport` is httpx2's seam: another one
    carries the requests over a proxy, or to an application in this process. Every failure is a
    `ClientError`, also those that the service answers with a 200. Use it as a context manager,
    or call `close`.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        family: Family = "v1",
        unique_id: str | None = None,
        options: Options | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        timing: AsyncTiming | None = None,
    ) -> None:
        headers = {
            "authorization": key_from(api_key, "MEMORIES_API_KEY"),
            "user-agent": f"understudy-client/{__version__}",
        }
        root = base_url_from(base_url, "MEMORIES_BASE_URL", BASE_URL)
        self._scope = unique_id
        self._attach(
            AsyncSession(
                f"{root}/serve/api/{family}",
                headers,
                options=options,
                transport=transport,
                timing=timing,
                envelope=envelope,
                verdict=verdict,
            )
        )

    def _attach(self, session: AsyncSession) -> None:
        super()._attach(session)
        self.videos = AsyncVideos(session, self._scope)
        self.search = AsyncSearch(session, self._scope)
        self.chat = AsyncChat(session, self._scope)
        self.images = AsyncImages(session, self._scope)
        self.scrapes = AsyncScrapes(session, self._scope)
