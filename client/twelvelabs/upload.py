"""Uploads in parts: the sessions, their parts, and how far they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Literal

from understudy.client.errors import BadReply
from understudy.client.model import Model
from understudy.client.twelvelabs.page import NumberedPage

UploadType = Literal["video", "audio", "image"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAddress(Model):
    """Where a part (the first is 1) is put, once and until `expires_at`."""

    chunk_index: int
    url: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSession(Model):
    """An upload that was begun. `chunk_size` is in bytes; the last part may be shorter.

    `raw` is JSON: kept anywhere and read again with `UploadSession.read`, it lets another
    process go on with the upload. Whoever has it can write the parts.
    """

    upload_id: str
    asset_id: str | None = None
    chunk_size: int
    total_chunks: int
    upload_urls: tuple[PartAddress, ...] = ()
    upload_headers: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None

    def length(self, number: int, total: int) -> int:
        """How many bytes the part with this number has in a file of `total` bytes."""
        return min(self.chunk_size, total - (number - 1) * self.chunk_size)

    def check(self, total: int) -> None:
        """Raises `BadReply` when the parts do not add up to a file of `total` bytes."""
        if self.chunk_size < 1 or self.total_chunks != -(-total // self.chunk_size):
            raise BadReply(
                f"Upload {self.upload_id} has {self.total_chunks} parts of {self.chunk_size} "
                f"bytes, which are not those of a file of {total} bytes."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAddresses(Model):
    """Further addresses, of `count` parts from `start_index` on."""

    upload_id: str | None = None
    start_index: int | None = None
    count: int | None = None
    upload_urls: tuple[PartAddress, ...] = ()
    generated_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CompletedPart:
    """A part that was put: its size in bytes, and the ETag that it was answered with."""

    number: int
    etag: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsReport(Model):
    """What the service has noted; `url` is there once all parts are."""

    asset_id: str | None = None
    processed_chunks: int = 0
    duplicate_chunks: int = 0
    total_completed: int = 0
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState(Model):
    """A part as the service sees it: completed, pending or failed."""

    index: int
    status: str
    uploaded_at: datetime | None = None
    updated_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadStatus(NumberedPage):
    """A session, and a page of its parts; `status` is active, completed, failed or expired."""

    upload_id: str
    status: str
    uploaded_chunks: tuple[PartState, ...] = ()
    chunks_completed: int = 0
    chunks_failed: int = 0
    chunks_pending: int = 0
    total_size: int | None = None
    uploaded_size: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteUpload(Model):
    """A session that is not completed yet."""

    upload_id: str
    status: str
    total_size: int
    chunk_size: int
    total_chunks: int
    created_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteUploadPage(NumberedPage):
    """A page of such sessions."""

    data: tuple[IncompleteUpload, ...]


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload is: bytes sent of `total`, and whole parts of `total_parts`.

    `sent` goes back when a part has to be sent again.
    """

    upload: UploadSession
    sent: int
    total: int
    parts: int
    total_parts: int


OnUpload = Callable[[UploadProgress], object]


class Tally:
    """Counts what is sent, for parts that are under way at the same time; it tells in turn."""

    def __init__(self, upload: UploadSession, total: int, tell: OnUpload | None) -> None:
        self._upload = upload
        self._total = total
        self._tell = tell
        self._sent: dict[int, int] = {}
        self._done: set[int] = set()
        self._lock = Lock()

    def sent(self, number: int, size: int) -> None:
        """So many bytes of a part are sent; 0 when it has to be sent again."""
        with self._lock:
            self._sent[number] = size
            self._done.discard(number)
            self._told()

    def kept(self, numbers: Mapping[int, int]) -> None:
        """These parts of so many bytes have arrived."""
        with self._lock:
            self._sent |= numbers
            self._done |= numbers.keys()
            self._told()

    def _told(self) -> None:
        if self._tell is not None:
            sent = sum(self._sent.values())
            parts, total_parts = len(self._done), self._upload.total_chunks
            self._tell(UploadProgress(self._upload, sent, self._total, parts, total_parts))
