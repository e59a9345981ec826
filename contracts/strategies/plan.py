"""What one operation takes, and one request of it before it is put into bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import quote

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Form, Headers, Request
from understudy.contracts.json import Json
from understudy.contracts.media import Kind, kind_of
from understudy.contracts.operation import Operation, Reading
from understudy.contracts.parameters import Declaration, declarations
from understudy.contracts.pointer import join
from understudy.contracts.schema import Schemas
from understudy.contracts.strategies import wire
from understudy.contracts.strategies.folding import listed, mapped
from understudy.contracts.violation import Where

KEY = "understudy-key"
"""The credential that a drawn request presents."""

_RANGES = {"image": "image/png", "audio": "audio/wav", "text": "text/plain", "video": "video/mp4"}
_LINES: Mapping[str, str] = {"basic": "Basic dTpw", "digest": "Digest username=u"}


@dataclass(frozen=True, slots=True)
class Media:
    """One media type that a body may have: as declared, as sent, where it and its schema are."""

    declared: str
    sent: str
    place: str
    schema: str
    encoding: Mapping[str, Json]
    files: frozenset[str]

    @property
    def kind(self) -> Kind:
        """How a body of it is read."""
        return kind_of(self.sent)


class Plan:
    """One operation, its declarations looked up once."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self.contract = contract
        self.operation = operation
        self.document = operation.document
        item = operation.pointer.rpartition("/")[0]
        self.parameters = declarations(self.document, item, operation.pointer)
        self.node = mapped(self.document.at(operation.pointer))
        self.body, self._body_place = self.document.resolve(
            self.node.get("requestBody"), f"{operation.pointer}/requestBody"
        )

    @property
    def body_required(self) -> bool:
        """Whether a request without a body is refused."""
        return mapped(self.body).get("required") is True

    @cached_property
    def media(self) -> tuple[Media, ...]:
        """The media types that a body can be drawn for."""
        return tuple(
            self._media(name, held)
            for name, held in mapped(mapped(self.body).get("content")).items()
        )

    def _media(self, name: str, held: Json) -> Media:
        node, place = self.document.resolve(held, join(self._body_place, "content", name))
        schema = f"{place}/schema" if "schema" in mapped(node) else ""
        sent = name
        if "*" in name:
            family = name.partition("/")[0]
            sent = _RANGES.get(family, "application/json")
        files: list[str] = []
        if schema and kind_of(sent) == "multipart":
            coercion = Schemas(self.document).coercion(schema)
            for field_name in coercion.names:
                child = coercion.property(field_name)
                if child is not None and (child.binary or child.items().binary):
                    files.append(field_name)
        encoding = mapped(mapped(node).get("encoding"))
        return Media(name, sent, place, schema, encoding, frozenset(files))

    @cached_property
    def requirements(self) -> tuple[tuple[str, ...], ...]:
        """The security requirements: any of them, each all of its schemes."""
        listing = self.node.get("security", self.document.root.get("security"))
        return tuple(tuple(mapped(each)) for each in listed(listing))

    def scheme(self, name: str) -> Mapping[str, Json]:
        """A security scheme."""
        place = join("/components/securitySchemes", name)
        return mapped(self.document.resolve(self.document.at(place), place)[0])

    def readable(self, request: Request) -> bool:
        """Whether the contract understands a request as this operation and finds no fault."""
        reading = self.contract.read(request)
        return (
            isinstance(reading, Reading)
            and reading.operation.id == self.operation.id
            and not reading.violations
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A request before it is put into bytes, so that one thing in it can be changed.

    `values` holds the parameters sent by place and name; `queries` and `lines` are credentials
    and whatever else goes into the query and the header. `raw` replaces the body's bytes.
    """

    plan: Plan
    values: Mapping[tuple[Where, str], Json]
    lines: tuple[tuple[str, str], ...] = ()
    queries: tuple[str, ...] = ()
    media: Media | None = None
    content: Json = None
    file: bytes = b"understudy"
    media_type: str | None = None
    raw: bytes | None = None
    texts: Mapping[tuple[Where, str], str] = field(default_factory=dict)

    def given(self, given: Mapping[tuple[str, str], Json]) -> "Draft":
        """The same with some values in place of those that were drawn: a parameter by place and
        name, a field of the body by "body" and its pointer, where the draft has that field."""
        values, content = dict(self.values), self.content
        for (where, name), value in given.items():
            if where != "body":
                values[where, name] = value  # type: ignore[index]  # a place of parameters
            elif isinstance(content, Mapping) and name[1:] in content:
                content = {**content, name[1:]: value}
        return replace(self, values=values, content=content)

    def request(self) -> Request:
        """The request, its path relative to the document's base."""
        plan = self.plan
        path, queries = plan.operation.template, [*self.queries]
        lines, cookies = [*self.lines], []
        for declared in plan.parameters:
            key = (declared.where, declared.name)
            if key not in self.values and key not in self.texts:
                continue
            if declared.where == "path":
                text = self._text(declared, wire.path_text)
                path = path.replace(f"{{{declared.name}}}", text)
            elif declared.where == "query":
                if key in self.texts:
                    queries.append(f"{quote(declared.name, safe='')}={self.texts[key]}")
                else:
                    queries += wire.query_texts(declared, self.values[key])
            elif declared.where == "header":
                lines.append((declared.name, self._text(declared, wire.header_text)))
            else:
                cookies.append(wire.cookie_text(declared, self.values[key]))
        if cookies:
            held = [value for name, value in lines if name == "cookie"]
            lines = [line for line in lines if line[0] != "cookie"]
            lines.append(("cookie", "; ".join([*held, *cookies])))
        body = self._body()
        if self.media is not None:
            sent = self.media.sent
            kind = f"{sent}; boundary={wire.BOUNDARY}" if self.media.kind == "multipart" else sent
            lines.append(("content-type", self.media_type or kind))
        return Request(plan.operation.method, path, "&".join(queries), Headers(lines), body)

    def _text(self, declared: Declaration, spell: wire.Spelling) -> str:
        key = (declared.where, declared.name)
        return self.texts[key] if key in self.texts else spell(declared, self.values[key])

    def _body(self) -> bytes | Form:
        if self.raw is not None:
            return self.raw
        media = self.media
        if media is None:
            return b""
        match media.kind:
            case "json":
                return wire.json_text(self.content)
            case "form":
                return wire.urlencoded(self.content)
            case "multipart":
                return wire.multipart(
                    wire.parts_of(self.content, media.files, media.encoding, self.file)
                )
            case "lines":
                return wire.lines_of(self.content)
            case "text" | "events":
                return wire.plain(self.content).encode()
            case _:
                return self.file


def presented(plan: Plan, names: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[str]]:
    """Header lines and query texts that present a credential for each scheme."""
    lines: list[tuple[str, str]] = []
    queries: list[str] = []
    cookies: list[str] = []
    for name in names:
        scheme = plan.scheme(name)
        if scheme.get("type") == "apiKey":
            called = str(scheme.get("name"))
            if scheme.get("in") == "query":
                queries.append(f"{quote(called, safe='')}={KEY}")
            elif scheme.get("in") == "cookie":
                cookies.append(f"{called}={KEY}")
            else:
                lines.append((called, KEY))
        elif scheme.get("type") != "mutualTLS":
            method = str(scheme.get("scheme", "bearer")).lower()
            told = _LINES.get(method, f"{method.capitalize()} {KEY}")
            lines.append(("authorization", told))
    if cookies:
        lines.append(("cookie", "; ".join(cookies)))
    return lines, queries
