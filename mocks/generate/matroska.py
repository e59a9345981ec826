"""Duration and picture size of Matroska and WebM files, from `Info` and `Tracks`."""

import struct
from collections.abc import Iterator

from understudy.mocks.generate.window import Facts, Spent, Window

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
_SCALE, _DURATION, _TYPE, _WIDTH, _HEIGHT = 0x2AD7B1, 0x4489, 0x83, 0xB0, 0xBA
_INSIDE = {_SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO}
_CLUSTER = 0x1F43B675
_MOST_ELEMENTS = 2000


def read(window: Window, head: bytes) -> Facts:
    """The facts of a Matroska file; empty when this is none."""
    if not head.startswith(_EBML):
        return {}
    facts: Facts = {"kind": "video"}
    types: set[int] = set()
    scale, duration = 1_000_000, 0.0
    try:
        for name, content in _elements(window, 0, window.size, 0):
            if name == _SCALE:
                scale = int.from_bytes(content)
            elif name == _DURATION and len(content) in (4, 8):
                duration = struct.unpack(">f" if len(content) == 4 else ">d", content)[0]
            elif name == _TYPE:
                types.add(int.from_bytes(content))
            elif name in (_WIDTH, _HEIGHT):
                facts.setdefault("width" if name == _WIDTH else "height", int.from_bytes(content))
    except (Spent, struct.error):
        pass  # cut or hostile: what was read so far stands
    if duration:
        facts["duration"] = duration * scale / 1e9
    if types:
        facts.update(kind="video" if 1 in types else "audio", has_audio=2 in types)
    return facts


def _elements(window: Window, start: int, end: int, depth: int) -> Iterator[tuple[int, bytes]]:
    """Small elements with their content, depth first, as far as the first cluster."""
    for _ in range(_MOST_ELEMENTS):
        if start >= end:
            return
        head = window.at(start, 12)
        name, at = _number(head, 0, marker=True)
        size, at = _number(head, at, marker=False)
        if name == _CLUSTER:
            raise Spent
        unknown = size == (1 << 7 * (at - _width(head))) - 1
        stop = end if unknown else min(start + at + size, end)
        if name in _INSIDE and depth < 5:
            yield from _elements(window, start + at, stop, depth + 1)
        elif size <= 8:
            yield name, window.at(start + at, size)
        start = stop


def _width(head: bytes) -> int:
    """How many bytes the number takes whose first byte comes first: leading zero bits and one."""
    if not head or not head[0]:
        raise Spent
    return 9 - head[0].bit_length()


def _number(head: bytes, at: int, *, marker: bool) -> tuple[int, int]:
    """A number of variable width and the position after it; a name keeps its marker bit."""
    width = _width(head[at:])
    content = head[at : at + width]
    if len(content) < width:
        raise Spent
    value = int.from_bytes(content)
    return value if marker else value & ((1 << 7 * width) - 1), at + width
