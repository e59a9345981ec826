"""`client.analyze_tasks`: analyses that take their time."""

from collections.abc import Callable, Sequence
from typing import Unpack, cast

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value, path
from understudy.client.errors import UsageError
from understudy.client.fields import given, one_of
from understudy.client.json import Json
from understudy.client.patience import Patience
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.analysis import (
    ANALYSIS,
    AnalysisMode,
    AnalysisStatus,
    AnalysisTask,
    AnalysisTaskPage,
    Wishes,
)
from understudy.client.twelvelabs.source import NamedImage, Prompt, VideoSource


class AsyncNewAnalysis(AsyncWork[AnalysisTask]):
    """An analysis that was taken, and the way to its result."""

    def __init__(self, session: AsyncSession, task_id: str) -> None:
        super().__init__(
            session,
            task_id,
            ANALYSIS,
            lambda once: AsyncAnalyzeTasks(once).retrieve(task_id),
            noun="Analysis",
        )

    async def cancel(self) -> None:
        """Give the analysis up; see `client.analyze_tasks.cancel`."""
        await AsyncAnalyzeTasks(self._session).cancel(self.id)


class AsyncAnalyzeTasks:
    """Analyses of long videos, and those that find segments."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        status: AnalysisStatus | None = None,
        video_url: str | None = None,
        asset_id: str | None = None,
        analysis_mode: AnalysisMode | None = None,
    ) -> AsyncPager[AnalysisTaskPage, AnalysisTask]:
        """The analyses that fit, newest first, from `page` on; what was asked is shortened."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "status": status,
            "video_url": video_url,
            "asset_id": asset_id,
            "analysis_mode": analysis_mode,
        }
        where, model = "/analyze/tasks", AnalysisTaskPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    async def create(
        self,
        *,
        video: VideoSource | None = None,
        image: Sequence[NamedImage] | None = None,
        prompt: str | None = None,
        prompt_v2: Prompt | None = None,
        model_name: str | None = None,
        analysis_mode: AnalysisMode | None = None,
        custom_id: str | None = None,
        idempotency_key: str | None = None,
        **wishes: Unpack[Wishes],
    ) -> AsyncNewAnalysis:
        """Have a video or some images analyzed: by a prompt, or for segments, which
        `response_format` defines and `analysis_mode` must ask for.

        With an `idempotency_key` a request whose answer was lost is made again, and makes no
        second analysis.
        """
        one_of(video=video, image=image)
        if prompt is not None and prompt_v2 is not None:
            raise UsageError("prompt and prompt_v2 were given; at most one of them is taken.")
        body = given(
            model_name=model_name,
            analysis_mode=analysis_mode,
            custom_id=custom_id,
            video=cast("Json", video),
            image=None if image is None else [cast("Json", each) for each in image],
            prompt=prompt,
            prompt_v2=cast("Json", prompt_v2),
            **cast("dict[str, Json]", wishes),
        )
        key = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        call = Call("POST", "/analyze/tasks", json=body, headers=key, again=bool(key))
        made = await self._session.fetch(call, AnalysisTask)
        return AsyncNewAnalysis(self._session, made.task_id)

    async def retrieve(self, task_id: str) -> AnalysisTask:
        """The analysis as it is now, with its result once it is ready."""
        call = Call("GET", path("/analyze/tasks/{}", task_id))
        return await self._session.fetch(call, AnalysisTask)

    async def wait(
        self,
        task_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[AnalysisTask], None] | None = None,
    ) -> AnalysisTask:
        """The analysis with its result; it ends as `client.tasks.wait` does."""
        task = AsyncNewAnalysis(self._session, task_id)
        return await task.wait(patience=patience, on_status=on_status)

    async def cancel(self, task_id: str) -> None:
        """Give an analysis up; `Conflict` for one that has ended."""
        await self._session.settle(Call("POST", path("/analyze/tasks/{}/cancel", task_id)))

    async def delete(self, task_id: str) -> None:
        """Delete an analysis; `Conflict` while it is being made."""
        await self._session.settle(Call("DELETE", path("/analyze/tasks/{}", task_id)))
