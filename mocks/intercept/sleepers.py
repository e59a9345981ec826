"""Who sleeps on a fake's clocks, and when each may go on.

A sleeper takes `wake = now + d`, lets the others come as far as their own sleep, and sets the
clocks to `max(clock, wake)`: ten that began together move them by one sleep, not by ten. So
the one that wakes first goes first, and only once nobody else is still on the way; for tasks
of a loop that takes a few turns of the loop, for threads a look at where each of them stands.
"""

import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from types import FrameType

from understudy.mocks.hands import World
from understudy.mocks.tenant import Tenant

TURNS = 4
"""Turns of its loop that a sleeping task gives to the others before it may be the first."""
STILL = 0.02
"""Real seconds that a thread must stand in the same wait to count as waiting."""
STUCK = 1.0
"""The same for a thread that stands elsewhere: in a lock of its own, or in a long computation."""
GLANCE = 0.0005
"""Real seconds between two looks."""
LONGEST = 2.0
"""Real seconds after which a sleeper goes on, whatever the others do."""

_WAITS = frozenset(
    {
        ("concurrent.futures._base", "result"),
        ("concurrent.futures.thread", "_worker"),
        ("queue", "get"),
        ("queue", "put"),
        ("selectors", "select"),
        ("socket", "accept"),
        ("socket", "readinto"),
        ("subprocess", "_try_wait"),
        ("threading", "_wait_for_tstate_lock"),
        ("threading", "acquire"),
        ("threading", "join"),
        ("threading", "wait"),
    }
)
"""Functions of the standard library, by module, that stand still until something else happens."""

AsyncPause = Callable[[float], Awaitable[object]]


class Arrival:
    """An instant some seconds ahead, on every clock of a fake."""

    __slots__ = ("_targets", "_world", "lead")

    def __init__(self, world: World, seconds: float) -> None:
        self._world = world
        self.lead = world.lead.seconds + seconds
        self._targets: list[tuple[Tenant, float]] = [
            (tenant, tenant.clock.now() + seconds) for tenant in world.tenants
        ]

    @property
    def past(self) -> bool:
        """Whether somebody else's sleep has already brought the clocks there."""
        return self._world.lead.seconds >= self.lead

    def reach(self) -> None:
        """Move every clock that is not there yet; what is due on the way happens."""
        world = self._world
        world.lead.seconds = max(world.lead.seconds, self.lead)
        for tenant, target in self._targets:
            tenant.move_to(target)
        known = {id(tenant) for tenant, _ in self._targets}
        for tenant in world.tenants:  # those that came while we slept
            if id(tenant) not in known:
                tenant.move_to(world.make().now())


@dataclass(eq=False, slots=True)
class _Sleeper:
    """One sleep: where it leads, the thread it is in, and whether that thread has come to rest."""

    arrival: Arrival
    further: tuple[Arrival, ...]
    thread: int
    settled: bool


class Sleepers:
    """The sleeps that are going on.

    Threads that were there before, except the one that makes this, are not waited for until
    they sleep here themselves; neither are those of our own servers.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._changed = threading.Condition()
        self._asleep: list[_Sleeper] = []
        here = threading.get_ident()
        self._strangers = {each.ident for each in threading.enumerate()} - {here}
        self._places: dict[int, tuple[tuple[int, int], float]] = {}

    def sleep(self, seconds: float, others: tuple[World, ...] = ()) -> None:
        """Sleep in a thread; `others` are clocks of further fakes that move along."""
        with self._sleeper(seconds, others, settled=True) as me:
            if threading.active_count() > 1:
                self._wait(me)
            _reach(me)

    async def sleep_async(
        self, seconds: float, pause: AsyncPause, others: tuple[World, ...] = ()
    ) -> None:
        """Sleep in a task; `pause` is the loop's own sleep."""
        with self._sleeper(seconds, others, settled=False) as me:
            for _ in range(TURNS):
                await pause(0)
            me.settled = True
            end = perf_counter() + LONGEST
            while not self._may_go(me) and perf_counter() < end:
                await pause(GLANCE if threading.active_count() > 1 else 0)
            _reach(me)

    @contextmanager
    def _sleeper(
        self, seconds: float, others: tuple[World, ...], *, settled: bool
    ) -> Iterator[_Sleeper]:
        here = threading.get_ident()
        with self._changed:
            self._strangers.discard(here)
            further = tuple(Arrival(world, seconds) for world in others)
            me = _Sleeper(Arrival(self.world, seconds), further, here, settled)
            self._asleep.append(me)
            self._changed.notify_all()
        try:
            yield me
        finally:
            with self._changed:
                self._asleep.remove(me)
                self._changed.notify_all()

    def _wait(self, me: _Sleeper) -> None:
        end = perf_counter() + LONGEST
        while not self._may_go(me) and perf_counter() < end:
            with self._changed:
                self._changed.wait(GLANCE)

    def _may_go(self, me: _Sleeper) -> bool:
        """Whether the clocks are there already, or nobody is on the way to an earlier instant."""
        with self._changed:
            if me.arrival.past:
                return True
            first = min(self._asleep, key=lambda each: each.arrival.lead)
            return first is me and not self._on_the_way(me)

    def _on_the_way(self, me: _Sleeper) -> bool:
        """Whether a thread runs that may still come to a sleep of its own at this instant."""
        at_rest = {each.thread for each in self._asleep if each.settled} | {me.thread}
        frames, now = sys._current_frames(), perf_counter()
        running = False
        for thread in threading.enumerate():
            ident = thread.ident
            if ident is None:
                running = True  # about to begin
                continue
            if ident in at_rest or ident in self._strangers or ident not in frames:
                continue
            if thread.name.startswith("understudy:"):
                continue
            frame = frames[ident]
            place = (id(frame), frame.f_lasti)
            before, since = self._places.get(ident, (None, now))
            since = since if before == place else now
            self._places[ident] = (place, since)
            running = running or now - since < (STILL if _waits(frame) else STUCK)
        return running


def _waits(frame: FrameType) -> bool:
    """Whether the frame is of a wait; that of a thread for one it starts is over in no time."""
    if _place(frame) not in _WAITS:
        return False
    outer: FrameType | None = frame
    while outer is not None and outer.f_globals.get("__name__") == "threading":
        if outer.f_code.co_name == "start":
            return False
        outer = outer.f_back
    return True


def _place(frame: FrameType) -> tuple[str, str]:
    return frame.f_globals.get("__name__", ""), frame.f_code.co_name


def _reach(sleeper: _Sleeper) -> None:
    sleeper.arrival.reach()
    for arrival in sleeper.further:
        arrival.reach()
