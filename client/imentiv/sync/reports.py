# From client/imentiv/aio/reports.py, by `python -m tools.twins`: edit that file, not this.
"""`client.videos.reports`: tables in a zip file, and a report on paper."""

from collections.abc import Callable

from understudy.client.call import Call, path
from understudy.client.download import Download, Target
from understudy.client.errors import NotReady
from understudy.client.imentiv.job import CSV, PDF, CsvReport, PdfReport, Started
from understudy.client.patience import Patience
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work


class CsvReports:
    """Tables of voices and faces, one row for each segment and each face in each frame."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, video_id: str, *, callback_url: str | None = None) -> Work[CsvReport]:
        """Have the tables made, unless they are there already or on their way."""
        call = Call("POST", _tables(video_id), fields={"callback_url": callback_url}, again=True)
        self._session.fetch(call, Started)
        return self._work(video_id)

    def retrieve(self, video_id: str) -> CsvReport:
        """How far they are, and in the end the file; `NotFound` before they were asked for."""
        try:
            file = self._session.download(Call("GET", _tables(video_id)))
        except NotReady as early:
            return CsvReport(early.code or "processing", early.message)
        return CsvReport("completed", file=file)

    def wait(
        self,
        video_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[CsvReport], None] | None = None,
    ) -> CsvReport:
        """The tables once they are made; it ends as `client.videos.wait` does. A failure is the
        service's 409, a `Conflict`."""
        return self._work(video_id).wait(patience=patience, on_status=on_status)

    def download(self, video_id: str, to: Target | None = None) -> Download:
        """The zip file: in memory, or saved at `to`; `NotReady` while it is made."""
        return self._session.download(Call("GET", _tables(video_id)), to)

    def _work(self, video_id: str) -> Work[CsvReport]:
        return Work(
            self._session,
            video_id,
            CSV,
            lambda once: CsvReports(once).retrieve(video_id),
            noun="Tables of video",
        )


class PdfReports:
    """A report with charts. To look at it for the first time is to order it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, video_id: str, *, callback_url: str | None = None) -> Work[PdfReport]:
        """Have it made, unless it is there already or on its way."""
        self._look(video_id, callback_url)
        return self._work(video_id)

    def retrieve(self, video_id: str) -> PdfReport:
        """How far it is, and in the end where."""
        return self._look(video_id, None)

    def wait(
        self,
        video_id: str,
        *,
        patience: Patience | None = None,
        on_status: Callable[[PdfReport], None] | None = None,
    ) -> PdfReport:
        """The report once it is made; it ends as `client.videos.wait` does."""
        return self._work(video_id).wait(patience=patience, on_status=on_status)

    def download(self, video_id: str, to: Target | None = None) -> Download:
        """The file: in memory, or saved at `to`; `NotReady` before it is made.

        The key does not go where the report's address leads.
        """
        found = self.retrieve(video_id)
        if found.report_url is None:
            said = found.message or f"The report is {found.status}."
            raise NotReady(said, status=202, code=found.status, body=dict(found.raw))
        return self._session.download(Call("GET", found.report_url), to)

    def _look(self, video_id: str, callback_url: str | None) -> PdfReport:
        query = {"media_type": "video", "callback_url": callback_url}
        call = Call("GET", path("/v2/reports/pdf/{}", video_id), query)
        return self._session.fetch(call, PdfReport)

    def _work(self, video_id: str) -> Work[PdfReport]:
        return Work(
            self._session,
            video_id,
            PDF,
            lambda once: PdfReports(once).retrieve(video_id),
            noun="Report on video",
        )


class Reports:
    """What can be taken away of a video: `csv` and `pdf`."""

    def __init__(self, session: Session) -> None:
        self.csv = CsvReports(session)
        self.pdf = PdfReports(session)


def _tables(video_id: str) -> str:
    return path("/v1/videos/{}/report", video_id)
