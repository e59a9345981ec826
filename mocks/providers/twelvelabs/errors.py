"""How Twelve Labs refuses: `{code, message, docs_url}` with a status per code.

Most calls say it flatly; where an operation declares the nested form, code and message stand
below `error` (embed v2, analysis tasks and batches: document of July 2026, SDK 1.3.6), and where
it declares no body, none comes.

Codes and messages' subjects are documented (error-codes page); statuses other than 400, 401,
404 and 429 are assumed, see the facts' open questions under known differences.
"""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.violation import Violation
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.kind import mapping, text
from understudy.mocks.refusal import Reason, Refusal

DOCS = "https://docs.twelvelabs.io{}/api-reference/error-codes"

CODES: Mapping[Reason, tuple[int, str]] = {
    Reason.NO_ROUTE: (404, "endpoint_not_exists"),
    Reason.NO_METHOD: (405, "method_not_allowed"),
    Reason.NO_KEY: (401, "api_key_invalid"),
    Reason.WRONG_KEY: (401, "api_key_invalid"),
    Reason.INVALID: (400, "parameter_invalid"),
    Reason.MEDIA_TYPE: (415, "unsupported_media_type"),
    Reason.TOO_LARGE: (413, "request_too_large"),
    Reason.UNKNOWN: (404, "resource_not_exists"),
    Reason.MALFORMED: (400, "parameter_invalid"),
    Reason.CONFLICT: (409, "resource_conflict"),
    Reason.RULE: (400, "parameter_invalid"),
    Reason.FULL: (429, "too_many_requests"),
}


class Errors:
    """The envelope of Twelve Labs."""

    __slots__ = ("_forms",)

    def __init__(self) -> None:
        self._forms: dict[tuple[Operation, int], str] = {}

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """The refusal as Twelve Labs words it: the code of its own, else the reason's."""
        status, code = CODES[refusal.reason]
        if refusal.reason is Reason.INVALID and refusal.violations:
            code = _code(refusal.violations)
        if refusal.reason is Reason.CONFLICT and operation and "index" in operation.id:
            code = "index_name_already_exists"
        status, code = refusal.status or status, refusal.code or code
        if status == 404 and operation and operation.declared_status(404) is None:
            status = 400  # what a body names, where the document declares no 404
        form = self._form(operation, status) if operation else ""
        if form == "none":
            return nothing(status, refusal.headers)
        if form == "nested":
            nested: Json = {"error": {"code": code, "message": refusal.message}}
            return Answer(status, nested, headers=refusal.headers)
        content = {
            "code": code,
            "message": refusal.message,
            "docs_url": DOCS.format(operation.document.base_path if operation else "/v1.3"),
        }
        return Answer(status, content, headers=refusal.headers)

    def _form(self, operation: Operation, status: int) -> str:
        """As the document says, which is looked up once."""
        form = self._forms.get((operation, status))
        if form is None:
            form = self._forms[operation, status] = _form(operation, status)
        return form


def _form(operation: Operation, status: int) -> str:
    """How the operation's document writes that refusal: `nested`, `none`, or flat (empty)."""
    document = operation.document
    declared = mapping(mapping(document.at(operation.pointer)).get("responses")).get(str(status))
    if declared is None:
        return ""
    content = mapping(document.resolve(declared)[0]).get("content")
    if content is None:
        return "none"
    schema = mapping(mapping(mapping(content).get("application/json")).get("schema"))
    return "nested" if text(schema.get("$ref")).endswith("/NestedError") else ""


UNKNOWN_OPTION = "search_option_not_supported"
OWN: Mapping[tuple[str, str], str] = {
    ("any-to-video-search", "/search_options"): UNKNOWN_OPTION,
    ("search-by-text", "/search_options"): UNKNOWN_OPTION,
    ("search-by-combined-queries", "/search_options"): UNKNOWN_OPTION,
    ("classify-videos", "/options"): UNKNOWN_OPTION,
    ("classify-index", "/options"): UNKNOWN_OPTION,
}
"""Operation and field whose wrong values have a code of their own (observed in live tests)."""


def _code(violations: tuple[Violation, ...]) -> str:
    """Which of the three parameter codes says best what is wrong, or the field's own code."""
    first = violations[0]
    for (operation, field), code in OWN.items():
        if first.operation == operation and first.pointer.startswith(f"{field}/"):
            return code
    expected = first.expected
    if expected.startswith(("property '", "the required ")):
        return "parameter_not_provided"
    if expected.startswith(("a declared query parameter", "no property ")):
        return "parameter_unknown"
    return "parameter_invalid"


def refuse(code: str, message: str, *, status: int = 400) -> Refusal:
    """A refusal with one of Twelve Labs' own codes."""
    return Refusal(Reason.RULE, message, status=status, code=code)
