"""Images: faces in a picture."""

from dataclasses import dataclass

from understudy.client.imentiv.medium import Detection, Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Medium):
    """An image as it is now; while it waits, it has no size and no faces."""

    title: str
    description: str
    height: float
    width: float
    found_faces: tuple[int, ...]
    faces: tuple[Detection, ...] | None = None
    original_frame_image: str | None = None
    annotated_image: str | None = None
    created_at: str | None = None
