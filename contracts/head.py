"""The head of a request: what its line and headers say, kept while bodies come and go."""

from collections.abc import Callable, Iterable, Mapping

from understudy.contracts.exchange import Request
from understudy.contracts.operation import Operation, Reading
from understudy.contracts.payload import Payload
from understudy.contracts.violation import Violation


class CompiledHead:
    """A head that the compiled engine has read; a `Head`.

    `opening` is the reading of the request without its body, which `payload` takes.
    """

    __slots__ = ("_accepted", "_opening", "_payload", "credentials", "operation")

    def __init__(self, opening: Reading, payload: Payload | None) -> None:
        self.operation: Operation = opening.operation
        self.credentials: Mapping[str, str] = opening.credentials
        self._opening = opening
        self._payload = payload
        self._accepted = not objections(opening)

    def read(self, request: Request) -> Reading:
        """The whole request, which has this line and these headers."""
        if self._payload is None:
            return self._opening
        return self._whole(self._payload, request, list(self._opening.violations))

    def accepted(self, request: Request) -> Reading | None:
        """The same where nothing is wrong but perhaps a missing credential, else None."""
        if not self._accepted or self._payload is None:
            return self._opening if self._accepted else None
        try:
            return self._whole(self._payload, request, _Faultless(self._opening.violations))
        except _Objected:
            return None

    def _whole(self, payload: Payload, request: Request, found: list[Violation]) -> Reading:
        opening = self._opening
        body, files, media_type = payload.read(request, self.operation, found)
        return Reading(
            self.operation, opening.path, opening.query, opening.header, opening.cookie,
            body, files, media_type, opening.credentials, tuple(found),
        )  # fmt: skip


class WholeHead:
    """A head of an engine that reads requests in one go; a `Head`."""

    __slots__ = ("_read", "credentials", "operation")

    def __init__(self, opening: Reading, read: Callable[[Request], Reading]) -> None:
        self.operation: Operation = opening.operation
        self.credentials: Mapping[str, str] = opening.credentials
        self._read = read

    def read(self, request: Request) -> Reading:
        """The whole request, which has this line and these headers."""
        return self._read(request)

    def accepted(self, request: Request) -> Reading | None:
        """The same where nothing is wrong but perhaps a missing credential, else None."""
        reading = self._read(request)
        return None if objections(reading) else reading


def objections(reading: Reading) -> list[Violation]:
    """What is wrong with a request, a missing credential aside, which no document makes good."""
    return [violation for violation in reading.violations if violation.where != "security"]


class _Objected(Exception):
    """Something is wrong with the body; nobody asks what."""


class _Faultless(list[Violation]):
    """Violations to which none may be added."""

    def append(self, violation: Violation, /) -> None:
        raise _Objected

    def extend(self, violations: Iterable[Violation], /) -> None:
        raise _Objected
