# From client/twelvelabs/aio/batches.py, by `python -m tools.twins`: edit that file, not this.
"""`client.analyze_batches`: up to a thousand analyses at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from understudy.client.call import Call, Value, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.patience import Patience
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session
from understudy.client.sync.stream import Stream
from understudy.client.sync.work import Work
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
from understudy.client.twelvelabs.sync.paging import numbered


class NewBatch(Work[Batch]):
    """A batch that was taken, and the way to its results."""

    def __init__(self, session: Session, batch_id: str, made: BatchMade | None = None) -> None:
        super().__init__(
            session,
            batch_id,
            BATCH,
            lambda once: AnalyzeBatches(once).retrieve(batch_id),
            noun="Batch",
        )
        self.made = made

    def results(self) -> Stream[BatchResult]:
        """What there is so far; see `client.analyze_batches.results`."""
        return AnalyzeBatches(self._session).results(self.id)

    def cancel(self) -> Batch:
        """Begin nothing more; see `client.analyze_batches.cancel`."""
        return AnalyzeBatches(self._session).cancel(self.id)


class AnalyzeBatches:
    """Many analyses under one id, within a day."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        *,
        page: int = 1,
        page_limit: int | None = None,
        status: Sequence[BatchStatus] | None = None,
        analysis_mode: Sequence[AnalysisMode] | None = None,
    ) -> Pager[BatchPage, Batch]:
        """The batches that fit, newest first, from `page` on."""
        query: dict[str, Value] = {
            "page_limit": page_limit,
            "status": status,
            "analysis_mode": analysis_mode,
        }
        where = "/analyze/batches"
        return numbered(self._session, where, query, BatchPage, lambda found: found.data, page)

    def create(
        self,
        requests: Sequence[BatchRequest],
        *,
        analysis_mode: AnalysisMode = "general",
        model_name: str = "pegasus1.5",
        defaults: BatchDefaults | None = None,
    ) -> NewBatch:
        """Have assets analyzed, all of them or, when one request is refused, none."""
        body = given(
            model_name=model_name,
            analysis_mode=analysis_mode,
            defaults=cast("Json", defaults),
            requests=[cast("Json", each) for each in requests],
        )
        call = Call("POST", "/analyze/batches", json=body)
        made = self._session.fetch(call, BatchMade)
        return NewBatch(self._session, made.batch_id, made)

    def retrieve(self, batch_id: str) -> Batch:
        """The batch as it is now."""
        return self._session.fetch(Call("GET", path("/analyze/batches/{}", batch_id)), Batch)

    def wait(
        self,
        batch_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[Batch], None] | None = None,
    ) -> Batch:
        """The batch once all its analyses have ended, well or not; `TaskFailed` when it was
        canceled or has expired. It ends as `client.tasks.wait` does.
        """
        batch = NewBatch(self._session, batch_id)
        return batch.wait(patience=patience, on_status=on_status)

    def results(self, batch_id: str) -> Stream[BatchResult]:
        """One result for each analysis, as they come in; those still running have no `data`.

        They can be read at any time, and for thirty days.
        """
        return Stream(
            self._session,
            Call("GET", path("/analyze/batches/{}/results", batch_id)),
            read=_result,
        )

    def cancel(self, batch_id: str) -> Batch:
        """Begin no more analyses; those under way are brought to their end."""
        call = Call("POST", path("/analyze/batches/{}/cancel", batch_id))
        return self._session.fetch(call, Batch)

    def delete(self, batch_id: str) -> None:
        """Delete a batch that has ended, with its analyses."""
        self._session.settle(Call("DELETE", path("/analyze/batches/{}", batch_id)))


def _result(line: Mapping[str, Json]) -> BatchResult:
    return BatchResult.read(line, "line")
