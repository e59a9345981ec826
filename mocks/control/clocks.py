"""The clocks of the tenants: read, set, moved."""

from collections.abc import Callable, Iterable, Mapping

from understudy.contracts.json import Json
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
from understudy.mocks.control.scope import Scope, number
from understudy.mocks.provider import Behaviour
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.tenant import Tenant


class Clocks:
    """Time; `wall` answers seconds since 1970, for clocks that are switched to `real`."""

    def __init__(self, scope: Scope, wall: Callable[[], float]) -> None:
        self._scope = scope
        self._wall = wall

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {
            "get-clock": self.clock,
            "set-clock": self.set_clock,
            "advance-clock": self.advance,
        }

    def clock(self, call: Call) -> Answer:
        """The clock of each tenant meant."""
        return Answer(200, _clocks(self._scope.meant(call), call.tenant))

    def set_clock(self, call: Call) -> Answer:
        """Another mode, speed or instant; all refusals come before the first change."""
        touched = self._scope.meant(call)
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
                happened = tenant.settle()
            tenant.outlet.stir()
            happened += [] if instant is None else tenant.move_to(instant)
            fired.extend(_fired(tenant.name, happened))
        return Answer(200, {**_clocks(touched, call.tenant), "fired": fired})

    def advance(self, call: Call) -> Answer:
        """Let time pass for each tenant meant."""
        seconds = number(call.body["seconds"])
        touched = self._scope.meant(call)
        for tenant in touched:
            _reachable(tenant.clock.now() + seconds)
        fired = [event for each in touched for event in _fired(each.name, each.advance(seconds))]
        return Answer(200, {**_clocks(touched, call.tenant), "fired": fired})

    def _clock(self, call: Call, old: Clock) -> Clock:
        """A clock of the mode and speed asked for, at the instant of the old one."""
        mode = str(call.body.get("mode", old.mode))
        speed = number(call.body.get("speed", old.speed))
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
