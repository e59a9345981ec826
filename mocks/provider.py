"""A vendor's API as the fake plays it: documents, lifecycles, behaviours and an envelope."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Headers
from understudy.contracts.json import Json
from understudy.contracts.late import Late
from understudy.contracts.lifecycle import Lifecycle
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.envelope import Envelope
from understudy.mocks.inference import Cast, infer, parameters
from understudy.mocks.kind import Kind, elements, mapping
from understudy.mocks.links import Door
from understudy.mocks.store import Resource
from understudy.mocks.tenant import Tenant

Behaviour = Callable[[Call], Answer]
View = Callable[[Call, Resource], Mapping[str, Json]]
"""Fields of a resource that are derived when it is read."""


Hook = Callable[[Tenant, Resource, str, float], None]
"""What happens when a task enters a status: the tenant, its resource, the status, when."""

Doors = Callable[["Provider", Resource], Iterable[Door]]
"""The links at which something can be done with a stored resource."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One document of a provider and where it stands below the provider's mount.

    `prefixes` are the paths that may stand before the document's own, longest first.
    `behaviours` holds one for every operation of the contract. `schemes` are its security
    schemes, the most used first: of several credentials that one names the tenant. `views` come
    before the provider's own of the same kind; `headers` are on every reply. A `retired` one
    describes what the vendor has withdrawn since.
    """

    contract: Contract
    cast: Cast
    prefixes: tuple[str, ...]
    behaviours: Mapping[str, Behaviour]
    schemes: tuple[str, ...] = ()
    views: Mapping[str, View] = field(default_factory=dict)
    headers: Headers = field(default_factory=Headers)
    retired: bool = False

    def lines(self, media_type: str | None) -> tuple[tuple[str, str], ...]:
        """The header lines of a reply of that media type, those of every reply before it."""
        return _lines(self.headers, media_type)

    def key(self, credentials: Mapping[str, str]) -> str:
        """The credential that stands for the caller; empty when none came."""
        known = (credentials[scheme] for scheme in self.schemes if scheme in credentials)
        return next(known, "")


@dataclass(frozen=True, slots=True)
class Provider:
    """Everything the engine needs to play one vendor.

    Editions are asked in order, so that the union of several documents can be served: the first
    with the operation is taken, or a later one at the same place if only that one has nothing
    against the request.
    `refused_keys` are keys that the vendor's own documentation could not have given out.
    `hooks` hold, by lifecycle, what happens when a task of it enters a status; a task begins
    with `partial(hook, tenant)`, and one that a snapshot brings back is given the same again.
    A `lenient` one may refuse with a status that its document forgot to declare.
    A `private` one serves the fake itself: no key, no tenant of its own, no journal.
    `doors` tell, by kind, at which links something can be done with what is stored; a snapshot
    opens these again.
    `unserved` are editions that nobody can call, and whose kinds the one store has all the same.
    """

    name: str
    editions: tuple[Edition, ...]
    envelope: Envelope
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    doors: Mapping[str, Doors] = field(default_factory=dict)
    lenient: bool = False
    private: bool = False
    unserved: tuple[Edition, ...] = ()

    def current(self) -> "Provider":
        """The provider without what its vendor has withdrawn."""
        return self.only(edition for edition in self.editions if not edition.retired)

    def only(self, served: Iterable[Edition]) -> "Provider":
        """The provider with these of its editions; behaviours may know what others store."""
        kept = tuple(served)
        rest = tuple(edition for edition in self.editions if edition not in kept)
        return replace(self, editions=kept, unserved=(*self.unserved, *rest))

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What is stored, by name: all editions share one store, the first that declares a kind."""
        every = [edition.cast.kinds for edition in reversed((*self.editions, *self.unserved))]
        return {name: kind for kinds in every for name, kind in kinds.items()}

    @property
    def mount(self) -> str:
        """The path below which the provider is served."""
        return f"/{self.name}"

    @property
    def bases(self) -> tuple[str, ...]:
        """The base path of each version below the mount, once each."""
        return tuple(dict.fromkeys(edition.prefixes[0] for edition in self.editions))

    @property
    def hosts(self) -> frozenset[str]:
        """The vendor's real hosts, from the documents' server URLs."""
        found = (edition.contract.document.host for edition in self.editions)
        return frozenset(host for host in found if host)

    @property
    def example(self) -> tuple[str, str]:
        """A call that needs no more than a key: its header line, up to the key, and its path.

        The path, below the first base, is empty where every operation needs more.
        """
        first = self.editions[0]
        for operation in first.contract.operations.values():
            needed = (each.get("required") for each in parameters(operation.document, operation))
            if operation.method == "GET" and not any(needed):
                return _credential(first), operation.template
        return _credential(first), ""


@lru_cache(maxsize=256)
def _lines(usual: Headers, media_type: str | None) -> tuple[tuple[str, str], ...]:
    return (*usual, ("content-type", media_type)) if media_type is not None else tuple(usual)


def edition(
    contract: Contract,
    special: Mapping[str, Behaviour],
    generic: Callable[[Contract, Cast, str], Behaviour],
    prefixes: Iterable[str] | None = None,
    *,
    views: Mapping[str, View] | None = None,
    headers: Iterable[tuple[str, str]] = (),
    retired: bool = False,
) -> Edition:
    """An edition whose operations behave as `special` says, and generically elsewhere."""
    cast = infer(contract.document, contract.operations)
    behaviours = Late[Behaviour](
        contract.operations, lambda name: special.get(name) or generic(contract, cast, name)
    )
    base = contract.document.base_path
    chosen = tuple(prefixes) if prefixes is not None else (base,)
    schemes = _schemes(contract)
    lines = Headers(headers)
    return Edition(contract, cast, chosen, behaviours, schemes, views or {}, lines, retired)


def _credential(edition: Edition) -> str:
    """The header line in which the document wants to be shown a key, up to the key."""
    components = mapping(edition.contract.document.root.get("components"))
    declared = mapping(components.get("securitySchemes"))
    for scheme in (mapping(declared.get(name)) for name in edition.schemes):
        if scheme.get("type") == "http":
            return f"Authorization: {str(scheme.get('scheme')).capitalize()} "
        if scheme.get("in") == "header":
            return f"{scheme.get('name')}: "
    return "x-api-key: "


def _schemes(contract: Contract) -> tuple[str, ...]:
    """Every security scheme, those that most operations accept first."""
    document, uses = contract.document, Counter[str]()
    for operation in contract.operations.values():
        said = mapping(document.at(operation.pointer)).get(
            "security", document.root.get("security")
        )
        uses.update(name for requirement in elements(said) for name in mapping(requirement))
    return tuple(name for name, _ in uses.most_common())
