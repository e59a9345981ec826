"""Duration and picture size of MP4 and QuickTime files, from the boxes of their `moov`.

A box is `size(4) type(4)`, with a 64-bit size after the type when the first is 1, and reaching
to the end of its parent when it is 0. Tracks may be missing: the movie header suffices.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from understudy.mocks.generate.window import Facts, Spent, Window

_FIRST = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"sidx", b"moof"}
_MOST_BOXES = 2000  # of one parent
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"avif")


@dataclass(slots=True)
class _Track:
    """What the boxes of one `trak` say; times in seconds, 0 when unknown."""

    kind: bytes = b""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    samples: int = 0


def read(window: Window, head: bytes) -> Facts:
    """The facts of an ISO base media file; empty when this is none."""
    if len(head) < 8 or head[4:8] not in _FIRST:
        return {}
    size = struct.unpack(">I", head[:4])[0]
    if head[4:8] not in (b"ftyp", b"styp") and not (size in (0, 1) or 8 <= size <= window.size):
        return {}  # four letters that only look like a box
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if brand in _PICTURE_BRANDS:
        return {"kind": "image"}
    facts: Facts = {"kind": "audio" if brand in _AUDIO_BRANDS else "video"}
    try:
        for kind, start, end in _boxes(window, 0, window.size):
            if kind == b"moov":
                _movie(window, start, end, facts)
                break
    except (Spent, struct.error):
        pass  # cut or hostile: what was read so far stands
    return facts


def _movie(window: Window, start: int, end: int, facts: Facts) -> None:
    tracks: list[_Track] = []
    scale, duration = 0, 0.0
    for kind, inner, stop in _boxes(window, start, end):
        if kind == b"mvhd":
            scale, units = _times(window.at(inner, 32))
            duration = units / scale if scale else 0.0
        elif kind == b"trak":
            track = _Track()
            _track(window, inner, stop, track)
            tracks.append(track)
        elif kind == b"mvex":
            duration = duration or _fragmented(window, inner, stop, scale)
        _note(facts, tracks, duration)


def _note(facts: Facts, tracks: list[_Track], duration: float) -> None:
    """Writes down what is known, after each box, so that a file cut later still tells it."""
    longest = duration or max((track.duration for track in tracks), default=0.0)
    if longest:
        facts["duration"] = round(longest, 6)
    if not tracks:
        return
    facts["has_audio"] = any(track.kind == b"soun" for track in tracks)
    pictures = [track for track in tracks if track.kind == b"vide" or track.width]
    if pictures:
        shown = max(pictures, key=lambda track: track.width * track.height)
        facts.update(kind="video", width=shown.width, height=shown.height)
        if shown.samples and shown.duration:
            facts["fps"] = round(shown.samples / shown.duration, 3)
    elif facts["has_audio"]:
        facts["kind"] = "audio"


def _track(window: Window, start: int, end: int, track: _Track, depth: int = 0) -> None:
    for kind, inner, stop in _boxes(window, start, end):
        if kind == b"tkhd":
            _track_header(window.at(inner, 104), track)
        elif kind == b"mdhd":
            scale, units = _times(window.at(inner, 32))
            track.duration = units / scale if scale else 0.0
        elif kind == b"hdlr" and not track.kind:
            track.kind = window.at(inner, 12)[8:12]
        elif kind in (b"stsz", b"stz2"):
            sizes = window.at(inner, 12)
            track.samples = struct.unpack(">I", sizes[8:12])[0]
        elif kind in (b"mdia", b"minf", b"stbl") and depth < 4:
            _track(window, inner, stop, track, depth + 1)


def _track_header(box: bytes, track: _Track) -> None:
    """`tkhd`: the 3x3 matrix and then width and height as 16.16 fixed point, at its end."""
    at = 88 if box[:1] == b"\x01" else 76
    wide, high = struct.unpack(">II", box[at : at + 8])
    track.width, track.height = wide >> 16, high >> 16
    across, turned = struct.unpack(">i", box[at - 36 : at - 32])[0], box[at - 32 : at - 28]
    if across == 0 and any(turned):  # turned by 90 degrees, as telephones do
        track.width, track.height = track.height, track.width


def _times(box: bytes) -> tuple[int, int]:
    """Time scale and duration of `mvhd` or `mdhd`; the highest number means unknown."""
    scale, units = (
        struct.unpack(">IQ", box[20:32])
        if box[:1] == b"\x01"
        else (struct.unpack(">II", box[12:20]))
    )
    unknown = units in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
    return scale, 0 if unknown else units


def _fragmented(window: Window, start: int, end: int, scale: int) -> float:
    for kind, inner, _ in _boxes(window, start, end):
        if kind == b"mehd" and scale:
            box = window.at(inner, 12)
            wide = box[:1] == b"\x01"
            units = struct.unpack(">Q" if wide else ">I", box[4 : 12 if wide else 8])[0]
            return float(units / scale)
    return 0.0


def _boxes(window: Window, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two positions: type, start and end of the content."""
    for _ in range(_MOST_BOXES):
        head = window.at(start, 16)
        if start + 8 > end or len(head) < 8:
            return
        size, kind, skip = struct.unpack(">I", head[:4])[0], head[4:8], 8
        if size == 1:
            if len(head) < 16:
                return
            size, skip = struct.unpack(">Q", head[8:16])[0], 16
        stop = end if size == 0 else start + size
        if stop < start + skip:
            return
        yield kind, start + skip, min(stop, end)
        start = stop
