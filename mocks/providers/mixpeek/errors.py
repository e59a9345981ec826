"""How Mixpeek refuses: FastAPI's list under `detail` for fields, one envelope for all else.

The envelope is documented (SDK 0.14.0); that a missing key is 401 and a key that is no bearer
403, and the names of the types beside NotFoundError and BadRequestError, are assumed.
"""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.pointer import split
from understudy.contracts.violation import Violation
from understudy.mocks.answer import Answer
from understudy.mocks.refusal import Reason, Refusal

KINDS: Mapping[Reason, tuple[int, str]] = {
    Reason.NO_ROUTE: (404, "NotFoundError"),
    Reason.NO_METHOD: (405, "MethodNotAllowedError"),
    Reason.NO_KEY: (401, "UnauthorizedError"),
    Reason.WRONG_KEY: (401, "UnauthorizedError"),
    Reason.INVALID: (422, "ValidationError"),
    Reason.MEDIA_TYPE: (415, "UnsupportedMediaTypeError"),
    Reason.TOO_LARGE: (413, "RequestTooLargeError"),
    Reason.UNKNOWN: (404, "NotFoundError"),
    Reason.MALFORMED: (404, "NotFoundError"),
    Reason.CONFLICT: (400, "BadRequestError"),
    Reason.RULE: (400, "BadRequestError"),
    Reason.FULL: (429, "TooManyRequestsError"),
}
FORBIDDEN = (403, "ForbiddenError")
_MISSING = ("property '", "the required ")


class Errors:
    """The envelope of Mixpeek."""

    __slots__ = ()

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """The refusal as Mixpeek words it."""
        status, kind = _chosen(refusal)
        if status == 422:
            whole: Json = {"loc": ["body"], "msg": refusal.message, "type": "value_error"}
            detail: list[Json] = [_wrong(violation) for violation in refusal.violations] or [whole]
            return Answer(422, {"detail": detail}, headers=refusal.headers)
        details: Json = None
        if refusal.reason is Reason.FULL and operation is not None:
            details = {"rate_limit": refusal.message, "api_name": operation.id}
        error: dict[str, Json] = {"message": refusal.message, "type": kind, "details": details}
        content: Json = {"success": False, "status": status, "error": error}
        return Answer(status, content, headers=refusal.headers)


def rule(message: str) -> Refusal:
    """The refusal of a request that is well-formed and cannot be followed."""
    return Refusal(Reason.RULE, message)


def unknown(message: str) -> Refusal:
    """The refusal of a request that names something which does not exist."""
    return Refusal(Reason.UNKNOWN, message)


def _chosen(refusal: Refusal) -> tuple[int, str]:
    status, kind = KINDS[refusal.reason]
    if refusal.reason is Reason.NO_KEY and _has_value(refusal.violations):
        status, kind = FORBIDDEN
    return refusal.status or status, refusal.code or kind


def _has_value(violations: tuple[Violation, ...]) -> bool:
    return any(violation.value is not None for violation in violations)


def _wrong(violation: Violation) -> Json:
    """One entry of the list: the way to the field, what is wrong, and a word for it."""
    way: list[Json] = [violation.where, *map(_step, split(violation.pointer))]
    expected = violation.expected
    if expected.startswith(_MISSING):
        name = expected.partition("'")[2].partition("'")[0]
        if name and name != way[-1]:
            way.append(name)
        return {"loc": way, "msg": "Field required", "type": "missing"}
    shown = repr(violation.value)
    shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
    kind = "json_invalid" if expected.startswith("JSON") else "value_error"
    return {"loc": way, "msg": f"Input is {shown}, expected {expected}", "type": kind}


def _step(token: str) -> Json:
    return int(token) if token.isascii() and token.isdigit() else token
