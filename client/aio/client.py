"""What every client is: a session with options, closed by hand or as a context manager."""

from copy import copy
from dataclasses import replace
from types import TracebackType
from typing import Self

from understudy.client.aio.session import AsyncSession
from understudy.client.options import Cancellation
from understudy.client.retry import Retry


class AsyncClient:
    """The base of the providers' clients; each says in `_attach` what stands below it."""

    _session: AsyncSession

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retry: Retry | None = None,
        cancellation: Cancellation | None = None,
    ) -> Self:
        """A view of this client, on the same connections, with some options changed."""
        old = self._session.options
        changed = replace(
            old,
            timeout=old.timeout if timeout is None else timeout,
            deadline=old.deadline if deadline is None else deadline,
            retry=retry or old.retry,
            cancellation=cancellation or old.cancellation,
        )
        view = copy(self)
        view._attach(self._session.with_options(changed))
        return view

    async def close(self) -> None:
        """Close the connections, of the views of this client too."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._session.base_url!r})"

    def _attach(self, session: AsyncSession) -> None:
        """Let everything below this client use `session`."""
        self._session = session
