"""Small real files that stand for parts of a video: a still, a piece of a stream, its playlist."""

import struct
import zlib

from understudy.mocks.generate.seeded import Seeded

SEGMENT_SECONDS = 6.0
_NULL_PACKET = b"\x47\x1f\xff\x10" + b"\xff" * 184


def still(draw: Seeded, width: int = 64, height: int = 36) -> bytes:
    """A PNG of one seeded colour."""
    colour = bytes(draw.integer(0, 255) for _ in range(3))
    rows = (b"\0" + colour * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def segment() -> bytes:
    """A transport stream without a picture: packets that every player skips."""
    return _NULL_PACKET * 7


def playlist(duration: float, url: str) -> bytes:
    """An HLS playlist of `duration` seconds, each of whose pieces is at `url`."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{int(SEGMENT_SECONDS)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
    left = duration
    while left > 0:
        lines += [f"#EXTINF:{min(left, SEGMENT_SECONDS):.3f},", url]
        left -= SEGMENT_SECONDS
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""]).encode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
