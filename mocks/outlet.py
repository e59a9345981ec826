"""Where the due deliveries of a fake go: nowhere yet, to a receiver in process, to a courier."""

from collections.abc import Callable
from threading import Condition

from understudy.mocks.delivery import Answered, Dispatch, Parcel

Receiver = Callable[[Parcel], Answered]
"""Takes a parcel and answers what came of it; raises nothing but what a test must see."""


class Outlet:
    """What all tenants of a fake share about deliveries; one may be attached at any time.

    `receiver`, if there is one, is given what is due in place of any network. `wakes` are
    called, from any thread, when something is due or will be due earlier; they belong to the
    couriers of running servers, which then do all the sending. `ports` are those servers' own,
    and `recorded` is notified of every attempt that has ended.
    """

    __slots__ = ("dispatch", "ports", "receiver", "recorded", "wakes")

    def __init__(self, dispatch: Dispatch | None = None) -> None:
        self.dispatch = dispatch or Dispatch()
        self.receiver: Receiver | None = None
        self.wakes: list[Callable[[], None]] = []
        self.ports: set[int] = set()
        self.recorded = Condition()

    @property
    def prompt(self) -> bool:
        """Whether whoever settles a tenant hands its deliveries over in the same breath."""
        return self.receiver is not None and not self.wakes

    def stir(self) -> None:
        """Something is due, or due earlier than what was known."""
        for wake in tuple(self.wakes):
            wake()
