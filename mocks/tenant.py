"""A tenant: everything that belongs to one API key, and the bounded set of all tenants."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import RLock

from understudy.contracts.json import Json
from understudy.mocks.agenda import Agenda, Fired
from understudy.mocks.clock import Clock
from understudy.mocks.deliveries import Deliveries
from understudy.mocks.delivery import Dispatch
from understudy.mocks.fault import Fault
from understudy.mocks.faults import Faults
from understudy.mocks.feed import Feed
from understudy.mocks.ids import Ids
from understudy.mocks.journal import Journal
from understudy.mocks.limits import Limits
from understudy.mocks.outlet import Outlet
from understudy.mocks.rate import Window
from understudy.mocks.standstill import Streak
from understudy.mocks.store import Collection, Resource, Store
from understudy.mocks.task import Task

Report = Callable[[str], None]
"""Is told, in a sentence, whenever something stored was pushed out by a bound."""


class Tenant:
    """One caller's world: clock, agenda, ids, resources, faults and journal, under one lock.

    The name is a label and never part of a path. Whoever reads or writes holds `lock`; the
    methods here take it themselves.
    """

    __slots__ = (
        "_furnish",
        "_make_clock",
        "_report",
        "_seed",
        "agenda",
        "clock",
        "deliveries",
        "faults",
        "feed",
        "ids",
        "journal",
        "limits",
        "lock",
        "name",
        "outlet",
        "store",
        "streak",
        "windows",
    )

    def __init__(
        self,
        name: str,
        *,
        clock: Callable[[], Clock],
        seed: int = 0,
        limits: Limits | None = None,
        report: Report | None = None,
        furnish: "Callable[[Tenant], None] | None" = None,
        feed: Feed | None = None,
        outlet: Outlet | None = None,
    ) -> None:
        self.name = name
        self.limits = limits or Limits()
        self.feed = Feed(self.limits.events) if feed is None else feed
        self.outlet = outlet or Outlet()
        self.lock = RLock()
        self._make_clock = clock
        self._seed = seed
        self._report = report
        self._furnish = furnish
        self.clock: Clock
        self.agenda: Agenda
        self.deliveries: Deliveries
        self.ids: Ids
        self.streak: Streak
        self.journal: Journal
        self.store: Store
        self.faults: Faults
        self.windows: dict[tuple[str, str], Window]
        self.empty()

    def reset(self) -> None:
        """Begin anew: no journal, the first id again, a new clock, and what every tenant has."""
        with self.lock:
            self.feed.forget(self.name)
            self.empty()
            self.furnish()

    def furnish(self) -> None:
        """Give a tenant that has just begun what every tenant has from the start."""
        if self._furnish is not None:
            self._furnish(self)

    def blank(self) -> "Tenant":
        """A tenant of that name which nobody knows of, to try a snapshot on."""
        return Tenant(self.name, clock=self._make_clock, seed=self._seed, limits=self.limits)

    def empty(self) -> None:
        """Nothing, not even what every tenant has from the start; the caller holds the lock."""
        self.clock = self._make_clock()
        self.faults = Faults(self._seed, self.name, self._report)
        self.agenda = Agenda(self._begun, self._entered, self.outlet.stir)
        self.streak = Streak()
        self.ids = Ids(self._seed, self.name)
        self.deliveries = Deliveries(self, self._seed)
        self.journal = Journal(self.name, self.limits.journal, self.feed)
        self.store = Store(bound=self.limits.tasks, on_evict=self._evicted)
        self.windows = {}

    def collection(
        self,
        provider: str,
        kind: str,
        orders: Sequence[str] = (),
        filters: Sequence[str] = (),
        *,
        created: str = "",
        updated: str = "",
    ) -> Collection:
        """What is stored of that kind; the first call says how it is ordered and filtered."""
        return self.store.collection(
            provider, kind, orders, filters, created=created, updated=updated
        )

    def settle(self) -> list[Fired]:
        """Let everything happen that is due by now; called before each exchange."""
        with self.lock:
            return self.agenda.settle(self.clock.now())

    def advance(self, seconds: float) -> list[Fired]:
        """Move the clock forward and answer what happened on the way."""
        if self.outlet.prompt:
            return self.move_to(self.clock.now() + seconds)
        with self.lock:
            self.clock.advance(seconds)
            return self.settle()

    def move_to(self, instant: float) -> list[Fired]:
        """Move the clock forward to `instant` (an earlier one changes nothing); what happened.

        Where deliveries are handed over at once, the clock stops at whatever is due on the way,
        so that a receiver who looks finds everything as it is at that instant.
        """
        happened: list[Fired] = []
        while self.outlet.prompt:
            with self.lock:
                due = self.agenda.next()
                if due is None or due > instant:
                    break
                self.clock.move_to(due)
                happened += self.settle()
            self.hand_over()
        with self.lock:
            self.clock.move_to(instant)
            happened += self.settle()
        self.hand_over()
        return happened

    def hand_over(self) -> None:
        """Give what is due to the receiver in process, if there is one and no courier.

        Called without the lock, so that the receiver may call from any thread.
        """
        if self.outlet.prompt and self.deliveries.waiting:
            self.deliveries.hand_over()

    def tasks(self) -> Iterator[tuple[str, Task]]:
        """Every task with the name of its provider, by kind and in the order they began."""
        for (provider, _), collection in self.store.collections().items():
            for resource in collection:
                if resource.task is not None:
                    yield provider, resource.task

    def report(self, sentence: str) -> None:
        """Tell, in a sentence, that something stored was pushed out by a bound."""
        if self._report is not None:
            self._report(sentence)

    def _entered(self, task: Task) -> None:
        """Tell the feed which status a task has come to."""
        made, status = task.resource, task.status
        provider = self._provider(made)
        told: dict[str, Json] = {
            "provider": provider,
            "resource": made.kind,
            "id": made.id,
            "status": status,
        }
        self.feed.note("status", task.entered, self.name, lambda: told)

    def _provider(self, made: Resource) -> str:
        for (provider, kind), collection in self.store.collections().items():
            if kind == made.kind and collection.get(made.id) is made:
                return provider
        return ""

    def _begun(self, task: Task) -> None:
        """Let the faults change the course of a task that has just begun."""
        if not self.faults.rules:
            return
        for (provider, kind), collection in self.store.collections().items():
            if kind == task.resource.kind and collection.get(task.resource.id) is task.resource:
                self.faults.begun(task, provider)
                return
        if self.faults.playing is not None:  # begun before it is stored
            self.faults.begun(task, self.faults.playing.provider.name)

    def _evicted(self, provider: str, resource: Resource) -> None:
        self.report(
            f"A tenant holds {self.limits.tasks} {resource.kind} of {provider}, the limit:"
            f" {resource.id!r}, the oldest, was dropped. Raise Limits(tasks=...)."
        )


class Tenants:
    """All tenants, made when first asked for; the one unused for longest goes when it gets full.

    `clock` makes one clock per tenant. `evicted` counts the tenants dropped, `evictions` keeps
    the latest sentences about anything dropped, each of which also went to `report`. `faults`
    are those of every tenant, the ones to come included; `furnishing` is told of each tenant
    that begins, once it has them. `feed` is what happened in all of them, and `outlet` where
    their deliveries go, sent as `dispatch` says.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], Clock],
        seed: int = 0,
        limits: Limits | None = None,
        report: Report | None = None,
        dispatch: Dispatch | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.feed = Feed(self.limits.events)
        self.outlet = Outlet(dispatch)
        self.evicted = 0
        self.evictions: deque[str] = deque(maxlen=100)
        self.faults: dict[str, Fault] = {}
        self.furnishing: Callable[[Tenant], None] | None = None
        self._faults_named = 0
        self._clock = clock
        self._seed = seed
        self._report = report
        self._lock = RLock()
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()
        self._latest: Tenant | None = None  # most calls come from the tenant of the call before

    def __len__(self) -> int:
        return len(self._tenants)

    def __contains__(self, name: object) -> bool:
        return name in self._tenants

    def __iter__(self) -> Iterator[Tenant]:
        """The tenants there are now, the one unused for longest first."""
        with self._lock:
            return iter(tuple(self._tenants.values()))

    def get(self, name: str) -> Tenant:
        """The tenant of that name, made if need be."""
        latest = self._latest
        if latest is not None and latest.name == name:
            return latest
        with self._lock:
            self._latest = found = self._found(name)
            return found

    def _found(self, name: str) -> Tenant:
        found = self._tenants.get(name)
        if found is not None:
            self._tenants.move_to_end(name)
            return found
        made = self._tenants[name] = self._made(name)
        if len(self._tenants) > self.limits.tenants:
            self._evict()
        try:
            with made.lock:
                made.furnish()
        except BaseException:
            del self._tenants[name]
            raise
        return made

    def _made(self, name: str) -> Tenant:
        return Tenant(
            name,
            clock=self._clock,
            seed=self._seed,
            limits=self.limits,
            report=self._note,
            furnish=self._furnish,
            feed=self.feed,
            outlet=self.outlet,
        )

    def _furnish(self, tenant: Tenant) -> None:
        if self.furnishing is not None:
            self.furnishing(tenant)
        for fault in self.faults.values():
            tenant.faults.add(fault)

    def fault_id(self) -> str:
        """An id for another fault of every tenant."""
        self._faults_named += 1
        return f"common-{self._faults_named}"

    def bare(self, name: str) -> Tenant:
        """The tenant of that name, else one that is not among them yet and has nothing."""
        return self.peek(name) or self._made(name)

    def reseed(self, seed: int) -> None:
        """Forget every tenant; those to come follow another seed."""
        self.reset()
        self._seed = seed

    def seat(self, tenant: Tenant) -> None:
        """Take in a tenant as it is."""
        with self._lock:
            self._tenants[tenant.name] = tenant
            self._latest = None

    def peek(self, name: str) -> Tenant | None:
        """The tenant of that name if there is one; does not count as a use."""
        return self._tenants.get(name)

    def settle(self) -> Mapping[str, list[Fired]]:
        """Settle every tenant; what happened, by tenant."""
        return {tenant.name: tenant.settle() for tenant in self}

    def hand_over(self) -> None:
        """Give what is due in every tenant to the receiver in process; see `Tenant.hand_over`."""
        for tenant in self:
            tenant.hand_over()

    def advance(self, seconds: float) -> Mapping[str, list[Fired]]:
        """Move every tenant's clock; what happened, by tenant."""
        return {tenant.name: tenant.advance(seconds) for tenant in self}

    def reset(self) -> None:
        """Forget every tenant, every eviction and the faults of all."""
        with self._lock:
            self._tenants.clear()
            self.feed.forget()
            self.faults.clear()
            self._faults_named = 0
            self._latest = None
            self.evicted = 0
            self.evictions.clear()

    def _evict(self) -> None:
        self._tenants.popitem(last=False)
        self.evicted += 1
        self._note(
            f"There are {self.limits.tenants} tenants, the limit: the one unused for longest was"
            f" dropped with all it had. Raise Limits(tenants=...)."
        )

    def _note(self, sentence: str) -> None:
        self.evictions.append(sentence)
        if self._report is not None:
            self._report(sentence)
