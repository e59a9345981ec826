"""`client.videos.frames`: read a video frame by frame, and correct what was found."""

from collections.abc import Sequence

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, path
from understudy.client.imentiv.medium import Change, Mood, Shares
from understudy.client.imentiv.video import (
    CorrectedScores,
    Frame,
    FrameEmotion,
    FrameList,
    MovedFaces,
)


class AsyncFrames:
    """The frames of videos that are completed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def list(
        self,
        video_id: str,
        *,
        start_frame: int | None = None,
        length: int | None = None,
        face_ids: Sequence[int] | None = None,
    ) -> FrameList:
        """Frames in order, all of them or `length` from `start_frame` on, with any face or with
        one of these."""
        query: dict[str, Value] = {
            "start_frame": start_frame,
            "length": length,
            "face_ids": joined(face_ids) if face_ids else None,
        }
        call = Call("GET", path("/v1/videos/{}/frames", video_id), query)
        return await self._session.fetch(call, FrameList)

    async def retrieve(self, video_id: str, frame_id: int) -> Frame:
        """One frame, with the faces in it."""
        return await self._session.fetch(Call("GET", _place(video_id, frame_id)), Frame)

    async def dominant_emotion(
        self, video_id: str, frame_id: int, *, face_id: int | None = None
    ) -> FrameEmotion:
        """The strongest emotion of the frame, or of one face in it."""
        call = Call("GET", f"{_place(video_id, frame_id)}/dominant_emotion", {"face_id": face_id})
        return await self._session.fetch(call, FrameEmotion)

    async def valence_arousal(
        self, video_id: str, frame_id: int, *, face_id: int | None = None
    ) -> Mood:
        """How pleasant, aroused and intense the frame is, or one face in it."""
        call = Call("GET", f"{_place(video_id, frame_id)}/valence_arousal", {"face_id": face_id})
        return await self._session.fetch(call, Mood)

    async def correct(
        self, video_id: str, frame_id: int, face_id: int, scores: Shares
    ) -> CorrectedScores:
        """Give a face in a frame other scores; an emotion that is left out gets 0."""
        call = Call("PUT", f"{_place(video_id, frame_id, face_id)}/emotions", fields={**scores})
        return await self._session.fetch(call, CorrectedScores)

    async def note(
        self, video_id: str, frame_id: int, note: str, *, face_id: int | None = None
    ) -> Change:
        """Note something on a face in a frame, or on the frame itself."""
        where = _place(video_id, frame_id, face_id or 0)
        call = Call("PUT", f"{where}/note", fields={"note": note})
        return await self._session.fetch(call, Change)

    async def move_face(
        self, video_id: str, frame_ids: Sequence[int], *, face_id: int, to: int
    ) -> MovedFaces:
        """Give a face another id, in these frames alone."""
        fields: dict[str, Value] = {
            "frame_ids": joined(frame_ids),
            "current_face_id": face_id,
            "new_face_id": to,
        }
        call = Call("PUT", path("/v1/videos/{}/frames/faces", video_id), fields=fields, again=False)
        return await self._session.fetch(call, MovedFaces)


def joined(numbers: Sequence[int]) -> str:
    """Whole numbers with commas between, as the service wants them."""
    return ",".join(map(str, numbers))


def _place(video_id: str, frame_id: int, face_id: int | None = None) -> str:
    where = path("/v1/videos/{}/frames/{}", video_id, str(frame_id))
    return where if face_id is None else f"{where}/faces/{face_id}"
