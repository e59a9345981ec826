"""Which version of a provider a request means, and which of its documents answers it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from understudy.contracts.exchange import Form, Headers, Request
from understudy.contracts.head import objections
from understudy.contracts.json import mapping
from understudy.contracts.operation import Head, NoMethod, NoRoute, Reading
from understudy.mocks.prepared import Prepared, Target
from understudy.mocks.provider import Provider

Caller = Callable[[Target, Head, Headers], tuple[str, str]]
"""The key that was presented, and the name of the tenant that it stands for; both may be empty."""


def target_of(provider: Provider, method: str, path: str, mount: str) -> Target:
    """The first edition whose prefix fits and whose contract has the route; else the likeliest."""
    fallback: Target | None = None
    for edition in provider.editions:
        for prefix in edition.prefixes:
            below = path[len(prefix) :]
            if not path.startswith(prefix) or below[:1] not in ("", "/"):
                continue
            target = Target(provider, edition, mount + prefix, below or "/")
            if len(provider.editions) == 1 and len(edition.prefixes) == 1:
                return target
            route = edition.contract.route(method, target.path)
            if not isinstance(route, (NoRoute, NoMethod)):
                return target
            if fallback is None or isinstance(route, NoMethod):
                fallback = target
    return fallback or Target(provider, provider.editions[0], mount, path)


@dataclass(frozen=True, slots=True)
class Version:
    """A document that a request may be for: what it makes of line and headers, and of the caller.

    `key` is the credential that it asks for, `tenant` is empty for callers who get none.
    """

    target: Target
    head: Head
    key: str
    tenant: str


class Opened:
    """A request's line and headers, routed and read; what body comes with them is still open.

    `target` is None where nothing is served. An older document of the same version is asked only
    about what today's refuses, and its reading of the head is kept as well.
    """

    __slots__ = (
        "_caller",
        "_empty",
        "_local",
        "_miss",
        "_newest",
        "_older",
        "_root",
        "request",
        "target",
    )

    def __init__(self, request: Request, root: str, target: Target | None, caller: Caller) -> None:
        self.request = request
        self.target = target
        self._root = root
        self._caller = caller
        self._local = request
        self._miss: NoRoute | NoMethod | None = None
        self._newest: Version | None = None
        self._older: tuple[Version, ...] | None = None
        self._empty: Prepared | None = None
        if target is None:
            return
        self._local = Request(request.method, target.path, request.query, request.headers)
        head = target.edition.contract.head(self._local)
        if isinstance(head, (NoRoute, NoMethod)):
            self._miss = head
        else:
            self._newest = Version(target, head, *caller(target, head, request.headers))

    def whole(self, body: bytes | Form) -> Prepared:
        """The request with its body; one without any is the same each time."""
        if body:
            return self._prepared(body)
        if self._empty is None:
            self._empty = self._prepared(b"")
        return self._empty

    def _prepared(self, body: bytes | Form) -> Prepared:
        request, local, newest = self.request, self._local, self._newest
        if newest is None:
            if body and self.target is None:
                request = local = _with_body(request, body)
            return Prepared(request, local, self.target, self._miss, "", "", self._root)
        if body:
            local = _with_body(local, body)
        version, reading = self._chosen(newest, local)
        key, tenant = version.key, version.tenant
        return Prepared(request, local, version.target, reading, key, tenant, self._root)

    def _chosen(self, newest: Version, local: Request) -> tuple[Version, Reading]:
        """The first version at the same place that has nothing against the request, else newest.

        A call that today's document refuses, or of which it has withdrawn a field, may be right
        by an older one. Where none is, a withdrawn field goes unheard, as the vendor has it.
        """
        reading = newest.head.read(local)
        gone = {f"/{entry.field}" for entry in newest.target.edition.contract.gone(reading)}
        if not gone and not objections(reading):
            return newest, reading
        for version in self._others(newest):
            if not gone:
                accepted = version.head.accepted(local)
                if accepted is not None:
                    return version, accepted
                continue
            other = version.head.read(local)
            against = objections(other)
            # What is wrong with a withdrawn field, only the document that had it can say.
            if not against or any(each.pointer in gone for each in against):
                return version, other
        if gone:
            body = mapping(reading.body)
            kept = {name: value for name, value in body.items() if f"/{name}" not in gone}
            told = reading.violations
            if objections(reading):  # what came in the field's stead may be what is missing
                told += tuple(newest.target.edition.contract.flagged(reading))
            reading = replace(reading, body=kept, violations=told)
        return newest, reading

    def _others(self, newest: Version) -> tuple[Version, ...]:
        """The older editions at the same place that have the operation."""
        if self._older is None:
            found: list[Version] = []
            headers = self.request.headers
            served, edition = newest.target.provider.editions, newest.target.edition
            for older in served[served.index(edition) + 1 :]:
                if older.prefixes == edition.prefixes:
                    head = older.contract.head(self._local)
                    if not isinstance(head, (NoRoute, NoMethod)):
                        target = replace(newest.target, edition=older)
                        found.append(Version(target, head, *self._caller(target, head, headers)))
            self._older = tuple(found)
        return self._older


def _with_body(request: Request, body: bytes | Form) -> Request:
    return Request(request.method, request.path, request.query, request.headers, body)
