"""The compiled engine: everything about an operation is worked out once, little per exchange."""

from collections.abc import Iterator, Mapping
from functools import cache
from threading import Lock

from understudy.contracts.bodies import Malformed
from understudy.contracts.document import Document
from understudy.contracts.exchange import Headers, Request, Response
from understudy.contracts.head import CompiledHead
from understudy.contracts.json import Json
from understudy.contracts.late import Late
from understudy.contracts.operation import (
    Content,
    NoMethod,
    NoRoute,
    Operation,
    Reading,
    Route,
)
from understudy.contracts.parameters import (
    PLACES,
    Declaration,
    PairsParameter,
    TextParameter,
    declarations,
)
from understudy.contracts.payload import NO_FILES, Payload
from understudy.contracts.places import METHODS
from understudy.contracts.pointer import join
from understudy.contracts.queries import NO_PAIRS, NOTHING, Share, cookie_pairs, query_pairs
from understudy.contracts.reply import Replies, Reply
from understudy.contracts.routing import Match, Router, names_of
from understudy.contracts.schema import Schemas
from understudy.contracts.security import guard_of
from understudy.contracts.violation import Violation


def operations_of(document: Document) -> list[Operation]:
    """Every operation of a document, in document order."""
    provider = document.name.partition("/")[0]
    return [
        _operation(document, provider, template, place, method, node)
        for template, place, item in _path_items(document)
        for method in METHODS
        if isinstance(node := item.get(method), Mapping)
    ]


class CompiledChecker:
    """Holds exchanges against a document; a `Checker`. Immutable once made, but for caches.

    An operation is compiled when it is first met: a server with four providers would else spend
    most of its start on operations that nobody calls. `compile` does all at once.
    """

    __slots__ = ("_compiled", "_lock", "_replies", "_router", "_schemas", "document", "operations")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.operations = operations_of(document)
        slash = document.root.get("x-trailing-slash") is True
        self._router: Router[Operation] = Router(trailing_slash=slash)
        self._schemas = Schemas(document)
        self._replies: dict[str, Reply] = {}
        self._compiled: dict[Operation, _Compiled] = {}
        self._lock = Lock()
        for operation in self.operations:
            self._router.add(operation.method, operation.template, operation)

    def compile(self) -> None:
        """Compile every operation; raises DocumentError for a schema that cannot be."""
        for operation in self.operations:
            self._of(operation)

    def _of(self, operation: Operation) -> "_Compiled":
        compiled = self._compiled.get(operation)
        if compiled is None:
            with self._lock:
                compiled = _Compiled(self._schemas, operation, self._replies)
                compiled = self._compiled.setdefault(operation, compiled)
        return compiled

    def route(self, method: str, path: str) -> Route | NoRoute | NoMethod:
        """The operation for a method and a path relative to the document's base."""
        match = self._router.find(method, path)
        if isinstance(match, Match):
            return Route(match.target, match.values)
        if match.methods:
            return NoMethod(match.template, match.methods)
        return NoRoute(path, self._router.nearest(method, path))

    def read(self, request: Request) -> Reading | NoRoute | NoMethod:
        """Decodes and checks a request; never raises on what a caller sent."""
        head = self.head(request)
        return head.read(request) if isinstance(head, CompiledHead) else head

    def head(self, request: Request) -> CompiledHead | NoRoute | NoMethod:
        """Decodes and checks line and headers; never raises on what a caller sent."""
        match = self._router.find(request.method, request.path)
        if isinstance(match, Match):
            return self._of(match.target).head(request, match.values)
        if match.methods:
            return NoMethod(match.template, match.methods)
        return NoRoute(request.path, self._router.nearest(request.method, request.path))

    def check_response(self, operation: Operation, response: Response) -> tuple[Violation, ...]:
        """Checks a reply as it was on the wire."""
        return self._of(operation).replies.response(response)

    def check_answer(
        self,
        operation: Operation,
        status: int,
        media_type: str,
        content: Content,
        headers: Headers,
    ) -> tuple[Violation, ...]:
        """Checks a reply whose body is a Python value: None for no body, bytes as on the wire,
        for a streamed media type the list of its items."""
        return self._of(operation).replies.answer(status, media_type, content, headers)


