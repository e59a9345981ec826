"""Width and height of PNG, JPEG, GIF and BMP pictures."""

import struct

from understudy.mocks.generate.window import Facts, Window

_MOST_MARKERS = 200


def read(window: Window, head: bytes) -> Facts:
    """The facts of a picture; empty when this is none."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture(struct.unpack(">II", head[16:24]) if len(head) >= 24 else ())
    if head.startswith(b"\xff\xd8\xff"):
        return _picture(_jpeg(window))
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _picture(struct.unpack("<HH", head[6:10]) if len(head) >= 10 else ())
    if head.startswith(b"BM") and head[6:10] == bytes(4) and len(head) >= 26:
        width, height = struct.unpack("<ii", head[18:26])
        return _picture((width, abs(height)))
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return {"kind": "image"}
    return {}


def _picture(size: tuple[int, ...]) -> Facts:
    facts: Facts = {"kind": "image", "has_audio": False}
    if len(size) == 2:
        facts.update(width=size[0], height=size[1])
    return facts


def _jpeg(window: Window) -> tuple[int, ...]:
    """The frame header (SOF0 to SOF15 but DHT, JPG and DAC) carries height and width."""
    position = 2
    for _ in range(_MOST_MARKERS):
        marker = window.at(position, 9)
        if len(marker) < 4 or marker[0] != 0xFF:
            return ()
        kind = marker[1]
        if kind == 0xFF or kind == 0x01 or 0xD0 <= kind <= 0xD8:  # filling, or without a length
            position += 1 if kind == 0xFF else 2
            continue
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            if len(marker) < 9:
                return ()
            height, width = struct.unpack(">HH", marker[5:9])
            return width, height
        position += 2 + struct.unpack(">H", marker[2:4])[0]
    return ()
