"""How Imentiv refuses: `detail`, a list where a value cannot be read, else a sentence.

The list, the wording of the 401 and the sentences of the conversations are documented; which
status a broken rule has is documented for highlights and matching, and assumed elsewhere.
"""

import operator
from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.pointer import split
from understudy.contracts.violation import Violation
from understudy.mocks.answer import Answer
from understudy.mocks.refusal import Reason, Refusal

STATUS: Mapping[Reason, int] = {
    Reason.NO_ROUTE: 404,
    Reason.NO_METHOD: 405,
    Reason.NO_KEY: 401,
    Reason.WRONG_KEY: 401,
    Reason.INVALID: 422,
    Reason.MEDIA_TYPE: 415,
    Reason.TOO_LARGE: 413,
    Reason.UNKNOWN: 404,
    Reason.MALFORMED: 404,
    Reason.CONFLICT: 409,
    Reason.RULE: 422,
    Reason.FULL: 429,
}
SENTENCES: Mapping[Reason, str] = {
    Reason.NO_ROUTE: "Not Found",
    Reason.NO_METHOD: "Method Not Allowed",
    Reason.NO_KEY: "Invalid User or Not Authorized",
    Reason.WRONG_KEY: "Invalid User or Not Authorized",
}
"""What the service says in the same words each time."""

KINDS = (
    ("property '", "missing"),
    ("the required ", "missing"),
    ("a body of ", "missing"),
    ("an integer", "int_parsing"),
    ("a number", "float_parsing"),
    ("true or false", "bool_parsing"),
    ("one of ", "literal_error"),
    ("an array", "list_type"),
    ("an object", "model_attributes_type"),
    ("JSON", "json_invalid"),
)
"""How an expectation begins, and the type that the list gives it."""

BOUNDS = (
    (" at least ", "greater_than_equal", operator.ge),
    (" greater than ", "greater_than", operator.gt),
    (" at most ", "less_than_equal", operator.le),
)
"""How an expectation tells of a bound, the type of a number beyond it, and what it should be."""


class Errors:
    """The envelope of Imentiv."""

    __slots__ = ()

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """The refusal as Imentiv words it; conversations never answer with a list."""
        status = refusal.status or STATUS[refusal.reason]
        unread = refusal.reason in (Reason.INVALID, Reason.MEDIA_TYPE) and refusal.violations
        detail: Json = SENTENCES.get(refusal.reason, refusal.message)
        if unread:
            status = refusal.status or 422
            if operation is None or "ai-insights" not in operation.template:
                detail = [_item(violation) for violation in refusal.violations]
        return Answer(status, {"detail": detail}, headers=refusal.headers)


def refuse(status: int, message: str) -> Refusal:
    """A refusal with a status of its own and one sentence of detail."""
    return Refusal(Reason.RULE, message, status=status)


def _item(violation: Violation) -> Json:
    """One value that cannot be read: where it stands, what was expected, and of which type."""
    place: list[Json] = ["body" if violation.where == "content type" else violation.where]
    place += [int(token) if token.isdecimal() else token for token in split(violation.pointer)]
    kind = _kind(violation)
    if kind == "missing":
        if violation.expected.startswith("property '"):
            place.append(violation.expected.split("'")[1])
        return {"loc": place, "msg": "Field required", "type": kind}
    return {"loc": place, "msg": f"Input should be {violation.expected}", "type": kind}


def _kind(violation: Violation) -> str:
    expected, value = violation.expected, violation.value
    if expected.startswith("a string") and isinstance(value, str):
        if "matching" in expected:
            return "string_pattern_mismatch"
        return "string_too_long" if value else "string_too_short"
    if isinstance(value, int | float) and not isinstance(value, bool):
        for words, kind, holds in BOUNDS:
            bound = expected.partition(words)[2].partition(" ")[0]
            if bound and not holds(value, float(bound)):
                return kind
    return next((kind for start, kind in KINDS if expected.startswith(start)), "value_error")
