"""Sleeps of the code under test move the clocks of the fake, and take no time."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import anyio
import httpx2
import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from stage import BASE, new_index, new_task
from tests.mocks.intercept import sleepy

from understudy.mocks import Fake
from understudy.mocks.intercept import sleepers

KEY = {"x-api-key": "any-key"}
REAL = (time.sleep, asyncio.sleep, anyio.sleep, trio.sleep, time.time, time.monotonic)
QUICK = 30.0
"""Real seconds that no block may take on however busy a machine, however many are slept in it."""


@contextmanager
def quickly() -> Iterator[None]:
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < QUICK


@contextmanager
def moves(fake: Fake, seconds: float) -> Iterator[None]:
    """The block moves the fake's clock by just that much."""
    began = fake.clock.now()
    with quickly():
        yield
    assert fake.clock.now() - began == pytest.approx(seconds, abs=1e-6)


def real() -> tuple[object, ...]:
    return (time.sleep, asyncio.sleep, anyio.sleep, trio.sleep, time.time, time.monotonic)


def test_sleep__through_the_module_and_by_name() -> None:
    """Both move the clock; afterwards both are the real thing."""
    with Fake("twelvelabs") as fake, moves(fake, 90):
        time.sleep(60)
        sleepy.wait(30)
    assert real() == REAL
    assert sleepy.sleep is time.sleep
    assert sleepy.nap is asyncio.sleep


def test_sleep__asynchronously_with_its_result() -> None:
    """asyncio.sleep and a name for it; the result comes back."""
    with Fake("twelvelabs") as fake, moves(fake, 65):

        async def work() -> str:
            await asyncio.sleep(60)
            assert await asyncio.sleep(0, "now") == "now"
            assert await asyncio.sleep(delay=2, result="later") == "later"
            return await sleepy.rest(3)

        assert asyncio.run(work()) == "rested"


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_sleep__of_anyio(backend: str) -> None:
    """anyio.sleep moves the clock on both of its backends."""
    with Fake("twelvelabs") as fake, moves(fake, 60):
        anyio.run(anyio.sleep, 60, backend=backend)


def test_sleep__of_trio() -> None:
    """trio.sleep too, from tasks of a nursery."""
    with Fake("twelvelabs") as fake, moves(fake, 60):

        async def work() -> None:
            async with trio.open_nursery() as nursery:
                for _ in range(10):
                    nursery.start_soon(trio.sleep, 60)

        trio.run(work)


def test_zero__is_left_alone() -> None:
    """asyncio.sleep(0) gives way and nothing else; so does a sleep that has no end."""
    with Fake("twelvelabs") as fake, moves(fake, 0):

        async def work() -> list[str]:
            said: list[str] = []

            async def say(what: str) -> None:
                said.append(what)
                await asyncio.sleep(0)
                said.append(what)

            await asyncio.gather(say("a"), say("b"))
            forever = asyncio.create_task(asyncio.sleep(float("inf")))
            await asyncio.sleep(0)
            forever.cancel()
            return said

        assert asyncio.run(work()) == ["a", "b", "a", "b"]
        time.sleep(0)
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)


def test_tools__keep_their_own_sleep() -> None:
    """A subprocess that is waited for with a timeout is waited for in real time."""
    with Fake("twelvelabs") as fake, moves(fake, 0):
        ran = subprocess.run([sys.executable, "-c", "print(1)"], timeout=60, check=True)
        assert ran.returncode == 0


def test_others__loop_clock_and_performance_counter_are_never_touched() -> None:
    """What measures real time goes on measuring it."""
    counters = (time.perf_counter, time.process_time, asyncio.BaseEventLoop.time)
    with Fake("twelvelabs", modules=["tests.mocks.intercept.sleepy"]):
        assert (time.perf_counter, time.process_time, asyncio.BaseEventLoop.time) == counters


def test_modules__that_are_named_are_the_only_ones() -> None:
    """With names, sleeps elsewhere are real, and the named code's clocks follow the fake's."""
    with Fake("twelvelabs", modules=["tests.mocks.intercept.sleepy"]) as fake:
        with moves(fake, 0):
            time.sleep(0.001)
        before = sleepy.clocks()
        with moves(fake, 3600):
            sleepy.wait(3600)
        after = sleepy.clocks()
        assert [b - a for a, b in zip(before, after, strict=True)] == pytest.approx([3600] * 4)
        assert after[:2] == (fake.clock.now(), fake.clock.now())
        assert time.time() != fake.clock.now()
    assert real() == REAL
    assert (sleepy.wall, sleepy.monotonic) == (time.time, time.monotonic)


