"""Functions that loaded modules hold by name: `from time import sleep`."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import BuiltinFunctionType, FunctionType, ModuleType

_NAMES = frozenset({"sleep", "time", "monotonic"})


class References:
    """Finds the names of modules that stand for a sleep or a clock.

    What was found is remembered: while no module comes or goes, none is read again, and one
    that has as many names as before is taken to be as it was.
    """

    def __init__(self) -> None:
        self._count = 0
        self._sizes: dict[str, tuple[int, int]] = {}
        self._held: dict[str, tuple[str, ...]] = {}

    def to(
        self, functions: Iterable[object], covers: Callable[[str], bool]
    ) -> Iterator[tuple[ModuleType, str]]:
        """Each module of those covered, with each of its names that stands for such a function."""
        self._read()
        wanted = {id(function) for function in functions}
        for name, names in list(self._held.items()):
            module = sys.modules.get(name)
            if not isinstance(module, ModuleType) or not covers(name):
                continue
            for held in names:
                if id(vars(module).get(held)) in wanted:
                    yield module, held

    def _read(self) -> None:
        """Look through the modules that are new or have changed."""
        if len(sys.modules) == self._count:
            return
        loaded = dict(sys.modules)
        self._count = len(loaded)
        for name, module in loaded.items():
            if not isinstance(module, ModuleType):
                continue
            names = vars(module)
            size = (id(module), len(names))
            if self._sizes.get(name) != size:
                self._sizes[name] = size
                self._held.pop(name, None)
                if held := tuple(each for each in list(names) if _is_one(names.get(each))):
                    self._held[name] = held


@cache
def references() -> References:
    """The one that remembers; what it knows of a module is the same for every fake."""
    return References()


def _is_one(value: object) -> bool:
    return type(value) in (FunctionType, BuiltinFunctionType) and (
        getattr(value, "__name__", "") in _NAMES
    )
