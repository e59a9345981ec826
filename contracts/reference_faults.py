"""What openapi-core found wrong, as violations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from openapi_core.casting.schemas.exceptions import CastError
from openapi_core.deserializing.media_types.exceptions import MediaTypeDeserializeError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.validation.request.exceptions import (
    MissingRequiredParameter,
    MissingRequiredRequestBody,
    ParameterValidationError,
    RequestBodyValidationError,
    SecurityValidationError,
)
from openapi_core.validation.response.exceptions import (
    DataValidationError,
    HeaderValidationError,
    MissingData,
)

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.pointer import join
from understudy.contracts.reference_call import plain
from understudy.contracts.violation import Violation, Where

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Site:
    """The operation that is being checked; makes violations that name it."""

    operation: Operation
    document: Document

    def violation(
        self, where: Where, pointer: str, value: Json, expected: str, *rule: str
    ) -> Violation:
        """A violation whose source is the line of `rule`, tokens below the operation."""
        return Violation(
            provider=self.operation.provider,
            operation=self.operation.id,
            where=where,
            pointer=pointer,
            value=value,
            expected=expected,
            source=self.document.source(join(self.operation.pointer, *rule)),
        )

    def unreadable(self, where: Where, body: bytes, failure: Exception) -> Violation:
        """The violation of a body that could not even be taken apart."""
        rule = "requestBody" if where == "body" else "responses"
        expected = f"a body that can be read ({failure or type(failure).__name__})"
        return self.violation(where, "", plain(body[:_SHOWN]), expected, rule)


def request_faults(
    site: Site, error: Exception, body: bytes, sent_type: str
) -> Iterator[Violation]:
    """The violations behind one error about a request."""
    match error:
        case SecurityValidationError():
            yield site.violation("security", "", None, "a credential", "security")
        case MissingRequiredParameter(name=name, location=location):
            yield site.violation(
                cast(Where, location), f"/{name}", None, "the required parameter", "parameters"
            )
        case ParameterValidationError(name=name, location=location):
            where = cast(Where, location)
            yield from _caused(site, error, where, f"/{name}", None, "parameters")
        case MissingRequiredRequestBody():
            yield site.violation("body", "", None, "a body", "requestBody")
        case RequestBodyValidationError(__cause__=MediaTypeNotFound() as cause):
            expected = " or ".join(map(str, cause.availableMimetypes))
            yield site.violation("content type", "", sent_type, expected, "requestBody", "content")
        case _:
            yield from _caused(site, error, "body", "", plain(body[:_SHOWN]), "requestBody")


def response_faults(
    site: Site, error: Exception, status: int, body: bytes, sent_type: str
) -> Iterator[Violation]:
    """The violations behind one error about a response."""
    declared = site.operation.declared_status(status) or ""
    match error:
        case ResponseNotFound():
            expected = " or ".join(site.operation.statuses)
            yield site.violation("status", "", status, expected, "responses")
        case HeaderValidationError():
            name = str(getattr(error, "name", ""))
            rule = ("responses", declared, "headers")
            yield from _caused(site, error, "response header", f"/{name}", None, *rule)
        case MissingData() | DataValidationError(__cause__=MissingData()):
            yield site.violation("response body", "", None, "a body", "responses", declared)
        case DataValidationError(__cause__=MediaTypeNotFound() as cause):
            expected = " or ".join(map(str, cause.availableMimetypes))
            rule = ("responses", declared, "content")
            yield site.violation("content type", "", sent_type, expected, *rule)
        case _:
            shown = plain(body[:_SHOWN])
            yield from _caused(site, error, "response body", "", shown, "responses", declared)


def _caused(
    site: Site, error: Exception, where: Where, pointer: str, value: Json, *rule: str
) -> Iterator[Violation]:
    """One violation per schema error; else one that says what the error says."""
    cause = error.__cause__
    found: tuple[Any, ...] = tuple(getattr(cause, "schema_errors", None) or ())
    for fault in found:
        place = join(pointer, *(token for token in fault.absolute_path))
        yield site.violation(where, place, plain(fault.instance), _expected(fault), *rule)
    if found:
        return
    if isinstance(cause, CastError):
        value, expected = plain(cause.value), f"{cause.type or 'a value'}"
    elif isinstance(cause, MediaTypeDeserializeError):
        # Its own text fails on bytes that are no UTF-8.
        expected = f"a body that can be read as {cause.mimetype}"
    else:
        expected = f"what the contract allows ({cause or error})"
    yield site.violation(where, pointer, value, expected, *rule)


def _expected(fault: object) -> str:
    keyword, wanted = getattr(fault, "validator", ""), plain(getattr(fault, "validator_value", ""))
    text = str(wanted)
    return f"{keyword} {text if len(text) <= _SHOWN else text[:_SHOWN] + '...'}"
