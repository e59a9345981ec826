"""`client.embed_v2`: vectors of today, at once or by a task."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Unpack, cast

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value, path
from understudy.client.errors import UsageError
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.patience import Patience
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.source import MediaSource, NamedMedium
from understudy.client.twelvelabs.vector import (
    VECTORS,
    AudioWishes,
    DocumentWishes,
    ImageWishes,
    TimedText,
    Vectors,
    VectorStatus,
    VectorTask,
    VectorTaskEntry,
    VectorTaskPage,
    VideoWishes,
)


class AsyncNewVectors(AsyncWork[VectorTask]):
    """A medium that was taken to be embedded, and the way to its vectors."""

    def __init__(self, session: AsyncSession, task_id: str) -> None:
        super().__init__(
            session,
            task_id,
            VECTORS,
            lambda once: AsyncVectorTasks(once).retrieve(task_id),
            noun="Embedding task",
        )


class AsyncVectorTasks:
    """Media on their way to becoming vectors, which are kept for seven days."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        started_at: str | date | None = None,
        ended_at: str | date | None = None,
        status: VectorStatus | None = None,
    ) -> AsyncPager[VectorTaskPage, VectorTaskEntry]:
        """The tasks made in that time, newest first; without dates, of the last seven days."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "started_at": started_at,
            "ended_at": ended_at,
            "status": status,
        }
        where, model = "/embed-v2/tasks", VectorTaskPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    async def audio(
        self,
        model_name: str,
        source: MediaSource,
        *,
        time_based_metadata: Sequence[TimedText] | None = None,
        embedding_uncertainty: bool | None = None,
        embedding_dimension: int | None = None,
        **wishes: Unpack[AudioWishes],
    ) -> AsyncNewVectors:
        """Have a sound turned into vectors; the named options but `wishes` need marengo3.5."""
        medium = _medium(source, wishes, time_based_metadata)
        return await self._taken(
            "audio", model_name, medium, embedding_uncertainty, embedding_dimension
        )

    async def video(
        self,
        model_name: str,
        source: MediaSource,
        *,
        time_based_metadata: Sequence[TimedText] | None = None,
        embedding_uncertainty: bool | None = None,
        embedding_dimension: int | None = None,
        **wishes: Unpack[VideoWishes],
    ) -> AsyncNewVectors:
        """Have a video turned into vectors; the named options but `wishes` need marengo3.5."""
        medium = _medium(source, wishes, time_based_metadata)
        return await self._taken(
            "video", model_name, medium, embedding_uncertainty, embedding_dimension
        )

    async def image(
        self,
        model_name: str,
        source: MediaSource,
        *,
        embedding_uncertainty: bool | None = None,
        embedding_dimension: int | None = None,
        **wishes: Unpack[ImageWishes],
    ) -> AsyncNewVectors:
        """Have an image turned into vectors, by marengo3.5."""
        medium = _medium(source, wishes)
        return await self._taken(
            "image", model_name, medium, embedding_uncertainty, embedding_dimension
        )

    async def document(
        self,
        model_name: str,
        source: MediaSource,
        *,
        embedding_dimension: int | None = None,
        **wishes: Unpack[DocumentWishes],
    ) -> AsyncNewVectors:
        """Have a document turned into vectors, by marengo3.5."""
        medium = _medium(source, wishes)
        return await self._taken("document", model_name, medium, None, embedding_dimension)

    async def retrieve(self, task_id: str) -> VectorTask:
        """The task as it is now, with its vectors once it is ready."""
        call = Call("GET", path("/embed-v2/tasks/{}", task_id))
        return await self._session.fetch(call, VectorTask)

    async def wait(
        self,
        task_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[VectorTask], None] | None = None,
    ) -> VectorTask:
        """The task with its vectors; it ends as `client.tasks.wait` does."""
        task = AsyncNewVectors(self._session, task_id)
        return await task.wait(patience=patience, on_status=on_status)

    async def _taken(
        self,
        kind: str,
        model_name: str,
        medium: Json,
        uncertainty: bool | None,
        dimension: int | None,
    ) -> AsyncNewVectors:
        body = given(
            input_type=kind,
            model_name=model_name,
            embedding_uncertainty=uncertainty,
            embedding_dimension=dimension,
            **{kind: medium},
        )
        made = await self._session.fetch(Call("POST", "/embed-v2/tasks", json=body), VectorTask)
        return AsyncNewVectors(self._session, made.id)


class AsyncEmbedV2:
    """Vectors at once, of what is short; of the rest by `tasks`. Nothing is stored, so a lost
    request is made again.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.tasks = AsyncVectorTasks(session)

    async def text(self, model_name: str, input_text: str) -> Vectors:
        """The vector of a text."""
        return await self._vectors("text", model_name, {"input_text": input_text})

    async def image(self, model_name: str, source: MediaSource) -> Vectors:
        """The vector of an image."""
        return await self._vectors("image", model_name, _medium(source))

    async def text_image(self, model_name: str, source: MediaSource, input_text: str) -> Vectors:
        """One vector of an image and the words that go with it."""
        medium = {**_medium(source), "input_text": input_text}
        return await self._vectors("text_image", model_name, medium)

    async def audio(
        self, model_name: str, source: MediaSource, **wishes: Unpack[AudioWishes]
    ) -> Vectors:
        """The vectors of a sound of at most ten minutes."""
        return await self._vectors("audio", model_name, _medium(source, wishes))

    async def video(
        self, model_name: str, source: MediaSource, **wishes: Unpack[VideoWishes]
    ) -> Vectors:
        """The vectors of a video of at most ten minutes."""
        return await self._vectors("video", model_name, _medium(source, wishes))

    async def multi_input(
        self,
        model_name: str,
        *,
        input_text: str | None = None,
        media_sources: Sequence[NamedMedium] | None = None,
        auto_truncate: bool | None = None,
        embedding_uncertainty: bool | None = None,
        embedding_dimension: int | None = None,
    ) -> Vectors:
        """One vector of words and up to ten media together; `<@name>` in the words means one.

        marengo3.0 takes images only and no options; marengo3.5 makes vectors of nothing else at
        once.
        """
        if input_text is None and not media_sources:
            raise UsageError("Nothing was given to embed; pass words, media, or both.")
        named = None if media_sources is None else [cast("Json", each) for each in media_sources]
        return await self._vectors(
            "multi_input",
            model_name,
            given(input_text=input_text, media_sources=named),
            auto_truncate=auto_truncate,
            embedding_uncertainty=embedding_uncertainty,
            embedding_dimension=embedding_dimension,
        )

    async def _vectors(
        self, kind: str, model_name: str, given_input: Mapping[str, Json], **more: Json
    ) -> Vectors:
        body = given(input_type=kind, model_name=model_name, **{kind: given_input}, **more)
        call = Call("POST", "/embed-v2", json=body, again=True)
        return await self._session.fetch(call, Vectors)


def _medium(
    source: MediaSource,
    wishes: AudioWishes | VideoWishes | ImageWishes | DocumentWishes | None = None,
    timed: Sequence[TimedText] | None = None,
) -> dict[str, Json]:
    """A medium and what of it is wanted; TypedDicts are JSON, though no type checker sees it."""
    medium = given(media_source=cast("Json", source), **cast("dict[str, Json]", wishes or {}))
    if timed is not None:
        medium["time_based_metadata"] = [cast("Json", each) for each in timed]
    return medium
