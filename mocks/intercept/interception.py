"""A fake that is entered: the vendors' hosts are answered here, and sleeps move its clocks."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from understudy.mocks.clock import Mode
from understudy.mocks.engine import Engine
from understudy.mocks.hands import World
from understudy.mocks.intercept.patch import Patch
from understudy.mocks.intercept.pools import pools
from understudy.mocks.intercept.reach import Reach
from understudy.mocks.intercept.scope import Scope
from understudy.mocks.intercept.sleepers import Sleepers
from understudy.mocks.intercept.sleeping import Sleeping
from understudy.mocks.intercept.transports import AsyncSleep, Sleep, transports


class Interception:
    """Everything that one fake has replaced in this process, from `start` to `stop`.

    `sleep` and `async_sleep` are real. `absent` are the hosts of vendors that
    the fake does not play, with their names. With `block`, calls to hosts other than the
    vendors' and loopback are refused. What is refused is told to `refusals`. `modules` narrows
    whose sleeps count; see `Scope`.
    """

    def __init__(
        self,
        engine: Engine,
        world: World,
        *,
        mode: Callable[[], Mode],
        now: Callable[[], float],
        sleep: Sleep,
        async_sleep: AsyncSleep,
        absent: Mapping[str, str],
        block: bool = False,
        modules: Sequence[str] = (),
        refusals: list[str],
    ) -> None:
        self._reach = Reach(engine, absent=absent, block=block, refusals=refusals)
        self._engine = engine
        self._sleep = sleep
        self._async_sleep = async_sleep
        self._patches: list[Patch] = []
        self._sleeping = Sleeping(Sleepers(world), mode, scope=Scope(modules), now=now)

    def start(self) -> None:
        """Replace what the installed HTTP libraries send with, and the sleeps."""
        for name in ("httpx", "httpx2"):
            if find_spec(name) is not None:
                self._patches += transports(
                    importlib.import_module(name),
                    self._engine,
                    self._reach,
                    self._sleep,
                    self._async_sleep,
                )
        if find_spec("urllib3") is not None:
            urllib3 = importlib.import_module("urllib3")
            self._patches += pools(urllib3, self._engine, self._reach, self._sleep)
        self._sleeping.start()

    def stop(self) -> None:
        """Give everything back; what a caller still holds passes on to the real thing."""
        self._sleeping.stop()
        while self._patches:
            self._patches.pop().undo()
