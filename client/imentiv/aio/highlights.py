"""`client.videos.highlights`: the strongest moments of a video, or chosen ones, as one video."""

from collections.abc import Callable, Sequence

from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, path
from understudy.client.download import Download, Target
from understudy.client.imentiv.job import HIGHLIGHTS, HighlightVideo, Started
from understudy.client.json import Json
from understudy.client.patience import Patience


class AsyncHighlights:
    """One set of highlights for each video; a new one takes the place of the old."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(self, video_id: str) -> AsyncWork[HighlightVideo]:
        """Have the strongest moments found and put together."""
        call = Call("POST", "/v1/videos/highlights", fields={"video_id": video_id})
        return await self._started(video_id, call)

    async def update(
        self, video_id: str, segments: Sequence[tuple[float, float]]
    ) -> AsyncWork[HighlightVideo]:
        """Have these stretches put together, each from and to a millisecond."""
        body: Json = [{"start_millis": start, "end_millis": end} for start, end in segments]
        return await self._started(video_id, Call("PUT", _place(video_id), json=body, again=False))

    async def retrieve(self, video_id: str) -> HighlightVideo:
        """How far they are, and in the end where."""
        return await self._session.fetch(Call("GET", _place(video_id)), HighlightVideo)

    async def wait(
        self,
        video_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[HighlightVideo], None] | None = None,
    ) -> HighlightVideo:
        """The highlights once they are completed; it ends as `client.videos.wait` does."""
        return await self._work(video_id).wait(patience=patience, on_status=on_status)

    async def download(self, video_id: str, to: Target | None = None) -> Download:
        """The video of the highlights: in memory, or saved at `to`."""
        call = Call("GET", path("/v1/videos/{}/highlight_video", video_id))
        return await self._session.download(call, to)

    async def _started(self, video_id: str, call: Call) -> AsyncWork[HighlightVideo]:
        await self._session.fetch(call, Started)
        return self._work(video_id)

    def _work(self, video_id: str) -> AsyncWork[HighlightVideo]:
        return AsyncWork(
            self._session,
            video_id,
            HIGHLIGHTS,
            lambda once: AsyncHighlights(once).retrieve(video_id),
            noun="Highlights of video",
        )


def _place(video_id: str) -> str:
    return path("/v1/videos/{}/highlights", video_id)
