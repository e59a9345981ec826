"""A provider that is announced before it is assembled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from threading import Lock

from understudy.mocks.provider import Edition, Provider


@dataclass(frozen=True, slots=True)
class Bill:
    """What is told of a provider before anybody has called it.

    `host` is the vendor's real one; `bases` are the paths of the versions, and `example` is the
    call to begin with, as in `Provider`.
    """

    host: str
    bases: tuple[str, ...]
    example: tuple[str, str]


class Announced(Provider):
    """A provider whose parts are put in place when the first of them is asked for.

    A server is ready sooner by all the documents and modules of the vendors that nobody calls.
    It is assembled once, by whichever thread comes first, and is then what `assemble` answered:
    nobody can see that it was not so from the beginning.
    """

    __slots__ = ("_assemble", "_bill", "_lock", "_whole")
    _assemble: Callable[[], Provider]
    _bill: Bill
    _lock: Lock
    _whole: Provider | None

    def __init__(self, name: str, bill: Bill, assemble: Callable[[], Provider]) -> None:
        # The other fields stay empty, and `__getattr__` is asked for them.
        own = {"_bill": bill, "_assemble": assemble, "_lock": Lock(), "_whole": None}
        for field, value in {"name": name, "private": False, **own}.items():
            object.__setattr__(self, field, value)

    def __getattr__(self, field: str) -> object:
        if field not in Provider.__slots__:
            raise AttributeError(f"a provider has no {field!r}")
        return getattr(self._assembled(), field)

    def _assembled(self) -> Provider:
        with self._lock:
            if self._whole is None:
                whole = self._assemble()
                for each in fields(Provider):
                    object.__setattr__(self, each.name, getattr(whole, each.name))
                object.__setattr__(self, "_whole", whole)
                return whole
            return self._whole

    def only(self, served: Iterable[Edition]) -> Provider:
        """The provider with these of its editions, as the assembled one says it."""
        return self._assembled().only(served)

    @property
    def bases(self) -> tuple[str, ...]:
        """The base path of each version below the mount."""
        return self._bill.bases

    @property
    def hosts(self) -> frozenset[str]:
        """The vendor's real host."""
        return frozenset((self._bill.host,))

    @property
    def example(self) -> tuple[str, str]:
        """The header line of a call, up to the key, and its path."""
        return self._bill.example
