"""What searches find."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from understudy.client.memories.wire import NUMBER
from understudy.client.model import Model, Name

SearchType = Literal["BY_VIDEO", "BY_AUDIO", "BY_CLIP"]
FilteringLevel = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Model):
    """A video, or a moment of one in seconds; without them the whole video was found."""

    video_no: Annotated[str, Name("videoNo")]
    video_name: Annotated[str, Name("videoName")]
    start: Annotated[float | None, Name("startTime"), NUMBER] = None
    end: Annotated[float | None, Name("endTime"), NUMBER] = None
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundReply(Model):
    """The envelope of a search."""

    data: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Model):
    """An image that was found."""

    id: str
    name: str | None = None
    img_url: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    datetime_taken: str | None = None
    camera_model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePage(Model):
    """The images that were found."""

    images: Annotated[tuple[Image, ...], Name("item")] = ()
    current_page: int | None = None
    page_size: int | None = None
    total_count: Annotated[int | None, NUMBER] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesFoundReply(Model):
    """The envelope of a search for images."""

    data: ImagePage = field(default_factory=ImagePage)
