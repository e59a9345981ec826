# From client/twelvelabs/aio/client.py, by `python -m tools.twins`: edit that file, not this.
"""The way in: one client of the Twelve Labs API, version 1.3 of mid 2025 and of late 2026."""

from typing import TYPE_CHECKING

import httpx2

from understudy import __version__
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from
from understudy.client.sync.client import Client
from understudy.client.sync.session import Session, Timing
from understudy.client.twelvelabs.sync.embed import Embed
from understudy.client.twelvelabs.sync.indexes import Indexes
from understudy.client.twelvelabs.sync.search import Search
from understudy.client.twelvelabs.sync.tasks import Tasks
from understudy.client.twelvelabs.sync.text import Texts

if TYPE_CHECKING:
    from understudy.client.twelvelabs.sync.analyses import AnalyzeTasks
    from understudy.client.twelvelabs.sync.assets import Assets
    from understudy.client.twelvelabs.sync.batches import AnalyzeBatches
    from understudy.client.twelvelabs.sync.connections import Connections
    from understudy.client.twelvelabs.sync.embed_v2 import EmbedV2
    from understudy.client.twelvelabs.sync.entities import EntityCollections
    from understudy.client.twelvelabs.sync.knowledge import KnowledgeStores
    from understudy.client.twelvelabs.sync.responses import Responses

BASE_URL = "https://api.twelvelabs.io/v1.3"


class TwelveLabs(Client, Texts):
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
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        headers = {
            "x-api-key": key_from(api_key, "TWELVE_LABS_API_KEY"),
            "user-agent": f"understudy-client/{__version__}",
        }
        session = Session(
            base_url_from(base_url, "TWELVELABS_BASE_URL", BASE_URL),
            headers,
            options=options,
            transport=transport,
            timing=timing,
        )
        self._attach(session)

    # Most programs use few of these, so each is loaded when it is first named.
    @property
    def assets(self) -> "Assets":
        """Files that are kept once and used by everything else."""
        from understudy.client.twelvelabs.sync.assets import Assets

        return Assets(self._session)

    @property
    def embed_v2(self) -> "EmbedV2":
        """Vectors of today, at once or by tasks."""
        from understudy.client.twelvelabs.sync.embed_v2 import EmbedV2

        return EmbedV2(self._session)

    @property
    def analyze_tasks(self) -> "AnalyzeTasks":
        """Analyses that take their time."""
        from understudy.client.twelvelabs.sync.analyses import AnalyzeTasks

        return AnalyzeTasks(self._session)

    @property
    def analyze_batches(self) -> "AnalyzeBatches":
        """Many analyses at once."""
        from understudy.client.twelvelabs.sync.batches import AnalyzeBatches

        return AnalyzeBatches(self._session)

    @property
    def entity_collections(self) -> "EntityCollections":
        """People with pictures of them."""
        from understudy.client.twelvelabs.sync.entities import EntityCollections

        return EntityCollections(self._session)

    @property
    def knowledge_stores(self) -> "KnowledgeStores":
        """Assets that are searched and talked about."""
        from understudy.client.twelvelabs.sync.knowledge import KnowledgeStores

        return KnowledgeStores(self._session)

    @property
    def responses(self) -> "Responses":
        """Talk about a knowledge store."""
        from understudy.client.twelvelabs.sync.responses import Responses

        return Responses(self._session)

    @property
    def connections(self) -> "Connections":
        """Drives in the cloud."""
        from understudy.client.twelvelabs.sync.connections import Connections

        return Connections(self._session)

    def _attach(self, session: Session) -> None:
        super()._attach(session)
        self.indexes = Indexes(session)
        self.tasks = Tasks(session)
        self.search = Search(session)
        self.embed = Embed(session)
