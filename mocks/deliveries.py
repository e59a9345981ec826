"""A tenant's webhook deliveries: queued as events of its agenda, handed out when they are due."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from understudy.contracts.json import Json
from understudy.mocks.delivery import Delivery, DeliveryFault
from understudy.mocks.ids import Ids

if TYPE_CHECKING:
    from understudy.mocks.tenant import Tenant


class Deliveries:
    """The latest deliveries of one tenant, oldest first, at most `bound` of them.

    `faults` are asked about each delivery when it is queued. Nothing here does I/O.
    """

    __slots__ = ("_held", "_ids", "_tenant", "bound", "dropped", "faults")

    def __init__(self, tenant: "Tenant", *, bound: int, seed: int) -> None:
        self.bound = bound
        self.dropped = 0
        self.faults: list[DeliveryFault] = []
        self._tenant = tenant
        self._ids = Ids(seed, f"{tenant.name}\0deliveries")
        self._held: OrderedDict[str, Delivery] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Delivery]:
        return iter(tuple(self._held.values()))

    def queue(
        self,
        provider: str,
        url: str,
        content: Json,
        *,
        event: str,
        about: str = "",
        at: float | None = None,
    ) -> Delivery:
        """Have `content` sent to `url` at the instant `at`, or now; answers the log's record.

        On an `auto` clock an instant ahead of the clock is that of a task which polls have
        pushed ahead: such a delivery is due at once.
        """
        tenant = self._tenant
        now = tenant.clock.now()
        when = now if at is None else at
        made = Delivery(
            self._ids.token("dlv_"), tenant.name, provider, url, content, event, about, when
        )
        self._held[made.id] = made
        if len(self._held) > self.bound:
            self._held.popitem(last=False)
            self.dropped += 1
        due = min(when, now) if tenant.clock.mode == "auto" else when
        tenant.agenda.add(due, _Sending(self, made))
        return made


class _Sending:
    """The event at which a delivery is due."""

    __slots__ = ("_deliveries", "_delivery")

    def __init__(self, deliveries: Deliveries, delivery: Delivery) -> None:
        self._deliveries = deliveries
        self._delivery = delivery

    @property
    def label(self) -> str:
        """The delivery, its event, and what it is about."""
        made = self._delivery
        return f"delivery {made.id} {made.event}"

    def fire(self, at: float) -> None:
        """It is due."""
