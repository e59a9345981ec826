"""A file on its way in parts: several at a time, each tried again, none sent twice in vain."""

from collections.abc import Sequence
from dataclasses import replace

from understudy.client.aio.session import AsyncSession
from understudy.client.crew import AsyncCrew, Outcome
from understudy.client.errors import (
    ApiError,
    BadReply,
    ClientError,
    ConnectionFailed,
    TaskFailed,
    UnknownStatus,
    UsageError,
)
from understudy.client.file import File
from understudy.client.piece import Piece
from understudy.client.retry import Retry
from understudy.client.twelvelabs.aio.uploads import AsyncUploads
from understudy.client.twelvelabs.upload import (
    CompletedPart,
    PartsReport,
    Tally,
    UploadSession,
    UploadStatus,
)

_MOST = 50
_ROUNDS = 3


class AsyncSending:
    """One upload; `crew` says how many of its parts are under way at the same time."""

    def __init__(
        self,
        session: AsyncSession,
        upload: UploadSession,
        file: File,
        crew: AsyncCrew,
        tally: Tally,
    ) -> None:
        options = session.options
        self._session = session
        self._uploads = AsyncUploads(session)
        self._once = AsyncUploads(session.with_options(replace(options, retry=Retry(attempts=1))))
        self._upload = upload
        self._file = file
        self._total = file.length or 0
        self._crew = crew
        self._tally = tally
        self._addresses = {each.chunk_index: each.url for each in upload.upload_urls}
        self._asset_id = upload.asset_id

    async def run(self, kept: Sequence[int] = ()) -> str:
        """Send all parts but those that the service has; the id of the asset."""
        self._keep(kept)
        have = set(kept)
        try:
            for _ in range(_ROUNDS):
                missing = [at for at in range(1, self._upload.total_chunks + 1) if at not in have]
                if await self._complete(missing):
                    return self._made()
                status, have = await look(self._uploads, self._upload.upload_id)
                if status.status == "completed" or len(have) >= self._upload.total_chunks:
                    return self._made()
            raise BadReply(
                f"Upload {self._upload.upload_id} lacks parts that were sent {_ROUNDS} times."
            )
        except ClientError as error:
            error.add_note(
                f"Go on with client.assets.upload(..., resume={self._upload.upload_id!r})."
            )
            raise

    async def _complete(self, missing: Sequence[int]) -> bool:
        """Send these parts; whether the service has all now."""
        size = min(_MOST, 4 * self._crew.workers)
        report = PartsReport()
        for at in range(0, len(missing), size):
            batch = missing[at : at + size]
            await self._address(batch)
            outcome = await self._crew.each(batch, self._send)
            report = await self._report(outcome)
        return report.url is not None or report.total_completed >= self._upload.total_chunks

    async def _report(self, outcome: Outcome[CompletedPart]) -> PartsReport:
        """What was sent is reported, also when something else went wrong."""
        report = PartsReport()
        if outcome.done:
            try:
                report = await self._uploads.report(self._upload.upload_id, outcome.done)
            except ClientError:
                if outcome.error is None:
                    raise
            else:
                self._asset_id = report.asset_id or self._asset_id
                self._keep([part.number for part in outcome.done])
        if outcome.error is not None:
            raise outcome.error
        return report

    async def _send(self, number: int) -> CompletedPart:
        """Put one part. An address is good for one attempt, so each has an address of its own."""
        retry, failures = self._session.options.retry, 0
        length = self._upload.length(number, self._total)
        while True:
            if number not in self._addresses:
                await self._address([number])
            piece = Piece(
                self._file,
                (number - 1) * self._upload.chunk_size,
                length,
                lambda size: self._tally.sent(number, size),
            )
            try:
                address = self._addresses.pop(number)
                etag = await self._once.put(address, piece, self._upload)
                return CompletedPart(number, etag, length)
            except (ApiError, ConnectionFailed) as error:
                failures += 1
                asked = error.retry_after if isinstance(error, ApiError) else None
                if failures >= retry.attempts or (asked or 0.0) > retry.longest:
                    error.add_note(f"Part {number} was given up after {failures} attempts.")
                    raise
                pause = retry.pause(failures, error, self._session.timing.random)
            self._tally.sent(number, 0)
            await self._session.pause(pause)

    async def _address(self, numbers: Sequence[int]) -> None:
        """See that there is an address for each of these parts."""
        while wanted := [number for number in numbers if number not in self._addresses]:
            first = wanted[0]
            count = min(_MOST, wanted[-1] - first + 1)
            found = await self._uploads.addresses(self._upload.upload_id, first, count)
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


async def look(uploads: AsyncUploads, upload_id: str) -> tuple[UploadStatus, set[int]]:
    """The session as it is now, and the parts that the service has; raises if it is over."""
    pages = [page async for page in uploads.parts(upload_id, page_limit=_MOST).pages()]
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


async def resumed(
    uploads: AsyncUploads, resume: str | UploadSession, total: int
) -> tuple[UploadSession, set[int]]:
    """The upload to go on with, and the parts that the service has.

    From an id alone the size of the parts is found in the list of incomplete uploads.
    """
    upload_id = resume if isinstance(resume, str) else resume.upload_id
    status, have = await look(uploads, upload_id)
    if status.total_size is not None and status.total_size != total:
        raise UsageError(
            f"Upload {upload_id} is of a file of {status.total_size} bytes; this one has {total}."
        )
    if isinstance(resume, UploadSession):
        # Its addresses may have been used; fresh ones are had for the asking.
        return replace(resume, upload_urls=()), have
    async for each in uploads.list(page_limit=_MOST):
        if each.upload_id == upload_id:
            known = UploadSession(
                upload_id=upload_id, chunk_size=each.chunk_size, total_chunks=each.total_chunks
            )
            return known, have
    raise UsageError(
        f"Upload {upload_id} is {status.status} and not in the list of incomplete uploads, which "
        "says how large its parts are; if it is complete, look for it with client.assets.list()."
    )
