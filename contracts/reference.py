"""The reference engine: openapi-core behind the same protocol as the compiled engine.

It is here to disagree: a second, independent reading of a document, for tests and for
`check --engine openapi-core`. It is slow to import and slow to run, so nothing imports this
module before somebody asks for it. What it cannot do stands in `reference_gaps`.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from jsonschema_path import SchemaPath
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.validation.request.exceptions import (
    MissingRequestBody,
    ParametersError,
    RequestBodyValidationError,
    SecurityValidationError,
)
from openapi_core.validation.request.validators import V31RequestValidator
from openapi_core.validation.response.validators import V31ResponseValidator
from werkzeug.datastructures import Headers as WireHeaders

from understudy.contracts.document import Document
from understudy.contracts.exchange import Form, Headers, Part, Request, Response
from understudy.contracts.head import WholeHead
from understudy.contracts.json import Json
from understudy.contracts.operation import (
    Content,
    NoMethod,
    NoRoute,
    Operation,
    Reading,
    Route,
)
from understudy.contracts.places import METHODS
from understudy.contracts.reference_call import (
    Call,
    call_of,
    content_type_of,
    form_fields,
    path_values,
    plain,
    strict_json,
)
from understudy.contracts.reference_document import SERVER, adapted, bare, is_json
from understudy.contracts.reference_faults import Site, request_faults, response_faults
from understudy.contracts.reference_query import Query
from understudy.contracts.violation import Violation


@dataclass(frozen=True, slots=True)
class _Found:
    """An operation of the adapted copy, with the raw values of its path."""

    template: str
    values: Mapping[str, str]
    place: SchemaPath


class ReferenceChecker:
    """Holds exchanges against a document through openapi-core; a `Checker`."""

    def __init__(self, document: Document, operations: Iterable[Operation]) -> None:
        self._document = document
        self._operations = {(o.method.upper(), o.template): o for o in operations}
        self._queries = {key: Query.of(o) for key, o in self._operations.items()}
        self._slash = document.root.get("x-trailing-slash") is True
        asked, answered = adapted(document, "request"), adapted(document, "response")
        readers: dict[str, Callable[[bytes], Any]] = {"multipart/form-data": form_fields}
        for name in _json_types((asked, answered)):
            readers[name] = strict_json
        self._requests = V31RequestValidator(
            SchemaPath.from_dict(cast(Any, asked)), extra_media_type_deserializers=readers
        )
        self._responses = V31ResponseValidator(
            SchemaPath.from_dict(cast(Any, answered)), extra_media_type_deserializers=readers
        )

    def compile(self) -> None:
        """Nothing: openapi-core compiles what it meets."""

    def route(self, method: str, path: str) -> Route | NoRoute | NoMethod:
        """The operation for a method and a path relative to the document's base."""
        found = self._find(method, path)
        if not isinstance(found, _Found):
            return found
        names = re.findall(r"\{([^{}]+)\}", found.template)
        operation = self._operations[method.upper(), found.template]
        return Route(operation, tuple(found.values[name] for name in names))

    def head(self, request: Request) -> WholeHead | NoRoute | NoMethod:
        """Decodes and checks line and headers; never raises on what a caller sent."""
        found = self._find(request.method, request.path)
        if not isinstance(found, _Found):
            return found
        return WholeHead(self._read(found, request), lambda whole: self._read(found, whole))

    def read(self, request: Request) -> Reading | NoRoute | NoMethod:
        """Decodes and checks a request; never raises on what a caller sent."""
        found = self._find(request.method, request.path)
        return self._read(found, request) if isinstance(found, _Found) else found

    def _read(self, found: _Found, request: Request) -> Reading:
        key = request.method.upper(), found.template
        call = call_of(request, self._queries[key].spaced)
        call.parameters.path = path_values(found.values)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about deprecated parameters
            return self._reading(self._operations[key], call, found, request)

    def check_response(self, operation: Operation, response: Response) -> tuple[Violation, ...]:
        """Checks a reply as it was on the wire."""
        site = Site(operation, self._document)
        place = self._responses.spec / "paths" / operation.template / operation.method.lower()
        sent_type = content_type_of(response.headers)
        headers = WireHeaders(list(response.headers))
        status, body = response.status, response.body
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                errors = list(self._responses._iter_errors(status, body, headers, sent_type, place))
            except Exception as failure:  # noqa: BLE001  # errors of its parsers come through
                return (site.unreadable("response body", body, failure),)
        return tuple(
            violation
            for error in errors
            for violation in response_faults(site, error, status, body, sent_type)
        )

    def check_answer(
        self,
        operation: Operation,
        status: int,
        media_type: str,
        content: Content,
        headers: Headers,
    ) -> tuple[Violation, ...]:
        """Checks a reply whose body is still a Python value (None: no body)."""
        body = b""
        if isinstance(content, bytes):
            body = content
        elif isinstance(content, str) and not is_json(bare(media_type)):
            body = content.encode()
        elif content is not None or is_json(bare(media_type)):
            body = orjson.dumps(content)
        lines = [line for line in headers if line[0] != "content-type"]
        typed = [*lines, ("content-type", media_type)] if media_type else lines
        return self.check_response(operation, Response(status, Headers(typed), body))

    def _find(self, method: str, path: str) -> _Found | NoRoute | NoMethod:
        if self._slash and len(path) > 1:
            path = path.removesuffix("/")
        found = self._at(method, path)
        if found is not None:
            return found
        others = {m.upper(): other for m in METHODS if (other := self._at(m, path)) is not None}
        if not others:
            return NoRoute(path, ())
        return NoMethod(next(iter(others.values())).template, tuple(sorted(others)))

    def _at(self, method: str, path: str) -> _Found | None:
        try:
            found = self._requests.path_finder.find(method.lower(), f"{SERVER}{path}")
        except PathError:
            return None
        values = dict(found.path_result.variables)
        # openapi-core lets an empty segment pass for a value.
        if "" in values.values():
            return None
        return _Found(str(found.path_result.pattern), values, found.operation)

    def _reading(
        self, operation: Operation, call: Call, found: _Found, request: Request
    ) -> Reading:
        site = Site(operation, self._document)
        errors: list[Exception] = []
        credentials: Mapping[str, str] = {}
        item = self._requests.spec / "paths" / found.template
        try:
            credentials = self._requests._get_security(call.parameters, found.place) or {}
        except SecurityValidationError as error:
            errors.append(error)
        try:
            values = self._requests._get_parameters(call.parameters, found.place, item)
        except ParametersError as failed:
            values = failed.parameters
            errors += failed.errors
        sent = call.body or b""
        body, unread = self._body(site, call, found, errors)
        faults = [
            violation
            for error in errors
            for violation in request_faults(site, error, sent, call.content_type)
        ]
        query = self._queries[operation.method.upper(), operation.template]
        faults += query.unknown(site, parse_qsl(request.query, keep_blank_values=True))
        return Reading(
            operation=operation,
            path=_plain(values.path),
            query=_plain(values.query),
            header=_plain(values.header),
            cookie=_plain(values.cookie),
            body=body,
            files=_files(request),
            media_type=bare(call.content_type) or None,
            credentials={name: str(value) for name, value in credentials.items() if value},
            violations=(*faults, *unread),
        )

    def _body(
        self, site: Site, call: Call, found: _Found, errors: list[Exception]
    ) -> tuple[Json, tuple[Violation, ...]]:
        try:
            value = self._requests._get_body(call.body, call.content_type, found.place)
        except MissingRequestBody as missing:
            required = type(missing) is not MissingRequestBody
            errors += [missing] if required else []
        except RequestBodyValidationError as error:
            errors.append(error)
        except Exception as failure:  # noqa: BLE001  # errors of its parsers come through
            return None, (site.unreadable("body", call.body or b"", failure),)
        else:
            return plain(value), ()
        return None, ()


def _plain(values: Mapping[str, object]) -> Mapping[str, Json]:
    return {name: plain(value) for name, value in values.items()}


def _files(request: Request) -> Mapping[str, tuple[Part, ...]]:
    """The file parts of a form that came apart; openapi-core does not tell of file names."""
    if not isinstance(request.body, Form):
        return {}
    found: dict[str, tuple[Part, ...]] = {}
    for part in request.body.parts:
        if part.filename is not None:
            found[part.name] = (*found.get(part.name, ()), part)
    return found


def _json_types(node: Json) -> Iterator[str]:
    """Every JSON media type that a document names, and the plain one."""
    yield "application/json"
    pending: list[Json] = [node]
    while pending:
        match pending.pop():
            case Mapping() as tree:
                content = tree.get("content")
                if isinstance(content, Mapping):
                    yield from (name for name in content if is_json(name))
                pending += tree.values()
            case list() | tuple() as items:
                pending += items
            case _:
                continue
