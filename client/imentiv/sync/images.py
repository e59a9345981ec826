# From client/imentiv/aio/images.py, by `python -m tools.twins`: edit that file, not this.
"""`client.images`: upload images and read the faces in them."""

from understudy.client.call import Call, Value, path
from understudy.client.download import Download, Target
from understudy.client.fields import form, one_of
from understudy.client.file import Source
from understudy.client.imentiv.image import Image
from understudy.client.imentiv.medium import Change, Metadata
from understudy.client.imentiv.sync.media import Analysis, Kind, Media
from understudy.client.multipart import Progress
from understudy.client.sync.session import Session

IMAGES: Kind[Image] = Kind("image", "start_after", Image)


class Images(Media[Image]):
    """The account's images."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, IMAGES)

    def upload(
        self,
        title: str,
        *,
        image_file: Source | None = None,
        image_url: str | None = None,
        description: str | None = None,
        callback_url: str | None = None,
        progress: Progress | None = None,
    ) -> Analysis[Image]:
        """Upload an image, or have it fetched from its address, and analyse it.

        `progress` is told how many bytes are sent; see `client.videos.upload`.
        """
        one_of(image_file=image_file, image_url=image_url)
        fields: dict[str, Value] = {
            "title": title,
            "description": description,
            "image_url": image_url,
            "callback_url": callback_url,
        }
        body = form(fields, files={"image_file": image_file}, progress=progress)
        return self._uploaded(Call("POST", "/v2/images", form=body))

    def update(
        self, image_id: str, *, title: str | None = None, description: str | None = None
    ) -> Metadata:
        """Change title (150 characters at most) or description (300), or both."""
        return self._rename(image_id, title=title, description=description)

    def note(self, image_id: str, face_id: int, note: str) -> Change:
        """Note something on a face."""
        where = path("/v1/images/{}/faces/{}/note", image_id, str(face_id))
        return self._session.fetch(Call("PUT", where, fields={"note": note}), Change)

    def annotated(self, image_id: str, to: Target | None = None) -> Download:
        """The image with boxes and labels on the faces: in memory, or saved at `to`."""
        call = Call("GET", path("/v1/images/{}/annotated_image", image_id))
        return self._session.download(call, to)

    def report(self, image_id: str, to: Target | None = None) -> Download:
        """A table with a row for each face: in memory, or saved at `to`; `NotReady` while the
        image is analysed."""
        call = Call("GET", path("/v1/images/{}/report", image_id))
        return self._session.download(call, to)
