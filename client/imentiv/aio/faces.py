"""`client.videos.faces`: name, merge and delete the faces of a video."""

from collections.abc import Mapping, Sequence

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, path
from understudy.client.imentiv.aio.frames import joined
from understudy.client.imentiv.medium import Face
from understudy.client.imentiv.video import Message
from understudy.client.json import Json


class AsyncFaces:
    """Faces of videos that are completed; each call changes all that it names, or nothing."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def rename(self, video_id: str, names: Mapping[int, str]) -> tuple[Face, ...]:
        """Give faces names, by their ids."""
        body: Json = [{"face_id": face_id, "name": name} for face_id, name in names.items()]
        call = Call("PUT", path("/v1/videos/{}/faces/names", video_id), json=body)
        return await self._session.fetch_all(call, Face)

    async def merge(
        self, video_id: str, *, selected_face_id: int, merge_face_ids: Sequence[int]
    ) -> Message:
        """Make several faces one; the selected one stays."""
        fields: dict[str, Value] = {
            "selected_face_id": selected_face_id,
            "merge_face_id": joined(merge_face_ids),
        }
        call = Call("PUT", path("/v1/videos/{}/faces", video_id), fields=fields, again=False)
        return await self._session.fetch(call, Message)

    async def delete(self, video_id: str, face_ids: Sequence[int]) -> Message:
        """Delete faces from every frame; one must stay."""
        fields: dict[str, Value] = {"face_ids": joined(face_ids)}
        call = Call("DELETE", path("/v1/videos/{}/faces", video_id), fields=fields, again=False)
        return await self._session.fetch(call, Message)
