"""Server-sent events: pieces of bytes in, named objects out."""

from collections.abc import Iterator, Mapping

from understudy.client.errors import StreamBroken
from understudy.client.json import Json, parse


class Events:
    """Takes a stream of events apart wherever the network has cut it.

    An event is the object that it carries, and `{"data": text}` when it carries another text;
    where the stream names it, that name is added as `event`. Comments and events without data
    count for nothing. An event has at most `longest` bytes.
    """

    def __init__(self, longest: int = 16 * 1024 * 1024) -> None:
        self._longest = longest
        self._rest = b""
        self._lines: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> Iterator[Mapping[str, Json]]:
        """The events that are whole now."""
        content = self._rest + piece
        # A carriage return at the end may be the first half of a line's end.
        held = b"\r" if content.endswith(b"\r") else b""
        whole = content.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = whole.split(b"\n")
        self._rest = rest + held
        for line in lines:
            yield from self._line(line)
        if self._size + len(self._rest) > self._longest:
            raise StreamBroken(f"An event of the stream is over {self._longest} bytes.")

    def finish(self) -> Iterator[Mapping[str, Json]]:
        """The last event, when the stream ended without a blank line."""
        rest, self._rest = self._rest, b""
        if rest.strip():
            self._lines.append(rest)
        yield from self._event()

    def _line(self, line: bytes) -> Iterator[Mapping[str, Json]]:
        if line:
            self._lines.append(line)
            self._size += len(line)
            if self._size > self._longest:
                raise StreamBroken(f"An event of the stream is over {self._longest} bytes.")
        else:
            yield from self._event()

    def _event(self) -> Iterator[Mapping[str, Json]]:
        lines, self._lines, self._size = self._lines, [], 0
        name, texts = "", list[bytes]()
        for line in lines:
            field, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if field == b"event":
                name = value.decode("utf-8", "replace")
            elif field == b"data":
                texts.append(value)
        if texts:
            carried = _object(b"\n".join(texts))
            yield {**carried, "event": name} if name else carried


def _object(text: bytes) -> Mapping[str, Json]:
    try:
        value = parse(text)
    except ValueError:
        value = None
    if isinstance(value, Mapping):
        return value
    return {"data": text.decode("utf-8", "replace")}
