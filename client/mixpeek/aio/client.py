"""The way in: one client of the Mixpeek API of December 2024."""

import httpx2

from understudy import __version__
from understudy.client.aio.client import AsyncClient
from understudy.client.aio.session import AsyncSession, AsyncTiming
from understudy.client.call import Call
from understudy.client.mixpeek.aio.assets import AsyncAssets
from understudy.client.mixpeek.aio.collections import AsyncCollections, AsyncNamespaces
from understudy.client.mixpeek.aio.features import AsyncFeatures
from understudy.client.mixpeek.aio.ingest import AsyncIngest
from understudy.client.mixpeek.aio.organizations import AsyncAccount
from understudy.client.mixpeek.aio.tasks import AsyncTasks
from understudy.client.mixpeek.envelope import problem
from understudy.client.mixpeek.page import Message
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from

BASE_URL = "https://api.mixpeek.com"


class AsyncMixpeek(AsyncClient):
    """Everything under one key: `ingest`, `tasks`, `assets`, `features`, `collections`,
    `namespaces` and `organization`.

    The key comes from `api_key` or MIXPEEK_API_KEY, the base URL from `base_url` or
    MIXPEEK_BASE_URL. `namespace` is the name or id of the world that calls act in, the default
    one without it. `transport` is httpx2's seam: another one carries the requests over a proxy,
    or to an application in this process. Every failure is a `ClientError`. Use it as a context
    manager, or call `close`.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        namespace: str | None = None,
        base_url: str | None = None,
        options: Options | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        timing: AsyncTiming | None = None,
    ) -> None:
        headers = {
            "authorization": f"Bearer {key_from(api_key, 'MIXPEEK_API_KEY')}",
            "user-agent": f"understudy-client/{__version__}",
        }
        if namespace is not None:
            headers["x-namespace"] = namespace
        session = AsyncSession(
            base_url_from(base_url, "MIXPEEK_BASE_URL", BASE_URL),
            headers,
            options=options,
            transport=transport,
            timing=timing,
            envelope=problem,
        )
        self._attach(session)

    async def health(self) -> str | None:
        """What the service says of itself, such as "ok"."""
        return (await self._session.fetch(Call("GET", "/healthcheck"), Message)).status

    def _attach(self, session: AsyncSession) -> None:
        super()._attach(session)
        self.ingest = AsyncIngest(session)
        self.tasks = AsyncTasks(session)
        self.assets = AsyncAssets(session)
        self.features = AsyncFeatures(session)
        self.collections = AsyncCollections(session)
        self.namespaces = AsyncNamespaces(session)
        self.organization = AsyncAccount(session)
