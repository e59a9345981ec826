"""One request as a behaviour sees it: read, checked, and standing in its tenant."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from understudy.contracts.exchange import Part, Request
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation, Reading
from understudy.contracts.record import record
from understudy.mocks.delivery import Delivery
from understudy.mocks.kind import mapping, text
from understudy.mocks.links import Door, Link, Links
from understudy.mocks.store import Collection
from understudy.mocks.tenant import Tenant

if TYPE_CHECKING:
    from understudy.mocks.provider import Edition, Provider


@record(frozen=True, slots=True)
class Call:
    """What a behaviour is given: the reading is free of violations, the tenant is settled.

    `base_url` is scheme, host and mount as the caller used them, `root` the first two of them.
    `wire` tells a caller on a port from one in this process. `seed` is the fake's. `others` are all
    tenants, this one among them.
    """

    request: Request
    reading: Reading
    tenant: Tenant
    provider: "Provider"
    edition: "Edition"
    base_url: str
    root: str
    links: Links
    wire: bool
    seed: int
    others: Iterable[Tenant] = ()

    @property
    def operation(self) -> Operation:
        """The operation that was called."""
        return self.reading.operation

    @property
    def now(self) -> float:
        """The tenant's time, in seconds since 1970."""
        return self.tenant.clock.now()

    @property
    def body(self) -> Mapping[str, Json]:
        """The body as an object; empty where there is none or it is no object."""
        return mapping(self.reading.body)

    def path(self, name: str) -> str:
        """A path parameter as text."""
        return str(self.reading.path.get(name, ""))

    def query(self, name: str, default: Json = None) -> Json:
        """A query parameter as typed by the contract, else `default`."""
        return self.reading.query.get(name, default)

    def field(self, name: str, default: str = "") -> str:
        """A field of the body as text, else `default`."""
        return text(self.body.get(name), default)

    def file(self, name: str) -> Part | None:
        """The first file part of that name, if one came."""
        parts = self.reading.files.get(name, ())
        return parts[0] if parts else None

    def link(
        self, name: str, media_type: str, make: Callable[[], bytes], lasts: float | None = None
    ) -> str:
        """A URL that anybody can fetch, for `lasts` seconds of the tenant's clock or for good."""
        expires = None if lasts is None else self.now + lasts
        return self.root + self.links.offer(name, Link(self.tenant, media_type, make, expires))

    def deliver(
        self, url: str, content: Json, *, event: str, about: str = "", at: float | None = None
    ) -> Delivery:
        """Have `content` sent to a URL of the caller's, now or at the instant `at`."""
        return self.tenant.deliveries.queue(
            self.provider.name, url, content, event=event, about=about, at=at
        )

    def folder(self, name: str, media_type: str, make: Callable[[str], bytes]) -> str:
        """A URL below which anybody can fetch files: `make` is given the rest of the path.

        One link stands for any number of files; a Refusal of `make` answers for what is none.
        """
        link = Link(self.tenant, media_type, lambda: make(""), None, make)
        return self.root + self.links.offer(name, link)

    def door(self, door: Door) -> str:
        """A URL at which anybody can do something: `take` answers each request, of any method.

        It is given the tenant as it is then, which may be one out of a snapshot; the provider's
        `doors` say which there are. Once it has expired the link is refused with 403.
        """
        return self.root + self.links.open(self.tenant, door)

    def elsewhere(self, kind: str, id: str) -> bool:
        """Whether another tenant has a resource of that kind and id: some vendors tell."""
        for tenant in self.others:
            held = tenant.store.held(self.provider.name, kind)
            if tenant is not self.tenant and held is not None and id in held:
                return True
        return False

    def collection(self, kind: str) -> Collection:
        """What the tenant stores of that kind with this provider."""
        held = self.tenant.store.held(self.provider.name, kind)
        if held is not None:
            return held
        declared = self.edition.cast.kinds.get(kind) or self.provider.kinds[kind]
        return self.tenant.collection(
            self.provider.name,
            kind,
            declared.orders,
            (*declared.filters, *declared.unique),
            created=declared.created,
            updated=declared.updated,
        )
