"""The way in: one client of the Mixpeek API of December 2024."""

from copy import copy
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx2

from understudy import __version__
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
from understudy.client.options import Cancellation, Options
from understudy.client.retry import Retry
from understudy.client.settings import base_url_from, key_from

BASE_URL = "https://api.mixpeek.com"


class AsyncMixpeek:
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

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retry: Retry | None = None,
        cancellation: Cancellation | None = None,
    ) -> Self:
        """A view of this client, on the same connections, with some options changed."""
        old = self._session.options
        changed = replace(
            old,
            timeout=old.timeout if timeout is None else timeout,
            deadline=old.deadline if deadline is None else deadline,
            retry=retry or old.retry,
            cancellation=cancellation or old.cancellation,
        )
        view = copy(self)
        view._attach(self._session.with_options(changed))
        return view

    async def health(self) -> str | None:
        """What the service says of itself, such as "ok"."""
        return (await self._session.fetch(Call("GET", "/healthcheck"), Message)).status

    async def close(self) -> None:
        """Close the connections, of the views of this client too."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._session.base_url!r})"

    def _attach(self, session: AsyncSession) -> None:
        self._session = session
        self.ingest = AsyncIngest(session)
        self.tasks = AsyncTasks(session)
        self.assets = AsyncAssets(session)
        self.features = AsyncFeatures(session)
        self.collections = AsyncCollections(session)
        self.namespaces = AsyncNamespaces(session)
        self.organization = AsyncAccount(session)
