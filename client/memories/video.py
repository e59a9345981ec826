"""Videos: uploaded, listed, and what was taken from pages of a platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypedDict

from understudy.client.memories.wire import MOMENT, NUMBER, TEXT
from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses

VideoStatus = Literal["UNPARSE", "PARSE", "FAIL"]


class UploadNotes(TypedDict, total=False):
    """What may be said of an upload: `callback` is told of each status, `datetime_taken` is
    `YYYY-MM-DD HH:MM:SS`, and the folder is -1 or -2.
    """

    callback: str
    folder_id: int
    datetime_taken: str
    camera_model: str
    latitude: float
    longitude: float
    tags: Sequence[str]
    retain_original_video: bool
    video_transcription_prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded(Model):
    """What is known of a video at once."""

    video_no: Annotated[str, Name("videoNo")]
    video_name: Annotated[str, Name("videoName")]
    status: Annotated[str | None, Name("videoStatus")] = None
    upload_time: Annotated[datetime | None, Name("uploadTime"), MOMENT] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReply(Model):
    """The envelope of an upload."""

    data: Uploaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Model):
    """A video as it is now; seconds and bytes. `status` is UNPARSE, PARSE or FAIL."""

    video_no: str
    video_name: str
    status: str
    cause: Annotated[str | None, TEXT] = None
    duration: Annotated[float | None, NUMBER] = None
    size: Annotated[int | None, NUMBER] = None
    create_time: Annotated[datetime | None, MOMENT] = None


PARSING: Signs[Video] = Signs(
    Statuses(
        running=frozenset({"UNPARSE"}),
        succeeded=frozenset({"PARSE"}),
        failed=frozenset({"FAIL", "FAILED", "PARSE_ERROR"}),
    ),
    status=lambda video: video.status,
    reason=lambda video: video.cause,
)
"""How a video on its way is read; the last three statuses are one, by different pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoPage(Model):
    """A page of videos."""

    videos: tuple[Video, ...]
    current_page: int
    page_size: int
    total_count: Annotated[int, NUMBER]

    @property
    def following(self) -> int | None:
        """The number of the page after this one, if there is one."""
        more = self.videos and self.current_page * self.page_size < self.total_count
        return self.current_page + 1 if more else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoPageReply(Model):
    """The envelope of a page of videos."""

    data: VideoPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder(Model):
    """A folder; `-1` is the default one, `-2` that of the API."""

    id: str
    name: Annotated[str, Name("foldersName")]
    account: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldersReply(Model):
    """The envelope of the folders."""

    data: tuple[Folder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeId(Model):
    """The task that fetches videos."""

    task_id: Annotated[str, Name("taskId")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeReply(Model):
    """The envelope of a task."""

    data: ScrapeId


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapedVideo(Model):
    """A video that came from a page."""

    video_no: str
    video_name: str
    status: str
    video_url: str | None = None
    duration: Annotated[float | None, NUMBER] = None
    size: Annotated[int | None, NUMBER] = None
    fps: Annotated[float | None, NUMBER] = None
    width: Annotated[int | None, NUMBER] = None
    height: Annotated[int | None, NUMBER] = None
    resolution_label: str | None = None
    create_time: Annotated[datetime | None, MOMENT] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraped(Model):
    """The videos of a task; none while they are being fetched."""

    videos: tuple[ScrapedVideo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapedReply(Model):
    """The envelope of a task's videos."""

    data: Scraped


SCRAPING: Signs[Scraped] = Signs(
    Statuses(
        running=frozenset({"fetching"}),
        succeeded=frozenset({"fetched"}),
        failed=frozenset(),
    ),
    status=lambda scraped: "fetched" if scraped.videos else "fetching",
    reason=lambda scraped: None,
)
"""How a task is read. The words are ours: only a callback tells how it ended, so that waiting for
one that has failed ends with the deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageId(Model):
    """The number of an image."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesReply(Model):
    """The envelope of the numbers of images."""

    data: tuple[ImageId, ...]
