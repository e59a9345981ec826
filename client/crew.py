"""Several pieces of one work at the same time: by tasks of an event loop, or by threads."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from understudy.client.errors import Cancelled, UsageError

T = TypeVar("T")


class AsyncCrew:
    """At most `workers` pieces at a time, each by a task.

    After an error nothing more is begun, and what is under way is brought to its end. One that
    is itself cancelled cancels what is under way.
    """

    def __init__(self, workers: int) -> None:
        self.workers = _checked(workers)

    async def each(
        self, items: Sequence[T], work: Callable[[T], Awaitable[object]]
    ) -> Exception | None:
        """Do `work` on every item; the first error, where there was one."""
        errors, left = list[Exception](), iter(items)

        async def labour() -> None:
            for item in left:
                try:
                    await work(item)
                except Exception as error:  # noqa: BLE001  # it is the caller's to raise
                    errors.append(error)
                if errors:
                    return

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self.workers, len(items))):
                group.create_task(labour())
        return errors[0] if errors else None

    def check(self) -> None:
        """Nothing to see: whoever works here is cancelled from outside."""


class Crew:
    """The same by threads; one worker is the caller's own thread.

    Threads cannot be ended from outside, so long work calls `check` now and then.
    """

    def __init__(self, workers: int) -> None:
        self.workers = _checked(workers)
        self._interrupted = False

    def each(self, items: Sequence[T], work: Callable[[T], object]) -> Exception | None:
        """Do `work` on every item, in several threads; the first error, where there was one."""
        errors, left = list[Exception](), _shared(items)

        def labour() -> None:
            for item in left():
                try:
                    work(item)
                except Exception as error:  # noqa: BLE001  # it is the caller's to raise
                    errors.append(error)
                if errors or self._interrupted:
                    return

        count = min(self.workers, len(items))
        if count <= 1:
            labour()
        else:
            with ThreadPoolExecutor(count, thread_name_prefix="understudy-crew") as pool:
                try:
                    for future in [pool.submit(labour) for _ in range(count)]:
                        future.result()
                except BaseException:
                    self._interrupted = True
                    raise
        return errors[0] if errors else None

    def check(self) -> None:
        """Raises when the thread that waits for all was interrupted."""
        if self._interrupted:
            raise Cancelled("The work was interrupted.")


def _shared(items: Sequence[T]) -> Callable[[], Iterator[T]]:
    """One iteration over the items that several threads take part in."""
    left, lock, end = iter(items), Lock(), object()

    def take() -> T | object:
        with lock:
            return next(left, end)

    return lambda: iter(take, end)  # type: ignore[arg-type]


def _checked(workers: int) -> int:
    if workers < 1:
        raise UsageError(f"workers is {workers!r}; expected 1 or more.")
    return workers
