"""How Memories.ai refuses: `{code, msg, data, success, failed}` at HTTP 200, the code says why.

Codes are documented; that the status stays 200 is from the vendor's later document. What HTTP
itself refuses (path, method, media type, size) has a status of its own in the same envelope:
assumed.
"""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.mocks.answer import Answer
from understudy.mocks.refusal import Reason, Refusal

WRONG = "0001"
UNFIT = "0003"

CODES: Mapping[Reason, str] = {
    Reason.NO_KEY: "0401",
    Reason.WRONG_KEY: "0401",
    Reason.CONFLICT: "0409",
    Reason.RULE: UNFIT,
    Reason.FULL: "0429",
}
"""The codes of reasons other than a wrong parameter."""

STATUSES: Mapping[Reason, int] = {
    Reason.NO_ROUTE: 404,
    Reason.NO_METHOD: 405,
    Reason.TOO_LARGE: 413,
    Reason.MEDIA_TYPE: 415,
}
"""What HTTP itself refuses."""

EXCEEDED = "Request has exceeded the limit."


class Errors:
    """The envelope of Memories.ai."""

    __slots__ = ()

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """The refusal as Memories.ai words it."""
        code = refusal.code or CODES.get(refusal.reason, WRONG)
        status = refusal.status or STATUSES.get(refusal.reason, 200)
        content: Json = {
            "code": code,
            "msg": _message(refusal),
            "data": None,
            "success": False,
            "failed": True,
        }
        return Answer(status, content, headers=refusal.headers)


def _message(refusal: Refusal) -> str:
    """Ours, except where the vendor's own words are known."""
    if refusal.reason is Reason.FULL:
        return EXCEEDED
    if refusal.reason in (Reason.NO_KEY, Reason.WRONG_KEY):
        return f"Authorization is invalid: {refusal.message}"
    return refusal.message


def wrong(message: str) -> Refusal:
    """The refusal of a parameter that the document cannot judge."""
    return Refusal(Reason.INVALID, message)


def success(content: Json) -> Answer:
    """The envelope of what went well."""
    return Answer(
        200, {"code": "0000", "msg": "success", "data": content, "success": True, "failed": False}
    )
