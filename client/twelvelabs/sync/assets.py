# From client/twelvelabs/aio/assets.py, by `python -m tools.twins`: edit that file, not this.
"""`client.assets`: bring files in, read, list, annotate and delete them."""

from collections.abc import Callable, Sequence
from os import PathLike

from understudy.client.call import Call, Value, path
from understudy.client.crew import Crew
from understudy.client.errors import UsageError
from understudy.client.fields import form, one_of
from understudy.client.file import File, Source, as_file
from understudy.client.multipart import Progress
from understudy.client.patience import Patience
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work
from understudy.client.twelvelabs.asset import (
    READINESS,
    Asset,
    AssetPage,
    AssetType,
    Including,
    IndexedUse,
    IndexedUsePage,
    Transcription,
)
from understudy.client.twelvelabs.entity import Entity, EntityPage
from understudy.client.twelvelabs.sync.paging import numbered
from understudy.client.twelvelabs.sync.sending import Sending, resumed
from understudy.client.twelvelabs.sync.uploads import Uploads
from understudy.client.twelvelabs.upload import OnUpload, Tally, UploadSession, UploadType
from understudy.client.twelvelabs.video import Notes


class NewAsset(Work[Asset]):
    """A file that was taken: the asset's id, and the way to its being ready."""

    def __init__(self, session: Session, asset_id: str, made: Asset | None = None) -> None:
        super().__init__(session, asset_id, READINESS, _look(asset_id), noun="Asset")
        self.made = made

    @property
    def asset_id(self) -> str:
        """The id of the asset, which is that of the work."""
        return self.id


