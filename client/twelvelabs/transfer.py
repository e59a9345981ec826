"""Imports: whole buckets brought in from cloud storage."""

from dataclasses import dataclass
from datetime import datetime

from understudy.client.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFile(Model):
    """A file that could not be imported, and why."""

    filename: str
    error_message: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile(Model):
    """A file on its way; its video's id is its task's too."""

    video_id: str
    filename: str
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Model):
    """What a new import brings in, and what it could not."""

    videos: tuple[ImportedFile, ...] = ()
    failed_files: tuple[FailedFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStatus(Model):
    """The files of an integration in one index, by status."""

    not_imported: tuple[str, ...] = ()
    validating: tuple[ImportedFile, ...] = ()
    pending: tuple[ImportedFile, ...] = ()
    queued: tuple[ImportedFile, ...] = ()
    indexing: tuple[ImportedFile, ...] = ()
    ready: tuple[ImportedFile, ...] = ()
    failed: tuple[FailedFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts(Model):
    """How many files of an import are in which status."""

    ready: int = 0
    validating: int = 0
    queued: int = 0
    pending: int = 0
    indexing: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLog(Model):
    """One import; `ended_at` is None until its last file is done."""

    index_id: str
    index_name: str | None = None
    created_at: datetime
    ended_at: datetime | None = None
    video_status: ImportCounts
    failed_files: tuple[FailedFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLogs(Model):
    """The imports of an integration, oldest first."""

    data: tuple[ImportLog, ...]
