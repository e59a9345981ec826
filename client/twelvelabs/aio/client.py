"""The way in: one client of the Twelve Labs API, version 1.3 of mid 2025 and of late 2026."""

from typing import TYPE_CHECKING

import httpx2

from understudy import __version__
from understudy.client.aio.client import AsyncClient
from understudy.client.aio.session import AsyncSession, AsyncTiming
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from
from understudy.client.twelvelabs.aio.embed import AsyncEmbed
from understudy.client.twelvelabs.aio.indexes import AsyncIndexes
from understudy.client.twelvelabs.aio.search import AsyncSearch
from understudy.client.twelvelabs.aio.tasks import AsyncTasks
from understudy.client.twelvelabs.aio.text import AsyncTexts

if TYPE_CHECKING:
    from understudy.client.twelvelabs.aio.analyses import AsyncAnalyzeTasks
    from understudy.client.twelvelabs.aio.assets import AsyncAssets
    from understudy.client.twelvelabs.aio.batches import AsyncAnalyzeBatches
    from understudy.client.twelvelabs.aio.connections import AsyncConnections
    from understudy.client.twelvelabs.aio.embed_v2 import AsyncEmbedV2
    from understudy.client.twelvelabs.aio.entities import AsyncEntityCollections
    from understudy.client.twelvelabs.aio.knowledge import AsyncKnowledgeStores
    from understudy.client.twelvelabs.aio.responses import AsyncResponses

BASE_URL = "https://api.twelvelabs.io/v1.3"


class AsyncTwelveLabs(AsyncClient, AsyncTexts):
    """Everything under one key, by noun: `assets`, `indexes`, `tasks`, `search`, `embed`,
    `embed_v2`, `analyze_tasks`, `analyze_batches`, `entity_collections`, `knowledge_stores`,
    `responses` and `connections`; and `analyze` among the texts about a video.

    What the vendor has withdrawn since mid 2025 says so, with the date; a fake still serves it.
    The key comes from `api_key` or TWELVE_LABS_API_KEY, the base URL (with its version) from
    `base_url` or TWELVELABS_BASE_URL. `transport` is httpx2's seam: another one carries the
    requests over a proxy, or to an application in this process. Every failure is a
    `ClientError`. Use it as a context manager, or call `close`.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        options: Options | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        timing: AsyncTiming | None = None,
    ) -> None:
        headers = {
            "x-api-key": key_from(api_key, "TWELVE_LABS_API_KEY"),
            "user-agent": f"understudy-client/{__version__}",
        }
        session = AsyncSession(
            base_url_from(base_url, "TWELVELABS_BASE_URL", BASE_URL),
            headers,
            options=options,
            transport=transport,
            timing=timing,
        )
        self._attach(session)

    # Most programs use few of these, so each is loaded when it is first named.
    @property
    def assets(self) -> "AsyncAssets":
        """Files that are kept once and used by everything else."""
        from understudy.client.twelvelabs.aio.assets import AsyncAssets

        return AsyncAssets(self._session)

    @property
    def embed_v2(self) -> "AsyncEmbedV2":
        """Vectors of today, at once or by tasks."""
        from understudy.client.twelvelabs.aio.embed_v2 import AsyncEmbedV2

        return AsyncEmbedV2(self._session)

    @property
    def analyze_tasks(self) -> "AsyncAnalyzeTasks":
        """Analyses that take their time."""
        from understudy.client.twelvelabs.aio.analyses import AsyncAnalyzeTasks

        return AsyncAnalyzeTasks(self._session)

    @property
    def analyze_batches(self) -> "AsyncAnalyzeBatches":
        """Many analyses at once."""
        from understudy.client.twelvelabs.aio.batches import AsyncAnalyzeBatches

        return AsyncAnalyzeBatches(self._session)

    @property
    def entity_collections(self) -> "AsyncEntityCollections":
        """People with pictures of them."""
        from understudy.client.twelvelabs.aio.entities import AsyncEntityCollections

        return AsyncEntityCollections(self._session)

    @property
    def knowledge_stores(self) -> "AsyncKnowledgeStores":
        """Assets that are searched and talked about."""
        from understudy.client.twelvelabs.aio.knowledge import AsyncKnowledgeStores

        return AsyncKnowledgeStores(self._session)

    @property
    def responses(self) -> "AsyncResponses":
        """Talk about a knowledge store."""
        from understudy.client.twelvelabs.aio.responses import AsyncResponses

        return AsyncResponses(self._session)

    @property
    def connections(self) -> "AsyncConnections":
        """Drives in the cloud."""
        from understudy.client.twelvelabs.aio.connections import AsyncConnections

        return AsyncConnections(self._session)

    def _attach(self, session: AsyncSession) -> None:
        super()._attach(session)
        self.indexes = AsyncIndexes(session)
        self.tasks = AsyncTasks(session)
        self.search = AsyncSearch(session)
        self.embed = AsyncEmbed(session)
