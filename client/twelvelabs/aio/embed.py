"""`client.embed`: vectors of texts, images and sounds at once, of videos by a task."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value, path
from understudy.client.errors import UsageError
from understudy.client.fields import form, one_of
from understudy.client.file import Source
from understudy.client.multipart import Progress
from understudy.client.patience import Patience
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.embedding import (
    EMBEDDING,
    Embeddings,
    EmbeddingScope,
    EmbeddingStatus,
    EmbeddingTask,
    EmbeddingTaskPage,
)
from understudy.client.twelvelabs.index import Created
from understudy.client.twelvelabs.video import EmbeddingOption


class AsyncNewEmbeddingTask(AsyncWork[EmbeddingTask]):
    """A video that was taken to be embedded: the task's id, and the way to its end."""

    def __init__(self, session: AsyncSession, task_id: str) -> None:
        super().__init__(
            session,
            task_id,
            EMBEDDING,
            lambda once: AsyncEmbeddingTasks(once).status(task_id),
            noun="Embedding task",
        )

    async def vectors(self) -> EmbeddingTask:
        """The task with its vectors; see `client.embed.tasks.retrieve`."""
        return await AsyncEmbeddingTasks(self._session).retrieve(self.id)


class AsyncEmbeddingTasks:
    """Videos on their way to becoming vectors, which are kept for seven days."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        started_at: str | date | None = None,
        ended_at: str | date | None = None,
        status: EmbeddingStatus | None = None,
    ) -> AsyncPager[EmbeddingTaskPage, EmbeddingTask]:
        """The tasks made in that time, newest first; without dates, of the last seven days."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "started_at": started_at,
            "ended_at": ended_at,
            "status": status,
        }
        where, model = "/embed/tasks", EmbeddingTaskPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    async def create(
        self,
        model_name: str,
        *,
        video_file: Source | None = None,
        video_url: str | None = None,
        video_start_offset_sec: float | None = None,
        video_end_offset_sec: float | None = None,
        video_clip_length: float | None = None,
        video_embedding_scope: Sequence[EmbeddingScope] | None = None,
        progress: Progress | None = None,
    ) -> AsyncNewEmbeddingTask:
        """Have a video turned into vectors, of clips of so many seconds or also as a whole."""
        one_of(video_file=video_file, video_url=video_url)
        fields: dict[str, Value] = {
            "model_name": model_name,
            "video_url": video_url,
            "video_start_offset_sec": video_start_offset_sec,
            "video_end_offset_sec": video_end_offset_sec,
            "video_clip_length": video_clip_length,
            "video_embedding_scope": video_embedding_scope,
        }
        body = form(fields, files={"video_file": video_file}, progress=progress)
        made = await self._session.fetch(Call("POST", "/embed/tasks", form=body), Created)
        return AsyncNewEmbeddingTask(self._session, made.id)

    async def status(self, task_id: str) -> EmbeddingTask:
        """The task as it is now, without vectors."""
        call = Call("GET", path("/embed/tasks/{}/status", task_id))
        return await self._session.fetch(call, EmbeddingTask)

    async def retrieve(
        self, task_id: str, *, embedding_option: Sequence[EmbeddingOption] | None = None
    ) -> EmbeddingTask:
        """The task with its vectors, of all kinds or of those asked for, when it is ready."""
        query: dict[str, Value] = {"embedding_option": embedding_option}
        call = Call("GET", path("/embed/tasks/{}", task_id), query)
        return await self._session.fetch(call, EmbeddingTask)

    async def wait(
        self,
        task_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[EmbeddingTask], None] | None = None,
    ) -> EmbeddingTask:
        """The task once it is ready, without vectors; it ends as `client.tasks.wait` does."""
        task = AsyncNewEmbeddingTask(self._session, task_id)
        return await task.wait(patience=patience, on_status=on_status)


class AsyncEmbed:
    """Vectors in the one space that all kinds of media share."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.tasks = AsyncEmbeddingTasks(session)

    async def create(
        self,
        model_name: str,
        *,
        text: str | None = None,
        text_truncate: Literal["start", "end", "none"] | None = None,
        image_url: str | None = None,
        image_file: Source | None = None,
        audio_url: str | None = None,
        audio_file: Source | None = None,
        audio_start_offset_sec: float | None = None,
    ) -> Embeddings:
        """The vectors of a text, an image, a sound, or of several in one call.

        `text_truncate` was withdrawn on 2026-04-02; `client.embed_v2` is what is being kept up.
        """
        if all(each is None for each in (text, image_url, image_file, audio_url, audio_file)):
            raise UsageError("Nothing was given to embed; pass a text, an image or a sound.")
        fields: dict[str, Value] = {
            "model_name": model_name,
            "text": text,
            "text_truncate": text_truncate,
            "image_url": image_url,
            "audio_url": audio_url,
            "audio_start_offset_sec": audio_start_offset_sec,
        }
        body = form(fields, files={"image_file": image_file, "audio_file": audio_file})
        return await self._session.fetch(Call("POST", "/embed", form=body, again=True), Embeddings)
