"""Records that are made for every request: frozen to the type checkers, cheap to make."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen: bool, slots: bool):
        """A dataclass whose instances nobody changes.

        Type checkers see `dataclass` itself. At run time nothing stands in the way of a change:
        a frozen dataclass sets each field through `object.__setattr__`, which made a third of
        what a poll costs.
        """
        return dataclass(slots=slots, unsafe_hash=frozen)


__all__ = ["record"]
