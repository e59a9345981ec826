"""A read-only view of a file under a budget, so that a crafted file cannot make us read it all."""

from typing import BinaryIO

from understudy.contracts.json import Json

Facts = dict[str, Json]


class Spent(Exception):
    """The budget of bytes or steps is used up: the file is taken for what is known so far."""


class Window:
    """Reads by position from a seekable file of `size` bytes, at most `budget` bytes in all."""

    __slots__ = ("_file", "left", "size")

    def __init__(self, file: BinaryIO, size: int, budget: int) -> None:
        self._file = file
        self.size = size
        self.left = budget

    def at(self, position: int, count: int) -> bytes:
        """Up to `count` bytes from `position`; fewer at the file's end, `Spent` past the budget."""
        if position < 0 or position >= self.size or count <= 0:
            return b""
        count = min(count, self.size - position)
        # Each read costs a little by itself, which bounds the number of steps as well.
        self.left -= count + 64
        if self.left < 0:
            raise Spent
        self._file.seek(position)
        return self._file.read(count)

    def file(self) -> "Cursor":
        """The same view as a file object, for readers that want one."""
        return Cursor(self)


class Cursor:
    """The part of a binary file's interface that tag readers use, over a window."""

    __slots__ = ("_position", "_window")

    def __init__(self, window: Window) -> None:
        self._window = window
        self._position = 0

    def read(self, count: int = -1) -> bytes:
        """The next `count` bytes, all that are left when negative."""
        rest = self._window.size - self._position
        taken = self._window.at(self._position, rest if count < 0 else count)
        self._position += len(taken)
        return taken

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves to `offset` from the start (0), from here (1) or from the end (2)."""
        origin = (0, self._position, self._window.size)[whence]
        self._position = max(0, origin + offset)
        return self._position

    def tell(self) -> int:
        """Where the next read begins."""
        return self._position

    def close(self) -> None:
        """Nothing to do: the file belongs to the caller."""
