"""What a contract says about one operation, and how it understands one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from understudy.contracts.document import Document
from understudy.contracts.exchange import Headers, Part, Request, Response
from understudy.contracts.json import Json
from understudy.contracts.record import record
from understudy.contracts.violation import Violation, Where

Action = Literal["create", "read", "list", "update", "replace", "delete"]
"""What an operation's `x-resource` may say that it does."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method on one path template of a document; compared by identity.

    `id` is the operationId, else `METHOD /template`. `pointer` is its place in the document
    (`/paths/~1indexes/get`), `extensions` its own `x-` keys, `statuses` what it declares to
    answer (`200`, `4XX`, `default`).
    """

    id: str
    method: str
    template: str
    provider: str
    document: Document
    pointer: str
    extensions: Mapping[str, Json]
    statuses: tuple[str, ...]
    defaults: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    declared_media: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def default(self, where: str, name: str) -> Json:
        """The declared default of the parameter `name` in `path`, `query`, `header`, `cookie`.

        None when it has no default.
        """
        return self.defaults.get(where, {}).get(name)

    def declared_status(self, status: int) -> str | None:
        """The key under `responses` that covers `status`: itself, its range, or `default`."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.statuses:
                return key
        return None

    def media_types(self, status: int) -> tuple[str, ...]:
        """The media types declared for a reply with `status`; empty when it has no body."""
        key = self.declared_status(status)
        return () if key is None else self.declared_media.get(key, ())

    def violation(
        self, where: Where, pointer: str, value: Json, expected: str, rule: str = ""
    ) -> Violation:
        """A violation on this operation; `rule` is the place in the document that asks."""
        source = self.document.source(rule or self.pointer)
        return Violation(self.provider, self.id, where, pointer, value, expected, source)


@record(frozen=True, slots=True)
class Reading:
    """A request as the contract understands it.

    Parameters carry typed values; one that was not sent is missing, defaults are not filled
    in (see `Operation.default`). `body` is the decoded body, None when absent; in forms a
    file shows as its file name, and its parts stand in `files`. `credentials` holds what
    was presented, by security scheme. `violations` is empty when the request is on contract.
    """

    operation: Operation
    path: Mapping[str, Json]
    query: Mapping[str, Json]
    header: Mapping[str, Json]
    cookie: Mapping[str, Json]
    body: Json
    files: Mapping[str, tuple[Part, ...]]
    media_type: str | None
    credentials: Mapping[str, str]
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that a method and path lead to, and the path values as on the wire."""

    operation: Operation
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoRoute:
    """No template of the document fits the path; `nearest` are operations that look like it."""

    path: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoMethod:
    """The path exists, the method does not; `allowed` is what an `Allow` header would list."""

    template: str
    allowed: tuple[str, ...]


Content: TypeAlias = "Json | bytes"


class Head(Protocol):
    """The line and headers of a request, read; equal ones need to be read only once."""

    @property
    def operation(self) -> Operation:
        """The operation that they lead to."""
        ...

    @property
    def credentials(self) -> Mapping[str, str]:
        """What was presented, by security scheme."""
        ...

    def read(self, request: Request) -> Reading:
        """The whole request, which has this line and these headers."""
        ...

    def accepted(self, request: Request) -> Reading | None:
        """The same where nothing is wrong but perhaps a missing credential, else None.

        Costs less than `read`: what is wrong is not put into words.
        """
        ...


class Checker(Protocol):
    """One engine that holds exchanges against a document; see `compiled` and `reference`."""

    def compile(self) -> None:
        """Do now what is otherwise done when an operation is first met."""
        ...

    def route(self, method: str, path: str) -> Route | NoRoute | NoMethod:
        """The operation for a method and a path relative to the document's base."""
        ...

    def head(self, request: Request) -> Head | NoRoute | NoMethod:
        """Decodes and checks line and headers; never raises on what a caller sent."""
        ...

    def read(self, request: Request) -> Reading | NoRoute | NoMethod:
        """Decodes and checks a request; never raises on what a caller sent."""
        ...

    def check_response(self, operation: Operation, response: Response) -> tuple[Violation, ...]:
        """Checks a reply as it was on the wire."""
        ...

    def check_answer(
        self,
        operation: Operation,
        status: int,
        media_type: str,
        content: Content,
        headers: Headers,
    ) -> tuple[Violation, ...]:
        """Checks a reply whose body is still a Python value (None: no body)."""
        ...
