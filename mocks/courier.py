"""Sends the due deliveries of a running server: a task of its event loop, woken when need be."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from understudy.mocks.deliveries import Deliveries
from understudy.mocks.delivery import Answered, Parcel
from understudy.mocks.tenant import Tenant, Tenants

Send: TypeAlias = Callable[[Parcel], Awaitable[Answered]]

AT_ONCE = 8
"""How many parcels are on their way at the same time."""

LONGEST = 3600.0
"""Seconds after which it looks again, come what may; a wall clock can be set."""


class Courier:
    """Takes what is due from every tenant and has it sent, a few parcels at a time.

    Nothing is sent to a URL that has yet to answer: a receiver hears of things in the order in
    which they happened, unless a fault says otherwise.

    A `real` clock goes on while nobody calls: then the courier settles the tenant when its next
    event is due. Where a receiver in process is attached, it is asked instead, in a thread.
    """

    def __init__(self, tenants: Tenants, send: Send) -> None:
        self.tenants = tenants
        self._send = send
        self._flying: set[asyncio.Task[None]] = set()
        self._called: dict[str, set[str]] = {}

    async def run(self) -> None:
        """Work until cancelled; what is on its way then is given up."""
        loop, due = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(due.set)

        outlet = self.tenants.outlet
        outlet.wakes.append(wake)
        try:
            while True:
                due.clear()
                pause = self._round(due)
                try:
                    async with asyncio.timeout(pause):
                        await due.wait()
                except TimeoutError:
                    continue
        finally:
            outlet.wakes.remove(wake)
            for task in self._flying:
                task.cancel()

    def _round(self, due: asyncio.Event) -> float:
        """Send what is due and may fly; answers after how many seconds to look again."""
        pause = LONGEST
        for tenant in self.tenants:
            with tenant.lock:
                tenant.settle()
                following = tenant.agenda.next()
                if following is not None and tenant.clock.mode == "real":
                    pause = min(pause, max(0.0, following - tenant.clock.now()))
            self._take(tenant, due)
        return pause

    def _take(self, tenant: Tenant, due: asyncio.Event) -> None:
        while tenant.deliveries.waiting and len(self._flying) < AT_ONCE:
            with tenant.lock:
                called = self._called.setdefault(tenant.name, set())
                deliveries = tenant.deliveries
                parcel = deliveries.take(called)
            if parcel is None:
                return
            called.add(parcel.url)
            task = asyncio.create_task(self._carry(tenant, deliveries, parcel))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
            task.add_done_callback(lambda _: due.set())

    async def _carry(self, tenant: Tenant, deliveries: Deliveries, parcel: Parcel) -> None:
        answered = Answered(None, error="The server stopped before an answer came.", final=True)
        receiver = self.tenants.outlet.receiver
        try:
            if receiver is not None:
                answered = await asyncio.to_thread(receiver, parcel)
            else:
                answered = await self._send(parcel)
        except AssertionError as error:
            answered = Answered(None, error=f"AssertionError: {error}", final=True)
        finally:
            with tenant.lock:
                deliveries.record(parcel, answered)
            called = self._called[tenant.name]
            called.discard(parcel.url)
            if not called:
                del self._called[tenant.name]
