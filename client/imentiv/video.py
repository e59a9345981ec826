"""Videos: faces frame by frame."""

from dataclasses import dataclass

from understudy.client.imentiv.medium import Detection, Face, Medium, Shares
from understudy.client.json import Json
from understudy.client.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceList(Model):
    """The faces of a video."""

    faces: tuple[Face, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Medium):
    """A video as it is now; what the analysis finds is there once it is completed."""

    title: str = ""
    description: str = ""
    audio_id: str = ""
    text_id: str = ""
    model_id: str = ""
    emotions_list: tuple[str, ...] = ()
    url: str = ""
    faces: FaceList | None = None
    annotated_video_mp4: str | None = None
    summary: str = ""
    total_frames_count: int = 0
    fps: float = 0.0
    height: float = 0.0
    width: float = 0.0
    created_at: str = ""
    thumbnail_image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores(Model):
    """How much of each emotion, as fractions of 1."""

    angry: float = 0.0
    contempt: float = 0.0
    disgust: float = 0.0
    fear: float = 0.0
    happy: float = 0.0
    neutral: float = 0.0
    sad: float = 0.0
    surprise: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Model):
    """A frame; `timestamp` is in milliseconds."""

    frame_id: int | None = None
    timestamp: int | None = None
    found_faces: tuple[int, ...] = ()
    faces: tuple[Detection, ...] = ()
    original_frame_image: str | None = None
    frame_image: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameList(Model):
    """Frames, in order."""

    processed_frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameEmotion(Model):
    """The strongest emotion; None with a message where the frame does not show the face."""

    frame_id: str
    face_id: int | None = None
    dominant_emotion: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedScores(Model):
    """The scores of a face in a frame, as they are now."""

    frame_id: str
    face_id: int
    emotions: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedFaces(Model):
    """The frames in which a face has another id now."""

    message: str

    @property
    def updated_frames(self) -> Json:
        """The frames, in whatever way the service tells of them."""
        return self.raw.get("updated_frames")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Model):
    """What the service says to something done."""

    message: str
    id: str | None = None
