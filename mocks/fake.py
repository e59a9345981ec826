"""The fake as a Python object: what tests and the pytest plugin hold in their hands."""

import asyncio
import time as wall
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from os import fspath
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Union, cast, overload

from understudy.contracts.contract import Contract
from understudy.contracts.json import Json
from understudy.contracts.redaction import alias
from understudy.contracts.violation import Violation, Where
from understudy.mocks.clock import AutoClock, Clock, ManualClock, Mode, RealClock
from understudy.mocks.control.api import attach
from understudy.mocks.delivery import Dispatch
from understudy.mocks.engine import Engine
from understudy.mocks.errors import FakeError
from understudy.mocks.faulting import Faulting
from understudy.mocks.feed import Events
from understudy.mocks.hands import Lead, Time, World
from understudy.mocks.journal import Entry
from understudy.mocks.limits import Limits
from understudy.mocks.outcomes import change_outcome
from understudy.mocks.provider import Provider
from understudy.mocks.providers.catalogue import (
    HOSTS,
    PROVIDERS,
    announce,
    from_contract,
    provide,
)
from understudy.mocks.rate import Rate
from understudy.mocks.refusal import Refusal
from understudy.mocks.safety import Safety
from understudy.mocks.snapshot import Snapshot, restore, taken
from understudy.mocks.tenant import Tenant
from understudy.mocks.watch import Watch
from understudy.mocks.webhooks import Sent, Webhooks

if TYPE_CHECKING:
    from os import PathLike

    import httpx
    import httpx2

    from understudy.mocks.asgi import Application
    from understudy.mocks.intercept.interception import Interception
    from understudy.mocks.serve import Server

Kept = Union[str, "PathLike[str]", Mapping[str, Json], Snapshot]
"""A snapshot, its file, or what stands in it."""

Source = Union[str, "PathLike[str]", Mapping[str, Json]]
"""A provider's name, the path of an OpenAPI document, or the document itself."""


Retired = Literal["serve", "gone"]
"""Whether what a vendor has withdrawn is still served."""


