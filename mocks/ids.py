"""Identifiers that follow from the seed, the tenant and how many were asked for before."""

from hashlib import blake2b
from uuid import UUID

SNOWFLAKE_EPOCH = 1_609_459_200_000
"""Where the numbers made of milliseconds begin: 2021-01-01T00:00:00Z."""


class Ids:
    """A tenant's source of ids: the same seed, tenant and calls give the same ids."""

    __slots__ = ("_key", "_taken")

    def __init__(self, seed: int, tenant: str) -> None:
        self._key = blake2b(f"{seed}\0{tenant}".encode("utf-8", "surrogatepass")).digest()
        self._taken = 0

    @property
    def taken(self) -> int:
        """How many ids have been given out; set it to go on from a snapshot."""
        return self._taken

    @taken.setter
    def taken(self, count: int) -> None:
        self._taken = count

    def object_id(self, now: float) -> str:
        """24 hexadecimal digits, the first eight of them the second of `now`."""
        return f"{int(now) & 0xFFFFFFFF:08x}{self._next(8).hex()}"

    def uuid(self) -> str:
        """A random-looking UUID (version 4) in its canonical text."""
        return str(UUID(bytes=self._next(16), version=4))

    def uuid7(self, now: float) -> str:
        """A UUID of version 7: begins with the millisecond of `now`, so that later ones sort so."""
        moment = max(0, round(now * 1000)) & 0xFFFFFFFFFFFF
        made = bytearray(moment.to_bytes(6) + self._next(10))
        made[6] = 0x70 | made[6] & 0x0F
        made[8] = 0x80 | made[8] & 0x3F
        return str(UUID(bytes=bytes(made)))

    def snowflake(self, now: float) -> str:
        """18 digits (more after 2028) that grow with the millisecond of `now`."""
        moment = max(0, round(now * 1000) - SNOWFLAKE_EPOCH)
        return f"{moment << 22 | int.from_bytes(self._next(3)) & 0x3FFFFF:018d}"

    def integer(self) -> int:
        """The next number of the tenant's own count, from 1."""
        self._taken += 1
        return self._taken

    def token(self, prefix: str = "", size: int = 12) -> str:
        """`prefix` and `size` bytes (1 to 64) as hexadecimal digits."""
        return prefix + self._next(size).hex()

    def _next(self, size: int) -> bytes:
        self._taken += 1
        return blake2b(self._taken.to_bytes(8), key=self._key, digest_size=size).digest()
