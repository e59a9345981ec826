"""What all providers' tasks have in common, so that an application can change its vendor."""

from collections.abc import Awaitable
from typing import Protocol

from understudy.client.patience import Patience


class Task(Protocol):
    """Work that a service has taken on: every upload of every client answers one.

    `status` is the vendor's own word as last seen, and None before the first look. Of `done` and
    `failed` both are false while it runs; a task that has failed is not done.
    """

    @property
    def id(self) -> str:
        """What the vendor calls this task by."""
        ...

    @property
    def status(self) -> str | None:
        """The status as last seen."""
        ...

    @property
    def done(self) -> bool:
        """Whether it was last seen to have ended well."""
        ...

    @property
    def failed(self) -> bool:
        """Whether it was last seen to have ended badly."""
        ...

    def wait(self, *, patience: Patience | None = None) -> object:
        """What came of it; raises `TaskFailed`, `UnknownStatus` or `DeadlineExceeded`."""
        ...


class AsyncTask(Protocol):
    """The same, for the clients whose methods are awaited."""

    @property
    def id(self) -> str:
        """What the vendor calls this task by."""
        ...

    @property
    def status(self) -> str | None:
        """The status as last seen."""
        ...

    @property
    def done(self) -> bool:
        """Whether it was last seen to have ended well."""
        ...

    @property
    def failed(self) -> bool:
        """Whether it was last seen to have ended badly."""
        ...

    def wait(self, *, patience: Patience | None = None) -> Awaitable[object]:
        """What came of it; raises `TaskFailed`, `UnknownStatus` or `DeadlineExceeded`."""
        ...
