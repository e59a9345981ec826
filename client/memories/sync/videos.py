# From client/memories/aio/videos.py, by `python -m tools.twins`: edit that file, not this.
"""`client.videos`: upload, list, read about, download and delete videos."""

from collections.abc import Callable, Sequence
from typing import Unpack, cast

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
from understudy.client.sync.pager import Cursor, Pager
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work


class NewVideo(Work[Video]):
    """An upload that was taken: what is known of it, and the way to its end."""

    def __init__(self, session: Session, made: Uploaded, scope: str | None) -> None:
        look = _look(made.video_no, scope)
        super().__init__(session, made.video_no, PARSING, look, noun="Video")
        self.uploaded = made

    @property
    def video_no(self) -> str:
        """The number of the video."""
        return self.uploaded.video_no


class Videos:
    """The videos of an account, or of a scope of it."""

    def __init__(self, session: Session, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    def upload(
        self, file: Source, *, progress: Progress | None = None, **notes: Unpack[UploadNotes]
    ) -> NewVideo:
        """Upload a video; `progress` is told how many bytes are sent."""
        body = form(_noted(notes, self._scope), files={"file": file}, progress=progress)
        return self._taken(Call("POST", "/upload", form=body))

    def upload_url(self, url: str, **notes: Unpack[UploadNotes]) -> NewVideo:
        """Have a video fetched from a public address."""
        fields: dict[str, Value] = {"url": url, **_noted(notes, self._scope)}
        return self._taken(Call("POST", "/upload_url", fields=fields))

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
    ) -> Pager[VideoPage, Video]:
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

        def read(cursor: Cursor | None) -> VideoPage:
            body = {**wanted, "page": page if cursor is None else cursor}
            call = Call("POST", "/list_videos", json=body, again=True)
            return (self._session.fetch(call, VideoPageReply)).data

        return Pager(
            read, items=lambda found: found.videos, following=lambda found: found.following
        )

    def retrieve(self, video_no: str) -> Video:
        """The video as it is now; `BadReply` when the list has none of that number."""
        return _look(video_no, self._scope)(self._session)

    def wait(
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
        video = Work(self._session, video_no, PARSING, look, noun="Video")
        return video.wait(patience=patience, on_status=on_status)

    def transcription(self, video_no: str) -> Transcription | None:
        """What is seen in the video, with its times."""
        call = self._about("/get_video_transcription", video_no)
        return (self._session.fetch(call, TranscriptionReply)).data

    def speech(self, video_no: str) -> Transcription | None:
        """What is said in the video, with its times; None when nobody speaks."""
        call = self._about("/get_audio_transcription", video_no)
        return (self._session.fetch(call, TranscriptionReply)).data

    def summary(self, video_no: str, type: SummaryType = "TOPIC") -> Summary:
        """The video in a paragraph, and its topics or chapters."""
        call = self._about("/generate_summary", video_no, type=type)
        return (self._session.fetch(call, SummaryReply)).data

    def download(self, video_no: str, to: Target | None = None) -> Download:
        """The file of the video: in memory, or written to `to` as it comes."""
        body = given(video_no=video_no, unique_id=self._scope)
        call = Call("POST", "/download", json=body, again=True)
        return self._session.download(call, to)

    def delete(self, video_nos: Sequence[str]) -> None:
        """Delete videos, at most 100, with all that was derived from them."""
        if isinstance(video_nos, str) or not video_nos:
            raise UsageError(f"{video_nos!r} is no list of video numbers; expected some.")
        query: dict[str, Value] = {"unique_id": self._scope}
        self._session.fetch(Call("POST", "/delete_videos", query, json=[*video_nos]), Model)

    def folders(self) -> tuple[Folder, ...]:
        """The folders of the account."""
        return (self._session.fetch(Call("GET", "/get_folder"), FoldersReply)).data

    def _taken(self, call: Call) -> NewVideo:
        made = (self._session.fetch(call, UploadReply)).data
        return NewVideo(self._session, made, self._scope)

    def _about(self, where: str, video_no: str, **more: Value) -> Call:
        return Call("GET", where, {"video_no": video_no, "unique_id": self._scope, **more})


def _noted(notes: UploadNotes, scope: str | None) -> dict[str, Value]:
    """The fields of a form; a TypedDict is a mapping of values, though no type checker sees it."""
    return {"unique_id": scope, **cast("dict[str, Value]", notes)}


def _look(video_no: str, scope: str | None) -> Callable[[Session], Video]:
    def look(session: Session) -> Video:
        page = Videos(session, scope).list(video_no=video_no).first()
        for video in page.videos:
            if video.video_no == video_no:
                return video
        raise BadReply(f"The list of videos has none of the number {video_no!r}.")

    return look
