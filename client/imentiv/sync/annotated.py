# From client/imentiv/aio/annotated.py, by `python -m tools.twins`: edit that file, not this.
"""`client.videos.annotated`: the video with boxes and labels on every frame."""

from collections.abc import Callable

from understudy.client.call import Call, path
from understudy.client.download import Download, Target
from understudy.client.errors import NotReady
from understudy.client.imentiv.job import ANNOTATION, AnnotatedVideo
from understudy.client.patience import Patience
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work


class Annotated:
    """One annotated video for each video. To look at it for the first time is to order it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, video_id: str, *, callback_url: str | None = None) -> Work[AnnotatedVideo]:
        """Have it made, unless it is there already or on its way."""
        self._look(video_id, callback_url)
        return self._work(video_id)

    def retrieve(self, video_id: str) -> AnnotatedVideo:
        """How far it is, or a fresh link to it."""
        return self._look(video_id, None)

    def wait(
        self,
        video_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[AnnotatedVideo], None] | None = None,
    ) -> AnnotatedVideo:
        """The link to it once it is made; it ends as `client.videos.wait` does."""
        return self._work(video_id).wait(patience=patience, on_status=on_status)

    def download(self, video_id: str, to: Target | None = None) -> Download:
        """The file, over a fresh link: in memory, or saved at `to`; `NotReady` before it is made.

        The key does not go where the link leads.
        """
        found = self.retrieve(video_id)
        if found.download_url is None:
            said = found.message or f"The annotated video is {found.status}."
            raise NotReady(said, status=200, code=found.status, body=dict(found.raw))
        return self._session.download(Call("GET", found.download_url), to)

    def _look(self, video_id: str, callback_url: str | None) -> AnnotatedVideo:
        where = path("/v2/videos/{}/annotated_video", video_id)
        call = Call("GET", where, {"callback_url": callback_url})
        return self._session.fetch(call, AnnotatedVideo)

    def _work(self, video_id: str) -> Work[AnnotatedVideo]:
        return Work(
            self._session,
            video_id,
            ANNOTATION,
            lambda once: Annotated(once).retrieve(video_id),
            noun="Annotated video",
        )