def test_modules__loaded_meanwhile_get_the_real_sleep_back(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`from time import sleep` inside the block binds ours only until the block ends; twice."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("late_one", "late_two"):
        (tmp_path / f"{name}.py").write_text("from time import sleep\n\ndef go(): sleep(60)\n")
        with Fake("twelvelabs") as fake, moves(fake, 60):
            late: Any = __import__(name)
            late.go()
        assert late.sleep is time.sleep is REAL[0]
        with Fake("twelvelabs") as fake, moves(fake, 60):
            late.go()
        assert late.sleep is REAL[0]


def test_manual__moves_nothing_and_does_not_wait() -> None:
    """On a manual clock a sleep is over at once, and the clock stands."""
    with Fake("twelvelabs", time="manual") as fake, moves(fake, 0):
        time.sleep(60)
        asyncio.run(asyncio.sleep(60))


def test_real__sleeps() -> None:
    """On a real clock nobody's sleep is touched."""
    with Fake("twelvelabs", time="real"):
        assert real() == REAL


def test_tenants__all_of_them_move_and_those_to_come() -> None:
    """One sleep moves every tenant of the fake by the same, new ones included."""
    with Fake("twelvelabs") as fake:
        fake.tenant("one").clock.advance(5)
        one, two = fake.tenant("one").clock.now(), fake.tenant("two").clock.now()
        time.sleep(60)
        assert fake.tenant("one").clock.now() == one + 60
        assert fake.tenant("two").clock.now() == two + 60
        assert fake.tenant("three").clock.now() == two + 60


def test_fakes__one_inside_the_other_both_move() -> None:
    """The code under test sleeps once, and time passes everywhere."""
    outer, inner = Fake("twelvelabs"), Fake("twelvelabs")
    with outer, inner, moves(outer, 60), moves(inner, 60):
        time.sleep(30)
        asyncio.run(asyncio.sleep(30))
    with moves(outer, 0):
        time.sleep(0.001)


def poll_sync(task: str, times: int, pause: float) -> None:
    with httpx2.Client(base_url=BASE, headers=KEY) as api:
        for _ in range(times):
            api.get(f"/tasks/{task}")
            time.sleep(pause)


async def poll_async(task: str, times: int, pause: float) -> None:
    async with httpx2.AsyncClient(base_url=BASE, headers=KEY) as api:
        for _ in range(times):
            await api.get(f"/tasks/{task}")
            await asyncio.sleep(pause)


def tasks_of(fake: Fake, count: int) -> list[str]:
    with httpx2.Client(base_url=BASE, headers=KEY) as api:
        index = new_index(api, "films")
        return [
            new_task(api, index, f"https://media.example/{number}.mp4")["_id"]
            for number in range(count)
        ]


def test_pollers__in_tasks_share_their_time() -> None:
    """Ten that sleep five seconds, seven times, move the clock by thirty-five."""
    with Fake("twelvelabs") as fake:
        tasks = tasks_of(fake, 10)

        async def work() -> None:
            await asyncio.gather(*(poll_async(task, 7, 5) for task in tasks))

        with moves(fake, 35):
            asyncio.run(work())


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread is given up because a busy machine does not let it run for a second."""
    for name, seconds in {"STILL": 0.2, "STUCK": 60.0, "LONGEST": 120.0}.items():
        monkeypatch.setattr(sleepers, name, seconds)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("pool", [False, True], ids=["threads", "pool"])
def test_pollers__in_threads_share_their_time(pool: bool) -> None:
    """The same with ten threads, of their own or of a pool that somebody waits for."""
    with Fake("twelvelabs") as fake:
        tasks = tasks_of(fake, 10)
        with moves(fake, 35):
            if pool:
                with ThreadPoolExecutor(10) as executor:
                    list(executor.map(lambda task: poll_sync(task, 7, 5), tasks))
            else:
                threads = [threading.Thread(target=poll_sync, args=(each, 7, 5)) for each in tasks]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()


@pytest.mark.usefixtures("unhurried")
def test_pollers__in_threads_beside_tasks_share_their_time() -> None:
    """Threads that a loop waits for, and tasks of that loop, sleep in the same time."""
    with Fake("twelvelabs") as fake:
        tasks = tasks_of(fake, 6)

        async def work() -> None:
            await asyncio.gather(
                *(asyncio.to_thread(poll_sync, task, 4, 5) for task in tasks[:3]),
                *(poll_async(task, 4, 5) for task in tasks[3:]),
            )

        with moves(fake, 20):
            asyncio.run(work())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=5), min_size=1, max_size=6))
def test_sleepers__wake_in_the_order_of_their_time(naps: list[list[int]]) -> None:
    """Tasks that sleep various times wake as they would on a real clock."""
    woken: list[tuple[float, int]] = []
    with Fake("twelvelabs") as fake:
        began = fake.clock.now()

        async def sleeper(number: int) -> None:
            for seconds in naps[number]:
                await asyncio.sleep(seconds)
                woken.append((fake.clock.now() - began, number))

        async def work() -> None:
            await asyncio.gather(*(sleeper(number) for number in range(len(naps))))

        asyncio.run(work())
        assert fake.clock.now() - began == max(map(sum, naps))
    assert [at for at, _ in woken] == sorted(at for at, _ in woken)
    for number, mine in enumerate(naps):
        expected = [sum(mine[: count + 1]) for count in range(len(mine))]
        assert [at for at, who in woken if who == number] == expected


def test_cancelled__sleeper_holds_nobody_up() -> None:
    """A task that is cancelled in its sleep is no longer waited for, and moves nothing."""
    with Fake("twelvelabs") as fake, moves(fake, 10):

        async def work() -> None:
            early = asyncio.create_task(asyncio.sleep(5))
            await asyncio.sleep(0)
            early.cancel()
            with pytest.raises(asyncio.CancelledError):
                await early
            await asyncio.sleep(10)

        asyncio.run(work())


def sleeps() -> dict[str, Callable[[], Awaitable[Any]]]:
    return {
        "task": lambda: asyncio.create_task(asyncio.sleep(5)),
        "gathered": lambda: asyncio.gather(asyncio.sleep(5), asyncio.sleep(5)),
        "with a timeout": lambda: asyncio.wait_for(asyncio.sleep(5), timeout=60),
        "in a thread": lambda: asyncio.to_thread(time.sleep, 5),
    }


@pytest.mark.parametrize("name", sleeps())
def test_sleep__that_asyncio_runs_counts(name: str) -> None:
    """A sleep handed to asyncio is the code's own all the same."""
    with Fake("twelvelabs") as fake, moves(fake, 5):

        async def work() -> None:
            await sleeps()[name]()

        asyncio.run(work())
