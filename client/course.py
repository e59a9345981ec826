"""One call's way through its attempts: what is left of its time, and what comes next."""

from collections.abc import Callable

from understudy.client.call import Call
from understudy.client.errors import ApiError, ClientError, ConnectionFailed, DeadlineExceeded
from understudy.client.options import Options
from understudy.client.retry import UNCERTAIN


class Course:
    """Counts attempts and time for one call; does no I/O and reads no clock of its own."""

    def __init__(
        self,
        call: Call,
        options: Options,
        *,
        monotonic: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self.call = call
        self._options = options
        self._monotonic = monotonic
        self._random = random
        self._failures = 0
        self._doubtful = False
        self._end = None if options.deadline is None else monotonic() + options.deadline

    @property
    def doubtful(self) -> bool:
        """Whether an earlier attempt may have been acted on, although it failed."""
        return self._doubtful

    def timeout(self) -> float:
        """How long the network may take next; never past the deadline."""
        if self._end is None:
            return self._options.timeout
        return max(0.001, min(self._options.timeout, self._end - self._monotonic()))

    def check(self) -> None:
        """Raises when the call is cancelled or its time is over."""
        if self._options.cancellation is not None:
            self._options.cancellation.check()
        if self._end is not None and self._monotonic() >= self._end:
            raise self._late()

    def pause_after(self, error: ClientError) -> float:
        """Seconds until the next attempt; raises `error` itself when there shall be none."""
        self._failures += 1
        retry, call = self._options.retry, self.call
        self._doubtful |= _doubtful(error)
        body_again = call.form is None or call.form.repeatable
        if not body_again or not retry.wants(error, repeatable=call.repeatable):
            raise error
        if self._failures >= retry.attempts:
            if self._failures > 1:
                error.add_note(f"Given up after {self._failures} attempts.")
            raise error
        pause = retry.pause(self._failures, error, self._random)
        if self._end is not None and self._monotonic() + pause >= self._end:
            raise self._late() from error
        return pause

    def _late(self) -> DeadlineExceeded:
        return DeadlineExceeded(
            f"{self.call} was not done within {self._options.deadline} seconds "
            f"({self._failures} failed attempts)."
        )


def _doubtful(error: ClientError) -> bool:
    if isinstance(error, ConnectionFailed):
        return error.arrived
    return isinstance(error, ApiError) and error.status in UNCERTAIN
