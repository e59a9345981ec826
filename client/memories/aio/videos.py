"""`client.videos`: upload, list, read about, download and delete videos."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Unpack, cast

from understudy.client.aio.pager import AsyncPager, Cursor
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value
from understudy.client.download import Download, Target
from understudy.client.errors import BadReply, UsageError
from understudy.client.fields import form, given
from understudy.client.file import Source
from understudy.client.memories.text import (
    Summary,
    SummaryReply,
    SummaryType,
    Transcription,
    TranscriptionReply,
)
from understudy.client.memories.video import (
    PARSING,
    Folder,
    FoldersReply,
    Uploaded,
    UploadNotes,
    UploadReply,
    Video,
    VideoPage,
    VideoPageReply,
    VideoStatus,
)
from understudy.client.model import Model
from understudy.client.multipart import Progress
from understudy.client.patience import Patience


class AsyncNewVideo(AsyncWork[Video]):
    """An upload that was taken: what is known of it, and the way to its end."""

    def __init__(self, session: AsyncSession, made: Uploaded, scope: str | None) -> None:
        look = _look(made.video_no, scope)
        super().__init__(session, made.video_no, PARSING, look, noun="Video")
        self.uploaded = made

    @property
    def video_no(self) -> str:
        """The number of the video."""
        return self.uploaded.video_no


class AsyncVideos:
    """The videos of an account, or of a scope of it."""

    def __init__(self, session: AsyncSession, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    async def upload(
        self, file: Source, *, progress: Progress | None = None, **notes: Unpack[UploadNotes]
    ) -> AsyncNewVideo:
        """Upload a video; `progress` is told how many bytes are sent."""
        body = form(_noted(notes, self._scope), files={"file": file}, progress=progress)
        return await self._taken(Call("POST", "/upload", form=body))

    async def upload_url(self, url: str, **notes: Unpack[UploadNotes]) -> AsyncNewVideo:
        """Have a video fetched from a public address."""
        fields: dict[str, Value] = {"url": url, **_noted(notes, self._scope)}
        return await self._taken(Call("POST", "/upload_url", fields=fields))

    def list(
        self,
        *,
        page: int = 1,
        size: int | None = None,
        video_name: str | None = None,
        video_no: str | None = None,
        video_nos: Sequence[str] | None = None,
        status: VideoStatus | None = None,
        folder_id: int | None = None,
        tag: str | None = None,
        camera_model: str | None = None,
    ) -> AsyncPager[VideoPage, Video]:
        """The videos that fit, the newest first, from `page` on."""
        wanted = given(
            size=size,
            video_name=video_name,
            video_no=video_no,
            video_nos=None if video_nos is None else [*video_nos],
            status=status,
            folder_id=folder_id,
            tag=tag,
            camera_model=camera_model,
            unique_id=self._scope,
        )

        async def read(cursor: Cursor | None) -> VideoPage:
            body = {**wanted, "page": page if cursor is None else cursor}
            call = Call("POST", "/list_videos", json=body, again=True)
            return (await self._session.fetch(call, VideoPageReply)).data

        return AsyncPager(
            read, items=lambda found: found.videos, following=lambda found: found.following
        )

    async def retrieve(self, video_no: str) -> Video:
        """The video as it is now; `BadReply` when the list has none of that number."""
        return await _look(video_no, self._scope)(self._session)

    async def wait(
        self,
        video_no: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[Video], None] | None = None,
    ) -> Video:
        """The video once it is parsed. It always ends, by default within an hour.

        `on_status` is told what each look showed. Raises `TaskFailed`, `UnknownStatus` for a
        status that is not declared, `DeadlineExceeded`, or the last error when too many looks
        in a row have failed.
        """
        look = _look(video_no, self._scope)
        video = AsyncWork(self._session, video_no, PARSING, look, noun="Video")
        return await video.wait(patience=patience, on_status=on_status)

    async def transcription(self, video_no: str) -> Transcription | None:
        """What is seen in the video, with its times."""
        call = self._about("/get_video_transcription", video_no)
        return (await self._session.fetch(call, TranscriptionReply)).data

    async def speech(self, video_no: str) -> Transcription | None:
        """What is said in the video, with its times; None when nobody speaks."""
        call = self._about("/get_audio_transcription", video_no)
        return (await self._session.fetch(call, TranscriptionReply)).data

    async def summary(self, video_no: str, type: SummaryType = "TOPIC") -> Summary:
        """The video in a paragraph, and its topics or chapters."""
        call = self._about("/generate_summary", video_no, type=type)
        return (await self._session.fetch(call, SummaryReply)).data

    async def download(self, video_no: str, to: Target | None = None) -> Download:
        """The file of the video: in memory, or written to `to` as it comes."""
        body = given(video_no=video_no, unique_id=self._scope)
        call = Call("POST", "/download", json=body, again=True)
        return await self._session.download(call, to)

    async def delete(self, video_nos: Sequence[str]) -> None:
        """Delete videos, at most 100, with all that was derived from them."""
        if isinstance(video_nos, str) or not video_nos:
            raise UsageError(f"{video_nos!r} is no list of video numbers; expected some.")
        query: dict[str, Value] = {"unique_id": self._scope}
        await self._session.fetch(Call("POST", "/delete_videos", query, json=[*video_nos]), Model)

    async def folders(self) -> tuple[Folder, ...]:
        """The folders of the account."""
        return (await self._session.fetch(Call("GET", "/get_folder"), FoldersReply)).data

    async def _taken(self, call: Call) -> AsyncNewVideo:
        made = (await self._session.fetch(call, UploadReply)).data
        return AsyncNewVideo(self._session, made, self._scope)

    def _about(self, where: str, video_no: str, **more: Value) -> Call:
        return Call("GET", where, {"video_no": video_no, "unique_id": self._scope, **more})


def _noted(notes: UploadNotes, scope: str | None) -> dict[str, Value]:
    """The fields of a form; a TypedDict is a mapping of values, though no type checker sees it."""
    return {"unique_id": scope, **cast("dict[str, Value]", notes)}


def _look(video_no: str, scope: str | None) -> Callable[[AsyncSession], Awaitable[Video]]:
    async def look(session: AsyncSession) -> Video:
        page = await AsyncVideos(session, scope).list(video_no=video_no).first()
        for video in page.videos:
            if video.video_no == video_no:
                return video
        raise BadReply(f"The list of videos has none of the number {video_no!r}.")

    return look
