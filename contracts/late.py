"""A mapping whose values are made when they are first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Late(Mapping[str, T], Generic[T]):
    """Has all of `keys` at once, and `make` called for each at most as often as threads meet there.

    A server starts with hundreds of operations, most of which nobody will call. `made` holds
    what was asked for so far.
    """

    __slots__ = ("_keys", "_make", "made")

    def __init__(self, keys: Iterable[str], make: Callable[[str], T]) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = make
        self.made: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        found = self.made.get(key)
        if found is None:
            if key not in self._keys:
                raise KeyError(key)
            found = self.made[key] = self._make(key)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
