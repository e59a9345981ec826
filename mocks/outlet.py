"""Where the due deliveries of a fake go: nowhere yet, to a receiver in process, to a courier."""

from collections.abc import Callable

from understudy.mocks.delivery import Answered, Dispatch, Parcel

Receiver = Callable[[Parcel], Answered]
"""Takes a parcel and answers what came of it; raises nothing but what a test must see."""


class Outlet:
    """What all tenants of a fake share about deliveries; one may be attached at any time.

    `receiver`, if there is one, is given what is due in place of any network. `wake` is called,
    from any thread, when something is due or will be due earlier; it belongs to the courier of
    a running server, which then does all the sending.
    """

    __slots__ = ("dispatch", "receiver", "wake")

    def __init__(self, dispatch: Dispatch | None = None) -> None:
        self.dispatch = dispatch or Dispatch()
        self.receiver: Receiver | None = None
        self.wake: Callable[[], None] | None = None

    @property
    def prompt(self) -> bool:
        """Whether whoever settles a tenant hands its deliveries over in the same breath."""
        return self.receiver is not None and self.wake is None

    def stir(self) -> None:
        """Something is due, or due earlier than what was known."""
        if self.wake is not None:
            self.wake()
