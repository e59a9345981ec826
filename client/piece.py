"""A stretch of a file, to be sent by itself."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from understudy.client.errors import UsageError
from understudy.client.file import File

_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """`length` bytes of a file from `start` on; any number may be read at the same time.

    `progress` is told after each block how many bytes of the piece are sent.
    """

    file: File
    start: int
    length: int
    progress: Callable[[int], None] | None = None

    def blocks(self) -> Iterator[bytes]:
        """The stretch in blocks of moderate size, read when they are asked for."""
        content, left = self.file.content, self.length
        if isinstance(content, bytes):
            for at in range(self.start, self.start + left, _BLOCK):
                yield content[at : min(at + _BLOCK, self.start + self.length)]
            return
        if not isinstance(content, str | os.PathLike):
            raise UsageError("Only a path and bytes can be sent in pieces.")
        with Path(content).open("rb") as file:
            file.seek(self.start)
            while left:
                block = file.read(min(_BLOCK, left))
                if not block:
                    raise UsageError(f"{os.fspath(content)!r} has become shorter while it is sent.")
                left -= len(block)
                yield block
