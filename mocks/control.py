"""The control API: look into a running fake and move its time.

It is a provider like any other, with a document of its own that every exchange is held
against; only that it has no tenant: it acts on the one that `X-Understudy-Tenant` names, else
on that of the provider key which was sent, else on all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from functools import cache
from importlib import metadata
from typing import TypeVar

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Headers
from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.contracts.operation import Operation
from understudy.contracts.redaction import alias
from understudy.mocks.agenda import Fired
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import (
    LATEST,
    AutoClock,
    Clock,
    ManualClock,
    RealClock,
    instant_of,
    stamp,
)
from understudy.mocks.engine import Engine
from understudy.mocks.envelope import STATUS
from understudy.mocks.journal import Entry
from understudy.mocks.outcomes import change_outcome, described
from understudy.mocks.provider import Behaviour, Edition, Provider, edition
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.tenant import Tenant

NAME = "_understudy"

T = TypeVar("T")


def attach(engine: Engine, *, wall: Callable[[], float]) -> None:
    """Serve the control API of `engine` beside its providers.

    `wall` answers seconds since 1970, for clocks that are switched to `real`.
    """
    engine.providers[NAME] = _provider(_Control(engine, wall))


def tenant_named(headers: Headers) -> str:
    """The tenant a control request means: by name, else by provider key; empty for all."""
    scheme, _, bearer = (headers.get("authorization") or "").partition(" ")
    key = bearer.strip() if scheme.lower() == "bearer" else ""
    key = headers.get("x-api-key") or key
    return headers.get("x-understudy-tenant") or (alias(key) if key else "")


class _Envelope:
    """Refusals as the control document declares them."""

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """A message, and the violations where there are some."""
        error: dict[str, Json] = {"message": refusal.message}
        if refusal.violations:
            error["violations"] = [asdict(violation) for violation in refusal.violations]
        status = refusal.status or STATUS[refusal.reason]
        return Answer(status, {"error": error}, headers=refusal.headers)


class _Control:
    """The behaviours, over the engine they look into."""

    def __init__(self, engine: Engine, wall: Callable[[], float]) -> None:
        self._engine = engine
        self._wall = wall

    def behaviours(self) -> Mapping[str, Behaviour]:
        """One for each operation of the control document."""
        return {
            "get-health": self.health,
            "list-providers": self.providers,
            "reset": self.reset,
            "get-clock": self.clock,
            "set-clock": self.set_clock,
            "advance-clock": self.advance,
            "list-tasks": self.tasks,
            "set-task-outcome": self.set_outcome,
            "list-journal": self.journal,
            "clear-journal": self.clear_journal,
        }

    def health(self, call: Call) -> Answer:
        """Ready, and what is served; names no tenant, because it is open to all."""
        names: list[Json] = [each.name for each in self._served()]
        return Answer(200, {"status": "ok", "version": _version(), "providers": names})

    def providers(self, call: Call) -> Answer:
        """What `understudy providers -v` prints, as values."""
        root = call.base_url.removesuffix(f"/{NAME}")
        shown: list[Json] = [shown_provider(each, root) for each in self._served()]
        return Answer(200, {"tenants": [], "providers": shown})

    def reset(self, call: Call) -> Answer:
        """Back to the start: one tenant in place, or all of them forgotten."""
        touched = self._meant(call)
        if tenant_named(call.request.headers):
            touched[0].reset()
        else:
            self._engine.tenants.reset()
        return Answer(200, {"tenants": _names(touched)})

    def clock(self, call: Call) -> Answer:
        """The clock of each tenant meant."""
        return Answer(200, _clocks(self._meant(call), call.tenant))

    def set_clock(self, call: Call) -> Answer:
        """Another mode, speed or instant; all refusals come before the first change."""
        touched = self._meant(call)
        wanted = call.body.get("now")
        instant = _instant(str(wanted)) if wanted is not None else None
        for tenant in touched:
            if instant is not None and instant < tenant.clock.now():
                raise Refusal(
                    Reason.CONFLICT,
                    f"The clock of {tenant.name!r} stands at {stamp(tenant.clock.now())} and"
                    f" cannot go back to {wanted!r}; POST /reset starts it again.",
                )
        fired: list[Json] = []
        for tenant in touched:
            with tenant.lock:
                tenant.clock = self._clock(call, tenant.clock)
                happened = tenant.settle() if instant is None else tenant.move_to(instant)
            fired.extend(_fired(tenant.name, happened))
        return Answer(200, {**_clocks(touched, call.tenant), "fired": fired})

    def advance(self, call: Call) -> Answer:
        """Let time pass for each tenant meant."""
        seconds = _number(call.body["seconds"])
        touched = self._meant(call)
        for tenant in touched:
            _reachable(tenant.clock.now() + seconds)
        fired = [event for each in touched for event in _fired(each.name, each.advance(seconds))]
        return Answer(200, {**_clocks(touched, call.tenant), "fired": fired})

    def tasks(self, call: Call) -> Answer:
        """A page of tasks, newest first."""
        touched = self._meant(call)
        wanted, status = call.query("provider"), call.query("status")
        found: list[tuple[float, int, Mapping[str, Json]]] = []
        for tenant in touched:
            with tenant.lock:
                tenant.settle()
                for provider, task in tenant.tasks():
                    if wanted in (None, provider) and status in (None, task.status):
                        made = task.resource
                        shown = described(tenant.name, provider, task)
                        found.append((made.created, made.sequence, shown))
        found.sort(key=lambda each: each[:2], reverse=True)
        page = _page(call, [shown for _, _, shown in found])
        return Answer(200, {"tenants": _names(touched), "total": len(found), "tasks": page})

    def set_outcome(self, call: Call) -> Answer:
        """Another ending for the one task of that id."""
        wanted = call.path("id")
        touched = self._meant(call)
        found = [
            (tenant, provider, task)
            for tenant in touched
            for provider, task in tenant.tasks()
            if task.resource.id == wanted
        ]
        if not found:
            names = ", ".join(repr(tenant.name) for tenant in touched) or "any tenant"
            raise Refusal(Reason.UNKNOWN, f"There is no task {wanted!r} in {names}.")
        if len(found) > 1:
            names = ", ".join(repr(tenant.name) for tenant, _, _ in found)
            raise Refusal(
                Reason.CONFLICT,
                f"Several tenants have a task {wanted!r} ({names}); name one in"
                f" X-Understudy-Tenant.",
            )
        tenant, provider, task = found[0]
        with tenant.lock:
            tenant.settle()
            change_outcome(task, call.body, tenant.clock.now())
            tenant.settle()
            shown = described(tenant.name, provider, task)
        return Answer(200, {"tenants": [tenant.name], "task": shown})

    def journal(self, call: Call) -> Answer:
        """A page of exchanges, oldest first."""
        touched = self._meant(call)
        provider, operation = call.query("provider"), call.query("operation")
        status = call.query("status")
        found = [
            entry
            for tenant in touched
            for entry in tenant.journal
            if provider in (None, entry.provider)
            and operation in (None, entry.operation)
            and status in (None, entry.status)
        ]
        if len(touched) > 1:
            found.sort(key=lambda entry: entry.at)
        page = [_entry(entry) for entry in _page(call, found)]
        content: dict[str, Json] = {
            "tenants": _names(touched),
            "total": len(found),
            "dropped": sum(tenant.journal.dropped for tenant in touched),
            "entries": page,
        }
        return Answer(200, content)

    def clear_journal(self, call: Call) -> Answer:
        """Empty journals, and how many entries they had."""
        touched = self._meant(call)
        removed = sum(len(tenant.journal) for tenant in touched)
        for tenant in touched:
            with tenant.lock:
                tenant.journal.clear()
        return Answer(200, {"tenants": _names(touched), "removed": removed})

    def _served(self) -> list[Provider]:
        return [each for each in self._engine.providers.values() if each.name != NAME]

    def _meant(self, call: Call) -> list[Tenant]:
        """The tenants to act on; one that is named is made, so that its clock can be set first."""
        named = tenant_named(call.request.headers)
        return [self._engine.tenants.get(named)] if named else list(self._engine.tenants)

    def _clock(self, call: Call, old: Clock) -> Clock:
        """A clock of the mode and speed asked for, at the instant of the old one."""
        mode = str(call.body.get("mode", old.mode))
        speed = _number(call.body.get("speed", old.speed))
        if mode == old.mode and speed == old.speed:
            return old
        made: Clock
        if mode == "real":
            made = RealClock(self._wall, speed)
            made.move_to(old.now())
        else:
            kind = AutoClock if mode == "auto" else ManualClock
            made = kind(old.now(), speed)
        return made


def shown_provider(provider: Provider, root: str) -> dict[str, Json]:
    """A provider as values: where it is served below `root`, its operations and lifecycles."""
    operations: list[Json] = []
    for each in provider.editions:
        for operation in each.contract.operations.values():
            shown: dict[str, Json] = {
                "id": operation.id,
                "method": operation.method,
                "path": operation.template,
            }
            provenance = operation.extensions.get("x-provenance")
            if provenance is not None:
                shown["provenance"] = provenance
            operations.append(shown)
    return {
        "name": provider.name,
        "documents": [each.contract.name for each in provider.editions],
        "base_urls": base_urls(provider, root),
        "hosts": sorted(provider.hosts),
        "operations": operations,
        "lifecycles": [_lifecycle(each) for each in provider.lifecycles.values()],
    }


def base_urls(provider: Provider, root: str) -> list[str]:
    """The base URLs a client of this provider is given, one for each of its prefixes."""
    prefixes = [prefix for each in provider.editions for prefix in each.prefixes[:1]]
    return [f"{root}{provider.mount}{prefix}" for prefix in dict.fromkeys(prefixes)]


def _lifecycle(lifecycle: Lifecycle) -> dict[str, Json]:
    return {
        "name": lifecycle.name,
        "statuses": list(lifecycle.statuses),
        "polls": sorted(lifecycle.polls),
        "provenance": lifecycle.provenance or {"label": "assumed"},
    }


def _provider(control: _Control) -> Provider:
    made = replace(_frame(), behaviours=control.behaviours())
    return Provider(NAME, (made,), _Envelope(), private=True)


@cache
def _frame() -> Edition:
    """The control document, compiled once: what differs from fake to fake is its behaviours."""
    return edition(Contract.load("control"), {}, lambda *_: _unplayed, ("",))


def _unplayed(call: Call) -> Answer:
    raise NotImplementedError(call.operation.id)


def _clocks(tenants: Iterable[Tenant], fresh: Tenant) -> dict[str, Json]:
    """Every clock, the first one's fields on top; `fresh` speaks where there is none yet."""
    shown = [_clock(tenant) for tenant in tenants]
    first = shown[0] if shown else _clock(fresh)
    names: list[Json] = [each["tenant"] for each in shown]
    return {
        "mode": first["mode"],
        "speed": first["speed"],
        "now": first["now"],
        "tenants": names,
        "clocks": list(shown),
    }


