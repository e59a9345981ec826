# From client/twelvelabs/aio/uploads.py, by `python -m tools.twins`: edit that file, not this.
"""`client.assets.uploads`: the sessions of uploads in parts, step by step."""

from collections.abc import Sequence

from understudy.client.call import Call, path
from understudy.client.errors import BadReply
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.piece import Piece
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session
from understudy.client.twelvelabs.sync.paging import numbered
from understudy.client.twelvelabs.upload import (
    CompletedPart,
    IncompleteUpload,
    IncompleteUploadPage,
    PartAddress,
    PartAddresses,
    PartsReport,
    PartState,
    UploadSession,
    UploadStatus,
    UploadType,
)
from understudy.client.twelvelabs.video import Notes

_STREAM = "application/octet-stream"


class Uploads:
    """Sessions of uploads in parts; `client.assets.upload` goes through all of these steps."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self, *, page: int = 1, page_limit: int | None = None
    ) -> Pager[IncompleteUploadPage, IncompleteUpload]:
        """The sessions that are not completed yet."""
        query, model = {"page_limit": page_limit}, IncompleteUploadPage
        where = "/assets/multipart-uploads"
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    def create(
        self,
        filename: str,
        type: UploadType,
        total_size: int,
        *,
        enable_hls: bool | None = None,
        enable_thumbnail: bool | None = None,
        user_metadata: Notes | None = None,
    ) -> UploadSession:
        """Begin an upload of so many bytes: the id of the asset to be, the size of its parts,
        and the addresses of some of them.
        """
        body = given(
            filename=filename,
            type=type,
            total_size=total_size,
            enable_hls=enable_hls,
            enable_thumbnail=enable_thumbnail,
            user_metadata=None if user_metadata is None else dict(user_metadata),
        )
        call = Call("POST", "/assets/multipart-uploads", json=body)
        return self._session.fetch(call, UploadSession)

    def addresses(self, upload_id: str, start: int, count: int) -> tuple[PartAddress, ...]:
        """Fresh addresses of `count` parts (at most 50) from the number `start` on."""
        where = path("/assets/multipart-uploads/{}/presigned-urls", upload_id)
        call = Call("POST", where, json={"start": start, "count": count}, again=True)
        return (self._session.fetch(call, PartAddresses)).upload_urls

    def put(self, address: str, piece: Piece, upload: UploadSession) -> str:
        """Send a part to its address, with the headers of the session and without the API key;
        the ETag of the answer. It is one attempt: an address is good for one.
        """
        headers = {"content-type": _STREAM, **upload.upload_headers}
        call = Call("PUT", address, piece=piece, headers=headers, again=False)
        answered = self._session.deliver(call)
        etag = answered.get("etag", "").strip().removeprefix("W/").strip('"')
        if not etag:
            raise BadReply(f"The answer to {call} has no ETag, which the service wants to know.")
        return etag

    def report(self, upload_id: str, parts: Sequence[CompletedPart]) -> PartsReport:
        """Say which parts were put, in any order; saying it twice does no harm."""
        chunks: list[Json] = [
            {
                "chunk_index": part.number,
                "proof": part.etag,
                "proof_type": "etag",
                "chunk_size": part.size,
            }
            for part in parts
        ]
        where = path("/assets/multipart-uploads/{}", upload_id)
        call = Call("POST", where, json={"completed_chunks": chunks}, again=True)
        return self._session.fetch(call, PartsReport)

    def retrieve(self, upload_id: str) -> UploadStatus:
        """The session as it is now, with the first page of its parts."""
        return self.parts(upload_id).first()

    def parts(
        self, upload_id: str, *, page: int = 1, page_limit: int | None = None
    ) -> Pager[UploadStatus, PartState]:
        """The parts of a session, and on every page what is known of the session."""
        where = path("/assets/multipart-uploads/{}", upload_id)
        query, model = {"page_limit": page_limit}, UploadStatus
        return numbered(
            self._session, where, query, model, lambda found: found.uploaded_chunks, page
        )
