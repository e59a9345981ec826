"""The replies of an operation, compiled: status, media type, body and headers are checked."""

from collections.abc import Iterator, Mapping, Sequence

from understudy.contracts.bodies import Malformed, parse_json
from understudy.contracts.exchange import Headers, Response
from understudy.contracts.json import Json
from understudy.contracts.media import covering, kind_of
from understudy.contracts.operation import Content, Operation
from understudy.contracts.parameters import TextParameter, declaration
from understudy.contracts.pointer import join
from understudy.contracts.schema import Schemas, Validator
from understudy.contracts.violation import Violation

# HTTP: replies with these never have a body.
BODILESS = frozenset({204, 205, 304, *range(100, 200)})
_MOST_SPELLINGS = 64


class Replies:
    """What an operation may answer; finds the declaration of a status and remembers it."""

    __slots__ = ("_by_key", "_by_status", "operation")

    def __init__(self, schemas: Schemas, operation: Operation, known: "dict[str, Reply]") -> None:
        """`known` holds the replies made so far by pointer: operations share their errors."""
        document = schemas.document
        self.operation = operation
        self._by_key: dict[str, Reply] = {}
        self._by_status: dict[int, Reply | None] = {}
        for key in operation.statuses:
            pointer = join(operation.pointer, "responses", key)
            node, pointer = document.resolve(document.at(pointer), pointer)
            if pointer not in known:
                said = node if isinstance(node, Mapping) else {}
                known[pointer] = Reply(schemas, said, pointer)
            self._by_key[key] = known[pointer]

    def answer(
        self, status: int, media_type: str, content: Content, headers: Headers
    ) -> tuple[Violation, ...]:
        """Checks a reply whose body is a Python value, None when it has none."""
        reply = self._of(status)
        if reply is None:
            return (self._undeclared(status),)
        found: list[Violation] = []
        if status in BODILESS or self.operation.method == "HEAD":
            if content is not None and content != b"":
                found.append(self._surplus(reply, content))
        elif reply.media:
            reply.answered(media_type, content, self.operation, found)
        if reply.headers:
            reply.check_headers(headers, self.operation, found)
        return tuple(found) if found else ()

    def response(self, response: Response) -> tuple[Violation, ...]:
        """Checks a reply as it was on the wire."""
        status, headers, body = response.status, response.headers, response.body
        reply = self._of(status)
        if reply is None:
            return (self._undeclared(status),)
        found: list[Violation] = []
        if status in BODILESS or self.operation.method == "HEAD":
            if body:
                found.append(self._surplus(reply, body))
        elif reply.media:
            reply.received(headers.get("content-type"), body, self.operation, found)
        if reply.headers:
            reply.check_headers(headers, self.operation, found)
        return tuple(found)

    def _of(self, status: int) -> "Reply | None":
        try:
            return self._by_status[status]
        except KeyError:
            key = self.operation.declared_status(status)
            reply = None if key is None else self._by_key[key]
            # Bounded: nobody answers outside of HTTP's three digits for long.
            if 100 <= status < 1_000:
                self._by_status[status] = reply
            return reply

    def _undeclared(self, status: int) -> Violation:
        expected = f"one of {', '.join(self.operation.statuses) or 'no status'}"
        pointer = f"{self.operation.pointer}/responses"
        return self.operation.violation("status", "", status, expected, pointer)

    def _surplus(self, reply: "Reply", content: Content) -> Violation:
        shown = content[:80].decode("utf-8", "replace") if isinstance(content, bytes) else content
        return self.operation.violation("response body", "", shown, "no body", reply.pointer)


