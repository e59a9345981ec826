# From client/imentiv/aio/client.py, by `python -m tools.twins`: edit that file, not this.
"""The way in: one client of the Imentiv AI API, /v1 and /v2 together."""

import httpx2

from understudy import __version__
from understudy.client.imentiv.envelope import problem_of
from understudy.client.imentiv.sync.audios import Audios
from understudy.client.imentiv.sync.images import Images
from understudy.client.imentiv.sync.texts import Texts
from understudy.client.imentiv.sync.videos import Videos
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from
from understudy.client.sync.client import Client
from understudy.client.sync.session import Session, Timing

BASE_URL = "https://api.imentiv.ai"


class Imentiv(Client):
    """Everything under one key: `videos`, `audios`, `texts` and `images`.

    The key comes from `api_key` or IMENTIV_API_KEY, the base URL from `base_url` or
    IMENTIV_BASE_URL. `transport` is httpx2's seam: another one carries the requests over a
    proxy, or to an application in this process. Every failure is a `ClientError`. Use it as a
    context manager, or call `close`.
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
            "x-api-key": key_from(api_key, "IMENTIV_API_KEY"),
            "user-agent": f"understudy-client/{__version__}",
            # The service was seen to refuse keys that come without one.
            "referer": "https://imentiv.ai/",
        }
        session = Session(
            base_url_from(base_url, "IMENTIV_BASE_URL", BASE_URL),
            headers,
            options=options,
            transport=transport,
            timing=timing,
            envelope=problem_of,
        )
        self._attach(session)

    def _attach(self, session: Session) -> None:
        super()._attach(session)
        self.videos = Videos(session)
        self.audios = Audios(session)
        self.texts = Texts(session)
        self.images = Images(session)
