"""Waiting for a task: how long, how often, and what ends it. It always ends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from understudy.client.errors import (
    ApiError,
    BadReply,
    ClientError,
    ConnectionFailed,
    DeadlineExceeded,
    RateLimited,
    ServerFault,
    TaskFailed,
    UnknownStatus,
    UsageError,
)

T = TypeVar("T")

_PASSING = (ConnectionFailed, DeadlineExceeded, ServerFault, RateLimited, BadReply)


@dataclass(frozen=True, slots=True)
class Statuses:
    """What a task's statuses mean; any other than these is an error."""

    running: frozenset[str]
    succeeded: frozenset[str]
    failed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Signs(Generic[T]):
    """How one kind of task is read: what its statuses mean, and where status and reason stand."""

    statuses: Statuses
    status: Callable[[T], str]
    reason: Callable[[T], str | None]


@dataclass(frozen=True, slots=True)
class Patience:
    """Look every `interval` seconds for at most `deadline` seconds; put up with at most
    `tolerance` looks in a row that fail for reasons that may pass.
    """

    deadline: float = 3600.0
    interval: float = 5.0
    tolerance: int = 5

    def __post_init__(self) -> None:
        if not (0 < self.deadline < float("inf")) or self.interval <= 0 or self.tolerance < 0:
            raise UsageError(
                f"{self!r} would never end; deadline and interval are positive numbers of "
                "seconds, the deadline is finite, and tolerance is 0 or more."
            )


class Watch(Generic[T]):
    """One wait: told what each look showed, answers whether it is over and how long to pause."""

    def __init__(
        self,
        subject: str,
        patience: Patience,
        signs: Signs[T],
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._subject = subject
        self._patience = patience
        self._statuses = signs.statuses
        self._monotonic = monotonic
        self._status = signs.status
        self._reason = signs.reason
        self._end = monotonic() + patience.deadline
        self._failures = 0
        self._asked = 0.0
        self._last: T | None = None

    @property
    def left(self) -> float:
        """Seconds until the deadline, at least one: a last look is taken when it comes."""
        return max(1.0, self._end - self._monotonic())

    def saw(self, task: T) -> bool:
        """Whether the task has succeeded; raises when it failed, or may never end."""
        self._failures, self._asked, self._last = 0, 0.0, task
        status = self._status(task)
        if status in self._statuses.succeeded:
            return True
        if status in self._statuses.failed:
            reason = self._reason(task)
            said = f": {reason}" if reason else "; the service gives no reason."
            message = f"{self._subject} is {status}{said}"
            raise TaskFailed(message, task=task, status=status, reason=reason)
        if status not in self._statuses.running:
            known = ", ".join(sorted(self._statuses.running | self._statuses.succeeded))
            raise UnknownStatus(
                f"{self._subject} has the status {status!r}, which is not declared; "
                f"expected {known} or {', '.join(sorted(self._statuses.failed))}.",
                task=task,
                status=status,
            )
        return False

    def stumbled(self, error: ClientError) -> None:
        """Swallows a failed look that may pass; raises `error` when it won't, or once too many."""
        if not isinstance(error, _PASSING):
            raise error
        if self._monotonic() >= self._end:
            raise self._late() from error
        self._failures += 1
        if self._failures > self._patience.tolerance:
            error.add_note(f"{self._failures} looks at {self._subject} in a row have failed.")
            raise error
        self._asked = (error.retry_after or 0.0) if isinstance(error, ApiError) else 0.0

    def pause(self) -> float:
        """Seconds until the next look; raises when the deadline leaves no time for one."""
        left = self._end - self._monotonic()
        if left <= 0 or self._asked > left:
            raise self._late()
        return min(max(self._patience.interval, self._asked), left)

    def _late(self) -> DeadlineExceeded:
        seen = "was never seen" if self._last is None else f"is {self._status(self._last)}"
        return DeadlineExceeded(
            f"{self._subject} {seen} after {self._patience.deadline} seconds of waiting.",
            last=self._last,
        )
