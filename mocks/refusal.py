"""Why a request was turned down, before a provider's envelope gives it a shape."""

from enum import StrEnum

from understudy.contracts.violation import Violation
from understudy.errors import UnderstudyError


class Reason(StrEnum):
    """What every provider can refuse; each envelope maps these to its own status and code."""

    NO_ROUTE = "no route"
    NO_METHOD = "no method"
    NO_KEY = "no key"
    WRONG_KEY = "wrong key"
    INVALID = "invalid"
    MEDIA_TYPE = "media type"
    TOO_LARGE = "too large"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"
    CONFLICT = "conflict"
    RULE = "rule"
    FULL = "full"


class Refusal(UnderstudyError):
    """Raised by a behaviour to turn the request down; nothing may have changed by then.

    `status` and `code` override what the provider's envelope would choose for `reason`.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        violations: tuple[Violation, ...] = (),
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.status = status
        self.code = code
        self.headers = headers
        self.violations = violations
