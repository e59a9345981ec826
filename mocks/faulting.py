"""The faults of some tenants as tests hold them: add, look, take away."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypedDict, Unpack, cast

from understudy.contracts.json import Json
from understudy.mocks.fault import PLANNED, Breach, Fault, FaultError, Kind, read
from understudy.mocks.node import Node, nearest
from understudy.mocks.provider import Provider
from understudy.mocks.tenant import Tenant, Tenants


class Details(TypedDict, total=False):
    """What a fault may say beside its kind; see `fault.Fault`."""

    id: str
    provider: str
    operation: str
    task: str
    at: str
    event: str
    nth: int
    times: int
    probability: float
    seconds: float
    status: int
    message: str
    code: str
    retry_after: float
    delay: float
    after: int
    body: str
    breach: Breach
    pointer: str
    reason: str
    percent: float
    factor: float
    shown: str


class Faulting:
    """The faults of one tenant, or with `common` those of every tenant, to come included.

    Each tenant counts its matches by itself. Iterating answers each fault once.
    """

    def __init__(
        self,
        tenants: Callable[[], Iterable[Tenant]],
        providers: Iterable[Provider],
        common: Tenants | None = None,
    ) -> None:
        self._tenants = tenants
        self._providers = tuple(each for each in providers if not each.private)
        self._common = common

    def add(self, kind: Kind, /, **details: Unpack[Details]) -> Fault:
        """Put a fault to work; FaultError says what of it cannot be understood.

        `fake.faults.add("status", status=503, operation="list-indexes", times=2)`
        """
        given = {"kind": kind, **details}
        return self.put(read(Node(cast("dict[str, Json]", given))))

    def put(self, fault: Fault) -> Fault:
        """Put a fault that is there already to work; the answer has its id."""
        checked(fault, self._providers)
        tenants = list(self._tenants())
        if not fault.id:
            fault = replace(fault, id=self._name(tenants))
        taken = self._common is not None and fault.id in self._common.faults
        if taken or any(fault.id in tenant.faults.rules for tenant in tenants):
            raise FaultError(f"There is a fault {fault.id!r} already; give another id.", "id")
        if self._common is not None:
            self._common.faults[fault.id] = fault
        for tenant in tenants:
            with tenant.lock:
                tenant.settle()
                tenant.faults.add(fault, tenant.tasks(), tenant.clock.now())
        return fault

    def remove(self, id: str) -> Fault:
        """Take a fault away; FaultError when there is none of that id."""
        found = self._common.faults.pop(id, None) if self._common is not None else None
        for tenant in self._tenants():
            with tenant.lock:
                tenant.settle()
                gone = tenant.faults.remove(id, tenant.tasks(), tenant.clock.now())
            found = found or gone
        if found is None:
            known = tuple(fault.id for fault in self)
            raise FaultError(_sentence(f"There is no fault {id!r}", id, known), "id")
        return found

    def clear(self) -> None:
        """Take every fault away."""
        for fault in tuple(self):
            self.remove(fault.id)

    def __iter__(self) -> Iterator[Fault]:
        found = dict(self._common.faults) if self._common is not None else {}
        for tenant in self._tenants():
            found.update((fault.id, fault) for fault in tenant.faults)
        return iter(found.values())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _name(self, tenants: Iterable[Tenant]) -> str:
        if self._common is not None:
            return self._common.fault_id()
        return next(iter(tenants)).faults.name()


def checked(fault: Fault, providers: Iterable[Provider]) -> None:
    """Refuses a fault that names a provider, an operation or a status that there is not."""
    known = {each.name: each for each in providers}
    if fault.provider and fault.provider not in known:
        start = f"No provider {fault.provider!r} is served here"
        raise FaultError(_sentence(start, fault.provider, tuple(known)), "provider")
    meant = [known[fault.provider]] if fault.provider else list(known.values())
    operations = [name for each in meant for one in each.editions for name in one.behaviours]
    if fault.operation and fault.operation not in operations:
        start = f"There is no operation {fault.operation!r}"
        raise FaultError(_sentence(start, fault.operation, tuple(operations)), "operation")
    lifecycles = [one for each in meant for one in each.lifecycles.values()]
    planned = fault.kind in PLANNED
    statuses = tuple(
        dict.fromkeys(
            name
            for each in lifecycles
            for name in each.statuses
            if not planned or not each.finished(name)
        )
    )
    if fault.at and fault.at not in statuses:
        start = f"No task here has {'a stage' if planned else 'a status'} {fault.at!r}"
        raise FaultError(_sentence(start, fault.at, statuses), "at")


def _sentence(start: str, name: str, known: tuple[str, ...]) -> str:
    """What is wrong with a name, and which was probably meant; ends with one mark."""
    told = f"{start}{nearest(name, known)}"
    return told if told.endswith("?") else f"{told}."
