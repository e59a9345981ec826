"""`client.tasks`: upload videos, follow and wait for their indexing."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Range, Value, path
from understudy.client.fields import form, one_of
from understudy.client.file import Source
from understudy.client.multipart import Progress
from understudy.client.patience import Patience
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.aio.transfers import AsyncTransfers
from understudy.client.twelvelabs.index import SortBy, SortOption
from understudy.client.twelvelabs.task import (
    INDEXING,
    IndexingTask,
    IndexingTaskCounts,
    IndexingTaskIds,
    IndexingTaskPage,
    TaskStatus,
)
from understudy.client.twelvelabs.video import Metadata


class AsyncNewTask(AsyncWork[IndexingTask]):
    """An upload that was taken: its ids, and the way to its end."""

    def __init__(self, session: AsyncSession, ids: IndexingTaskIds) -> None:
        super().__init__(session, ids.id, INDEXING, _look(ids.id))
        self.ids = ids

    @property
    def video_id(self) -> str | None:
        """The id of the video to be."""
        return self.ids.video_id


class AsyncTasks:
    """Uploads on their way to becoming videos; bulk imports are under `transfers`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.transfers = AsyncTransfers(session)

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        sort_by: SortBy | None = None,
        sort_option: SortOption | None = None,
        index_id: str | None = None,
        status: Sequence[TaskStatus] | None = None,
        filename: str | None = None,
        duration: float | Range | None = None,
        width: int | Range | None = None,
        height: int | Range | None = None,
        created_at: str | date | Range | None = None,
        updated_at: str | date | Range | None = None,
    ) -> AsyncPager[IndexingTaskPage, IndexingTask]:
        """The tasks that fit, of all indexes, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "sort_by": sort_by,
            "sort_option": sort_option,
            "index_id": index_id,
            "status": ",".join(status) if status else None,
            "filename": filename,
            "duration": duration,
            "width": width,
            "height": height,
            "created_at": created_at,
            "updated_at": updated_at,
        }
        where, model = "/tasks", IndexingTaskPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    async def create(
        self,
        index_id: str,
        *,
        video_file: Source | None = None,
        video_url: str | None = None,
        enable_video_stream: bool | None = None,
        user_metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> AsyncNewTask:
        """Upload a video, or have it fetched from a public URL, and index it.

        `progress` is told how many bytes are sent. A second task is never made by a retry:
        the request is repeated only when the service has refused it.
        """
        one_of(video_file=video_file, video_url=video_url)
        fields: dict[str, Value] = {
            "index_id": index_id,
            "video_url": video_url,
            "enable_video_stream": enable_video_stream,
        }
        texts = None if user_metadata is None else {"user_metadata": dict(user_metadata)}
        body = form(fields, texts=texts, files={"video_file": video_file}, progress=progress)
        made = await self._session.fetch(Call("POST", "/tasks", form=body), IndexingTaskIds)
        return AsyncNewTask(self._session, made)

    async def retrieve(self, task_id: str) -> IndexingTask:
        """The task as it is now."""
        return await self._session.fetch(Call("GET", path("/tasks/{}", task_id)), IndexingTask)

    async def delete(self, task_id: str) -> None:
        """Delete a task that has failed, or one that is ready and whose video is deleted."""
        await self._session.settle(Call("DELETE", path("/tasks/{}", task_id)))

    async def count(self, index_id: str) -> IndexingTaskCounts:
        """How many tasks of the index are in which status.

        Withdrawn on 2025-08-28; `list` says as much.
        """
        call = Call("GET", "/tasks/status", {"index_id": index_id})
        return await self._session.fetch(call, IndexingTaskCounts)

    async def wait(
        self,
        task_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[IndexingTask], None] | None = None,
    ) -> IndexingTask:
        """The task once it is ready. It always ends, by default within an hour.

        `on_status` is told what each look showed. Raises `TaskFailed`, `UnknownStatus` for a
        status that is not declared, `DeadlineExceeded`, or the last error when too many looks
        in a row have failed.
        """
        task = AsyncWork(self._session, task_id, INDEXING, _look(task_id))
        return await task.wait(patience=patience, on_status=on_status)


def _look(task_id: str) -> Callable[[AsyncSession], Awaitable[IndexingTask]]:
    return lambda session: AsyncTasks(session).retrieve(task_id)
