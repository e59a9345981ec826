"""Several pieces of one work at the same time: by tasks of an event loop, or by threads."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from understudy.client.errors import UsageError

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Outcome(Generic[R]):
    """What was done, in the order in which it was, and the first error where there was one."""

    done: list[R] = field(default_factory=list)
    error: Exception | None = None


class AsyncCrew:
    """At most `workers` pieces at a time, each by a task.

    After an error nothing more is begun, and what is under way is brought to its end.
    """

    def __init__(self, workers: int) -> None:
        self.workers = _checked(workers)

    async def each(self, items: Sequence[T], work: Callable[[T], Awaitable[R]]) -> Outcome[R]:
        """Do `work` on every item."""
        outcome, left = Outcome[R](), iter(items)

        async def labour() -> None:
            for item in left:
                try:
                    outcome.done.append(await work(item))
                except Exception as error:  # noqa: BLE001  It is the caller's to raise.
                    outcome.error = outcome.error or error
                if outcome.error is not None:
                    return

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self.workers, len(items))):
                group.create_task(labour())
        return outcome


class Crew:
    """The same by threads; one worker is the caller's own thread."""

    def __init__(self, workers: int) -> None:
        self.workers = _checked(workers)

    def each(self, items: Sequence[T], work: Callable[[T], R]) -> Outcome[R]:
        """Do `work` on every item; it is called from several threads."""
        outcome, left = Outcome[R](), _Shared(iter(items))

        def labour() -> None:
            for item in left:
                try:
                    outcome.done.append(work(item))
                except Exception as error:  # noqa: BLE001  It is the caller's to raise.
                    outcome.error = outcome.error or error
                if outcome.error is not None:
                    return

        count = min(self.workers, len(items))
        if count <= 1:
            labour()
            return outcome
        with ThreadPoolExecutor(count, thread_name_prefix="understudy-crew") as pool:
            try:
                for future in [pool.submit(labour) for _ in range(count)]:
                    future.result()
            except BaseException:
                left.stop()  # Interrupted: the threads end with what they have in hand.
                raise
        return outcome


class _Shared(Generic[T]):
    """One iteration that several threads take part in."""

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._lock = Lock()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._lock:
                try:
                    item = next(self._items)
                except StopIteration:
                    return
            yield item

    def stop(self) -> None:
        with self._lock:
            self._items = iter(())


def _checked(workers: int) -> int:
    if workers < 1:
        raise UsageError(f"workers is {workers!r}; expected 1 or more.")
    return workers
