"""When a failed attempt is repeated, and after how long."""

from collections.abc import Callable
from dataclasses import dataclass

from understudy.client.errors import ApiError, ClientError, ConnectionFailed

# Refused before anything was done: these may be repeated whatever the request was.
_UNTOUCHED = frozenset({429, 503})
# Nobody knows whether it was done: only what may happen twice is repeated.
UNCERTAIN = frozenset({408, 500, 502, 504})


@dataclass(frozen=True, slots=True)
class Retry:
    """At most `attempts` tries, with pauses that double from `base` up to `cap` seconds.

    A pause that the service asks for (`Retry-After`, `X-Ratelimit-Reset`) takes the place of our
    own; one over `longest` seconds is not waited for: the error is raised at once, and its
    `retry_after` says when to come back. `Retry(attempts=1)` never repeats.
    """

    attempts: int = 4
    base: float = 0.5
    cap: float = 8.0
    longest: float = 60.0

    def wants(self, error: ClientError, *, repeatable: bool) -> bool:
        """Whether another attempt makes sense; `repeatable`: the request may be done twice."""
        if isinstance(error, ConnectionFailed):
            return repeatable or not error.arrived
        if not isinstance(error, ApiError):
            return False
        if error.retry_after is not None and error.retry_after > self.longest:
            return False
        return error.status in _UNTOUCHED or (repeatable and error.status in UNCERTAIN)

    def pause(self, failures: int, error: ClientError, random: Callable[[], float]) -> float:
        """Seconds until the next attempt, after so many `failures`; `random` is in [0, 1).

        Between half and all of the doubled pause; never less than what the service asks for.
        """
        own = min(self.cap, self.base * 2.0 ** min(failures - 1, 60))
        asked = error.retry_after if isinstance(error, ApiError) else None
        if asked is not None:
            return asked + min(own, self.base) * random()
        return own * (0.5 + 0.5 * random())
