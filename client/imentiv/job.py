"""Jobs about a video: highlights, the annotated video, reports. Each is read by its status."""

from dataclasses import dataclass, field

from understudy.client.download import Download
from understudy.client.imentiv.medium import STATUSES
from understudy.client.model import Model
from understudy.client.patience import Signs, Statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Model):
    """What the service says to a job that was asked for."""

    message: str
    status: str
    video_id: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HighlightVideo(Model):
    """How far highlights are, and where; both None before they were asked for."""

    highlight_status: str | None = None
    highlight_url: str | None = None
    message: str | None = None

    @property
    def status(self) -> str:
        """The status, "absent" before they were asked for."""
        return self.highlight_status or "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedVideo(Model):
    """How far the annotated video is, or a link to it that lives for some minutes."""

    video_id: str
    message: str | None = None
    download_url: str | None = None
    filename: str | None = None
    expires_in_minutes: int | None = None
    expires_at: str | None = None
    note: str | None = None

    @property
    def status(self) -> str:
        """The vendor's own word, and `completed` where there is a link instead."""
        said = self.raw.get("status")
        return said if isinstance(said, str) else "completed" if self.download_url else "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfReport(Model):
    """How far a report is, and in the end where."""

    media_id: str
    status: str
    media_type: str | None = None
    report_url: str | None = None
    filename: str | None = None
    created_at: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class CsvReport:
    """How far the tables of a video are, and in the end the zip file that holds them."""

    status: str
    message: str | None = None
    file: Download = field(default_factory=lambda: Download(""), repr=False)


HIGHLIGHTS: Signs[HighlightVideo] = Signs(
    STATUSES, status=lambda job: job.status, reason=lambda job: job.message
)
PDF: Signs[PdfReport] = Signs(
    STATUSES, status=lambda job: job.status, reason=lambda job: job.message
)
CSV: Signs[CsvReport] = Signs(
    STATUSES, status=lambda job: job.status, reason=lambda job: job.message
)
ANNOTATION: Signs[AnnotatedVideo] = Signs(
    Statuses(
        running=frozenset({"pending", "in progress"}),
        succeeded=frozenset({"completed"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda job: job.status,
    reason=lambda job: job.message,
)
