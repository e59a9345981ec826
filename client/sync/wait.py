# From client/aio/wait.py, by `python -m tools.twins`: edit that file, not this.
"""The loop that waits for a task."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from understudy.client.errors import ClientError
from understudy.client.patience import Watch
from understudy.client.retry import Retry
from understudy.client.sync.session import Session

T = TypeVar("T")


def wait(
    session: Session,
    watch: Watch[T],
    look: Callable[[Session], T],
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
            task = look(once)
        except ClientError as error:
            watch.stumbled(error)
        else:
            on_status(task)
            if watch.saw(task):
                return task
        session.pause(watch.pause())
