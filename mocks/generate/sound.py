"""Duration of sound files: WAV and AVI from their chunks, the others through tinytag."""

import struct

from understudy.mocks.generate.window import Facts, Spent, Window

_MOST_CHUNKS = 200


def read_riff(window: Window, head: bytes) -> Facts:
    """The facts of a WAV, AVI or WebP file; empty when this is no RIFF file."""
    form = head[8:12]
    if head[:4] not in (b"RIFF", b"RF64") or len(head) < 12:
        return {}
    if form == b"WAVE":
        return _wave(window)
    if form == b"AVI ":
        return _avi(head)
    return {"kind": "image"} if form == b"WEBP" else {}


def read(window: Window, head: bytes) -> Facts:
    """The facts of MP3, AAC, FLAC, Ogg and AIFF files; empty when this is none of them."""
    if not _sounds(head):
        return {}
    facts: Facts = {"kind": "audio", "has_audio": True}
    duration = _tagged(window)
    if duration:
        facts["duration"] = round(duration, 6)
    return facts


def _sounds(head: bytes) -> bool:
    if head.startswith((b"ID3", b"fLaC", b"OggS")):
        return len(head) > 10
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return True
    # An MPEG audio or ADTS frame: eleven bits of sync, then fields with no forbidden value.
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    layer = head[1] >> 1 & 3
    if layer == 0:
        return head[1] & 0xF0 == 0xF0 and head[2] >> 2 & 15 < 13
    return head[1] >> 3 & 3 != 1 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3


def _tagged(window: Window) -> float:
    # Loaded here: only such a file needs it.
    from tinytag import TinyTag, TinyTagException

    try:
        tag = TinyTag.get(file_obj=window.file(), tags=False)  # type: ignore[arg-type]
    except (TinyTagException, Spent):  # whatever stands in its tags, it stays a sound
        return 0.0
    return tag.duration or 0.0


def _wave(window: Window) -> Facts:
    """`fmt ` gives the bytes per second, `data` the bytes; a header suffices."""
    facts: Facts = {"kind": "audio", "has_audio": True}
    rate, position = 0, 12
    for _ in range(_MOST_CHUNKS):
        chunk = window.at(position, 24)
        if len(chunk) < 8:
            break
        name, size = struct.unpack("<4sI", chunk[:8])
        if name == b"fmt " and len(chunk) >= 20:
            rate = struct.unpack("<I", chunk[16:20])[0]
        elif name == b"data" and rate:
            streamed = size in (0, 0xFFFFFFFF)
            facts["duration"] = (window.size - position - 8 if streamed else size) / rate
            break
        position += 8 + size + size % 2
    return facts


def _avi(head: bytes) -> Facts:
    """The main header `avih` stands near the start: microseconds per frame, frames, size."""
    facts: Facts = {"kind": "video"}
    at = head.find(b"avih") + 8
    if at < 8 or len(head) < at + 40:
        return facts
    per_frame, frames = struct.unpack("<I", head[at : at + 4])[0], head[at + 16 : at + 20]
    width, height = struct.unpack("<II", head[at + 32 : at + 40])
    facts.update(width=width, height=height)
    if per_frame:
        facts["fps"] = round(1e6 / per_frame, 3)
        facts["duration"] = struct.unpack("<I", frames)[0] * per_frame / 1e6
    return facts
