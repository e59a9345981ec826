"""Rate limits: how many calls a window of the tenant's clock allows, and what replies tell of it.

Which operations are limited, the document says: those that declare a 429, and those whose
success declares a header of what remains (`X-Ratelimit-Remaining` and the like), or that say so
with `x-rate-limit`. Replies tell of the window in the headers that they declare.
`x-rate-limit: {cost: 0}` on an operation makes it tell of the window without using it up.
"""

import math
import re
from collections.abc import Iterable, Mapping

from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.mocks.call import Call
from understudy.mocks.kind import mapping
from understudy.mocks.provider import Provider
from understudy.mocks.rate import Rate, Window
from understudy.mocks.refusal import Reason, Refusal

Told = tuple[tuple[str, str], ...]

_TELLS = re.compile(r"x-?rate-?limit-(limit|remaining|used|reset)", re.IGNORECASE)


class Rates:
    """Counts the calls of the limited operations of some providers."""

    __slots__ = ("_costs", "_names", "rate")

    def __init__(self, rate: Rate, providers: Iterable[Provider]) -> None:
        self.rate = rate
        self._names: dict[Operation, Mapping[str, str]] = {}
        self._costs: dict[Operation, int] = {}
        for provider in providers:
            for edition in provider.editions:
                for operation in edition.contract.operations.values():
                    self._declare(operation)

    def charge(self, call: Call) -> Told:
        """The headers that tell of the window, this call included; refused when it is used up."""
        names = self._names.get(call.operation)
        if names is None:
            return ()
        windows = call.tenant.windows
        name = (call.provider.name, f"{call.operation.method} {call.operation.template}")
        window = windows.get(name)
        if window is None or call.now >= window.since + self.rate.seconds:
            window = Window(call.now)
        cost = self._costs[call.operation]
        if window.used + cost > self.rate.calls:
            self._refuse(call, window, names)
        if cost:
            window.used += cost
            windows[name] = window
        return self._told(window, names)

    def _declare(self, operation: Operation) -> None:
        told = told_in(operation)
        said = mapping(operation.extensions.get("x-rate-limit"))
        if "remaining" in told or "429" in operation.statuses or said:
            self._names[operation] = told
            cost: Json = said.get("cost")
            self._costs[operation] = cost if isinstance(cost, int) else 1

    def _told(self, window: Window, names: Mapping[str, str]) -> Told:
        values = {
            "limit": self.rate.calls,
            "remaining": self.rate.calls - window.used,
            "used": window.used,
            "reset": math.ceil(window.since + self.rate.seconds),
        }
        return tuple((name, str(values[meaning])) for meaning, name in names.items())

    def _refuse(self, call: Call, window: Window, names: Mapping[str, str]) -> None:
        left = max(1, math.ceil(window.since + self.rate.seconds - call.now))
        message = (
            f"the limit of {self.rate.calls} calls in {self.rate.seconds:g} seconds is reached;"
            f" try again in {left} seconds"
        )
        headers = (*self._told(window, names), ("Retry-After", str(left)))
        raise Refusal(Reason.FULL, message, headers=headers)


def told_in(operation: Operation) -> Mapping[str, str]:
    """The headers that a success of the operation declares, by what they tell of the window."""
    found: dict[str, str] = {}
    for status in operation.statuses:
        if status.startswith("2"):
            pointer = f"{operation.pointer}/responses/{status}"
            reply, _ = operation.document.resolve(operation.document.at(pointer))
            for name in mapping(mapping(reply).get("headers")):
                if told := _TELLS.fullmatch(name):
                    found[told[1].lower()] = name
    return found
