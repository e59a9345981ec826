"""`client.analyze_batches`: up to a thousand analyses at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.stream import AsyncStream
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.patience import Patience
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.analysis import (
    BATCH,
    AnalysisMode,
    Batch,
    BatchDefaults,
    BatchMade,
    BatchPage,
    BatchRequest,
    BatchResult,
    BatchStatus,
)


class AsyncNewBatch(AsyncWork[Batch]):
    """A batch that was taken, and the way to its results."""

    def __init__(self, session: AsyncSession, batch_id: str, made: BatchMade | None = None) -> None:
        super().__init__(
            session,
            batch_id,
            BATCH,
            lambda once: AsyncAnalyzeBatches(once).retrieve(batch_id),
            noun="Batch",
        )
        self.made = made

    def results(self) -> AsyncStream[BatchResult]:
        """What there is so far; see `client.analyze_batches.results`."""
        return AsyncAnalyzeBatches(self._session).results(self.id)

    async def cancel(self) -> Batch:
        """Begin nothing more; see `client.analyze_batches.cancel`."""
        return await AsyncAnalyzeBatches(self._session).cancel(self.id)


class AsyncAnalyzeBatches:
    """Many analyses under one id, within a day."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        status: Sequence[BatchStatus] | None = None,
        analysis_mode: Sequence[AnalysisMode] | None = None,
    ) -> AsyncPager[BatchPage, Batch]:
        """The batches that fit, newest first, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "status": status,
            "analysis_mode": analysis_mode,
        }
        where = "/analyze/batches"
        return numbered(self._session, where, query, BatchPage, lambda found: found.data, page)

    async def create(
        self,
        requests: Sequence[BatchRequest],
        *,
        analysis_mode: AnalysisMode = "general",
        model_name: str = "pegasus1.5",
        defaults: BatchDefaults | None = None,
    ) -> AsyncNewBatch:
        """Have assets analyzed, all of them or, when one request is refused, none."""
        body = given(
            model_name=model_name,
            analysis_mode=analysis_mode,
            defaults=cast("Json", defaults),
            requests=[cast("Json", each) for each in requests],
        )
        call = Call("POST", "/analyze/batches", json=body)
        made = await self._session.fetch(call, BatchMade)
        return AsyncNewBatch(self._session, made.batch_id, made)

    async def retrieve(self, batch_id: str) -> Batch:
        """The batch as it is now."""
        return await self._session.fetch(Call("GET", path("/analyze/batches/{}", batch_id)), Batch)

    async def wait(
        self,
        batch_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[Batch], None] | None = None,
    ) -> Batch:
        """The batch once all its analyses have ended, well or not; `TaskFailed` when it was
        canceled or has expired. It ends as `client.tasks.wait` does.
        """
        batch = AsyncNewBatch(self._session, batch_id)
        return await batch.wait(patience=patience, on_status=on_status)

    def results(self, batch_id: str) -> AsyncStream[BatchResult]:
        """One result for each analysis, as they come in; those still running have no `data`.

        They can be read at any time, and for thirty days.
        """
        return AsyncStream(
            self._session,
            Call("GET", path("/analyze/batches/{}/results", batch_id)),
            read=_result,
        )

    async def cancel(self, batch_id: str) -> Batch:
        """Begin no more analyses; those under way are brought to their end."""
        call = Call("POST", path("/analyze/batches/{}/cancel", batch_id))
        return await self._session.fetch(call, Batch)

    async def delete(self, batch_id: str) -> None:
        """Delete a batch that has ended, with its analyses."""
        await self._session.settle(Call("DELETE", path("/analyze/batches/{}", batch_id)))


def _result(line: Mapping[str, Json]) -> BatchResult:
    return BatchResult.read(line, "line")
