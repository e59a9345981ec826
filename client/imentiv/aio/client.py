"""The way in: one client of the Imentiv AI API, /v1 and /v2 together."""

import httpx2

from understudy import __version__
from understudy.client.aio.client import AsyncClient
from understudy.client.aio.session import AsyncSession, AsyncTiming
from understudy.client.imentiv.aio.audios import AsyncAudios
from understudy.client.imentiv.aio.images import AsyncImages
from understudy.client.imentiv.aio.texts import AsyncTexts
from understudy.client.imentiv.aio.videos import AsyncVideos
from understudy.client.imentiv.envelope import problem_of
from understudy.client.options import Options
from understudy.client.settings import base_url_from, key_from

BASE_URL = "https://api.imentiv.ai"


class AsyncImentiv(AsyncClient):
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
        transport: httpx2.AsyncBaseTransport | None = None,
        timing: AsyncTiming | None = None,
    ) -> None:
        headers = {
            "x-api-key": key_from(api_key, "IMENTIV_API_KEY"),
            "user-agent": f"understudy-client/{__version__}",
            # The service was seen to refuse keys that come without one.
            "referer": "https://imentiv.ai/",
        }
        session = AsyncSession(
            base_url_from(base_url, "IMENTIV_BASE_URL", BASE_URL),
            headers,
            options=options,
            transport=transport,
            timing=timing,
            envelope=problem_of,
        )
        self._attach(session)

    def _attach(self, session: AsyncSession) -> None:
        super()._attach(session)
        self.videos = AsyncVideos(session)
        self.audios = AsyncAudios(session)
        self.texts = AsyncTexts(session)
        self.images = AsyncImages(session)
