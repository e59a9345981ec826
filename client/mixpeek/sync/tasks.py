# From client/mixpeek/aio/tasks.py, by `python -m tools.twins`: edit that file, not this.
"""`client.tasks`: read, wait for and cancel ingestions."""

from collections.abc import Callable

from understudy.client.call import Call, path
from understudy.client.mixpeek.page import Message
from understudy.client.mixpeek.task import INGESTION, IngestionTask
from understudy.client.patience import Patience
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work


class Tasks:
    """Ingestions on their way."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def retrieve(self, task_id: str) -> IngestionTask:
        """The task as it is now."""
        return self._session.fetch(Call("GET", path("/tasks/{}", task_id)), IngestionTask)

    def cancel(self, task_id: str) -> Message:
        """End a task; one that has ended stays as it is."""
        return self._session.fetch(Call("DELETE", path("/tasks/{}", task_id)), Message)

    def wait(
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
        work = Work(self._session, task_id, INGESTION, look(task_id), noun="Ingestion")
        return work.wait(patience=patience, on_status=on_status)


def look(task_id: str) -> Callable[[Session], IngestionTask]:
    """What reads that task once."""
    return lambda session: Tasks(session).retrieve(task_id)
