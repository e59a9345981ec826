"""The loop that waits for a task."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from understudy.client.aio.session import AsyncSession
from understudy.client.errors import ClientError
from understudy.client.patience import Watch
from understudy.client.retry import Retry

T = TypeVar("T")


async def wait(
    session: AsyncSession,
    watch: Watch[T],
    look: Callable[[AsyncSession], Awaitable[T]],
    on_status: Callable[[T], None],
) -> T:
    """Look until `watch` is satisfied or raises; `on_status` is told what each look showed.

    A look is one attempt; how many may fail is the watch's to say, so that failures are not
    multiplied by the session's own retries.
    """
    options = session.options
    while True:
        deadline = watch.left if options.deadline is None else min(watch.left, options.deadline)
        once = session.with_options(replace(options, deadline=deadline, retry=Retry(attempts=1)))
        try:
            task = await look(once)
        except ClientError as error:
            watch.stumbled(error)
        else:
            on_status(task)
            if watch.saw(task):
                return task
        await session.pause(watch.pause())
