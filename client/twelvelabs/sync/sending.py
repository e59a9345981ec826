# From client/twelvelabs/aio/sending.py, by `python -m tools.twins`: edit that file, not this.
"""A file on its way in parts: several at a time, each tried again, none sent twice in vain."""

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from understudy.client.crew import Crew
from understudy.client.errors import (
    ApiError,
    BadReply,
    ClientError,
    ConnectionFailed,
    TaskFailed,
    UnknownStatus,
    UsageError,
    WaitFailed,
)
from understudy.client.file import File
from understudy.client.piece import Piece
from understudy.client.retry import Retry
from understudy.client.sync.session import Session
from understudy.client.twelvelabs.sync.uploads import Uploads
from understudy.client.twelvelabs.upload import (
    CompletedPart,
    Tally,
    UploadSession,
    UploadStatus,
)

_MOST = 50
_REPORTED = 10
_ROUNDS = 3


class Sending:
    """One upload; `crew` says how many of its parts are under way at the same time."""

    def __init__(
        self,
        session: Session,
        upload: UploadSession,
        file: File,
        crew: Crew,
        tally: Tally,
    ) -> None:
        options = session.options
        self._session = session
        self._uploads = Uploads(session)
        self._once = Uploads(session.with_options(replace(options, retry=Retry(attempts=1))))
        self._uncancelled = Uploads(session.with_options(replace(options, cancellation=None)))
        self._upload = upload
        self._file = file
        self._total = file.length or 0
        self._crew = crew
        self._tally = tally
        self._addresses = {each.chunk_index: each.url for each in upload.upload_urls}
        self._arrived: deque[CompletedPart] = deque()
        self._asset_id = upload.asset_id
        self._complete = False

    def run(self, kept: Sequence[int] = ()) -> str:
        """Send all parts but those that the service has; the id of the asset."""
        self._keep(kept)
        have = set(kept)
        try:
            for _ in range(_ROUNDS):
                self._send([at for at in range(1, self._upload.total_chunks + 1) if at not in have])
                if self._complete:
                    return self._made()
                status, have = look(self._uploads, self._upload.upload_id)
                if status.status == "completed" or len(have) >= self._upload.total_chunks:
                    return self._made()
            raise BadReply(
                f"Upload {self._upload.upload_id} lacks parts that were sent {_ROUNDS} times."
            )
        except WaitFailed:  # The session is over.
            raise
        except ClientError as error:
            error.add_note(
                f"Go on with client.assets.upload(..., resume={self._upload.upload_id!r})."
            )
            raise

    def _send(self, missing: Sequence[int]) -> None:
        """Send these parts and report them; also those that went well before an error."""
        for at in range(0, len(missing), _MOST):
            batch = missing[at : at + _MOST]
            self._address(batch)
            error = self._crew.each(batch, self._part)
            if error is not None:
                with suppress(ClientError):
                    self._report(self._uncancelled)
                raise error
            self._report(self._uploads)

    def _part(self, number: int) -> None:
        part = self._put(number)
        self._arrived.append(part)
        self._keep([number])
        if len(self._arrived) >= _REPORTED:
            self._report(self._uploads)

    def _put(self, number: int) -> CompletedPart:
        """Put one part. An address is good for one attempt, so each has an address of its own."""
        retry, failures = self._session.options.retry, 0
        length = self._upload.length(number, self._total)

        def told(size: int) -> None:
            self._crew.check()
            self._tally.sent(number, size)

        piece = Piece(self._file, (number - 1) * self._upload.chunk_size, length, told)
        while True:
            if number not in self._addresses:
                self._address([number])
            try:
                etag = self._once.put(self._addresses.pop(number), piece, self._upload)
                return CompletedPart(number, etag, length)
            except (ApiError, ConnectionFailed) as error:
                failures += 1
                asked = error.retry_after if isinstance(error, ApiError) else None
                if failures >= retry.attempts or (asked or 0.0) > retry.longest:
                    error.add_note(f"Part {number} was given up after {failures} attempts.")
                    raise
                pause = retry.pause(failures, error, self._session.timing.random)
            self._tally.sent(number, 0)
            self._session.pause(pause)

    def _report(self, uploads: Uploads) -> None:
        """Report what has arrived since the last report, if anything has."""
        parts: list[CompletedPart] = []
        with suppress(IndexError):  # Another worker may empty it meanwhile.
            while True:
                parts.append(self._arrived.popleft())
        if not parts:
            return
        try:
            report = uploads.report(self._upload.upload_id, parts)
        except ClientError:
            self._arrived.extend(parts)
            raise
        self._asset_id = report.asset_id or self._asset_id
        whole = report.total_completed >= self._upload.total_chunks
        self._complete = self._complete or whole or report.url is not None

    def _address(self, numbers: Sequence[int]) -> None:
        """See that there is an address for each of these parts."""
        while wanted := [number for number in numbers if number not in self._addresses]:
            first = wanted[0]
            count = min(_MOST, wanted[-1] - first + 1)
            found = self._uploads.addresses(self._upload.upload_id, first, count)
            self._addresses |= {each.chunk_index: each.url for each in found}
            if first not in self._addresses:
                raise BadReply(
                    f"Upload {self._upload.upload_id}: no address came for part {first}."
                )

    def _keep(self, numbers: Sequence[int]) -> None:
        self._tally.kept({at: self._upload.length(at, self._total) for at in numbers})

    def _made(self) -> str:
        if self._asset_id is None:
            raise UsageError(
                f"Upload {self._upload.upload_id} is complete, and the service does not say which "
                "asset it made; look for it with client.assets.list()."
            )
        return self._asset_id


def look(uploads: Uploads, upload_id: str) -> tuple[UploadStatus, set[int]]:
    """The session as it is now, and the parts that the service has; raises if it is over."""
    pages = list(uploads.parts(upload_id, page_limit=_MOST).pages())
    parts = [part for page in pages for part in page.uploaded_chunks]
    status = pages[0]
    word = status.status
    if word in {"failed", "expired"}:
        reasons = [part.error for part in parts if part.error]
        message = f"Upload {upload_id} is {word}: {'; '.join(reasons) or 'begin a new one'}."
        raise TaskFailed(message, task=status, status=word, reason="; ".join(reasons) or None)
    if word not in {"active", "completed"}:
        message = f"Upload {upload_id} has the status {word!r}, which is not declared."
        raise UnknownStatus(message, task=status, status=word)
    return status, {part.index for part in parts if part.status == "completed"}


def resumed(
    uploads: Uploads, resume: str | UploadSession, total: int
) -> tuple[UploadSession, set[int]]:
    """The upload to go on with, and the parts that the service has.

    From an id alone the size of the parts is found in the list of incomplete uploads.
    """
    upload_id = resume if isinstance(resume, str) else resume.upload_id
    status, have = look(uploads, upload_id)
    if status.total_size is not None and status.total_size != total:
        raise UsageError(
            f"Upload {upload_id} is of a file of {status.total_size} bytes; this one has {total}."
        )
    if isinstance(resume, UploadSession):
        # Its addresses may have been used; fresh ones are had for the asking.
        return replace(resume, upload_urls=()), have
    for each in uploads.list(page_limit=_MOST):
        if each.upload_id == upload_id:
            known = UploadSession(
                upload_id=upload_id, chunk_size=each.chunk_size, total_chunks=each.total_chunks
            )
            return known, have
    raise UsageError(
        f"Upload {upload_id} is {status.status} and not in the list of incomplete uploads, which "
        "says how large its parts are; if it is complete, look for it with client.assets.list()."
    )
