"""How calls are made: time-outs, deadlines, retries, and giving up from outside."""

import threading
from dataclasses import dataclass, field

from understudy.client.errors import Cancelled, UsageError
from understudy.client.retry import Retry


class Cancellation:
    """A switch, thrown from any thread, that ends the calls which carry it.

    It is looked at between attempts, while pausing, and between the pieces of an upload, a
    reply or a stream; those calls then raise `Cancelled`.
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """End every call that carries this; there is no way back."""
        self._event.set()

    def check(self) -> None:
        """Raises `Cancelled` once `cancel` was called."""
        if self.cancelled:
            raise Cancelled("The call was cancelled by its caller.")


@dataclass(frozen=True, slots=True)
class Options:
    """`timeout` bounds each wait for the network, in seconds; `deadline` a whole call, attempts
    and pauses included (None: no bound beyond the others).
    """

    timeout: float = 60.0
    deadline: float | None = None
    retry: Retry = field(default_factory=Retry)
    cancellation: Cancellation | None = None

    def __post_init__(self) -> None:
        if self.timeout <= 0 or (self.deadline is not None and self.deadline <= 0):
            raise UsageError(
                f"timeout is {self.timeout!r} and deadline {self.deadline!r}; both are positive "
                "numbers of seconds, and a deadline may be None."
            )
        if self.retry.attempts < 1:
            raise UsageError(f"attempts is {self.retry.attempts!r}; 1 means no repeats.")
