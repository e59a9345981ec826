"""Sorted runs of stored resources: one per order, for a whole kind and for each filter value."""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Protocol, cast

from sortedcontainers import SortedList  # type: ignore[import-untyped]

from understudy.contracts.json import Json

if TYPE_CHECKING:
    from understudy.mocks.store import Resource

Rank = float | tuple[int, float | str]
"""What an order compares: an instant, or a value made comparable by `rank`."""

Entry = tuple[Rank, int, "Resource"]
"""A resource in one order. The sequence settles ties, so that resources are never compared."""

FEW = 64
"""Up to so many members, sorting when asked is cheaper than keeping sorted lists."""


NEAR = 100
"""Up to so many entries, walking over them is cheaper than finding where several runs split."""


class Run(Protocol):
    """Entries of one order, sorted; every operation costs at most the logarithm of its length."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int) -> Entry: ...
    def __iter__(self) -> Iterator[Entry]: ...
    def __reversed__(self) -> Iterator[Entry]: ...
    def add(self, entry: Entry) -> None: ...
    def update(self, entries: Sequence[Entry]) -> None: ...
    def remove(self, entry: Entry) -> None: ...
    def bisect_left(self, entry: Entry) -> int: ...
    def islice(self, start: int, stop: int) -> Iterator[Entry]: ...


class Bucket:
    """Resources that belong together, sorted in each of several orders.

    A member is a tuple of entries, one for each order. A small bucket keeps its members in one
    plain list, so that a filter with a million different values stays small.
    """

    __slots__ = ("_few", "_runs")

    def __init__(self) -> None:
        self._few: list[tuple[Entry, ...]] = []
        self._runs: tuple[Run, ...] = ()

    def __len__(self) -> int:
        return len(self._runs[0]) if self._runs else len(self._few)

    def add(self, member: tuple[Entry, ...]) -> None:
        """Take a member in."""
        if self._runs:
            for run, entry in zip(self._runs, member, strict=True):
                run.add(entry)
            return
        self._few.append(member)
        if len(self._few) > FEW:
            self._promote()

    def extend(self, members: Sequence[tuple[Entry, ...]]) -> None:
        """Take many members in at once, several times faster than one by one."""
        if self._runs:
            for run, entries in zip(self._runs, zip(*members, strict=True), strict=True):
                run.update(entries)
            return
        self._few += members
        if len(self._few) > FEW:
            self._promote()

    def _promote(self) -> None:
        self._runs = tuple(sorted_run(entries) for entries in zip(*self._few, strict=True))
        self._few = []

    def remove(self, member: tuple[Entry, ...]) -> None:
        """Let a member go."""
        if not self._runs:
            self._few.remove(member)
            return
        for run, entry in zip(self._runs, member, strict=True):
            run.remove(entry)

    def move(self, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
        """Put a member where its new entries belong; orders that did not change are untouched."""
        if not self._runs:
            self._few[self._few.index(before)] = after
            return
        for run, old, new in zip(self._runs, before, after, strict=True):
            if old is not new:
                run.remove(old)
                run.add(new)

    def run(self, order: int) -> Run:
        """The members in the order with that number; not to be changed or kept."""
        if self._runs:
            return self._runs[order]
        return sorted_run([member[order] for member in self._few])


def sorted_run(entries: Sequence[Entry]) -> Run:
    """A run of `entries`."""
    return cast(Run, SortedList(entries))


def rank(value: Json) -> Rank:
    """`value` among values of other types: nothing first, then numbers, then texts, then others."""
    match value:
        case None:
            return (0, 0)
        case bool() | int() | float():
            return (1, value)
        case str():
            return (2, value)
        case _:
            return (3, repr(value))


def cut(runs: Sequence[Run], descending: bool, offset: int, limit: int) -> list[Entry]:
    """At most `limit` entries from `offset` of all `runs` together, found without a long walk."""
    if len(runs) > 1 and offset <= NEAR:
        return list(islice(walk(runs, descending), offset, offset + limit))
    total = sum(map(len, runs))
    stop = min(total, offset + limit)
    if offset >= stop:
        return []
    if descending:
        return _between(runs, total - stop, total - offset)[::-1]
    return _between(runs, offset, stop)


def _between(runs: Sequence[Run], start: int, stop: int) -> list[Entry]:
    if len(runs) == 1:
        return list(runs[0].islice(start, stop))
    places = _split(runs, start)
    parts = [
        run.islice(place, min(len(run), place + stop - start))
        for run, place in zip(runs, places, strict=True)
    ]
    return list(islice(merge(*parts), stop - start))


def walk(runs: Sequence[Run], descending: bool) -> Iterator[Entry]:
    """All entries of all `runs` in order."""
    if descending:
        return merge(*(reversed(run) for run in runs), reverse=True)
    return merge(*runs)


def _split(runs: Sequence[Run], count: int) -> list[int]:
    """How many of the first `count` entries of all runs together each run holds."""
    low, high = [0] * len(runs), [len(run) for run in runs]
    for number, run in enumerate(runs):
        left, right = low[number], high[number]
        while left < right:
            middle = (left + right) // 2
            entry = run[middle]
            before = middle + sum(other.bisect_left(entry) for other in runs if other is not run)
            left, right = (middle + 1, right) if before < count else (left, middle)
        low[number] = high[number] = left
        for other in range(number + 1, len(runs)):  # the others end close to here
            if left > 0:
                low[other] = max(low[other], runs[other].bisect_left(run[left - 1]))
            if left < len(run):
                high[other] = min(high[other], runs[other].bisect_left(run[left]))
    return low
