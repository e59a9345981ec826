"""H.264 without compression: pictures whose blocks are stored as they are (I_PCM).

Every decoder has to understand it, and no encoder is needed: sizes are large and time is short,
which suits the few frames of a film that nobody asked to be beautiful. ITU-T H.264, 7.3 and 7.4.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

BLOCK = 16
_PCM = b"\x0d\x00"
"""A block's type (25, I_PCM, as Exp-Golomb) and the zeros up to the next byte."""


@dataclass(slots=True)
class _Bits:
    """Bits written from the most significant one on."""

    value: int = 0
    count: int = 0

    def plain(self, number: int, width: int) -> None:
        """A number in `width` bits."""
        self.value = self.value << width | number
        self.count += width

    def golomb(self, number: int) -> None:
        """A number from 0 on as unsigned Exp-Golomb."""
        width = (number + 1).bit_length()
        self.plain(number + 1, 2 * width - 1)

    def aligned(self) -> bytes:
        """The bytes so far, filled up with zeros."""
        gap = -self.count % 8
        return (self.value << gap).to_bytes((self.count + gap) // 8, "big")

    def ended(self) -> bytes:
        """The bytes with the bit that ends a unit."""
        self.plain(1, 1)
        return self.aligned()


def sequence(width: int, height: int) -> bytes:
    """The unit that tells the size of the pictures (baseline profile, level 4.0)."""
    across, down = -(-width // BLOCK), -(-height // BLOCK)
    bits = _Bits()
    for byte in (0x67, 66, 0xC0, 40):
        bits.plain(byte, 8)
    bits.golomb(0)  # this sequence's id
    bits.golomb(0)  # four bits of frame number
    bits.golomb(2)  # pictures are shown in the order they come
    bits.golomb(0)  # no reference pictures
    bits.plain(0, 1)
    bits.golomb(across - 1)
    bits.golomb(down - 1)
    bits.plain(0b11, 2)  # frames, no fields
    right, bottom = across * BLOCK - width, down * BLOCK - height
    bits.plain(1 if right or bottom else 0, 1)
    if right or bottom:
        for edge in (0, right // 2, 0, bottom // 2):
            bits.golomb(edge)
    bits.plain(0, 1)  # nothing about colours
    return _escaped(bits.ended())


def parameters() -> bytes:
    """The unit that tells how pictures are coded."""
    bits = _Bits()
    bits.plain(0x68, 8)
    bits.golomb(0)  # this set's id
    bits.golomb(0)  # the sequence's id
    bits.plain(0, 2)
    for _ in range(3):  # one slice group, one reference in each list
        bits.golomb(0)
    bits.plain(0, 3)
    for _ in range(3):  # quantisers, of which nothing here is made
        bits.golomb(0)
    bits.plain(0b100, 3)  # slices say that blocks stay unsmoothed
    return _escaped(bits.ended())


def picture(image: "Image", number: int) -> bytes:
    """A whole picture as one unit; `number` tells neighbours apart. Sides should be even."""
    bits = _Bits()
    bits.plain(0x65, 8)
    bits.golomb(0)  # from the first block on
    bits.golomb(7)  # nothing but blocks that need no other picture
    bits.golomb(0)
    bits.plain(0, 4)
    bits.golomb(number % 2)
    bits.plain(0, 2)
    bits.golomb(0)
    bits.golomb(1)  # no smoothing
    bits.golomb(25)
    head = _escaped(bits.aligned())
    return head + _blocks(image)[len(_PCM) :] + b"\x80"


def _blocks(image: "Image") -> bytes:
    """Every block: 16x16 of light, 8x8 of each colour, in the range that video allows.

    No byte is below 16 but the one in each block's head, so nothing can look like the start of
    a unit.
    """
    from PIL import Image

    wide, high = (-(-side // BLOCK) * BLOCK for side in image.size)
    canvas = Image.new("RGB", (wide, high))
    canvas.paste(image, (0, 0))
    light, blue, red = canvas.convert("YCbCr").split()
    half = (wide // 2, high // 2)
    y = light.point([16 + level * 219 // 255 for level in range(256)]).tobytes()
    narrow = [16 + level * 224 // 255 for level in range(256)]
    cb, cr = (each.resize(half).point(narrow).tobytes() for each in (blue, red))
    parts: list[bytes] = []
    for top in range(0, high, BLOCK):
        for left in range(0, wide, BLOCK):
            parts.append(_PCM)
            begin = top * wide + left
            parts += [y[at : at + 16] for at in range(begin, begin + 16 * wide, wide)]
            begin = top // 2 * half[0] + left // 2
            for plane in (cb, cr):
                parts += [plane[at : at + 8] for at in range(begin, begin + 8 * half[0], half[0])]
    return b"".join(parts)


def _escaped(unit: bytes) -> bytes:
    """A unit in which no two zeros are followed by a byte below 4."""
    kept = bytearray()
    zeros = 0
    for byte in unit:
        if zeros == 2 and byte <= 3:
            kept.append(3)
            zeros = 0
        kept.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(kept)
