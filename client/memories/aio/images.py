"""`client.images`: upload images, which a search finds beside the videos."""

from collections.abc import Sequence

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, pairs
from understudy.client.errors import UsageError
from understudy.client.file import Source, as_file
from understudy.client.memories.video import ImagesReply
from understudy.client.multipart import Multipart


class AsyncImages:
    """The images of an account, or of a scope of it."""

    def __init__(self, session: AsyncSession, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    async def upload(
        self,
        files: Sequence[Source],
        *,
        datetime_taken: str | None = None,
        camera_model: str | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        tags: Sequence[str] | None = None,
    ) -> tuple[str, ...]:
        """Upload images and answer their numbers, in order."""
        if not files or isinstance(files, str | bytes):
            raise UsageError("There is no image to upload; files is a list of them.")
        fields: dict[str, Value] = {
            "unique_id": self._scope,
            "datetime_taken": datetime_taken,
            "camera_model": camera_model,
            "latitude": latitude,
            "longitude": longitude,
            "tags": tags,
        }
        written = [pair for name, value in fields.items() for pair in pairs(name, value)]
        body = Multipart(written, [("files", as_file(file)) for file in files])
        made = await self._session.fetch(Call("POST", "/upload_img", form=body), ImagesReply)
        return tuple(image.id for image in made.data)