def _clock(tenant: Tenant) -> dict[str, Json]:
    with tenant.lock:
        clock = tenant.clock
        return {
            "tenant": tenant.name,
            "mode": clock.mode,
            "speed": clock.speed,
            "now": stamp(clock.now()),
            "pending": len(tenant.agenda),
        }


def _fired(tenant: str, events: Iterable[Fired]) -> list[Json]:
    return [{"tenant": tenant, "at": stamp(each.at), "label": each.label} for each in events]


def _entry(entry: Entry) -> dict[str, Json]:
    return {
        "sequence": entry.sequence,
        "at": stamp(entry.at),
        "tenant": entry.tenant,
        "provider": entry.provider,
        "operation": entry.operation or None,
        "request": {
            "method": entry.method,
            "path": entry.path,
            "query": entry.query,
            "headers": dict(reversed(entry.headers)),
        },
        "status": entry.status,
        "violations": [asdict(violation) for violation in entry.violations],
    }


def _page(call: Call, found: list[T]) -> list[T]:
    offset, limit = (int(_number(call.query(*each))) for each in (("offset", 0), ("limit", 100)))
    return found[offset : offset + limit]


def _number(value: Json) -> float:
    """A number that the contract has already checked to be one."""
    return float(value) if isinstance(value, int | float) else 0.0


def _names(tenants: Iterable[Tenant]) -> list[Json]:
    return [tenant.name for tenant in tenants]


def _instant(text: str) -> float:
    try:
        return _reachable(instant_of(text))
    except (ValueError, OverflowError):
        raise Refusal(Reason.RULE, f"now is {text!r}, no instant that the clock knows.") from None


def _reachable(instant: float) -> float:
    """The instant, unless it lies beyond what dates can say; refused before anything moved."""
    if instant > LATEST:
        raise Refusal(Reason.RULE, f"The clock goes no further than {stamp(LATEST)}.")
    return instant


@cache
def _version() -> str:
    return metadata.version("understudy")
