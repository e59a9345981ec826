"""multipart/form-data taken apart, chunk by chunk, without any I/O of its own.

Where the bytes of a part go is up to a `Sink`: `MemorySink` keeps them, a server that must
not hold an upload in memory brings its own.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from understudy.contracts.bodies import Malformed
from understudy.contracts.exchange import Form, Part

MOST_PARTS = 1_000

_EXTENDED_NAME = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']*'([^;\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartHead:
    """What a part says of itself before its bytes come."""

    name: str
    filename: str | None = None
    content_type: str | None = None


class Sink(Protocol):
    """Takes the bytes of one part."""

    def write(self, chunk: bytes) -> None:
        """Takes the next bytes; may raise to refuse the upload."""
        ...

    def close(self) -> Part:
        """The finished part."""
        ...


SinkFor: TypeAlias = Callable[[PartHead], Sink]


class MemorySink:
    """Keeps a part whole."""

    __slots__ = ("_chunks", "_head")

    def __init__(self, head: PartHead) -> None:
        self._head = head
        self._chunks: list[bytes] = []

    def write(self, chunk: bytes) -> None:
        """Keeps the chunk."""
        self._chunks.append(chunk)

    def close(self) -> Part:
        """The part with its whole content, size and digest."""
        head, content = self._head, b"".join(self._chunks)
        digest = hashlib.sha256(content).hexdigest()
        return Part(head.name, content, head.filename, head.content_type, len(content), digest)


class MultipartReader:
    """Feeds a multipart body to sinks: `feed` each chunk, then `finish` for the Form.

    Raises Malformed on a body that is not multipart, has bad part headers, too many parts, or
    stops early. What a sink raises comes through unchanged.
    """

    __slots__ = ("_ended", "_field", "_headers", "_most", "_parser", "_parts", "_sink", "_sinks")

    def __init__(
        self, boundary: bytes, sinks: SinkFor = MemorySink, *, most_parts: int = MOST_PARTS
    ) -> None:
        self._sinks = sinks
        self._most = most_parts
        self._parts: list[Part] = []
        self._headers: dict[bytes, bytes] = {}
        self._field: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._sink: Sink | None = None
        self._ended = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_part_data": self._content,
                    "on_part_end": self._close,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._open,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise Malformed(_shown(boundary), f"a usable boundary ({error})") from None
        # The parser would write what callers send into the log; here that is a violation.
        self._parser.logger = logging.Logger("multipart", logging.CRITICAL + 1)

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes of the body."""
        if self._ended or not chunk:
            return
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise Malformed(_shown(chunk), f"a multipart body ({error})") from None

    def finish(self) -> Form:
        """The parts, in order; raises Malformed when the closing boundary never came."""
        if not self._ended:
            raise Malformed(None, "a multipart body that ends with its closing boundary")
        return Form(tuple(self._parts))

    def _begin(self) -> None:
        if len(self._parts) >= self._most:
            raise Malformed(len(self._parts) + 1, f"at most {self._most} parts")
        self._headers = {}

    def _header_name(self, content: bytes, start: int, end: int) -> None:
        self._field[0].extend(content[start:end])

    def _header_value(self, content: bytes, start: int, end: int) -> None:
        self._field[1].extend(content[start:end])

    def _header_end(self) -> None:
        name, value = self._field
        self._headers.setdefault(bytes(name).lower(), bytes(value).strip())
        self._field = (bytearray(), bytearray())

    def _open(self) -> None:
        self._sink = self._sinks(_head_of(self._headers))

    def _content(self, content: bytes, start: int, end: int) -> None:
        if self._sink is not None:
            self._sink.write(content[start:end])

    def _close(self) -> None:
        if self._sink is not None:
            self._parts.append(self._sink.close())
            self._sink = None

    def _end(self) -> None:
        self._ended = True


def read_multipart(content: bytes, boundary: bytes) -> Form:
    """The parts of a whole multipart body, kept in memory; raises Malformed."""
    reader = MultipartReader(boundary)
    reader.feed(content)
    return reader.finish()


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type names; raises Malformed when it names none."""
    boundary = parse_options_header(_latin(content_type))[1].get(b"boundary", b"")
    if not boundary:
        raise Malformed(content_type, "multipart/form-data with a boundary")
    return boundary


def _head_of(headers: dict[bytes, bytes]) -> PartHead:
    line = headers.get(b"content-disposition", b"")
    kind, options = parse_options_header(line)
    name = options.get(b"name")
    if kind != b"form-data" or name is None:
        raise Malformed(_shown(line), 'a part with Content-Disposition: form-data; name="..."')
    filename = _text(options[b"filename"]) if b"filename" in options else _extended(line)
    media_type = headers.get(b"content-type")
    shown = None if media_type is None else media_type.decode("latin-1")
    return PartHead(_strict(name), filename, shown)


def _extended(line: bytes) -> str | None:
    """The file name of `filename*=utf-8''...`, which old Python clients write."""
    found = _EXTENDED_NAME.search(line.decode("latin-1"))
    return None if found is None else _text(unquote_to_bytes(found[2]))


def _strict(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        raise Malformed(_shown(name), "a part name in UTF-8") from None


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _latin(value: str) -> str:
    return value.encode("latin-1", "replace").decode("latin-1")


def _shown(content: bytes) -> str:
    return content[:80].decode("utf-8", "replace")
