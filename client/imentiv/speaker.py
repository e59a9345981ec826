"""Faces and voices of one person."""

from dataclasses import dataclass

from understudy.client.model import Model


@dataclass(frozen=True, slots=True)
class Pair:
    """A speaker (from 0 on) and the face (from 1 on) that speaks, with a name for both.

    With no name, or an empty one, the face takes the speaker's.
    """

    speaker_id: int
    face_id: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched(Model):
    """That faces and speakers are linked."""

    status: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoMatch(Model):
    """That the service has begun to match."""

    video_id: str
    audio_id: str
    status: str
    message: str