class Assets:
    """Files that are kept once and used by everything else; `uploads` has the steps of `upload`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.uploads = Uploads(session)

    def create(
        self,
        *,
        file: Source | None = None,
        url: str | None = None,
        filename: str | None = None,
        enable_hls: bool | None = None,
        enable_thumbnail: bool | None = None,
        user_metadata: Notes | None = None,
        progress: Progress | None = None,
    ) -> NewAsset:
        """Upload a file in one request (at most 200 MB), or have one fetched from a public URL.

        `upload` is for larger files. No retry makes a second asset: the request is repeated only
        when the service has refused it.
        """
        one_of(file=file, url=url)
        fields: dict[str, Value] = {
            "method": "direct" if url is None else "url",
            "url": url,
            "filename": filename,
            "enable_hls": enable_hls,
            "enable_thumbnail": enable_thumbnail,
        }
        texts = None if user_metadata is None else {"user_metadata": dict(user_metadata)}
        body = form(fields, texts=texts, files={"file": file}, progress=progress)
        made = self._session.fetch(Call("POST", "/assets", form=body), Asset)
        return NewAsset(self._session, made.id, made)

    def upload(
        self,
        file: str | PathLike[str] | bytes | File,
        *,
        type: UploadType | None = None,
        filename: str | None = None,
        enable_hls: bool | None = None,
        enable_thumbnail: bool | None = None,
        user_metadata: Notes | None = None,
        workers: int = 5,
        progress: OnUpload | None = None,
        resume: str | UploadSession | None = None,
    ) -> NewAsset:
        """Upload a large video, sound or image in parts, `workers` of them at the same time.

        The file is read as it is sent. Each part is tried as often as the client's `Retry` says,
        every time at a fresh address, without the API key. `progress` is told how far it is, first
        with nothing sent; its `upload` is what `resume` takes to go on after an interruption,
        also in another process, and so is the `upload_id` alone (then without the headers that
        the service may want with each part). Only parts that the service lacks are sent.
        Raises `TaskFailed` when the upload to go on with has failed or expired. The deadline of
        the client's options holds for each call, not for the whole.
        """
        source = _whole(file)
        total, crew = source.length or 0, Crew(workers)
        have: set[int] = set()
        if resume is None:
            upload = self.uploads.create(
                filename or source.filename,
                type or _type(source),
                total,
                enable_hls=enable_hls,
                enable_thumbnail=enable_thumbnail,
                user_metadata=user_metadata,
            )
        else:
            upload, have = resumed(self.uploads, resume, total)
        upload.check(total)
        sending = Sending(self._session, upload, source, crew, Tally(upload, total, progress))
        return NewAsset(self._session, sending.run(sorted(have)))

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        asset_ids: Sequence[str] | None = None,
        asset_types: Sequence[AssetType] | None = None,
        filename: str | None = None,
    ) -> Pager[AssetPage, Asset]:
        """The assets that fit, newest first, from `page` on; `filename` is any part of the name."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "asset_ids": asset_ids,
            "asset_types": asset_types,
            "filename": filename,
        }
        return numbered(self._session, "/assets", query, AssetPage, lambda found: found.data, page)

    def retrieve(self, asset_id: str) -> Asset:
        """The asset as it is now."""
        return _look(asset_id)(self._session)

    def wait(
        self,
        asset_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[Asset], None] | None = None,
    ) -> Asset:
        """The asset once it is ready; it ends as `client.tasks.wait` does."""
        work = NewAsset(self._session, asset_id)
        return work.wait(patience=patience, on_status=on_status)

    def delete(self, asset_id: str, *, force: bool | None = None) -> None:
        """Delete an asset; one that is indexed only by `force`, which takes that along."""
        call = Call("DELETE", path("/assets/{}", asset_id), {"force": force})
        self._session.settle(call)

    def annotate(self, asset_id: str, user_metadata: Notes) -> None:
        """Lay notes over those there are; None deletes a key, "" and [] change nothing."""
        self._session.settle(_notes("PATCH", asset_id, user_metadata))

    def replace_notes(self, asset_id: str, user_metadata: Notes) -> None:
        """Put notes in the place of all there are."""
        self._session.settle(_notes("PUT", asset_id, user_metadata))

    def clear_notes(self, asset_id: str) -> None:
        """Delete all notes."""
        self._session.settle(Call("DELETE", path("/assets/{}/user-metadata", asset_id)))

    def transcription(
        self, asset_id: str, *, include: Sequence[Including] | None = None
    ) -> Transcription:
        """What is said in an asset, by words or as asked for; `NotFound` when it has no sound."""
        call = Call("GET", path("/assets/{}/transcription", asset_id), {"include": include})
        return self._session.fetch(call, Transcription)

    def indexed_assets(
        self, asset_id: str, *, page: int = 1, page_limit: int | None = None
    ) -> Pager[IndexedUsePage, IndexedUse]:
        """Where an asset is indexed."""
        where, query = path("/assets/{}/indexed-assets", asset_id), {"page_limit": page_limit}
        return numbered(self._session, where, query, IndexedUsePage, lambda found: found.data, page)

    def entities(
        self, asset_id: str, *, page: int = 1, page_limit: int | None = None
    ) -> Pager[EntityPage, Entity]:
        """The entities that an asset is a picture of."""
        where, query = path("/assets/{}/entities", asset_id), {"page_limit": page_limit}
        return numbered(self._session, where, query, EntityPage, lambda found: found.data, page)


def _look(asset_id: str) -> Callable[[Session], Asset]:
    return lambda session: session.fetch(Call("GET", path("/assets/{}", asset_id)), Asset)


def _notes(method: str, asset_id: str, user_metadata: Notes) -> Call:
    where = path("/assets/{}/user-metadata", asset_id)
    return Call(method, where, json={"user_metadata": dict(user_metadata)}, again=True)


def _whole(source: Source) -> File:
    """A file that can be read from anywhere, and is not empty."""
    file = as_file(source)
    if not isinstance(file.content, str | bytes | PathLike):
        raise UsageError(f"{file.content!r} cannot be sent in parts; pass a path or bytes.")
    if not file.length:
        raise UsageError(f"{file.filename!r} is empty; there is nothing to upload.")
    return file


def _type(file: File) -> UploadType:
    kinds: dict[str, UploadType] = {"video": "video", "audio": "audio", "image": "image"}
    found = kinds.get(file.media_type.partition("/")[0])
    if found is None:
        raise UsageError(
            f"{file.filename!r} is {file.media_type}; say with type= whether it is a video, "
            "audio or image."
        )
    return found
