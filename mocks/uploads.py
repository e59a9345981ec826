"""A multipart body taken apart while it arrives, so that a large file never sits in memory.

Text fields are kept, within bounds. A file is hashed and its first bytes are kept; the rest
passes through a temporary file, which lives until the container's headers have been read.
"""

import hashlib
from collections.abc import Callable, Mapping
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import BinaryIO, cast

from understudy.contracts.bodies import Malformed
from understudy.contracts.exchange import Form, Part
from understudy.contracts.json import Json
from understudy.contracts.multipart import MultipartReader, PartHead, Sink, boundary_of
from understudy.mocks.limits import Limits
from understudy.mocks.refusal import Reason, Refusal

HEAD = 64 * 1024
"""How many bytes of a file a `Part` keeps."""

_IN_MEMORY = 1024 * 1024
_NAME = 1024

Probe = Callable[[BinaryIO], Mapping[str, Json]]
"""Reads a file's duration, size and rate from its container; empty where it is none."""


def is_multipart(content_type: str | None) -> bool:
    """Whether a body of this Content-Type is taken apart while it arrives."""
    return content_type is not None and content_type.lower().startswith("multipart/form-data")


class Upload:
    """One multipart body: `feed` it, then `finish` it; leaving the context drops what is open.

    Construction, `feed` and `finish` raise `Refusal`: TOO_LARGE past a bound of `limits`,
    INVALID where the body is no multipart body or ends early.
    """

    def __init__(self, content_type: str, limits: Limits, probe: Probe) -> None:
        self._limits = limits
        self._probe = probe
        self._open: _TextPart | _FilePart | None = None
        self._parts = 0
        self._held = 0
        self._size = 0
        try:
            boundary = boundary_of(content_type)
            self._reader = MultipartReader(boundary, self._sink, most_parts=limits.parts + 1)
        except Malformed as error:
            raise _refused(error) from None

    def __enter__(self) -> "Upload":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body, of any length."""
        self._size += len(chunk)
        if self._size > self._limits.upload + self._limits.body:
            raise _too_large("The body", self._limits.upload + self._limits.body)
        try:
            self._reader.feed(chunk)
        except Malformed as error:
            raise _refused(error) from None

    def finish(self) -> Form:
        """The parts, once every byte was fed."""
        try:
            return self._reader.finish()
        except Malformed as error:
            raise _refused(error) from None

    def close(self) -> None:
        """Drop a part that was never completed, and its temporary file."""
        if self._open is not None:
            self._open.drop()
            self._open = None

    def _sink(self, head: PartHead) -> Sink:
        self._parts += 1
        if self._parts > self._limits.parts:
            message = f"The body has more than {self._limits.parts} parts, the most that is taken."
            raise Refusal(Reason.TOO_LARGE, message)
        if max(len(head.name), len(head.filename or "")) > _NAME:
            raise _too_large("The name of a part or of its file", _NAME)
        room = self._limits.body - self._held
        if head.filename is None:
            self._open = _TextPart(head, min(self._limits.text, room), self._kept)
        else:
            kept = min(HEAD, room)
            self._open = _FilePart(head, kept, self._limits.upload, self._probe, self._kept)
        return self._open

    def _kept(self, part: Part) -> None:
        self._held += len(part.content)
        self._open = None


class _TextPart:
    """A field that is kept whole."""

    def __init__(self, head: PartHead, room: int, done: Callable[[Part], None]) -> None:
        self._head = head
        self._room = room
        self._done = done
        self._content = bytearray()

    def write(self, chunk: bytes) -> None:
        if len(self._content) + len(chunk) > self._room:
            raise _too_large(f"The field {self._head.name!r}", self._room)
        self._content += chunk

    def close(self) -> Part:
        head, content = self._head, bytes(self._content)
        digest = hashlib.sha256(content).hexdigest()
        part = Part(head.name, content, None, head.content_type, len(content), digest)
        self._done(part)
        return part

    def drop(self) -> None:
        self._content.clear()


class _FilePart:
    """A file that is hashed while it passes; closing it is what drops the bytes."""

    def __init__(
        self, head: PartHead, kept: int, limit: int, probe: Probe, done: Callable[[Part], None]
    ) -> None:
        self._head = head
        self._kept = kept
        self._limit = limit
        self._probe = probe
        self._done = done
        self._first = bytearray()
        self._size = 0
        self._digest = hashlib.sha256()
        self._spool = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # `drop` closes

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            raise _too_large(f"The file {self._head.filename!r}", self._limit)
        self._digest.update(chunk)
        self._spool.write(chunk)
        missing = self._kept - len(self._first)
        if missing > 0:
            self._first += chunk[:missing]

    def close(self) -> Part:
        head = self._head
        self._spool.seek(0)
        facts = self._probe(cast(BinaryIO, self._spool))
        self.drop()
        part = Part(
            head.name,
            bytes(self._first),
            head.filename,
            head.content_type,
            self._size,
            self._digest.hexdigest(),
            facts,
        )
        self._done(part)
        return part

    def drop(self) -> None:
        self._spool.close()


def _too_large(subject: str, limit: int) -> Refusal:
    return Refusal(Reason.TOO_LARGE, f"{subject} is over the limit of {limit} bytes.")


def _refused(error: Malformed) -> Refusal:
    if "Maximum header" in error.expected:
        return Refusal(Reason.TOO_LARGE, "A part has too many headers, or too long a one.")
    shown = f"{error.value!r}, " if error.value is not None else ""
    return Refusal(Reason.INVALID, f"The body cannot be read: {shown}expected {error.expected}.")
