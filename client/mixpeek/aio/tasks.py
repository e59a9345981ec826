"""`client.tasks`: read, wait for and cancel ingestions."""

from collections.abc import Awaitable, Callable

from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, path
from understudy.client.mixpeek.page import Message
from understudy.client.mixpeek.task import INGESTION, IngestionTask
from understudy.client.patience import Patience


class AsyncTasks:
    """Ingestions on their way."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def retrieve(self, task_id: str) -> IngestionTask:
        """The task as it is now."""
        return await self._session.fetch(Call("GET", path("/tasks/{}", task_id)), IngestionTask)

    async def cancel(self, task_id: str) -> Message:
        """End a task; one that has ended stays as it is."""
        return await self._session.fetch(Call("DELETE", path("/tasks/{}", task_id)), Message)

    async def wait(
        self,
        task_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[IngestionTask], None] | None = None,
    ) -> IngestionTask:
        """The task once it is done or skipped. It always ends, by default within an hour.

        `on_status` is told what each look showed. Raises `TaskFailed`, `UnknownStatus` for a
        status that is not declared, `DeadlineExceeded`, or the last error when too many looks
        in a row have failed.
        """
        work = AsyncWork(self._session, task_id, INGESTION, look(task_id), noun="Ingestion")
        return await work.wait(patience=patience, on_status=on_status)


def look(task_id: str) -> Callable[[AsyncSession], Awaitable[IngestionTask]]:
    """What reads that task once."""
    return lambda session: AsyncTasks(session).retrieve(task_id)
