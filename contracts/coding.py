"""Content codings: what a recorder kept as it travelled, unpacked."""

import zlib

LARGEST = 256 * 1024 * 1024
"""Bytes that an unpacked body may have."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


class Packed(ValueError):
    """A body cannot be unpacked; the text says why."""


def unpacked(content: bytes, coding: str) -> bytes:
    """The content without the coding that a Content-Encoding names; raises Packed.

    Most recorders unpack bodies and leave the header as it was: content that does not look
    packed is answered as it is. Brotli has no mark to be known by: see `is_opaque`.
    """
    names = [name for name in coding.lower().replace(" ", "").split(",") if name != "identity"]
    for name in reversed(names):
        if name in ("gzip", "x-gzip") and content.startswith(_GZIP):
            content = _inflated(content, 31)
        elif name == "deflate" and content.startswith(_ZLIB):
            content = _inflated(content, 15)
        elif name == "zstd" and content.startswith(_ZSTD):
            raise Packed("the body is packed with zstd: record bodies decoded")
    return content


def is_opaque(content: bytes, coding: str) -> bool:
    """Whether text that was sent with Brotli is none: it is still packed then."""
    if "br" not in coding.lower().replace(" ", "").split(","):
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return False


def _inflated(content: bytes, window: int) -> bytes:
    engine = zlib.decompressobj(window)
    try:
        plain = engine.decompress(content, LARGEST)
    except zlib.error as failure:
        raise Packed(f"the packed body is damaged ({failure})") from failure
    if engine.unconsumed_tail:
        raise Packed(f"the body is larger than {LARGEST >> 20} MiB when it is unpacked")
    if not engine.eof:
        raise Packed("the packed body ends early")
    return plain