class Fake:
    """Providers that remember, in this process.

        with Fake("twelvelabs") as fake:
            httpx2.get("https://api.twelvelabs.io/v1.3/indexes", headers={"x-api-key": "any"})

    While it is entered, calls to the vendors' real hosts are answered here (httpx, httpx2,
    requests, urllib3), and unless `time` is `real` the sleeps of the code under test take no
    time: on an `auto` clock they move it. `modules` names the code that is meant, else it is
    all but test tools and servers; where it is named, `time.time` and `time.monotonic` follow
    the clock too. With `block`, calls to hosts that are neither a vendor's nor loopback fail.

    `sources` are names of providers, of one version alone ("twelvelabs/v1.2"), or OpenAPI
    documents; none means every known provider.
    `time` says who moves the clocks: `auto` (polls and sleeps), `manual` (you), `real` (the
    wall, with lifecycles `speed` times faster). The same `seed` and the same calls give the
    same ids, texts, vectors and times. `keys`, when given, are the only API keys accepted.
    With `strict`, a reply of ours that is off contract raises `ContractViolated`. `rate`, such
    as "50/60" (calls and seconds), limits each operation that has rate limits; without it
    there are none. `webhooks` says how webhooks are sent: signed, and how often again. What a
    vendor has withdrawn is still served, unless `retired` is "gone".
    """

    def __init__(
        self,
        *sources: Source,
        seed: int = 0,
        time: Mode = "auto",
        speed: float = 1.0,
        limits: Limits | None = None,
        keys: Sequence[str] = (),
        strict: bool = True,
        rate: Rate | str | None = None,
        webhooks: Dispatch | None = None,
        retired: Retired = "serve",
        modules: Sequence[str] = (),
        block: bool = False,
        now: Callable[[], float] = wall.time,
        sleep: Callable[[float], None] = wall.sleep,
        async_sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._async_sleep = async_sleep
        self._mode: Mode = time
        self._modules = tuple(modules)
        self._block = block
        self._servers: list[Server] = []
        self._entered: list[Interception] = []
        self._lead = Lead()
        self._make_clock = _clocks(time, speed, now, self._lead)
        self.engine = Engine(
            [_provider(source, retired) for source in sources or tuple(PROVIDERS)],
            clock=self._make_clock,
            seed=seed,
            limits=limits,
            keys=frozenset(keys),
            strict=strict,
            rate=Rate.read(rate) if isinstance(rate, str) else rate,
            dispatch=webhooks,
        )
        self._wall = now
        attach(self.engine, wall=now, lead=self._lead)
        self.watch = self.engine.witness = Watch()
        self.refusals: list[str] = []

    @property
    def clock(self) -> "Time":
        """Time for every tenant of this fake, those to come included."""
        return Time(lambda: self.engine.tenants, self._make_clock, self._lead)

    @property
    def journal(self) -> "Exchanges":
        """The exchanges of every tenant of this fake, oldest first."""
        return Exchanges(lambda: self.engine.tenants)

    @property
    def deliveries(self) -> Webhooks:
        """The webhooks of every tenant of this fake, and who receives them."""
        tenants = self.engine.tenants
        return Webhooks(lambda: tenants, tenants.outlet)

    @property
    def events(self) -> Events:
        """What has happened in every tenant of this fake, oldest first."""
        return Events(self.engine.tenants.feed)

    @property
    def faults(self) -> Faulting:
        """The faults of every tenant of this fake, those to come included."""
        tenants = self.engine.tenants
        return Faulting(lambda: tenants, self.engine.providers.values(), tenants)

    @property
    def evictions(self) -> tuple[str, ...]:
        """A sentence for each stored thing that a bound of `limits` has pushed out."""
        return tuple(self.engine.tenants.evictions)

    def tenant(self, key: str = "", *, name: str = "") -> "Tenancy":
        """What belongs to one API key, or to the `name` that `X-Understudy-Tenant` gives."""
        return Tenancy(self.engine, name or alias(key), self._make_clock, self.watch, self._wall)

    def expect_violation(
        self,
        *,
        operation: str | None = None,
        where: Where | None = None,
        pointer: str | None = None,
    ) -> AbstractContextManager[list[Violation]]:
        """Within this block a violation that fits is meant; NotViolated when none comes."""
        return self.watch.expecting(operation=operation, where=where, pointer=pointer)

    def decide(self, task: object, outcome: Literal["ok", "fail"] = "ok", reason: str = "") -> None:
        """Let an unfinished task, stuck ones too, end so from where it stands, at its own pace.

        FakeError when there is no such task, or it is too late for that outcome.
        """
        tenant, found = self.clock.find(task)
        try:
            with tenant.lock:
                wanted: dict[str, Json] = {"outcome": outcome, "reason": reason}
                change_outcome(found, wanted, tenant.clock.now())
        except Refusal as refusal:
            raise FakeError(refusal.message) from None

    def reset(self) -> None:
        """Forget everything: resources, ids, journal and clocks are as at the start."""
        self._lead.seconds = 0.0
        self.watch.forget()
        self.engine.tenants.reset()

    def snapshot(self, path: "str | PathLike[str] | None" = None) -> Snapshot:
        """What every tenant is now, to go back to with `restore`; written to `path` if given.

        SnapshotError when something cannot be kept, such as a task of a provider without hooks.
        """
        made = taken(self.engine, self.engine.tenants, lead=self._lead.seconds)
        if path is not None:
            made.write(path)
        return made

    def restore(self, source: "Kept") -> None:
        """Become what a snapshot, or the file of one, says; tenants that it lacks are forgotten.

        SnapshotError, which says where it is wrong, leaves everything as it is.
        """
        _, self._lead.seconds = restore(self.engine, Snapshot.read(source), self._wall)

    def load_scenario(
        self,
        path: "str | PathLike[str]",
        *,
        seed: int | None = None,
        time: Mode | None = None,
        speed: float | None = None,
    ) -> None:
        """Begin anew, every tenant as the scenario file says, also after a `reset`.

        What is given here counts more than what the file says. ScenarioError, with file and
        line, comes before anything has changed.
        """
        from understudy.mocks.scenario import Scenario  # most fakes play none, YAML is slow

        scenario = Scenario.read(path).with_settings(seed=seed, time=time, speed=speed)
        said = scenario.settings.seed
        scenario.rehearse(self.engine, self._make_clock, self._wall)
        self.watch.forget()
        self._lead.seconds = 0.0
        self._mode = scenario.settings.time or self._mode
        self.engine.reseed(self.engine.seed if said is None else said)
        self.engine.tenants.furnishing = lambda tenant: scenario.furnish(
            self.engine, tenant, self._wall, self._lead.seconds
        )

    def asgi(self, safety: Safety | None = None) -> "Application":
        """An ASGI application, for any server or test client."""
        from understudy.mocks.asgi import Application

        rules = safety or Safety.of(hosts=_hosts(self.engine))
        return Application(self.engine, safety=rules, sleep=self._async_sleep)

    def serve(self, port: int = 0, webhook_hosts: Sequence[str] = ()) -> str:
        """Serve on a loopback port, in a thread; answers the base URL. `close` ends it.

        Webhooks are then really sent, to loopback and to `webhook_hosts`, unless a receiver
        was named with `deliveries.to`.
        """
        from understudy.mocks.serve import Server

        server = Server(
            self.asgi(), port=port, tenants=self.engine.tenants, webhook_hosts=webhook_hosts
        )
        self._servers.append(server)
        return server.start()

    @overload
    def transport(self, library: Literal["httpx2"] = ...) -> "httpx2.BaseTransport": ...
    @overload
    def transport(self, library: Literal["httpx"]) -> "httpx.BaseTransport": ...
    def transport(
        self, library: Literal["httpx2", "httpx"] = "httpx2"
    ) -> "httpx2.BaseTransport | httpx.BaseTransport":
        """A transport for a synchronous client, no port needed.

        The same object serves clients of httpx2 and httpx; `library` tells type checkers which.
        """
        from understudy.mocks.transport import Transport

        made = Transport(self.engine, sleep=self._sleep)
        return cast("httpx2.BaseTransport | httpx.BaseTransport", made)

    @overload
    def async_transport(self, library: Literal["httpx2"] = ...) -> "httpx2.AsyncBaseTransport": ...
    @overload
    def async_transport(self, library: Literal["httpx"]) -> "httpx.AsyncBaseTransport": ...
    def async_transport(
        self, library: Literal["httpx2", "httpx"] = "httpx2"
    ) -> "httpx2.AsyncBaseTransport | httpx.AsyncBaseTransport":
        """The same for an asynchronous client."""
        from understudy.mocks.transport import AsyncTransport

        made = AsyncTransport(self.engine, sleep=self._async_sleep)
        return cast("httpx2.AsyncBaseTransport | httpx.AsyncBaseTransport", made)

    def close(self) -> None:
        """Stop every server that `serve` started."""
        while self._servers:
            self._servers.pop().stop()

    def __enter__(self) -> "Fake":
        from understudy.mocks.intercept.interception import Interception

        interception = Interception(
            self.engine,
            World(self.engine.tenants, self._make_clock, self._lead),
            mode=lambda: self._mode,
            now=self.clock.now,
            sleep=self._sleep,
            async_sleep=self._async_sleep,
            absent={
                host: name for host, name in HOSTS.items() if name not in self.engine.providers
            },
            block=self._block,
            modules=self._modules,
            refusals=self.refusals,
        )
        interception.start()
        self._entered.append(interception)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._entered.pop().stop()
        if not self._entered:
            self.close()


class Exchanges:
    """The journals of some tenants, read as one: iterate over it, ask it, or empty it."""

    def __init__(self, tenants: Callable[[], Iterable[Tenant]]) -> None:
        self._tenants = tenants

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.find())

    def __len__(self) -> int:
        return sum(len(tenant.journal) for tenant in self._tenants())

    @property
    def dropped(self) -> int:
        """How many exchanges the bound has pushed out."""
        return sum(tenant.journal.dropped for tenant in self._tenants())

    def find(
        self,
        *,
        provider: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        violated: bool | None = None,
    ) -> tuple[Entry, ...]:
        """The exchanges that fit everything asked for, oldest first."""
        found = [
            entry
            for tenant in self._tenants()
            for entry in tenant.journal.find(
                provider=provider, operation=operation, status=status, violated=violated
            )
        ]
        return tuple(sorted(found, key=lambda entry: entry.at))

    def clear(self) -> None:
        """Forget every exchange."""
        for tenant in self._tenants():
            with tenant.lock:
                tenant.journal.clear()


