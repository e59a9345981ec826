"""A file of which only some stretches were kept, to be read as far as they go."""

import io
from collections.abc import Mapping


class Gaps(io.RawIOBase):
    """A seekable file of `size` bytes: the kept pieces by their offset, zeros in between."""

    def __init__(self, size: int, pieces: Mapping[int, bytes]) -> None:
        self._size = size
        self._pieces = pieces
        self._position = 0

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """Reading begins anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to `offset` from the start, from here or from the end."""
        self._position = max(0, (0, self._position, self._size)[whence] + offset)
        return self._position

    def read(self, count: int = -1) -> bytes:
        """The next `count` bytes, all that are left when negative."""
        start = min(self._position, self._size)
        end = self._size if count < 0 else min(self._size, start + count)
        content = bytearray(end - start)
        for offset, piece in self._pieces.items():
            first, last = max(start, offset), min(end, offset + len(piece))
            if first < last:
                content[first - start : last - start] = piece[first - offset : last - offset]
        self._position = end
        return bytes(content)
