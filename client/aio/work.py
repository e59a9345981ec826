"""Work that a service has taken on, followed to its end: what every provider's uploads answer."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from understudy.client.aio.session import AsyncSession
from understudy.client.aio.wait import wait
from understudy.client.patience import Patience, Signs, Watch

T = TypeVar("T")


class AsyncWork(Generic[T]):
    """A task of any provider; fulfils the protocol `AsyncTask`.

    `look` reads the task once, through the session it is given; `signs` says what the look
    shows; `noun` is what messages call it, as in "Embedding task 6a…".
    """

    def __init__(
        self,
        session: AsyncSession,
        id: str,
        signs: Signs[T],
        look: Callable[[AsyncSession], Awaitable[T]],
        *,
        noun: str = "Task",
    ) -> None:
        self._session = session
        self._id = id
        self._signs = signs
        self._look = look
        self._noun = noun
        self._status: str | None = None

    @property
    def id(self) -> str:
        """What the vendor calls this task by."""
        return self._id

    @property
    def status(self) -> str | None:
        """The vendor's own word as last seen; None before the first look."""
        return self._status

    @property
    def done(self) -> bool:
        """Whether it was last seen to have ended well."""
        return self._status in self._signs.statuses.succeeded

    @property
    def failed(self) -> bool:
        """Whether it was last seen to have ended badly."""
        return self._status in self._signs.statuses.failed

    async def retrieve(self) -> T:
        """The task as it is now."""
        seen = await self._look(self._session)
        self._status = self._signs.status(seen)
        return seen

    async def wait(
        self,
        *,
        patience: Patience | None = None,
        on_status: Callable[[T], None] | None = None,
    ) -> T:
        """The task once it has ended well. It always ends, by default within an hour.

        `on_status` is told what each look showed. Raises `TaskFailed`, `UnknownStatus` for a
        status that is not declared, `DeadlineExceeded`, or the last error when too many looks
        in a row have failed.
        """

        def saw(task: T) -> None:
            self._status = self._signs.status(task)
            if on_status is not None:
                on_status(task)

        watch = Watch(
            f"{self._noun} {self._id}",
            patience or Patience(),
            self._signs,
            monotonic=self._session.timing.monotonic,
        )
        return await wait(self._session, watch, self._look, saw)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self._id!r}, status={self._status!r})"
