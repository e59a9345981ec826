"""A file to upload: a path, bytes, an open file, or a stream of pieces."""

import io
import os
from collections.abc import AsyncIterable, Iterable, Iterator
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path
from typing import IO, cast

from understudy.client.errors import UsageError

_BLOCK = 64 * 1024

Content = str | os.PathLike[str] | bytes | IO[bytes] | Iterable[bytes] | AsyncIterable[bytes]
"""A path (also as plain text), the bytes themselves, an open binary file, or pieces of bytes.

Only the asynchronous client takes asynchronous pieces.
"""


@dataclass(frozen=True, slots=True)
class File:
    """Content to upload under a `name`; both are found out where they can be.

    A path, bytes and an open file that can seek may be sent again after a failure; pieces are
    read once, and their length is unknown, so they go out chunked.
    """

    content: Content
    name: str = ""
    content_type: str = ""
    _start: int = field(init=False, repr=False, default=-1)

    def __post_init__(self) -> None:
        content = self.content
        if isinstance(content, io.TextIOBase):
            raise UsageError(f"{content!r} is open as text; open it with 'rb'.")
        if isinstance(content, str | os.PathLike) and not Path(content).is_file():
            raise UsageError(f"There is no file {os.fspath(content)!r} to upload.")
        opened = _opened(content)
        if opened is not None and opened.seekable():
            object.__setattr__(self, "_start", opened.tell())

    @property
    def filename(self) -> str:
        """The name that the service is told."""
        if self.name:
            return self.name
        content = self.content
        named = content if isinstance(content, str | os.PathLike) else getattr(content, "name", "")
        return (Path(named).name if isinstance(named, str | os.PathLike) else "") or "upload"

    @property
    def media_type(self) -> str:
        """The media type that the service is told."""
        return self.content_type or guess_type(self.filename)[0] or "application/octet-stream"

    @property
    def length(self) -> int | None:
        """How many bytes there are; None when that cannot be known before reading."""
        content = self.content
        if isinstance(content, bytes):
            return len(content)
        if isinstance(content, str | os.PathLike):
            return Path(content).stat().st_size
        opened = _opened(content)
        if opened is not None and self._start >= 0:
            opened.seek(0, io.SEEK_END)
            end = opened.tell()
            opened.seek(self._start)
            return end - self._start
        return None

    @property
    def repeatable(self) -> bool:
        """Whether the content can be read more than once."""
        return isinstance(self.content, bytes | str | os.PathLike) or self._start >= 0

    def blocks(self) -> Iterator[bytes]:
        """The content from its beginning, in pieces of moderate size."""
        content = self.content
        if isinstance(content, bytes):
            yield from (content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK))
        elif isinstance(content, str | os.PathLike):
            with Path(content).open("rb") as file:
                yield from iter(lambda: file.read(_BLOCK), b"")
        elif (opened := _opened(content)) is not None:
            if self._start >= 0:
                opened.seek(self._start)
            yield from iter(lambda: opened.read(_BLOCK), b"")
        elif isinstance(content, AsyncIterable):
            raise UsageError("Asynchronous pieces need the asynchronous client.")
        else:
            yield from content


def _opened(content: Content) -> IO[bytes] | None:
    """The content as an open file; temporary files are some without being `io.IOBase`."""
    return cast("IO[bytes]", content) if hasattr(content, "read") else None


Source = File | Content
"""What an upload takes: content, or a `File` that also says its name and type."""


def as_file(source: Source) -> File:
    """The source as a `File`."""
    return source if isinstance(source, File) else File(source)
