"""A request after everything that depends on its bytes alone: routed, read, its caller known."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from understudy.contracts.exchange import Request
from understudy.contracts.operation import NoMethod, NoRoute, Reading
from understudy.contracts.record import record
from understudy.mocks.provider import Edition, Provider

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: provider, edition, and the path below the edition's prefix."""

    provider: Provider
    edition: Edition
    prefix: str
    path: str

    @property
    def bases(self) -> tuple[str, ...]:
        """The paths below which the provider is served, when this request is below none of them."""
        known = dict.fromkeys(b for edition in self.provider.editions for b in edition.prefixes)
        if any(self.prefix.endswith(base) for base in known):
            return ()
        return tuple(f"{self.prefix}{base}" for base in known)

    def nearest(self, found: tuple[str, ...], root: str = "") -> str:
        """Operations (`GET /tasks`) with their whole paths, as a list in a sentence."""
        words = (each.split(" ", 1) for each in found)
        return ", ".join(f"{method} {root}{self.prefix}{path}" for method, path in words)


@record(frozen=True, slots=True)
class Prepared:
    """One request on its way to a behaviour; equal bytes always give an equal one.

    `request` is as it came, `local` relative to the document. `target` is None where nothing is
    served. `tenant` is empty for callers who get none. `root` is scheme and host.
    """

    request: Request
    local: Request
    target: Target | None
    reading: Reading | NoRoute | NoMethod | None
    key: str
    tenant: str
    root: str


class Recent(Generic[T]):
    """The latest things made from what came over the wire, so that a poll is read only once."""

    __slots__ = ("_bound", "_made")

    def __init__(self, bound: int = 512) -> None:
        self._bound = bound
        self._made: dict[Hashable, T] = {}

    def find(self, raw: Hashable) -> T | None:
        """What was made from `raw` before, if it is still kept."""
        return self._made.get(raw)

    def keep(self, raw: Hashable, made: T) -> T:
        """Remember what was made from `raw`."""
        if len(self._made) >= self._bound:
            self._made.clear()
        self._made[raw] = made
        return made

    def get(self, raw: Hashable, make: Callable[[S], T], whole: S) -> T:
        """What was made from `raw` before, else what `make` makes of `whole` now."""
        found = self._made.get(raw)
        return self.keep(raw, make(whole)) if found is None else found