class Reply:
    """One declared response."""

    __slots__ = ("_right", "_spellings", "headers", "media", "pointer")

    def __init__(self, schemas: Schemas, node: Mapping[str, Json], pointer: str) -> None:
        document = schemas.document
        self.pointer = pointer
        self._right: Headers | None = None
        self.media: dict[str, _Media] = {}
        content = node.get("content")
        for name, held in content.items() if isinstance(content, Mapping) else ():
            declared, place = document.resolve(held, join(pointer, "content", name))
            if isinstance(declared, Mapping):
                self.media[name] = _Media(schemas, name, declared, place)
        self._spellings: dict[str, _Media] = dict(self.media)
        self.headers: list[TextParameter] = []
        headers = node.get("headers")
        for name, held in headers.items() if isinstance(headers, Mapping) else ():
            declared, place = document.resolve(held, join(pointer, "headers", name))
            if isinstance(declared, Mapping) and name.lower() != "content-type":
                said = declaration(document, name, "response header", declared, place)
                self.headers.append(TextParameter(said, schemas))

    def answered(
        self, media_type: str, content: Content, operation: Operation, found: list[Violation]
    ) -> None:
        """Checks a body that is a Python value, or bytes of a binary media type."""
        media = self._spellings.get(media_type) or self._find(media_type, operation, found)
        if media is None:
            return
        if isinstance(content, bytes):
            self._wire(media, media_type, content, operation, found)
        elif content is None and kind_of(media_type) != "json":
            found.append(self._missing(operation))
        elif media.streamed and isinstance(content, Sequence) and not isinstance(content, str):
            for at, item in enumerate(content):
                media.explain(item, f"/{at}", operation, found)
        else:
            validator = media.validator
            if validator is not None and not validator.valid(content):
                media.explain(content, "", operation, found)

    def received(
        self,
        media_type: str | None,
        body: bytes,
        operation: Operation,
        found: list[Violation],
    ) -> None:
        """Checks a body as it was on the wire."""
        if not body and (media_type is None or kind_of(media_type) == "json"):
            found.append(self._missing(operation))
            return
        media = self._spellings.get(media_type or "") or self._find(media_type, operation, found)
        if media is not None and media_type is not None:
            self._wire(media, media_type, body, operation, found)

    def _wire(
        self,
        media: "_Media",
        media_type: str,
        body: bytes,
        operation: Operation,
        found: list[Violation],
    ) -> None:
        if media.validator is None and kind_of(media_type) != "json":
            return
        try:
            for below, value in media.values(body, media_type):
                media.explain(value, below, operation, found)
        except Malformed as error:
            found.append(
                operation.violation("response body", "", error.value, error.expected, media.pointer)
            )

    def _find(
        self, media_type: str | None, operation: Operation, found: list[Violation]
    ) -> "_Media | None":
        media = covering(self.media, media_type) if media_type else None
        if media is None:
            wanted = " or ".join(self.media)
            found.append(
                operation.violation("content type", "", media_type or None, wanted, self.pointer)
            )
        elif media_type and len(self._spellings) < _MOST_SPELLINGS:
            self._spellings[media_type] = media
        return media

    def _missing(self, operation: Operation) -> Violation:
        expected = f"a body of {' or '.join(self.media)}"
        return operation.violation("response body", "", None, expected, self.pointer)

    def check_headers(self, headers: Headers, operation: Operation, found: list[Violation]) -> None:
        """Checks the declared headers; undeclared ones are nobody's business.

        A fake sends the same few lines with every reply: those found right are not read again.
        """
        if headers is self._right:
            return
        before = len(found)
        for parameter in self.headers:
            values = headers.all(parameter.name)
            if values:
                parameter.read(", ".join(values), operation, found)
            elif parameter.required:
                found.append(parameter.check.missing(operation))
        if len(found) == before:
            self._right = headers


class _Media:
    """One media type of a reply. A streamed one is checked item by item."""

    __slots__ = ("_end", "_text", "kind", "pointer", "scalar", "streamed", "validator")

    def __init__(self, schemas: Schemas, name: str, node: Mapping[str, Json], pointer: str) -> None:
        self.pointer = pointer
        self.kind = kind_of(name)
        self.streamed = self.kind in ("lines", "events")
        # `schema` under text/event-stream describes the text as a whole, not the events.
        key = "x-event-schema" if self.kind == "events" else "schema"
        end = node.get("x-event-end")
        self._end = end if isinstance(end, str) else None  # what says that no event follows
        place = f"{pointer}/{key}" if key in node else ""
        self.validator: Validator | None = None
        self.scalar = schemas.coercion(place).scalar if place else str
        # Under a range such as */* it is what was sent that says how to read it.
        if place and (self.kind != "binary" or "*" in name):
            self.validator = schemas.validator(place, "response")
        self._text = bool(place) and schemas.coercion(place).types <= {"string"}

    def values(self, body: bytes, media_type: str) -> Iterator[tuple[str, Json]]:
        """The values of a body on the wire, each with its pointer; raises Malformed."""
        kind = kind_of(media_type)
        if kind == "json":
            yield "", parse_json(body)
            return
        if kind == "lines":
            lines = [line for line in body.split(b"\n") if line.strip()]
            for at, line in enumerate(lines):
                yield f"/{at}", parse_json(line)
            return
        if kind in ("text", "events"):
            try:
                text = body.decode()
            except UnicodeDecodeError:
                raise Malformed(body[:80].decode("utf-8", "replace"), "text in UTF-8") from None
            if kind == "text":
                yield "", self.scalar(text)
            else:
                yield from self._events(text)

    def _events(self, text: str) -> Iterator[tuple[str, Json]]:
        for at, event in enumerate(events_of(text)):
            if event["data"] == self._end:
                return
            if self._text:
                yield f"/{at}", event["data"]
            else:
                yield f"/{at}", parse_json(event["data"].encode())

    def explain(
        self, value: Json, below: str, operation: Operation, found: list[Violation]
    ) -> None:
        """Adds what is wrong with a value, if anything."""
        validator = self.validator
        if validator is None or validator.valid(value):
            return
        found.extend(
            operation.violation(
                "response body", f"{below}{fault.pointer}", fault.value, fault.expected, fault.rule
            )
            for fault in validator.faults(value)
        )


def events_of(text: str) -> Iterator[dict[str, str]]:
    """The server-sent events of a text that carry data: their fields, data lines joined."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for block in lines.split("\n\n"):
        event: dict[str, str] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data" and "data" in event:
                event["data"] += f"\n{value}"
            elif name:
                event[name] = value
        if "data" in event:
            yield event
