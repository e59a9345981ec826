"""Everything that can go wrong with a call.

ClientError
├── UsageError             the call cannot be made as asked: no key, no file, an empty id
├── ConnectionFailed       no whole answer came
│   └── TimedOut           ... within the time for one attempt
├── DeadlineExceeded       the time for the whole call, or for waiting, is over
├── Cancelled              somebody called `Cancellation.cancel`
├── BadReply               an answer came, and it is not what the service promises
│   └── StreamBroken       ... in the middle of a stream
├── ApiError               the service refused: status, code, message, request id
│   ├── BadRequest 400   Unauthorized 401   PaymentRequired 402   Forbidden 403   NotFound 404
│   ├── Conflict 409   Gone 410   TooLarge 413   Unprocessable 422   RateLimited 429
│   ├── NotReady 202       a file was asked for that is still being made
│   └── ServerFault 5xx
└── WaitFailed             waiting for a task has ended without a result
    ├── TaskFailed         the service says that the task failed
    └── UnknownStatus      the task is in a status that nobody has declared
"""

from collections.abc import Mapping

from understudy.client.json import Json
from understudy.errors import UnderstudyError


class ClientError(UnderstudyError):
    """A call failed; catch this to catch every failure of the client."""


class UsageError(ClientError):
    """The call cannot be made with these arguments; nothing was sent."""


class ConnectionFailed(ClientError):
    """No whole answer came; `arrived` says whether the service may have acted on the request."""

    def __init__(self, message: str, *, arrived: bool) -> None:
        super().__init__(message)
        self.arrived = arrived


class TimedOut(ConnectionFailed):
    """One attempt took longer than its time-out."""


class DeadlineExceeded(ClientError):
    """The time for the whole call is over, all attempts and pauses counted.

    `last` is what was known last: the task that was waited for, where there is one.
    """

    def __init__(self, message: str, *, last: object = None) -> None:
        super().__init__(message)
        self.last = last


class Cancelled(ClientError):
    """The caller gave the call up."""


class BadReply(ClientError):
    """An answer that is not what the service promises: no JSON, or JSON of another shape."""


class StreamBroken(BadReply):
    """A stream that ended early, said something unreadable, or reported an error itself."""


class ApiError(ClientError):
    """The service refused the request.

    `status` is that of the reply or, where a service refuses with a 200, what its `code` stands
    for. `code` is the service's own word for it (None when it gave none), `request_id` what its
    support asks for, `retry_after` the seconds that it wants to be left alone.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        request_id: str | None = None,
        docs_url: str | None = None,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        body: Json = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.docs_url = docs_url
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        self.body = body

    def __str__(self) -> str:
        name = f"{self.status} {self.code}" if self.code else str(self.status)
        request = f" (request {self.request_id})" if self.request_id else ""
        return f"{name}: {self.message}{request}"


class NotReady(ApiError):
    """202: the file that was asked for is still being made; ask again later."""


class BadRequest(ApiError):
    """400: a parameter is missing, wrong or unknown, or a rule of the service forbids it."""


class Unauthorized(ApiError):
    """401: the key is wrong or has expired."""


class PaymentRequired(ApiError):
    """402: the account's credits are used up."""


class Forbidden(ApiError):
    """403: the key is good, and this is not for it."""


class NotFound(ApiError):
    """404: there is no such resource in this account."""


class Conflict(ApiError):
    """409: a name is taken, or the resource's state forbids it."""


class Gone(ApiError):
    """410: what was named has expired, such as the token of a page."""


class TooLarge(ApiError):
    """413: the body is larger than the service takes."""


class Unprocessable(ApiError):
    """422: the request is well formed, and its values do not go together."""


class RateLimited(ApiError):
    """429: the limit of calls is used up; `retry_after` says for how long, when known."""


class ServerFault(ApiError):
    """5xx: the service failed."""


class WaitFailed(ClientError):
    """Waiting has ended without a result; `task` is the task as it was last seen."""

    def __init__(self, message: str, *, task: object, status: str) -> None:
        super().__init__(message)
        self.task = task
        self.status = status


class TaskFailed(WaitFailed):
    """The service says that the task failed; `reason` is its explanation, when it gave one."""

    def __init__(self, message: str, *, task: object, status: str, reason: str | None) -> None:
        super().__init__(message, task=task, status=status)
        self.reason = reason


class UnknownStatus(WaitFailed):
    """A status that is not declared: whether to go on waiting cannot be known."""


BY_STATUS: Mapping[int, type[ApiError]] = {
    202: NotReady,
    400: BadRequest,
    401: Unauthorized,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    413: TooLarge,
    422: Unprocessable,
    429: RateLimited,
}
"""The error of each status that has one of its own."""
