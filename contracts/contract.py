"""A contract: a document made ready to check exchanges."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Literal

from understudy.contracts.document import Document
from understudy.contracts.exchange import Exchange, Headers, Request, Response
from understudy.contracts.json import Json
from understudy.contracts.operation import (
    Checker,
    Content,
    Head,
    NoMethod,
    NoRoute,
    Operation,
    Reading,
    Route,
)
from understudy.contracts.violation import Violation
from understudy.contracts.withdrawn import (
    Withdrawal,
    flagged,
    withdrawn,
    withdrawn_call,
    withdrawn_fields,
)

if TYPE_CHECKING:
    from understudy.contracts.lifecycle import Lifecycle

Engine = Literal["compiled", "openapi-core"]


class Contract:
    """What an API promises, ready to be held against requests and responses.

    `name` is the document's name, `operations` its operations by id. Make one with `load`.
    """

    __slots__ = ("_withdrawn", "checker", "document", "name", "operations")

    def __init__(
        self, document: Document, checker: Checker, operations: Mapping[str, Operation]
    ) -> None:
        self.name = document.name
        self.document = document
        self.checker = checker
        self.operations = operations
        self._withdrawn: dict[str, list[Withdrawal]] = {}
        for entry in withdrawn(document):
            if entry.field:
                self._withdrawn.setdefault(entry.operation, []).append(entry)

    @classmethod
    def load(
        cls,
        source: str | PathLike[str] | Mapping[str, Json],
        *,
        engine: Engine = "compiled",
        name: str | None = None,
    ) -> "Contract":
        """A contract from a shipped spec ("twelvelabs"), a file, or a parsed document.

        `engine` is "compiled" or "openapi-core" (slow; the reference to compare with). Raises
        DocumentError, which names the place and line, when the document is broken.
        """
        from understudy.contracts.loading import is_shipped, load_document

        made = cls.of(load_document(source, name=name), engine=engine)
        if not is_shipped(source):
            made.checker.compile()  # what is wrong with a stranger's schema shows now
        return made

    @classmethod
    def of(cls, document: Document, *, engine: Engine = "compiled") -> "Contract":
        """A contract from a document that is already loaded."""
        from understudy.contracts.compiled import CompiledChecker, operations_of

        if engine == "compiled":
            compiled = CompiledChecker(document)
            return cls(document, compiled, {one.id: one for one in compiled.operations})
        if engine != "openapi-core":
            raise ValueError(f"engine {engine!r} is unknown: give 'compiled' or 'openapi-core'")
        # Only here: openapi-core takes a third of a second to import.
        from understudy.contracts.reference import ReferenceChecker

        operations = operations_of(document)
        reference = ReferenceChecker(document, operations)
        return cls(document, reference, {one.id: one for one in operations})

    def check(self, request: object, response: object | None = None) -> list[Violation]:
        """The violations of an exchange, [] when it is on contract.

        Takes requests and responses of httpx, httpx2, requests and Starlette, and plain ones;
        the request's URL may be the provider's own, a mount of the fake (`/twelvelabs/v1.3/...`)
        or relative to the document's base. Without a response the request alone is checked.
        """
        from understudy.contracts.adapters import request_of, response_of

        sent = self._relative(request_of(request))
        answered = None if response is None else response_of(response)
        reading = self.read(sent)
        if not isinstance(reading, Reading):
            return [self._stranger(sent, reading)]
        found = [*reading.violations, *self.flagged(reading)]
        if answered is not None:
            found.extend(self.check_response(reading.operation, answered))
        return found

    def trace(
        self,
        exchanges: Iterable[Exchange],
        lifecycles: "Mapping[str, Lifecycle] | None" = None,
    ) -> list[Violation]:
        """The laws of their lifecycles that the tasks in these exchanges break, [] when none.

        Takes exchanges in the order they happened. Without `lifecycles` those that are shipped
        with the provider count. Only the lifecycles are looked at: `check` does the rest.
        """
        from understudy.contracts.trace.trace import trace

        return trace(self, exchanges, lifecycles)

    def route(self, method: str, path: str) -> Route | NoRoute | NoMethod:
        """The operation for a method and a path relative to the document's base."""
        return self.checker.route(method, path)

    def head(self, request: Request) -> Head | NoRoute | NoMethod:
        """A request's line and headers decoded and checked, to be read on with any body."""
        return self.checker.head(request)

    def read(self, request: Request) -> Reading | NoRoute | NoMethod:
        """A request decoded and checked; its path is relative to the document's base."""
        return self.checker.read(request)

    def gone(self, reading: Reading) -> tuple[Withdrawal, ...]:
        """The fields of a request that its vendor has withdrawn; `read` says nothing of them."""
        if not self._withdrawn or reading.body is None:
            return ()
        called = f"{reading.operation.method} {reading.operation.template}"
        entries = self._withdrawn.get(called)
        return withdrawn_fields(entries, reading) if entries else ()

    def flagged(self, reading: Reading) -> list[Violation]:
        """The same as violations, each with the line that says since when."""
        return list(flagged(self.gone(reading), reading))

    def check_response(self, operation: Operation, response: Response) -> tuple[Violation, ...]:
        """The violations of a reply as it was on the wire."""
        return self.checker.check_response(operation, response)

    def check_answer(
        self,
        operation: Operation,
        status: int,
        media_type: str,
        content: Content,
        headers: Headers,
    ) -> tuple[Violation, ...]:
        """The violations of a reply whose body is still a Python value (None: no body)."""
        return self.checker.check_answer(operation, status, media_type, content, headers)

    def _relative(self, request: Request) -> Request:
        paths = relative_paths(self.document, request.path)
        routes = {path: self.route(request.method, path) for path in paths}
        for wanted in (Route, NoMethod, NoRoute):
            path = next((path for path in paths if isinstance(routes[path], wanted)), None)
            if path is not None:
                return replace(request, path=path)
        return request

    def _stranger(self, request: Request, miss: NoRoute | NoMethod) -> Violation:
        """The violation of a request that leads to no operation."""
        if isinstance(miss, NoMethod):
            operation = f"{request.method} {miss.template}"
            expected = f"method {' or '.join(miss.allowed)}"
            value: Json = request.method
        else:
            operation, value = f"{request.method} {miss.path}", miss.path
            expected = "a path of the document"
            if miss.nearest:
                expected = f"a path of the document, such as {' or '.join(miss.nearest)}"
        provider = self.name.partition("/")[0]
        source = self.document.source("/paths")
        gone = withdrawn_call(self.document, request.method, request.path)
        if gone is not None:
            expected, source = str(gone), self.document.source(gone.pointer)
        return Violation(provider, operation, "path", "", value, expected, source)


def relative_paths(document: Document, path: str) -> tuple[str, ...]:
    """What a whole path may be relative to the document, the likeliest first.

    Its base is taken off, the base behind the fake's mount, nothing at all, the mount alone.
    """
    base, mount = document.base_path, f"/{document.name.partition('/')[0]}"
    found = [
        path[len(prefix) :] or "/"
        for prefix in dict.fromkeys((base, f"{mount}{base}", "", mount))
        if not prefix or path == prefix or path.startswith(f"{prefix}/")
    ]
    return tuple(dict.fromkeys(found))
