# From client/twelvelabs/aio/embed_v2.py, by `python -m tools.twins`: edit that file, not this.
"""`client.embed_v2`: vectors of today, at once or by a task."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Unpack, cast

from understudy.client.call import Call, Value, path
from understudy.client.errors import UsageError
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.patience import Patience
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work
from understudy.client.twelvelabs.source import MediaSource, NamedMedium
from understudy.client.twelvelabs.sync.paging import numbered
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


class NewVectors(Work[VectorTask]):
    """A medium that was taken to be embedded, and the way to its vectors."""

    def __init__(self, session: Session, task_id: str) -> None:
        super().__init__(
            session,
            task_id,
            VECTORS,
            lambda once: VectorTasks(once).retrieve(task_id),
            noun="Embedding task",
        )


class VectorTasks:
    """Media on their way to becoming vectors, which are kept for seven days."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        started_at: str | date | None = None,
        ended_at: str | date | None = None,
        status: VectorStatus | None = None,
    ) -> Pager[VectorTaskPage, VectorTaskEntry]:
        """The tasks made in that time, newest first; without dates, of the last seven days."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "started_at": started_at,
            "ended_at": ended_at,
            "status": status,
        }
        where, model = "/embed-v2/tasks", VectorTaskPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    def audio(
        self,
        model_name: str,
        source: MediaSource,
        *,
        time_based_metadata: Sequence[TimedText] | None = None,
        embedding_uncertainty: bool | None = None,
        embedding_dimension: int | None = None,
        **wishes: Unpack[AudioWishes],
    ) -> NewVectors:
        """Have a sound turned into vectors; the named options but `wishes` need marengo3.5."""
        medium = _medium(source, wishes, time_based_metadata)
        return self._taken("audio", model_name, medium, embedding_uncertainty, embedding_dimension)

    def video(
        self,
        model_name: str,
        source: MediaSource,
        *,
        time_based_metadata: Sequence[TimedText] | None = None,
        embedding_uncertainty: bool | None = None,
        embedding_dimension: int | None = None,
        **wishes: Unpack[VideoWishes],
    ) -> NewVectors:
        """Have a video turned into vectors; the named options but `wishes` need marengo3.5."""
        medium = _medium(source, wishes, time_based_metadata)
        return self._taken("video", model_name, medium, embedding_uncertainty, embedding_dimension)

    def image(
        self,
        model_name: str,
        source: MediaSource,
        *,
        embedding_uncertainty: bool | None = None,
        embedding_dimension: int | None = None,
        **wishes: Unpack[ImageWishes],
    ) -> NewVectors:
        """Have an image turned into vectors, by marengo3.5."""
        medium = _medium(source, wishes)
        return self._taken("image", model_name, medium, embedding_uncertainty, embedding_dimension)

    def document(
        self,
        model_name: str,
        source: MediaSource,
        *,
        embedding_dimension: int | None = None,
        **wishes: Unpack[DocumentWishes],
    ) -> NewVectors:
        """Have a document turned into vectors, by marengo3.5."""
        medium = _medium(source, wishes)
        return self._taken("document", model_name, medium, None, embedding_dimension)

    def retrieve(self, task_id: str) -> VectorTask:
        """The task as it is now, with its vectors once it is ready."""
        call = Call("GET", path("/embed-v2/tasks/{}", task_id))
        return self._session.fetch(call, VectorTask)

    def wait(
        self,
        task_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[VectorTask], None] | None = None,
    ) -> VectorTask:
        """The task with its vectors; it ends as `client.tasks.wait` does."""
        task = NewVectors(self._session, task_id)
        return task.wait(patience=patience, on_status=on_status)

    def _taken(
        self,
        kind: str,
        model_name: str,
        medium: Json,
        uncertainty: bool | None,
        dimension: int | None,
    ) -> NewVectors:
        body = given(
            input_type=kind,
            model_name=model_name,
            embedding_uncertainty=uncertainty,
            embedding_dimension=dimension,
            **{kind: medium},
        )
        made = self._session.fetch(Call("POST", "/embed-v2/tasks", json=body), VectorTask)
        return NewVectors(self._session, made.id)


class EmbedV2:
    """Vectors at once, of what is short; of the rest by `tasks`. Nothing is stored, so a lost
    request is made again.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.tasks = VectorTasks(session)

    def text(self, model_name: str, input_text: str) -> Vectors:
        """The vector of a text."""
        return self._vectors("text", model_name, {"input_text": input_text})

    def image(self, model_name: str, source: MediaSource) -> Vectors:
        """The vector of an image."""
        return self._vectors("image", model_name, _medium(source))

    def text_image(self, model_name: str, source: MediaSource, input_text: str) -> Vectors:
        """One vector of an image and the words that go with it."""
        medium = {**_medium(source), "input_text": input_text}
        return self._vectors("text_image", model_name, medium)

    def audio(self, model_name: str, source: MediaSource, **wishes: Unpack[AudioWishes]) -> Vectors:
        """The vectors of a sound of at most ten minutes."""
        return self._vectors("audio", model_name, _medium(source, wishes))

    def video(self, model_name: str, source: MediaSource, **wishes: Unpack[VideoWishes]) -> Vectors:
        """The vectors of a video of at most ten minutes."""
        return self._vectors("video", model_name, _medium(source, wishes))

    def multi_input(
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
        return self._vectors(
            "multi_input",
            model_name,
            given(input_text=input_text, media_sources=named),
            auto_truncate=auto_truncate,
            embedding_uncertainty=embedding_uncertainty,
            embedding_dimension=embedding_dimension,
        )

    def _vectors(
        self, kind: str, model_name: str, given_input: Mapping[str, Json], **more: Json
    ) -> Vectors:
        body = given(input_type=kind, model_name=model_name, **{kind: given_input}, **more)
        call = Call("POST", "/embed-v2", json=body, again=True)
        return self._session.fetch(call, Vectors)


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
