"""Small real files for tests: MP4, WAV, PNG and JPEG with headers that players accept."""

import io
import struct
import wave
import zlib

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_TURNED = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
_SCALE = 1000  # units per second


def mp4(
    duration: float = 12.0,
    *,
    width: int = 1280,
    height: int = 720,
    fps: float = 30.0,
    audio: bool = True,
    video: bool = True,
    turned: bool = False,
    wide: bool = False,
    last: bool = False,
    padding: int = 64,
) -> bytes:
    """An MP4 with a movie header, its tracks and `padding` bytes of samples.

    `wide` writes version 1 headers with 64-bit times, `last` puts the movie header behind the
    samples, `turned` rotates the picture by 90 degrees; without tracks the header stands alone.
    """
    units = round(duration * _SCALE)
    tracks = b""
    if video:
        matrix = _TURNED if turned else _MATRIX
        frames = round(duration * fps)
        tracks += _track(1, units, b"vide", frames, matrix, (width, height), wide)
    if audio:
        tracks += _track(2, units, b"soun", round(duration * 50), _MATRIX, (0, 0), wide)
    movie = _box(b"moov", _movie_header(units, wide) + tracks)
    brand = _box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isomiso2avc1mp41")
    samples = _box(b"mdat", bytes(padding))
    return brand + samples + movie if last else brand + movie + samples


def wav(duration: float = 3.0, *, rate: int = 8000) -> bytes:
    """A silent mono WAV."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(2 * round(duration * rate)))
    return file.getvalue()


def png(width: int = 64, height: int = 64) -> bytes:
    """A grey PNG."""
    rows = (b"\0" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(rows)),
            _chunk(b"IEND", b""),
        )
    )


def jpeg(width: int = 64, height: int = 64) -> bytes:
    """The head of a grey JPEG: JFIF marker, tables and frame header, with an empty scan."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"".join(
        (
            b"\xff\xd8",
            _marker(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _marker(0xDB, b"\0" + b"\x01" * 64),
            _marker(0xC0, frame),
            _marker(0xC4, b"\0" + b"\x01" + bytes(15) + b"\0"),
            _marker(0xC4, b"\x10" + b"\x01" + bytes(15) + b"\0"),
            _marker(0xDA, b"\x01\x01\0\0\x3f\0"),
            b"\0" * ((width * height + 511) // 512 + 1),
            b"\xff\xd9",
        )
    )


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _full(kind: bytes, content: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + content)


def _times(units: int, wide: bool, between: bytes = b"") -> bytes:
    """Creation and change time, what stands between, and the duration."""
    form = ">QQ" if wide else ">II"
    return struct.pack(form, 0, 0) + between + struct.pack(form[:2], units)


def _movie_header(units: int, wide: bool) -> bytes:
    times = _times(units, wide, struct.pack(">I", _SCALE))
    rest = struct.pack(">IHHII", 0x10000, 0x100, 0, 0, 0) + _MATRIX + bytes(24)
    return _full(b"mvhd", times + rest + struct.pack(">I", 3), version=int(wide))


def _track(
    number: int,
    units: int,
    kind: bytes,
    samples: int,
    matrix: bytes,
    size: tuple[int, int],
    wide: bool,
) -> bytes:
    seen = kind == b"vide"
    header = _times(units, wide, struct.pack(">II", number, 0)) + bytes(8)
    header += struct.pack(">HHHH", 0, 0, 0 if seen else 0x100, 0) + matrix
    header += struct.pack(">II", size[0] << 16, size[1] << 16)
    media = _full(
        b"mdhd",
        _times(units, wide, struct.pack(">I", _SCALE)) + struct.pack(">HH", 0x55C4, 0),
        version=int(wide),
    )
    media += _full(b"hdlr", bytes(4) + kind + bytes(12) + b"test\0")
    ahead = _full(b"vmhd", bytes(8), flags=1) if seen else _full(b"smhd", bytes(4))
    source = _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", flags=1))
    per_sample = max(1, round(units / max(1, samples)))
    table = b"".join(
        (
            _full(b"stsd", struct.pack(">I", 1) + _entry(seen, size)),
            _full(b"stts", struct.pack(">III", 1, samples, per_sample)),
            _full(b"stsc", struct.pack(">I", 0)),
            _full(b"stsz", struct.pack(">II", 1, samples)),
            _full(b"stco", struct.pack(">I", 0)),
        )
    )
    media += _box(b"minf", ahead + _box(b"dinf", source) + _box(b"stbl", table))
    return _box(b"trak", _full(b"tkhd", header, version=int(wide), flags=7) + _box(b"mdia", media))


def _entry(seen: bool, size: tuple[int, int]) -> bytes:
    """A sample description: motion JPEG pictures or 16-bit sound, which need no further box."""
    if not seen:
        sound = struct.pack(">IIHHIHHI", 0, 0, 1, 16, 0, 0, 0, 0)[:-2]
        return _box(b"sowt", bytes(6) + b"\0\1" + sound[:20])
    picture = bytes(16) + struct.pack(">HHIIIH", *size, 0x480000, 0x480000, 0, 1)
    return _box(b"jpeg", bytes(6) + b"\0\1" + picture + bytes(32) + struct.pack(">Hh", 24, -1))


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def _marker(kind: int, content: bytes) -> bytes:
    return b"\xff" + bytes((kind,)) + struct.pack(">H", len(content) + 2) + content
