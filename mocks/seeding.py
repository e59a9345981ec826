"""What a tenant has done before it is asked anything: requests played, resources put in place."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

import orjson

from understudy.contracts.errors import ContractViolated
from understudy.contracts.exchange import Form, Headers, Part, Request
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation, Reading
from understudy.errors import UnderstudyError
from understudy.mocks.answer import Reply, Stream
from understudy.mocks.engine import Engine
from understudy.mocks.kind import mapping
from understudy.mocks.node import Node, nearest
from understudy.mocks.provider import Edition, Provider
from understudy.mocks.store import Resource
from understudy.mocks.tenant import Tenant

HOST = "http://127.0.0.1"

_STEP = ("provider", "operation", "path", "query", "json", "form", "as", "expect", "advance")
_RESOURCE = ("provider", "kind", "fields", "hidden", "parent")
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_BOUNDARY = "understudy-scenario"


class Seeding:
    """One tenant on its way through the steps of a scenario; what was answered has names.

    Whatever cannot be done raises `Unfit` with the place in the scenario.
    """

    def __init__(self, engine: Engine, tenant: Tenant) -> None:
        self._engine = engine
        self._tenant = tenant
        self._answers: dict[str, Json] = {}

    def step(self, node: Node) -> None:
        """Let time pass, or play a request and remember its answer under the name it is given."""
        node.keys(_STEP)
        if node.has("advance"):
            self._tenant.advance(node.at("advance").number(0, 315_360_000))
            return
        provider, edition, operation = self._operation(node)
        expected = node.at("expect").whole(100, 599) if node.has("expect") else None
        reply = self._played(node, provider, edition, operation)
        if expected is None and reply.status >= 400:
            node.wrong(f"{operation.id} was refused with {reply.status}: {_said(reply)}")
        if expected not in (None, reply.status):
            node.at("expect").wrong(f"{operation.id} answered {reply.status}: {_said(reply)}")
        if node.has("as"):
            self._answers[node.at("as").text()] = _content(reply)

    def store(self, node: Node) -> None:
        """Put a resource in place as it is, and see that it can be read."""
        node.keys(_RESOURCE)
        provider = self._provider(node)
        kinds = {
            name: (one, each) for one in provider.editions for name, each in one.cast.kinds.items()
        }
        edition, kind = kinds[node.at("kind").one_of(tuple(kinds))]
        fields = dict(mapping(self._resolved(node.at("fields"))))
        identity = fields.get(kind.id_field)
        if not isinstance(identity, str | int):
            node.at("fields").wrong(
                f"a resource of the kind {kind.name!r} needs its {kind.id_field!r}"
            )
        parent = self._resolved(node.at("parent"))
        owner = None if parent is None else str(parent)
        if kind.parent is not None and owner is not None:
            fields.setdefault(kind.parent.field, owner)
        made = Resource(kind.name, str(identity), fields, self._tenant.clock.now(), owner)
        made.hidden.update(mapping(self._resolved(node.at("hidden"))))
        collection = self._tenant.collection(
            provider.name,
            kind.name,
            kind.orders,
            (*kind.filters, *kind.unique),
            created=kind.created,
            updated=kind.updated,
        )
        if made.id in collection:
            node.at("fields").wrong(f"there is {made.id!r} among the {kind.name} already")
        collection.add(made)
        self._read_back(node, provider, edition, made)

    def _read_back(self, node: Node, provider: Provider, edition: Edition, made: Resource) -> None:
        """A resource that its own provider cannot read has to be made by a request."""
        for name, role in edition.cast.roles.items():
            if role.kind != made.kind or role.action != "read" or not role.id:
                continue
            path: dict[str, Json] = {role.id: made.id}
            if role.parent:
                if made.parent is None:
                    node.wrong(f"a resource of the kind {made.kind!r} needs a 'parent'")
                path[role.parent] = made.parent
            operation = edition.contract.operations[name]
            place = _path(node, operation, path)
            request = Request(operation.method, _whole(provider, edition, place))
            problem = ""
            try:
                reply = self._sent(request)
                problem = "" if reply.status < 400 else f"{reply.status}: {_said(reply)}"
            except (UnderstudyError, LookupError, TypeError, ValueError) as error:
                problem = f"{type(error).__name__}: {error}"
            if problem:
                node.wrong(
                    f"{provider.name} cannot read it ({name}: {problem}); give the hidden facts"
                    f" that it needs, or make it by a request under 'play'"
                )

    def _provider(self, node: Node) -> Provider:
        known = {name: one for name, one in self._engine.providers.items() if not one.private}
        if len(known) == 1 and not node.has("provider"):
            return next(iter(known.values()))
        return known[node.at("provider").one_of(tuple(known))]

    def _operation(self, node: Node) -> tuple[Provider, Edition, Operation]:
        """The operation that is named, by whichever provider has it unless one is named."""
        said = node.at("operation").text()
        if node.has("provider"):
            meant = [self._provider(node)]
        else:
            meant = [one for one in self._engine.providers.values() if not one.private]
        found = [
            (provider, edition, edition.contract.operations[said])
            for provider in meant
            for edition in provider.editions
            if said in edition.contract.operations
        ]
        if len({provider.name for provider, _, _ in found}) > 1:
            names = ", ".join(dict.fromkeys(provider.name for provider, _, _ in found))
            node.at("operation").wrong(f"{said!r} is an operation of {names}; name the provider")
        if not found:
            known = [name for each in meant for one in each.editions for name in one.behaviours]
            node.at("operation").wrong(
                f"there is no operation {said!r}{nearest(said, tuple(known))}"
            )
        return found[0]

    def _played(
        self, node: Node, provider: Provider, edition: Edition, operation: Operation
    ) -> Reply:
        path = _path(node, operation, mapping(self._resolved(node.at("path"))))
        query = urlencode(list(_pairs(mapping(self._resolved(node.at("query"))))))
        headers: list[tuple[str, str]] = [("host", HOST.partition("://")[2])]
        body: bytes | Form = b""
        if node.has("json"):
            body = orjson.dumps(self._resolved(node.at("json")))
            headers.append(("content-type", "application/json"))
        elif node.has("form"):
            body = Form(tuple(_parts(mapping(self._resolved(node.at("form"))))))
            headers.append(("content-type", f"multipart/form-data; boundary={_BOUNDARY}"))
        whole = _whole(provider, edition, path)
        try:
            return self._sent(Request(operation.method, whole, query, Headers(headers), body))
        except ContractViolated as error:
            node.wrong(f"{operation.id} was answered off its contract: {error}")

    def _sent(self, request: Request) -> Reply:
        """The reply to the tenant itself: no key is asked for, none is refused."""
        prepared = self._engine.prepare(request, HOST)
        reading = prepared.reading
        if isinstance(reading, Reading):
            found = tuple(each for each in reading.violations if each.where != "security")
            reading = replace(reading, violations=found)
        prepared = replace(prepared, reading=reading, key="", tenant=self._tenant.name)
        return self._engine.play(prepared, wire=False)

    def _resolved(self, node: Node) -> Json:
        """The value with `${name.field}` replaced by what an earlier step was answered."""
        value = node.value
        if isinstance(value, Mapping):
            return {name: self._resolved(node.at(name)) for name in value}
        if isinstance(value, list | tuple):
            return [self._resolved(each) for each in node.items()]
        if not isinstance(value, str):
            return value
        whole = _REFERENCE.fullmatch(value)
        if whole is not None:
            return self._referred(node, whole[1])
        return _REFERENCE.sub(lambda found: str(self._referred(node, found[1])), value)

    def _referred(self, node: Node, said: str) -> Json:
        name, *steps = said.split(".")
        if name not in self._answers:
            node.wrong(f"no step before is kept as {name!r}{nearest(name, tuple(self._answers))}")
        value = self._answers[name]
        for step in steps:
            known: tuple[str, ...] = ()
            if isinstance(value, Mapping):
                known = tuple(value)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                known = tuple(map(str, range(len(value))))
            if step not in known:
                node.wrong(
                    f"the answer kept as {name!r} has no {step!r} there{nearest(step, known)}"
                )
            value = value[step] if isinstance(value, Mapping) else value[int(step)]  # type: ignore[index]
        return value


def _whole(provider: Provider, edition: Edition, path: str) -> str:
    return f"{provider.mount}{edition.prefixes[0]}{path}"


def _path(node: Node, operation: Operation, values: Mapping[str, Json]) -> str:
    """The operation's path with its parameters filled in."""

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if values.get(name) is None:
            node.at("path").wrong(f"{operation.template} needs the parameter {name!r} here")
        return quote(str(values[name]), safe="")

    filled = re.sub(r"\{([^}]*)\}", fill, operation.template)
    for name in values:
        if f"{{{name}}}" not in operation.template:
            node.at("path").at(name).wrong(f"{operation.template} has no parameter {name!r}")
    return filled


def _pairs(query: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        several = value if isinstance(value, list) else [value]
        for each in several:
            yield name, _text(each)


def _parts(form: Mapping[str, Json]) -> Iterator[Part]:
    for name, value in form.items():
        several = value if isinstance(value, list) else [value]
        for each in several:
            content = _text(each).encode()
            digest = hashlib.sha256(content).hexdigest()
            yield Part(name, content, size=len(content), digest=digest)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _content(reply: Reply) -> Json:
    if isinstance(reply.body, Stream):
        return [chunk.content.decode() for chunk in reply.body.chunks]
    try:
        content: Json = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return reply.body.decode("utf-8", "replace")
    return content


def _said(reply: Reply) -> str:
    text = repr(_content(reply))
    return text if len(text) <= 400 else f"{text[:397]}..."
