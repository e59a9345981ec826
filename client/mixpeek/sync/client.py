# From client/mixpeek/aio/client.py, by `python -m tools.twins`: edit that file, not this.
"""The way in: one client of the Mixpeek API of December 2024."""

import httpx2

from understudy import __version__
from understudy.client.call import Call
from understudy.client.mixpeek.envelope import problem
from understudy.client.mixpeek.page import Message
from understudy.client.mixpeek.sync.assets import Assets
from understudy.client.mixpeek.sync.collections import Collections, Namespaces
from understudy.client.mixpeek.sync.features import Features
from understudy.client.mixpeek.sync.ingest import Ingest
from understudy.client.mixpeek.sync.organizations import Account
from understudy.client.mixpeek.sync.tasks import Tasks
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from
from understudy.client.sync.client import Client
from understudy.client.sync.session import Session, Timing

BASE_URL = "https://api.mixpeek.com"


class Mixpeek(Client):
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
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        headers = {
            "authorization": f"Bearer {key_from(api_key, 'MIXPEEK_API_KEY')}",
            "user-agent": f"understudy-client/{__version__}",
        }
        if namespace is not None:
            headers["x-namespace"] = namespace
        session = Session(
            base_url_from(base_url, "MIXPEEK_BASE_URL", BASE_URL),
            headers,
            options=options,
            transport=transport,
            timing=timing,
            envelope=problem,
        )
        self._attach(session)

    def health(self) -> str | None:
        """What the service says of itself, such as "ok"."""
        return (self._session.fetch(Call("GET", "/healthcheck"), Message)).status

    def _attach(self, session: Session) -> None:
        super()._attach(session)
        self.ingest = Ingest(session)
        self.tasks = Tasks(session)
        self.assets = Assets(session)
        self.features = Features(session)
        self.collections = Collections(session)
        self.namespaces = Namespaces(session)
        self.organization = Account(session)
