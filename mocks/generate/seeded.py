"""A deterministic stream of randomness: the same names give the same draws, on every machine."""

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_BLOCK = 64


class Seeded:
    """Draws that follow from a list of names, such as a seed, an operation and a medium.

    Two streams with different names have nothing to do with each other, so adding a draw in one
    place changes nothing elsewhere: use `child` for each separate thing.
    """

    __slots__ = ("_count", "_key", "_rest")

    def __init__(self, *names: object) -> None:
        self._key = _key(b"", names)
        self._count = 0
        self._rest = b""

    def child(self, *names: object) -> "Seeded":
        """An independent stream below this one; drawing from either leaves the other alone."""
        made = Seeded()
        made._key = _key(self._key, names)
        return made

    def bytes(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._rest) < count:
            number = self._count.to_bytes(8, "big")
            self._rest += blake2b(number, key=self._key, digest_size=_BLOCK).digest()
            self._count += 1
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included; of any size."""
        if high < low:
            raise ValueError(f"no whole number lies between {low!r} and {high!r}")
        span = high - low + 1
        # Eight bytes more than the span needs: the bias of the remainder is below 2**-64.
        return low + int.from_bytes(self.bytes((span.bit_length() + 7) // 8 + 8), "big") % span

    def number(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number in [low, high)."""
        share = (int.from_bytes(self.bytes(8), "big") >> 11) / (1 << 53)
        drawn = low + (high - low) * share
        return drawn if drawn < high or high <= low else math.nextafter(high, low)

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self.number() < share

    def choice(self, among: Sequence[T]) -> T:
        """One of a sequence that is not empty."""
        return among[self.integer(0, len(among) - 1)]

    def pick(self, among: Sequence[T], count: int) -> list[T]:
        """Up to `count` of a sequence, each place at most once, in drawn order."""
        left = list(among)
        return [left.pop(self.integer(0, len(left) - 1)) for _ in range(min(count, len(left)))]


def _key(parent: bytes, names: tuple[object, ...]) -> bytes:
    digest = blake2b(key=parent, digest_size=_BLOCK)
    for name in names:
        text = repr(name).encode("utf-8", "backslashreplace")
        # The length before each name keeps ("ab", "c") and ("a", "bc") apart.
        digest.update(len(text).to_bytes(8, "big") + text)
    return digest.digest()
