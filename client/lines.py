"""Newline-delimited JSON: pieces of bytes in, objects out."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from understudy.client.errors import StreamBroken
from understudy.client.json import Json, parse


class Reader(Protocol):
    """Takes a stream apart into objects, wherever the network has cut it."""

    def feed(self, piece: bytes) -> Iterator[Mapping[str, Json]]:
        """The objects that are whole now."""
        ...

    def finish(self) -> Iterator[Mapping[str, Json]]:
        """What is left when the stream has ended."""
        ...


class Lines:
    """Takes a stream apart wherever the network has cut it; blank lines count for nothing.

    A line is an object and has at most `longest` bytes.
    """

    def __init__(self, longest: int = 16 * 1024 * 1024) -> None:
        self._longest = longest
        self._rest = bytearray()

    def feed(self, piece: bytes) -> Iterator[Mapping[str, Json]]:
        """The objects that are whole now."""
        self._rest += piece
        *whole, rest = self._rest.split(b"\n")
        self._rest = rest
        if len(rest) > self._longest:
            raise StreamBroken(f"A line of the stream is over {self._longest} bytes.")
        yield from (_object(bytes(line)) for line in whole if line.strip())

    def finish(self) -> Iterator[Mapping[str, Json]]:
        """The last object, when the stream ended without a newline."""
        if self._rest.strip():
            yield _object(bytes(self._rest))
        self._rest = bytearray()


def _object(line: bytes) -> Mapping[str, Json]:
    try:
        value = parse(line)
    except ValueError:
        value = None
    if not isinstance(value, Mapping):
        shown = line[:120].decode("utf-8", "replace")
        raise StreamBroken(f"A line of the stream is {shown!r}; expected a JSON object.")
    return value
