# From client/aio/stream.py, by `python -m tools.twins`: edit that file, not this.
"""A reply that comes line by line, as events."""

from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Generic, Self, TypeVar

from understudy.client.call import Call
from understudy.client.errors import ConnectionFailed, StreamBroken, UsageError
from understudy.client.json import Json
from understudy.client.lines import Lines, Reader
from understudy.client.sync.session import Session

E = TypeVar("E")


class Stream(Generic[E]):
    """Iterate over it once. As a context manager it closes the connection on leaving early.

    `lines` takes the reply apart, by default line by line. The request goes out with the first
    step. A stream that ends before its last event, or says something unreadable, raises
    `StreamBroken` after what was good of it. Without `last` any event may be the last one.
    """

    def __init__(
        self,
        session: Session,
        call: Call,
        *,
        read: Callable[[Mapping[str, Json]], E],
        last: Callable[[E], bool] | None = None,
        lines: Callable[[], Reader] = Lines,
    ) -> None:
        self._call = call
        self._pieces = session.pieces(call)
        self._read = read
        self._last = last
        self._reader = lines
        self._begun = False

    def __iter__(self) -> Iterator[E]:
        if self._begun:
            raise UsageError(f"The stream of {self._call} was read already; make the call again.")
        self._begun = True
        try:
            for line in self._lines():
                event = self._read(line)
                yield event
                if self._last is not None and self._last(event):
                    return
        finally:
            self.close()
        if self._last is not None:
            raise StreamBroken(f"The stream of {self._call} ended before its last event.")

    def close(self) -> None:
        """Let go of the connection; what was not read yet is lost."""
        self._begun = True
        self._pieces.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _lines(self) -> Iterator[Mapping[str, Json]]:
        lines, some = self._reader(), False
        try:
            for piece in self._pieces:
                some = True
                for line in lines.feed(piece):
                    yield line
        except ConnectionFailed as error:
            if some:
                raise StreamBroken(f"The stream of {self._call} broke off.") from error
            raise
        for line in lines.finish():
            yield line
