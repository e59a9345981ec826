"""Whether a receiver of webhooks can bear what webhooks do: come twice, come late."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from understudy.mocks.delivery import Answered, Parcel
from understudy.mocks.errors import FakeError
from understudy.mocks.outlet import Receiver

S = TypeVar("S")
Flaw = Literal["duplicate", "late duplicate", "disagrees"]


class NotIdempotent(FakeError, AssertionError):
    """A receiver came to another state by a delivery that it had before, or by a wrong one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw of a receiver, at one delivery: what it should have been, and what it was."""

    flaw: Flaw
    delivery: str
    event: str
    expected: str
    found: str

    def __str__(self) -> str:
        what = {
            "duplicate": "the same delivery, sent twice in a row, changed the state again",
            "late duplicate": "an old delivery, sent once more at the end, changed the state",
            "disagrees": "polling says something else at the same instant",
        }[self.flaw]
        return f"{self.event} {self.delivery}: {what}: {self.expected} became {self.found}"


class Checkup(Generic[S]):
    """A receiver that hands everything on twice and looks what that does to the state.

    `state` answers the state behind the receiver; it is copied, and compared by `==`. `polled`,
    if given, answers what polling shows for a delivery at that instant, and `seen` what the
    receiver believes; None from `polled` means that there is nothing to compare.
    """

    def __init__(
        self,
        receiver: Receiver,
        state: Callable[[], S],
        polled: Callable[[Parcel], object] | None = None,
        seen: Callable[[Parcel], object] | None = None,
    ) -> None:
        self.findings: list[Finding] = []
        self.received: list[Parcel] = []
        self._receiver = receiver
        self._state = state
        self._polled = polled
        self._seen = seen

    def __call__(self, parcel: Parcel) -> Answered:
        """Take a parcel, and take it again if it was taken well; the first answer counts."""
        answered = self._receiver(parcel)
        if not answered.good:
            return answered
        self.received.append(parcel)
        self._compare(parcel)
        self._again(parcel, "duplicate")
        return answered

    def late_duplicates(self) -> None:
        """Send everything once more, oldest first: a receiver in order keeps its state."""
        for parcel in tuple(self.received):
            self._again(parcel, "late duplicate")

    def ensure_clean(self) -> None:
        """NotIdempotent, with all that was found, or with that nothing ever came."""
        if not self.received:
            raise NotIdempotent("No delivery was taken by the receiver, so nothing was checked.")
        if self.findings:
            raise NotIdempotent("\n".join(str(finding) for finding in self.findings))

    def _again(self, parcel: Parcel, flaw: Flaw) -> None:
        before = deepcopy(self._state())
        self._receiver(parcel)
        after = self._state()
        if before != after:
            self._found(flaw, parcel, before, after)

    def _compare(self, parcel: Parcel) -> None:
        if self._polled is None or self._seen is None:
            return
        polled, seen = self._polled(parcel), self._seen(parcel)
        if polled is not None and polled != seen:
            self._found("disagrees", parcel, polled, seen)

    def _found(self, flaw: Flaw, parcel: Parcel, expected: object, found: object) -> None:
        event = dict(parcel.headers).get("X-Understudy-Event", "")
        self.findings.append(Finding(flaw, parcel.delivery, event, _short(expected), _short(found)))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:197]}..."
