"""A short MP4 that players open: pictures shown one after the other, each for its time."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.mocks.generate import h264
from understudy.mocks.generate.drawing import Box, scene
from understudy.mocks.generate.seeded import Seeded

_TICKS = 1000
WIDEST = 320
"""Films are drawn at most that many pixels wide, since they are not compressed."""
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of a film: the boxes on it, in pixels of the original, and how long it stays."""

    boxes: tuple[Box, ...]
    seconds: float


def film(frames: Sequence[Frame], width: int, height: int, draw: Seeded) -> bytes:
    """An MP4 of the frames (at least one), drawn smaller when the original is large."""
    scale = min(1.0, WIDEST / max(width, 1), WIDEST / max(height, 1))
    wide, high = (max(16, round(side * scale / 2) * 2) for side in (width, height))
    pictures: list[bytes] = []
    for index, frame in enumerate(frames):
        boxes = [_scaled(box, scale) for box in frame.boxes]
        # The same stream of draws each time: the background stays where it is.
        unit = h264.picture(scene(wide, high, boxes, draw.child("scene")), index)
        pictures.append(struct.pack(">I", len(unit)) + unit)
    times = [max(1, round(frame.seconds * _TICKS)) for frame in frames]
    head = _box(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41")
    begin = len(head) + len(_movie(wide, high, pictures, times, 0)) + 8
    movie = _movie(wide, high, pictures, times, begin)
    return head + movie + _box(b"mdat", b"".join(pictures))


def _scaled(box: Box, scale: float) -> Box:
    edges = (box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)
    return Box(*edges, label=box.label)


def _movie(
    width: int, height: int, pictures: Sequence[bytes], times: Sequence[int], begin: int
) -> bytes:
    lasts = sum(times)
    header = struct.pack(">4I", 0, 0, _TICKS, lasts)
    header += struct.pack(">IH10x", 0x10000, 0x100) + _MATRIX + bytes(24) + struct.pack(">I", 2)
    track = struct.pack(">5I", 0, 0, 1, 0, lasts) + bytes(8) + struct.pack(">4H", 0, 0, 0, 0)
    track += _MATRIX + struct.pack(">2I", width << 16, height << 16)
    media = struct.pack(">4I2H", 0, 0, _TICKS, lasts, 0x55C4, 0)
    kind = bytes(4) + b"vide" + bytes(12) + b"Pictures\0"
    place = _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", flags=1))
    table = _table(width, height, pictures, times, begin)
    info = _full(b"vmhd", bytes(8), flags=1) + _box(b"dinf", place) + _box(b"stbl", table)
    inner = _full(b"mdhd", media) + _full(b"hdlr", kind) + _box(b"minf", info)
    trak = _full(b"tkhd", track, flags=3) + _box(b"mdia", inner)
    return _box(b"moov", _full(b"mvhd", header) + _box(b"trak", trak))


def _table(
    width: int, height: int, pictures: Sequence[bytes], times: Sequence[int], begin: int
) -> bytes:
    """Where each picture lies and how long it stays; all of them can be jumped to."""
    sizes = struct.pack(f">2I{len(pictures)}I", 0, len(pictures), *map(len, pictures))
    lasting = b"".join(struct.pack(">2I", 1, time) for time in times)
    return (
        _full(b"stsd", struct.pack(">I", 1) + _entry(width, height))
        + _full(b"stts", struct.pack(">I", len(times)) + lasting)
        + _full(b"stsc", struct.pack(">4I", 1, 1, len(pictures), 1))
        + _full(b"stsz", sizes)
        + _full(b"stco", struct.pack(">2I", 1, begin))
    )


def _entry(width: int, height: int) -> bytes:
    sequence, parameters = h264.sequence(width, height), h264.parameters()
    config = b"\x01" + sequence[1:4] + b"\xff\xe1" + struct.pack(">H", len(sequence)) + sequence
    config += b"\x01" + struct.pack(">H", len(parameters)) + parameters
    seen = struct.pack(">6xH16x2H2I4xH32xHh", 1, width, height, 0x480000, 0x480000, 1, 24, -1)
    return _box(b"avc1", seen + _box(b"avcC", config))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _full(kind: bytes, content: bytes, *, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags) + content)
