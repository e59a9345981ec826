"""What kind of file this is and how long and large, read from its first headers only.

The content decides, never the name. Reads are bounded in bytes and in steps, and nothing a
caller sends makes `probe` raise: a file that cannot be understood is of kind `unknown`.
"""

import math
import os
import struct
from collections.abc import Callable, Mapping
from typing import BinaryIO, Literal

from understudy.contracts.json import Json
from understudy.mocks.generate import isobmff, matroska, pictures, sound
from understudy.mocks.generate.window import Facts, Spent, Window

Kind = Literal["video", "audio", "image", "document", "text", "unknown"]

_HEAD = 4096
_BUDGET = 4 << 20  # bytes that one probe may read in all
_LONGEST = 1e8


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EXTENSIONS: Mapping[Kind, frozenset[str]] = {
    "video": _set("mp4 m4v mov avi mkv webm mpg mpeg ts m3u8 flv wmv 3gp ogv"),
    "audio": _set("mp3 wav m4a aac flac ogg oga opus aiff aif wma"),
    "image": _set("png jpg jpeg gif webp bmp tif tiff heic avif"),
    "document": _set("pdf txt md markdown"),
    "text": _set("csv json xml yaml yml doc docx xls xlsx zip exe srt vtt"),
}


def probe(file: BinaryIO) -> dict[str, Json]:
    """What the content of a seekable file says: `kind` and `size`, and what could be read of
    `duration` (seconds), `width`, `height`, `fps` and `has_audio`.

    A missing key means unknown. The file's position is at its start afterwards. Never raises.
    """
    size = 0
    facts: Facts = {"kind": "unknown"}
    try:
        size = file.seek(0, os.SEEK_END)
        facts = _read(Window(file, size, _BUDGET))
        file.seek(0)
    except (OSError, ValueError):
        pass  # a closed or unseekable file tells nothing
    return {**{key: value for key, value in facts.items() if _sane(key, value)}, "size": size}


def kind_of_name(name: str) -> Kind:
    """The kind that a file name's extension promises; for URLs, which are never fetched."""
    extension = name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name else ""
    for kind, extensions in _EXTENSIONS.items():
        if extension in extensions:
            return kind
    return "unknown"


def _read(window: Window) -> Facts:
    head = window.at(0, _HEAD)
    for reader in _READERS:
        try:
            facts = reader(window, head)
        except (Spent, struct.error, ValueError, OverflowError, ArithmeticError):
            continue
        if facts:
            return facts
    return {"kind": "text" if _is_text(head) else "unknown"}


def _is_text(head: bytes) -> bool:
    if not head or any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and len(head) == _HEAD  # cut within a character
    return True


def _other_video(window: Window, head: bytes) -> Facts:
    """Containers that are recognised, but not measured."""
    transport_stream = head[:1] == b"\x47" and head[188:189] == b"\x47" and head[376:377] == b"\x47"
    known = (
        b"FLV\x01",
        b"\x00\x00\x01\xba",
        b"\x00\x00\x01\xb3",
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    )
    return {"kind": "video"} if transport_stream or head.startswith(known) else {}


def _document(window: Window, head: bytes) -> Facts:
    """A PDF; a document that is plain text is told apart by its name only."""
    return {"kind": "document"} if head.startswith(b"%PDF-") else {}


_READERS: tuple[Callable[[Window, bytes], Facts], ...] = (
    isobmff.read,
    sound.read_riff,
    matroska.read,
    pictures.read,
    _document,
    _other_video,
    sound.read,
)


def _sane(key: str, value: Json) -> bool:
    if key in ("duration", "fps"):
        return isinstance(value, int | float) and math.isfinite(value) and 0 < value <= _LONGEST
    if key in ("width", "height"):
        return isinstance(value, int) and 0 < value < 1 << 20
    return True
