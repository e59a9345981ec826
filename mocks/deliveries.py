"""A tenant's webhook deliveries: queued as events of its agenda, handed out when they are due.

Nothing here does I/O. A due delivery lies in the outbox as a parcel until whoever sends it
takes it and records what came of it; a parcel that was not taken well is due again later.
"""

from bisect import insort
from collections import OrderedDict
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from understudy.contracts.json import Json
from understudy.mocks.agenda import Due
from understudy.mocks.delivery import Answered, Attempt, Delivery, Parcel, written
from understudy.mocks.feed import delivery
from understudy.mocks.ids import Ids
from understudy.mocks.outlet import Outlet, Receiver
from understudy.mocks.sending import Post, Sending
from understudy.mocks.signature import HEADER

if TYPE_CHECKING:
    from understudy.mocks.fault import Fault
    from understudy.mocks.tenant import Tenant

SHOWN = 2_000
"""How many characters of a receiver's answer the log keeps."""

LATE = 60.0
"""Seconds by which a fault makes a delivery late, where it does not say by how many."""


class Deliveries:
    """The latest deliveries of one tenant, oldest first, at most `bound` of them.

    One that the bound pushes out is no longer sent, counts in `dropped`, and is reported.
    """

    __slots__ = (
        "_back",
        "_due",
        "_flying",
        "_handing",
        "_held",
        "_ids",
        "_lines",
        "_outbox",
        "_tenant",
        "dropped",
    )

    def __init__(self, tenant: "Tenant", seed: int) -> None:
        self.dropped = 0
        self._tenant = tenant
        self._ids = Ids(seed, f"{tenant.name}\0deliveries")
        self._held: OrderedDict[str, Delivery] = OrderedDict()
        self._lines = 0
        self._flying = 0
        self._handing = False
        self._due: dict[str, dict[int, Due]] = {}
        self._back: list[Sending] = []
        self._outbox: list[Parcel] = []

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Delivery]:
        return iter(tuple(self._held.values()))

    def __contains__(self, id: object) -> bool:
        return id in self._held

    @property
    def queued(self) -> int:
        """How many there have been, with those that the bound pushed out."""
        return self.dropped + len(self._held)

    def since(self, queued: int) -> list[Delivery]:
        """What was queued after the first so many, oldest first; only these are looked at."""
        new = islice(reversed(self._held.values()), max(0, self.queued - queued))
        return list(new)[::-1]

    @property
    def waiting(self) -> bool:
        """Whether something is due and not yet taken."""
        return bool(self._outbox)

    @property
    def busy(self) -> bool:
        """Whether something is due and not yet taken, or taken and not yet answered."""
        return bool(self._outbox) or self._flying > 0

    @property
    def outlet(self) -> Outlet:
        """Where what is due goes."""
        return self._tenant.outlet

    def queue(
        self,
        provider: str,
        url: str,
        content: Json,
        *,
        event: str,
        about: str = "",
        at: float | None = None,
        signature: str = HEADER,
    ) -> Delivery:
        """Have `content` sent to `url` at the instant `at`, or now; answers the log's record.

        On an `auto` clock an instant ahead of the clock is that of a task which polls have
        pushed ahead: such a delivery is due at once.
        """
        tenant = self._tenant
        now = tenant.clock.now()
        when = now if at is None else at
        id = self._ids.token("dlv_")
        body = written(content)
        made = Delivery(id, tenant.name, provider, url, body, event, about, when)
        made.signature = signature
        self._held[id] = made
        self._due[id] = {}
        if len(self._held) > tenant.limits.deliveries:
            self._drop(next(iter(self._held)))
        ahead = max(0.0, when - now) if tenant.clock.mode == "auto" else 0.0
        self._lay(made, ahead, tenant.faults.delivered(provider, event, about, now))
        self._happened(made, when)
        return made

    def redeliver(self, id: str) -> Delivery:
        """Have a delivery of the log sent once more, now; KeyError when there is none."""
        made = self._held[id]
        if made.state != "delivered":
            made.state = "pending"
        now = self._tenant.clock.now()
        self._schedule(self._copy(made, now), now)
        return made

    def find(
        self,
        *,
        provider: str | None = None,
        event: str | None = None,
        about: str | None = None,
        state: str | None = None,
    ) -> tuple[Delivery, ...]:
        """The deliveries that fit everything asked for, oldest first."""
        return tuple(
            each
            for each in self
            if provider in (None, each.provider)
            and event in (None, each.event)
            and about in (None, each.about)
            and state in (None, each.state)
        )

    def take(self, skip: Container[str] = ()) -> Parcel | None:
        """The next parcel to send, but to no URL in `skip`; None when there is none.

        Whoever takes it records it.
        """
        for place, parcel in enumerate(self._outbox):
            if parcel.url not in skip:
                self._flying += 1
                return self._outbox.pop(place)
        return None

    def record(self, parcel: Parcel, answered: Answered) -> None:
        """Write down what came of a parcel; one that was not taken well is due again.

        What has been forgotten meanwhile stays so.
        """
        self._flying = max(0, self._flying - 1)
        with self.outlet.recorded:
            self.outlet.recorded.notify_all()
        made = self._held.get(parcel.delivery)
        if made is None or self._tenant.deliveries is not self:  # dropped, or the tenant was reset
            return
        attempt = made.attempts[parcel.number - 1]
        made.attempts[parcel.number - 1] = replace(
            attempt,
            status=answered.status,
            body=answered.body[:SHOWN],
            error=answered.error[:SHOWN],
            ended=True,
        )
        if answered.good:
            made.state = "delivered"
        elif not self._retry(made, parcel, answered) and made.state == "pending":
            made.state = "pending" if self._due[made.id] else "failed"
        self._happened(made, parcel.at)

    @property
    def post(self) -> Post:
        """All of it that the deliveries themselves do not say, for a snapshot."""
        back = tuple((each.delivery.id, each.line) for each in self._back)
        return Post(self._ids.taken, self._lines, self.dropped, back, tuple(self._outbox))

    def resume(self, deliveries: Iterable[Delivery], post: Post) -> None:
        """Take in what a snapshot kept; `expect` puts down what is still due."""
        self._ids.taken, self._lines, self.dropped = post.ids, post.lines, post.dropped
        for each in deliveries:
            self._held[each.id] = each
            self._due[each.id] = {}
        self._outbox.extend(post.outbox)

    def expect(self, at: float, id: str, line: int, tries: int, planned: float) -> None:
        """Put the sending of a resumed delivery down for the instant `at`."""
        sending = Sending(self, self._held[id], line, tries, planned)
        self._due[id][line] = self._tenant.agenda.add(at, sending)

    def hold_back(self, held: Iterable[tuple[str, int]]) -> None:
        """Have those lines, expected already, wait until another delivery was sent."""
        for id, line in held:
            event = self._due[id][line].event
            if isinstance(event, Sending):
                self._back.append(event)

    def hand_over(self) -> None:
        """Give the receiver in process what is due, and what becomes due by that.

        Whoever is called by a receiver does not begin anew: the one who called it goes on.
        """
        receiver, lock = self.outlet.receiver, self._tenant.lock
        with lock:
            if receiver is None or self._handing:
                return
            self._handing = True
        try:
            while True:
                with lock:
                    parcel = self.take()
                if parcel is None:
                    return
                self._handed(parcel, receiver)
        finally:
            self._handing = False

    def _handed(self, parcel: Parcel, receiver: Receiver) -> None:
        answered = Answered(None, error="The receiver broke off.", final=True)
        try:
            answered = receiver(parcel)
        finally:
            with self._tenant.lock:
                self.record(parcel, answered)
                self._tenant.settle()

    def due(self, sending: Sending, at: float) -> None:
        """Put what is due into the outbox; what was held back until then follows it."""
        at = max(at, sending.at)
        made = sending.delivery
        self._due[made.id].pop(sending.line, None)
        if sending in self._back:
            self._back.remove(sending)
        self._post(sending, at)
        for held in [each for each in self._back if each.delivery is not made]:
            self._back.remove(held)
            later = self._due[held.delivery.id].pop(held.line, None)
            if later is not None:
                self._tenant.agenda.cancel(later)
            self._post(held, at)
        self.outlet.stir()

    def _lay(self, made: Delivery, ahead: float, faults: "tuple[Fault, ...]") -> None:
        """Put a delivery into the agenda as often and as late as the faults say.

        `ahead` is how far its instant is before the clock's.
        """
        kinds = {fault.kind: fault for fault in faults}
        if "lost" in kinds:
            made.state = "lost"
            return
        late = sum(_delay(fault) for fault in faults if fault.kind == "late")
        first = self._copy(made, made.at + late)
        if "reordered" in kinds:
            first.at += LATE
            self._back.append(first)
        self._schedule(first, first.at - ahead)
        for fault in faults:
            if fault.kind == "duplicate":
                copy = self._copy(made, first.at + (fault.delay or 0.0))
                self._schedule(copy, copy.at - ahead)

    def _copy(self, made: Delivery, at: float) -> Sending:
        """A first attempt, due at the instant `at`, on a line of its own."""
        self._lines += 1
        return Sending(self, made, self._lines, 1, at)

    def _schedule(self, sending: Sending, due: float) -> None:
        """Put a sending into the agenda for the instant `due` of the clock."""
        self._due[sending.delivery.id][sending.line] = self._tenant.agenda.add(due, sending)

    def _retry(self, made: Delivery, parcel: Parcel, answered: Answered) -> bool:
        """Put the next attempt of this line down, if there is to be one.

        A server's `auto` clock is moved by nobody who waits, so there a retry comes at once,
        stamped with the instant for which it was planned, as with tasks that polls push ahead.
        """
        backoff, clock = self.outlet.dispatch.backoff, self._tenant.clock
        if answered.final or parcel.tries > len(backoff):
            return False
        now, pause = clock.now(), backoff[parcel.tries - 1] / clock.speed
        since = now if clock.mode == "real" else parcel.at
        due = since + pause
        if clock.mode == "auto":
            due = now if self.outlet.wakes else min(due, now + pause)
        again = Sending(self, made, parcel.line, parcel.tries + 1, since + pause)
        self._schedule(again, due)
        return True

    def _post(self, sending: Sending, at: float) -> None:
        made = sending.delivery
        parcel = sending.parcel(len(made.attempts) + 1, at, self.outlet.dispatch.secret)
        made.attempts.append(Attempt(parcel.number, at, parcel.headers))
        insort(self._outbox, parcel, key=lambda each: each.at)

    def _drop(self, id: str) -> None:
        """Forget a delivery, with all that was still to be sent of it."""
        made = self._held.pop(id)
        for due in self._due.pop(id).values():
            self._tenant.agenda.cancel(due)
        self._back = [each for each in self._back if each.delivery is not made]
        self._outbox = [each for each in self._outbox if each.delivery != id]
        self.dropped += 1
        if made.state == "pending":
            self._tenant.report(
                f"A tenant holds {self._tenant.limits.deliveries} deliveries, the limit: {id!r},"
                f" the oldest, was dropped before it was sent. Raise Limits(deliveries=...)."
            )

    def _happened(self, made: Delivery, at: float) -> None:
        self._tenant.feed.note("delivery", at, made.tenant, delivery(made))


def _delay(fault: "Fault") -> float:
    return LATE if fault.delay is None else fault.delay
