"""`fake.deliveries`: the webhooks of a fake, to be read, received, checked and sent again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from understudy.mocks.checkup import Checkup
from understudy.mocks.delivery import Delivery, Parcel, State
from understudy.mocks.errors import FakeError
from understudy.mocks.outlet import Outlet, Receiver
from understudy.mocks.receiver import Asgi, Take, Wsgi, from_asgi, from_callable, from_wsgi
from understudy.mocks.tenant import Tenant

S = TypeVar("S")


class Sent:
    """The deliveries of some tenants, read as one list, oldest first."""

    def __init__(self, tenants: Callable[[], Iterable[Tenant]]) -> None:
        self._tenants = tenants

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self.find())

    def __len__(self) -> int:
        return sum(len(tenant.deliveries) for tenant in self._tenants())

    @property
    def dropped(self) -> int:
        """How many deliveries the bound has pushed out."""
        return sum(tenant.deliveries.dropped for tenant in self._tenants())

    def find(
        self,
        *,
        provider: str | None = None,
        event: str | None = None,
        about: str | None = None,
        state: State | None = None,
    ) -> tuple[Delivery, ...]:
        """The deliveries that fit everything asked for."""
        found: list[Delivery] = []
        for tenant in self._tenants():
            with tenant.lock:
                tenant.settle()
                found += tenant.deliveries.find(
                    provider=provider, event=event, about=about, state=state
                )
        return tuple(sorted(found, key=lambda each: each.at))

    def redeliver(self, delivery: Delivery | str) -> Delivery:
        """Have one sent once more, now; FakeError when it is not among these deliveries."""
        id = delivery if isinstance(delivery, str) else delivery.id
        for tenant in self._tenants():
            if id in tenant.deliveries:
                with tenant.lock:
                    made = tenant.deliveries.redeliver(id)
                    tenant.settle()
                tenant.hand_over()
                return made
        raise FakeError(f"There is no delivery {id!r}; the log holds {len(self)}.")


class Webhooks(Sent):
    """The deliveries of a whole fake, and who receives them in this process.

    Without a receiver, and without a server that sends them over the network, they wait.
    """

    def __init__(self, tenants: Callable[[], Iterable[Tenant]], outlet: Outlet) -> None:
        super().__init__(tenants)
        self._outlet = outlet

    def to(self, take: Take) -> None:
        """From now on `take` is called with each due parcel, those that are waiting first.

        It answers a status, or None for 200; an exception counts as a 500, and is tried again
        later like any answer that is not 2xx. A failed assertion is raised where time moved.
        """
        self._attach(from_callable(take))

    def to_asgi(self, application: Asgi) -> None:
        """From now on each due parcel is posted to an ASGI application, whatever its URL's host."""
        self._attach(from_asgi(application))

    def to_wsgi(self, application: Wsgi) -> None:
        """From now on each due parcel is posted to a WSGI application, whatever its URL's host."""
        self._attach(from_wsgi(application))

    def register(self, provider: str, url: str) -> None:
        """From now on `url` is told what that vendor tells the URLs registered in its console."""
        dispatch = self._outlet.dispatch
        known = dispatch.registered.get(provider, ())
        registered = {**dispatch.registered, provider: (*known, url)}
        self._outlet.dispatch = replace(dispatch, registered=registered)

    def check(
        self,
        state: Callable[[], S],
        *,
        polled: Callable[[Parcel], object] | None = None,
        seen: Callable[[Parcel], object] | None = None,
    ) -> Checkup[S]:
        """From now on the receiver gets everything twice, and the checkup tells what that did.

        FakeError when there is no receiver yet. See `Checkup`.
        """
        receiver = self._outlet.receiver
        if receiver is None:
            raise FakeError("There is no receiver to check; name one with deliveries.to(...).")
        checkup = Checkup(receiver, state, polled, seen)
        self._outlet.receiver = checkup
        return checkup

    def wait(self, seconds: float = 10.0) -> bool:
        """Wait until a server's courier has sent all that is due; False when that takes longer.

        What is due later, a retry among it, is not waited for. Without a server there is
        nothing to wait for: what is due is handed over before anything else goes on.
        """
        recorded = self._outlet.recorded
        with recorded:
            return recorded.wait_for(self._idle, seconds)

    def _idle(self) -> bool:
        return not any(tenant.deliveries.busy for tenant in self._tenants())

    def _attach(self, receiver: Receiver) -> None:
        self._outlet.receiver = receiver
        self._outlet.stir()
        for tenant in self._tenants():
            tenant.settle()
            tenant.hand_over()
