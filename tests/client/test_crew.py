"""Work done by several at the same time: all of it once, an end after an error, interruptions."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from signal import SIGINT, pthread_kill

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.client import UsageError
from understudy.client.crew import AsyncCrew, Crew
from understudy.client.file import File
from understudy.client.piece import Piece


def both(
    workers: int, items: list[int], bad: set[int]
) -> Iterator[tuple[Exception | None, list[int]]]:
    """What a crew of each kind makes of the items, of which some are bad."""
    done: list[int] = []

    def work(item: int) -> None:
        if item in bad:
            raise ZeroDivisionError(item)
        done.append(item)

    async def labour(item: int) -> None:
        await asyncio.sleep(0)
        work(item)

    yield Crew(workers).each(items, work), done
    done = []
    yield asyncio.run(AsyncCrew(workers).each(items, labour)), done


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 20), st.sets(st.integers(0, 19), max_size=2))
def test_crew__does_all_or_stops(workers: int, count: int, bad: set[int]) -> None:
    """Each item once; after an error, only what was under way; never a lost error."""
    items = list(range(count))
    for error, done in both(workers, items, bad):
        assert len(done) == len(set(done))
        if bad & set(items):
            assert isinstance(error, ZeroDivisionError)
            assert set(range(min(bad & set(items)))) <= set(done)
        else:
            assert error is None and sorted(done) == items


def test_crew__begins_nothing_after_an_error() -> None:
    """One at a time, that is exact."""
    for error, done in both(1, list(range(9)), {4}):
        assert isinstance(error, ZeroDivisionError) and done == [0, 1, 2, 3]


def test_crew__of_nobody_is_refused() -> None:
    """There must be one to do it."""
    for kind in (Crew, AsyncCrew):
        with pytest.raises(UsageError, match="workers is 0"):
            kind(0)


@pytest.mark.usefixtures("control_c")
def test_crew__that_is_interrupted_ends_soon() -> None:
    """Control-C comes out as it is; the threads begin nothing new, and end what looks."""
    begun, crew, never = list[int](), Crew(2), threading.Event()

    def work(item: int) -> None:
        begun.append(item)
        if item == 1:
            pthread_kill(threading.main_thread().ident, SIGINT)
        while not never.wait(0.001):
            crew.check()

    with pytest.raises(KeyboardInterrupt):
        crew.each(range(1_000), work)
    assert begun == [0, 1]


def test_crew__that_is_cancelled_ends_at_once() -> None:
    """A task that is given up gives up its own."""
    ended: list[int] = []

    async def work(item: int) -> None:
        try:
            await asyncio.sleep(3_600)
        finally:
            ended.append(item)

    async def main() -> None:
        async with asyncio.timeout(0.01):
            await AsyncCrew(3).each(range(10), work)

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert sorted(ended) == [0, 1, 2]


def test_piece__is_read_block_by_block(tmp_path: Path) -> None:
    """The end of a file that would fit in no memory, without its beginning."""
    place = tmp_path / "large.mp4"
    with place.open("wb") as file:
        file.seek(2**33)
        file.write(b"the end")
    piece = Piece(File(place), 2**33 - 200_000, 200_007)
    sizes, last = [], b""
    for block in piece.blocks():
        sizes.append(len(block))
        last = block
    assert sum(sizes) == 200_007 and max(sizes) <= 64 * 1024 and last.endswith(b"the end")
    stretch = Piece(File(bytes(range(256)) * 1_000), 1_000, 100_000)
    assert b"".join(stretch.blocks()) == (bytes(range(256)) * 1_000)[1_000:101_000]
    with pytest.raises(UsageError, match="in pieces"):
        list(Piece(File(iter([b"x"])), 0, 1).blocks())
