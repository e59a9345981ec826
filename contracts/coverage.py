"""How much of a contract was used: operations, statuses, parameters, fields, values and moves."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from understudy.contracts.contract import Contract
from understudy.contracts.errors import ContractError
from understudy.contracts.lifecycle import Lifecycle, load_lifecycles
from understudy.contracts.operation import Reading
from understudy.contracts.surface import KINDS, Item, Kind, declared, moves, used

Values: TypeAlias = "dict[str, dict[str, list[list[str | int]]]]"
"""A coverage as plain values, which may cross from one process to another."""


class CoverageError(ContractError):
    """What should be a coverage is none; the message says what is wrong with it."""


@dataclass(slots=True)
class Share:
    """One document: what it declares, and how often each of that was used."""

    declared: frozenset[Item]
    uses: Counter[Item] = field(default_factory=Counter)

    def of(self, kind: Kind) -> tuple[int, int]:
        """How many of that kind were used, and how many are declared."""
        all_of = [item for item in self.declared if item.kind == kind]
        return sum(item in self.uses for item in all_of), len(all_of)

    def missing(self, kind: Kind) -> list[Item]:
        """What is declared of that kind and was never used, in order."""
        return sorted(item for item in self.declared if item.kind == kind and item not in self.uses)


class Coverage:
    """Counts by document; two of them can be put together."""

    def __init__(self) -> None:
        self.shares: dict[str, Share] = {}

    def declare(
        self, contract: Contract, lifecycles: Mapping[str, Lifecycle] | None = None
    ) -> None:
        """Count all of a document, and the moves of its lifecycles, among what could be used.

        Without `lifecycles` those that are shipped with its provider count. A lifecycle is the
        document's when one of its polls is, or it has none: a provider's versions share a file.
        """
        name = contract.document.name
        if name in self.shares:
            return
        if lifecycles is None:
            lifecycles = load_lifecycles(name.partition("/")[0])
        found = {item for each in contract.operations.values() for item in declared(each)}
        own = (
            life
            for life in lifecycles.values()
            if not life.polls or not life.polls.isdisjoint(contract.operations)
        )
        found.update(item for life in own for item in moves(life))
        self.shares[name] = Share(frozenset(found))

    def see(self, document: str, reading: Reading, status: int) -> None:
        """An exchange with a declared document, with all that it used."""
        self._use(document, used(reading, status))

    def count(self, document: str, operation: str, status: int, times: int = 1) -> None:
        """The operation of a declared document answered with that status."""
        items = (Item("operation", operation), Item("status", operation, str(status)))
        self._use(document, items, times)

    def moved(self, document: str, lifecycle: str, before: str, after: str, times: int = 1) -> None:
        """A task of a declared document was seen to move."""
        self._use(document, (Item("move", lifecycle, f"{before} -> {after}"),), times)

    @property
    def percent(self) -> float:
        """The part of everything declared that was used, from 0 to 100; 100 of nothing."""
        pairs = [share.of(kind) for share in self.shares.values() for kind in KINDS]
        possible = sum(total for _, total in pairs)
        return 100.0 * sum(done for done, _ in pairs) / possible if possible else 100.0

    def values(self) -> Values:
        """This coverage as plain values; `add` takes them."""
        return {
            name: {
                "declared": [[*item] for item in sorted(share.declared)],
                "uses": [[*item, times] for item, times in sorted(share.uses.items())],
            }
            for name, share in self.shares.items()
        }

    def add(self, values: object) -> None:
        """Put what another run has counted to this; CoverageError for what is no coverage."""
        try:
            for name, found in cast(Values, values).items():
                items = frozenset(_item(*each) for each in found["declared"])
                share = self.shares.setdefault(name, Share(items))
                share.declared |= items
                for kind, subject, called, times in found["uses"]:
                    share.uses[_item(kind, subject, called)] += int(times)
        except (AttributeError, KeyError, TypeError, ValueError) as failure:
            missing = isinstance(failure, KeyError)
            raise CoverageError(
                "This is no coverage, as `understudy check --coverage FILE.json` writes it:"
                f" {failure}{' is missing' if missing else ''}."
            ) from failure

    def lines(self) -> Iterator[str]:
        """One line a document, in order of their names."""
        for name, share in sorted(self.shares.items()):
            told = [
                f"{done} of {total} {_plural(kind)}"
                for kind in KINDS
                if (pair := share.of(kind))[1]
                for done, total in (pair,)
            ]
            yield f"{name}: {', '.join(told)}"

    def _use(self, document: str, items: Iterable[Item], times: int = 1) -> None:
        """Of what is used only what is declared counts: the rest may be anything."""
        share = self.shares[document]
        for item in items:
            if item in share.declared:
                share.uses[item] += times


def _item(kind: object, subject: object, name: object) -> Item:
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r}, expected one of {', '.join(KINDS)}")
    return Item(kind, str(subject), str(name))


def _plural(kind: Kind) -> str:
    return "statuses" if kind == "status" else f"{kind}s"
