"""multipart/form-data, written piece by piece so that a video never has to fit in memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex

from understudy.client.errors import UsageError
from understudy.client.file import File

Progress = Callable[[int, int | None], None]
"""Told after each piece how many bytes of the body are sent, and of how many (None: unknown)."""


@dataclass(frozen=True, slots=True)
class Multipart:
    """Text fields first, then files; a field may come more than once."""

    fields: Sequence[tuple[str, str]] = ()
    files: Sequence[tuple[str, File]] = ()
    progress: Progress | None = None

    @property
    def repeatable(self) -> bool:
        """Whether the form can be sent more than once."""
        return all(file.repeatable for _, file in self.files)


@dataclass(frozen=True, slots=True)
class Body:
    """One sending of a form: `head` strings and files in the order in which they go out."""

    form: Multipart
    boundary: str

    @classmethod
    def of(cls, form: Multipart, boundary: str | None = None) -> "Body":
        """With a boundary that is in no file, by all odds."""
        return cls(form, boundary or token_hex(16))

    @property
    def content_type(self) -> str:
        """The header that names the boundary."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def length(self) -> int | None:
        """How many bytes will go out; None when a file does not know."""
        total = 0
        for segment in self.segments():
            size = len(segment) if isinstance(segment, bytes) else segment.length
            if size is None:
                return None
            total += size
        return total

    def segments(self) -> Iterator[bytes | File]:
        """What goes out: bytes of ours, and files to be read where they stand."""
        for name, value in self.form.fields:
            yield self._head(f'form-data; name="{_quoted(name)}"')
            yield value.encode() + b"\r\n"
        for name, file in self.form.files:
            yield self._head(
                f'form-data; name="{_quoted(name)}"; filename="{_quoted(file.filename)}"',
                file.media_type,
            )
            yield file
            yield b"\r\n"
        yield f"--{self.boundary}--\r\n".encode()

    def _head(self, disposition: str, media_type: str = "") -> bytes:
        kind = f"Content-Type: {media_type}\r\n" if media_type else ""
        if "\r" in media_type or "\n" in media_type:
            raise UsageError(f"{media_type!r} is no media type.")
        head = f"--{self.boundary}\r\nContent-Disposition: {disposition}\r\n{kind}\r\n"
        return head.encode()


def _quoted(name: str) -> str:
    """A name in quotes, escaped the way browsers do."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
