"""A multipart body taken apart while it arrives, so that a large file never sits in memory.

Text fields are kept, within bounds. A file is hashed and its first bytes are kept; the rest
passes through a temporary file, which lives until the container's headers have been read.
"""

import hashlib
from collections.abc import Callable, Mapping
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import BinaryIO, cast

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartCallbacks, MultipartParser, parse_options_header

from understudy.contracts.exchange import Form, Part
from understudy.contracts.json import Json
from understudy.mocks.limits import Limits
from understudy.mocks.refusal import Reason, Refusal

HEAD = 64 * 1024
"""How many bytes of a file a `Part` keeps."""

_IN_MEMORY = 1024 * 1024
_HEADERS = 8
_HEADER = 8 * 1024
_NAME = 1024

Probe = Callable[[BinaryIO], Mapping[str, Json]]
"""Reads a file's duration, size and rate from its container; empty where it is none."""


def is_multipart(content_type: str | None) -> bool:
    """Whether a body of this Content-Type is taken apart while it arrives."""
    return content_type is not None and content_type.lower().startswith("multipart/form-data")


class Upload:
    """One multipart body: `feed` it, then `finish` it; leaving the context drops what is open.

    `feed` and `finish` raise `Refusal`: TOO_LARGE past a bound of `limits`, INVALID where the
    body is no multipart body or ends early.
    """

    def __init__(self, content_type: str, limits: Limits, probe: Probe) -> None:
        self._limits = limits
        self._probe = probe
        self._parts: list[Part] = []
        self._open: _OpenPart | None = None
        self._field = bytearray()
        self._value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._held = 0
        self._size = 0
        self._ended = False
        self._parser = _parser(content_type, self._callbacks())

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
            self._parser.write(chunk)
        except FormParserError as error:
            if "Maximum header" in str(error):
                message = f"A part has more than {_HEADERS} headers, or one over {_HEADER} bytes."
                raise Refusal(Reason.TOO_LARGE, message) from None
            raise _malformed(str(error)) from None

    def finish(self) -> Form:
        """The parts, once every byte was fed."""
        if not self._ended:
            raise _malformed("it ends before its closing boundary")
        return Form(tuple(self._parts))

    def close(self) -> None:
        """Drop a part that was never completed, and its temporary file."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finished,
        }

    def _begin(self) -> None:
        if len(self._parts) >= self._limits.parts:
            message = f"The body has more than {self._limits.parts} parts, the most that is taken."
            raise Refusal(Reason.TOO_LARGE, message)
        self._headers = {}

    def _header_field(self, chunk: bytes, start: int, end: int) -> None:
        self._field += chunk[start:end]

    def _header_value(self, chunk: bytes, start: int, end: int) -> None:
        self._value += chunk[start:end]

    def _header_end(self) -> None:
        self._headers.setdefault(bytes(self._field).lower(), bytes(self._value))
        self._field.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        disposition, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if disposition != b"form-data" or b"name" not in options:
            raise _malformed("a part has no Content-Disposition with form-data and a name")
        if max(map(len, options.values())) > _NAME:
            raise Refusal(Reason.TOO_LARGE, f"A part's name is over the limit of {_NAME} bytes.")
        name = _text(options[b"name"])
        media_type = self._headers.get(b"content-type")
        shown = _text(media_type) if media_type is not None else None
        if b"filename" in options:
            room = max(0, min(HEAD, self._limits.body - self._held))
            self._open = _FilePart(
                name, shown, _text(options[b"filename"]), room, self._limits.upload, self._probe
            )
        else:
            room = min(self._limits.text, self._limits.body - self._held)
            self._open = _TextPart(name, shown, room)

    def _data(self, chunk: bytes, start: int, end: int) -> None:
        assert self._open is not None
        self._open.write(memoryview(chunk)[start:end])

    def _end(self) -> None:
        assert self._open is not None
        part = self._open.part()
        self._open = None
        self._held += len(part.content)
        self._parts.append(part)

    def _finished(self) -> None:
        self._ended = True


class _TextPart:
    """A field that is kept whole."""

    def __init__(self, name: str, content_type: str | None, room: int) -> None:
        self._name = name
        self._content_type = content_type
        self._room = room
        self._content = bytearray()

    def write(self, piece: memoryview) -> None:
        if len(self._content) + len(piece) > self._room:
            raise _too_large(f"The field {self._name!r}", self._room)
        self._content += piece

    def part(self) -> Part:
        content = bytes(self._content)
        digest = hashlib.sha256(content).hexdigest()
        return Part(self._name, content, None, self._content_type, len(content), digest)

    def close(self) -> None:
        self._content.clear()


class _FilePart:
    """A file that is hashed while it passes; closing it is what drops the bytes."""

    def __init__(
        self,
        name: str,
        content_type: str | None,
        filename: str,
        head: int,
        limit: int,
        probe: Probe,
    ) -> None:
        self._name = name
        self._content_type = content_type
        self._filename = filename
        self._head_size = head
        self._limit = limit
        self._probe = probe
        self._head = bytearray()
        self._size = 0
        self._digest = hashlib.sha256()
        self._spool = SpooledTemporaryFile(max_size=_IN_MEMORY)

    def write(self, piece: memoryview) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise _too_large(f"The file {self._filename!r}", self._limit)
        self._digest.update(piece)
        self._spool.write(piece)
        missing = self._head_size - len(self._head)
        if missing > 0:
            self._head += piece[:missing]

    def part(self) -> Part:
        self._spool.seek(0)
        facts = self._probe(cast(BinaryIO, self._spool))
        self.close()
        return Part(
            self._name,
            bytes(self._head),
            self._filename,
            self._content_type,
            self._size,
            self._digest.hexdigest(),
            facts,
        )

    def close(self) -> None:
        self._spool.close()


_OpenPart = _TextPart | _FilePart


def _parser(content_type: str, callbacks: MultipartCallbacks) -> MultipartParser:
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise _malformed(f"the Content-Type {content_type!r} names no boundary")
    try:
        return MultipartParser(
            boundary, callbacks, max_header_count=_HEADERS, max_header_size=_HEADER
        )
    except FormParserError as error:
        raise _malformed(str(error)) from None


def _text(value: bytes) -> str:
    """A header's text; browsers and SDKs send UTF-8, whatever the standard says."""
    return value.decode("utf-8", "replace")


def _too_large(subject: str, limit: int) -> Refusal:
    return Refusal(Reason.TOO_LARGE, f"{subject} is over the limit of {limit} bytes.")


def _malformed(why: str) -> Refusal:
    return Refusal(Reason.INVALID, f"The multipart body cannot be read: {why}.")
