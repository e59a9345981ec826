"""How much of a contract was used: operations that were called, and statuses they answered."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from understudy.contracts.contract import Contract

Values: TypeAlias = "dict[str, dict[str, list[list[str | int]] | dict[str, list[str]]]]"
"""A coverage as plain values, which may cross from one process to another."""


@dataclass(slots=True)
class Share:
    """One document: the statuses that each operation declares, and how often each was answered."""

    declared: Mapping[str, Sequence[str]]
    calls: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def operations(self) -> int:
        """How many operations were called."""
        return len({operation for operation, _ in self.calls if operation in self.declared})

    @property
    def statuses(self) -> int:
        """How many of the declared pairs of operation and status were answered."""
        return sum(
            str(status) in self.declared.get(operation, ()) for operation, status in self.calls
        )

    @property
    def possible(self) -> int:
        """How many pairs of operation and status are declared."""
        return sum(map(len, self.declared.values()))


class Coverage:
    """Counts by document; two of them can be put together."""

    def __init__(self) -> None:
        self.shares: dict[str, Share] = {}

    def declare(self, contract: Contract) -> None:
        """Count a document's operations among those that could be called."""
        name = contract.document.name
        if name not in self.shares:
            self.shares[name] = Share(
                {each.id: tuple(each.statuses) for each in contract.operations.values()}
            )

    def count(self, document: str, operation: str, status: int, times: int = 1) -> None:
        """The operation of a declared document answered with that status."""
        self.shares[document].calls[operation, status] += times

    def values(self) -> Values:
        """This coverage as plain values; `add` takes them."""
        return {
            name: {
                "declared": {each: list(statuses) for each, statuses in share.declared.items()},
                "calls": [[*call, times] for call, times in share.calls.items()],
            }
            for name, share in self.shares.items()
        }

    def add(self, values: Values) -> None:
        """Put what another process has counted to this."""
        for name, found in values.items():
            declared, calls = found["declared"], found["calls"]
            assert isinstance(declared, dict) and isinstance(calls, list)  # noqa: S101
            share = self.shares.setdefault(name, Share(declared))
            for operation, status, times in calls:
                share.calls[str(operation), int(status)] += int(times)

    def lines(self) -> Iterable[str]:
        """One line a document, in order of their names."""
        for name, share in sorted(self.shares.items()):
            yield (
                f"{name}: {share.operations} of {len(share.declared)} operations,"
                f" {share.statuses} of {share.possible} statuses"
            )
