"""Functions replaced for a while, in any number of layers, from any number of threads.

A replacement stays where it is until its own layer and all above it have ended, whatever the
order in which they end: one that has ended passes every call on to what it replaced.
"""

from collections.abc import Callable, Iterator
from threading import RLock
from typing import Any

_LAYERS = RLock()
_MARK = "__understudy_patch__"


class Patch:
    """One attribute of a module or class, replaced while `active`; `original` is what was there."""

    __slots__ = ("active", "name", "original", "owner", "work")

    def __init__(self, owner: Any, name: str, make: "Callable[[Patch], Any]", work: object) -> None:
        """`make` answers the replacement, which asks this patch whether it is still active.

        `work` is whatever replaced it, so that layers of one kind find each other.
        """
        self.owner = owner
        self.name = name
        self.work = work
        with _LAYERS:
            self.original = getattr(owner, name)
            self.active = True
            replacement = make(self)
            setattr(replacement, _MARK, self)
            setattr(owner, name, replacement)

    def below(self) -> "Iterator[Patch]":
        """The active layers below this one, the next first."""
        patch = patch_of(self.original)
        while patch is not None:
            if patch.active:
                yield patch
            patch = patch_of(patch.original)

    def undo(self) -> None:
        """End this layer; the attribute gets back what the layers that have ended replaced."""
        with _LAYERS:
            self.active = False
            current = patch_of(vars(self.owner).get(self.name))
            while current is not None and not current.active:
                setattr(self.owner, self.name, current.original)
                current = patch_of(current.original)


def patch_of(function: object) -> Patch | None:
    """The layer that a replacement belongs to; None for any other function."""
    return getattr(function, _MARK, None)


def bottom(function: Any) -> Any:
    """What is below every layer: the function as its module defined it."""
    patch = patch_of(function)
    while patch is not None:
        function = patch.original
        patch = patch_of(function)
    return function