class Tenancy:
    """One tenant: its clock, its journal, its faults, and a reset for it alone."""

    def __init__(
        self,
        engine: Engine,
        name: str,
        make: Callable[[], Clock],
        watch: Watch,
        wall: Callable[[], float],
    ) -> None:
        self.name = name
        self._wall = wall
        self._watch = watch
        self._engine = engine
        self._all = engine.tenants
        self._make = make

    @property
    def clock(self) -> Time:
        """This tenant's clock."""
        return Time(self._alone, self._make)

    @property
    def journal(self) -> Exchanges:
        """This tenant's exchanges."""
        return Exchanges(self._alone)

    @property
    def deliveries(self) -> Sent:
        """This tenant's webhooks."""
        return Sent(self._alone)

    @property
    def events(self) -> Events:
        """What has happened in this tenant, oldest first."""
        return Events(self._all.feed, self.name)

    @property
    def faults(self) -> Faulting:
        """This tenant's faults."""
        return Faulting(self._alone, self._engine.providers.values())

    def expect_violation(
        self,
        *,
        operation: str | None = None,
        where: Where | None = None,
        pointer: str | None = None,
    ) -> AbstractContextManager[list[Violation]]:
        """Within this block a violation of this tenant that fits is meant."""
        return self._watch.expecting(
            tenant=self.name, operation=operation, where=where, pointer=pointer
        )

    def snapshot(self, path: "str | PathLike[str] | None" = None) -> Snapshot:
        """What this tenant is now; written to `path` if given."""
        made = taken(self._engine, self._alone())
        if path is not None:
            made.write(path)
        return made

    def restore(self, source: "Kept") -> None:
        """Become what a snapshot's tenant of this name was, or its only one; no other notices."""
        restore(self._engine, Snapshot.read(source), self._wall, self._alone()[0])

    def reset(self) -> None:
        """Forget what this tenant did; no other tenant notices."""
        self._all.get(self.name).reset()

    def _alone(self) -> list[Tenant]:
        return [self._all.get(self.name)]


def _provider(source: Source, retired: Retired) -> Provider:
    if isinstance(source, Mapping):
        return from_contract(Contract.load(source))
    if retired == "serve":
        return announce(fspath(source))
    current = provide(fspath(source)).current()
    if not current.editions:
        raise FakeError(f"{fspath(source)!r} is withdrawn; it cannot be served as gone.")
    return current


def _clocks(time: Mode, speed: float, now: Callable[[], float], lead: Lead) -> Callable[[], Clock]:
    """What makes a tenant's clock, as far ahead as the other tenants were moved."""
    makers: dict[str, Callable[[], Clock]] = {
        "real": lambda: RealClock(now, speed),
        "manual": lambda: ManualClock(speed=speed),
        "auto": lambda: AutoClock(speed=speed),
    }
    if time not in makers:
        raise FakeError(f"time is {time!r}; it may be 'real', 'manual' or 'auto'.")

    def make() -> Clock:
        clock = makers[time]()
        clock.advance(lead.seconds)
        return clock

    return make


def _hosts(engine: Engine) -> list[str]:
    """The vendors' own host names, which a client with a changed resolver keeps using."""
    return [host for provider in engine.providers.values() for host in provider.hosts]