class _Compiled:
    """One operation, ready to read requests."""

    __slots__ = (
        "_cookie",
        "_guard",
        "_header",
        "_path",
        "_payload",
        "_query",
        "operation",
        "replies",
    )

    def __init__(self, schemas: Schemas, operation: Operation, replies: dict[str, Reply]) -> None:
        document = schemas.document
        self.operation = operation
        self.replies = Replies(schemas, operation, replies)
        self._guard = guard_of(document, operation.pointer)
        declared = declarations(document, _item(operation), operation.pointer)
        paths = {one.name: one for one in declared if one.where == "path"}
        # A name that is in the template but not declared is caught when the document loads.
        self._path = [
            TextParameter(paths[name], schemas) if name in paths else None
            for name in names_of(operation.template)
        ]
        self._header = [TextParameter(one, schemas) for one in declared if one.where == "header"]
        query = [PairsParameter(one, schemas) for one in declared if one.where == "query"]
        keys = {scheme.query for scheme in self._guard.schemes if scheme.query}
        lax = "ignore" in (
            operation.extensions.get("x-unknown-parameters"),
            document.root.get("x-unknown-parameters"),
        )
        self._query = Share(query, keys, strict=not lax)
        cookie = [PairsParameter(one, schemas) for one in declared if one.where == "cookie"]
        self._cookie = Share(cookie, (), strict=False) if cookie else None
        node = document.at(operation.pointer)
        stray = document.root.get("x-stray-files") == "ignore"
        takes = isinstance(node, Mapping) and "requestBody" in node
        self._payload = Payload(schemas, operation, stray=stray) if takes else None

    def head(self, request: Request, raw: tuple[str, ...]) -> CompiledHead:
        operation, headers = self.operation, request.headers
        found: list[Violation] = []
        path: dict[str, Json] = {}
        for parameter, text in zip(self._path, raw, strict=True):
            if parameter is not None:
                path[parameter.name] = parameter.read(text, operation, found)
        pairs = self._pairs(request.query, found) if request.query else NO_PAIRS
        query = self._query.read(pairs, operation, found)
        header = self._headers(headers, found) if self._header else NOTHING
        cookies, cookie = NO_PAIRS, NOTHING
        if headers.get("cookie") is not None or self._cookie is not None:
            cookies = cookie_pairs(headers.all("cookie"))
            if self._cookie is not None:
                cookie = self._cookie.read(cookies, operation, found)
        credentials, refusal = self._guard.read(headers, pairs, cookies, operation)
        if refusal is not None:
            found.insert(0, refusal)
        opening = Reading(
            operation, path, query, header, cookie, None, NO_FILES, None, credentials,
            tuple(found),
        )  # fmt: skip
        return CompiledHead(opening, self._payload)

    def _pairs(self, query: str, found: list[Violation]) -> Mapping[str, list[str]]:
        try:
            return query_pairs(query)
        except Malformed as error:
            found.append(self.operation.violation("query", "", error.value, error.expected))
            return NO_PAIRS

    def _headers(self, headers: Headers, found: list[Violation]) -> dict[str, Json]:
        values: dict[str, Json] = {}
        for parameter in self._header:
            sent = headers.all(parameter.name)
            if sent:
                raw = ", ".join(sent)
                values[parameter.name] = parameter.read(raw, self.operation, found)
            elif parameter.required:
                found.append(parameter.check.missing(self.operation))
        return values


def _path_items(document: Document) -> Iterator[tuple[str, str, Mapping[str, Json]]]:
    paths = document.root.get("paths")
    for template, held in paths.items() if isinstance(paths, Mapping) else ():
        item, place = document.resolve(held, join("/paths", template))
        if template.startswith("/") and isinstance(item, Mapping):
            yield template, place, item


def _operation(
    document: Document,
    provider: str,
    template: str,
    place: str,
    method: str,
    node: Mapping[str, Json],
) -> Operation:
    pointer = f"{place}/{method}"
    named = node.get("operationId")
    responses = node.get("responses")
    replies = responses if isinstance(responses, Mapping) else {}
    statuses = tuple(key for key in replies if not key.startswith("x-"))

    @cache
    def declared() -> list[Declaration]:
        return declarations(document, place, pointer)

    def defaults(where: str) -> Mapping[str, Json]:
        held = (one for one in declared() if one.where == where and one.default is not None)
        return {one.name: one.default for one in held}

    def media(key: str) -> tuple[str, ...]:
        reply = document.resolve(replies[key], join(pointer, "responses", key))[0]
        content = reply.get("content") if isinstance(reply, Mapping) else None
        return tuple(content) if isinstance(content, Mapping) else ()

    return Operation(
        id=named if isinstance(named, str) else f"{method.upper()} {template}",
        method=method.upper(),
        template=template,
        provider=provider,
        document=document,
        pointer=pointer,
        extensions={key: value for key, value in node.items() if key.startswith("x-")},
        statuses=statuses,
        defaults=Late(PLACES.values(), defaults),
        declared_media=Late(statuses, media),
    )


def _item(operation: Operation) -> str:
    return operation.pointer.rpartition("/")[0]
