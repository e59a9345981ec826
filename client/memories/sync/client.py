# From client/memories/aio/client.py, by `python -m tools.twins`: edit that file, not this.
"""The way in: one client of the Memories.ai API of mid 2025."""

from typing import Literal

import httpx2

from understudy import __version__
from understudy.client.memories.sync.chat import Chat
from understudy.client.memories.sync.images import Images
from understudy.client.memories.sync.scrapes import Scrapes
from understudy.client.memories.sync.search import Search
from understudy.client.memories.sync.videos import Videos
from understudy.client.memories.wire import envelope, verdict
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from
from understudy.client.sync.client import Client
from understudy.client.sync.session import Session, Timing

BASE_URL = "https://api.memories.ai"
Family = Literal["v1", "video"]
"""The newer path family with scopes, or the older one with folders; the account is the same."""


class Memories(Client):
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
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        headers = {
            "authorization": key_from(api_key, "MEMORIES_API_KEY"),
            "user-agent": f"understudy-client/{__version__}",
        }
        root = base_url_from(base_url, "MEMORIES_BASE_URL", BASE_URL)
        self._scope = unique_id
        self._attach(
            Session(
                f"{root}/serve/api/{family}",
                headers,
                options=options,
                transport=transport,
                timing=timing,
                envelope=envelope,
                verdict=verdict,
            )
        )

    def _attach(self, session: Session) -> None:
        super()._attach(session)
        self.videos = Videos(session, self._scope)
        self.search = Search(session, self._scope)
        self.chat = Chat(session, self._scope)
        self.images = Images(session, self._scope)
        self.scrapes = Scrapes(session, self._scope)
