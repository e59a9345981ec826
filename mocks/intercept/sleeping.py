"""The code under test sleeps, and the fake's clocks move instead.

`time.sleep`, `asyncio.sleep`, `anyio.sleep` and `trio.sleep` are replaced while a fake is
entered, also where a module holds them by name. Whoever calls decides: tools keep their own
sleep. On an `auto` clock a sleep moves every clock of the fake and returns at once; on a
`manual` one it moves nothing and returns at once. The clock of the loop and
`time.perf_counter` are never touched; `time.time` and `time.monotonic` follow the fake's clock
for named modules only.
"""

import importlib
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from understudy.mocks.clock import Mode
from understudy.mocks.hands import World
from understudy.mocks.intercept.patch import Patch, bottom
from understudy.mocks.intercept.references import references
from understudy.mocks.intercept.scope import Scope
from understudy.mocks.intercept.sleepers import GLANCE, Sleepers

FOREVER = 1e9
"""A sleep of this many seconds is meant to have no end, and is left to be one."""

Make = Callable[[Patch], Any]


class Sleeping:
    """Replaces the sleeps of the code in `scope` from `start` to `stop`.

    `mode` answers who moves the fake's clocks now, and `now` its instant.
    """

    def __init__(
        self,
        sleepers: Sleepers,
        mode: Callable[[], Mode],
        *,
        scope: Scope,
        now: Callable[[], float],
    ) -> None:
        self.sleepers = sleepers
        self._mode = mode
        self._scope = scope
        self._now = now
        self._patches: list[Patch] = []
        self._loaded = 0

    def start(self) -> None:
        """Replace every sleep that is there; none where time is real."""
        if self._mode() == "real":
            return
        clock, loop = importlib.import_module("time"), importlib.import_module("asyncio")
        self._replace(clock, "sleep", self._sleep)
        self._replace(loop, "sleep", self._sleep_async)
        self._replace(loop.tasks, "sleep", self._sleep_async)
        if "anyio" in sys.modules or find_spec("anyio"):
            self._replace(importlib.import_module("anyio"), "sleep", self._sleep_async)
        if "trio" in sys.modules:
            self._replace(sys.modules["trio"], "sleep", self._sleep_async)
        if self._scope.named:
            began, ours = clock.monotonic(), self._now()
            self._replace(clock, "time", self._clock(self._now))
            self._replace(clock, "monotonic", self._clock(lambda: began + self._now() - ours))
        self._loaded = len(sys.modules)

    def stop(self) -> None:
        """Give everything back, also to modules that were loaded meanwhile."""
        if self._patches and len(sys.modules) != self._loaded:
            ours = [getattr(patch.owner, patch.name, None) for patch in self._patches]
            for module, name in references().to(ours, lambda module: True):
                if all(patch.owner is not module for patch in self._patches):
                    setattr(module, name, bottom(getattr(module, name)))
        while self._patches:
            self._patches.pop().undo()

    def _replace(self, module: Any, name: str, make: Make) -> None:
        """Replace a function in its home, and wherever a module holds it by name."""
        present = getattr(module, name)
        found = list(references().to((present, bottom(present)), self._scope.covers))
        self._patches.append(Patch(module, name, make, self))
        self._patches += [
            Patch(holder, held, make, self) for holder, held in found if holder is not module
        ]

    def _is_meant(self, patch: Patch, seconds: Any, module: str) -> bool:
        return (
            patch.active
            and self._mode() != "real"
            and isinstance(seconds, int | float)
            and 0 < seconds < FOREVER
            and self._scope.covers(module)
        )

    def _worlds(self, patch: Patch) -> tuple[World, ...]:
        """The clocks of the fakes that were entered before this one: they move along."""
        works = (each.work for each in patch.below())
        return tuple(each.sleepers.world for each in works if isinstance(each, Sleeping))

    def _sleep(self, patch: Patch) -> Any:
        def sleep(seconds: float) -> None:
            caller = sys._getframe(1).f_globals.get("__name__", "")
            if not self._is_meant(patch, seconds, caller):
                patch.original(seconds)
            elif self._mode() == "manual":
                bottom(patch.original)(2 * GLANCE)
            else:
                self.sleepers.sleep(float(seconds), self._worlds(patch))

        return sleep

    def _sleep_async(self, patch: Patch) -> Any:
        async def sleep(*given: Any, **named: Any) -> Any:
            caller = sys._getframe(1).f_globals.get("__name__", "")
            seconds: Any = given[0] if given else named.get("delay", named.get("seconds"))
            if not self._is_meant(patch, seconds, caller):
                return await patch.original(*given, **named)
            pause, result = bottom(patch.original), (*given[1:], named.get("result"))[0]
            if self._mode() == "manual":
                await pause(2 * GLANCE)
            else:
                await self.sleepers.sleep_async(float(seconds), pause, self._worlds(patch))
            return result

        return sleep

    def _clock(self, read: Callable[[], float]) -> Make:
        def make(patch: Patch) -> Any:
            def clock() -> float:
                caller = sys._getframe(1).f_globals.get("__name__", "")
                if patch.active and self._scope.covers(caller):
                    return read()
                return float(patch.original())

            clock.__name__ = patch.name
            return clock

        return make
