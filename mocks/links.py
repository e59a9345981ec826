"""Files that replies link to: `/_media/TOKEN`, open to whoever has the URL until it expires.

Most are there to be fetched; some wait for a piece of a file that is put there.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from threading import Lock

from understudy.contracts.exchange import Request
from understudy.mocks.answer import Answer
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.tenant import Tenant, Tenants

MOUNT = "/_media"

Take = Callable[[Tenant, Request], Answer]
"""Answers whoever comes to a link, whatever the method; the tenant is settled and locked."""


@dataclass(frozen=True, slots=True)
class Link:
    """A file behind a URL: made when it is fetched, until the owner's clock passes `expires`."""

    tenant: Tenant
    media_type: str
    make: Callable[[], bytes]
    expires: float | None
    within: Callable[[str], bytes] | None = None
    """Makes what is below the link, by the rest of the path; None where nothing is."""
    take: Take | None = None
    """Answers in place of `make`, where a link does something: an upload, a user's consent."""


@dataclass(frozen=True, slots=True)
class Door:
    """A link at which something is done, of what is stored: a snapshot brings it back.

    `name` is its own in the tenant; until the tenant's clock passes `expires`, `take` answers.
    """

    name: str
    take: Take
    expires: float


class Links:
    """The links given out; beyond `bound` the one given out longest ago is forgotten."""

    def __init__(self, seed: int, bound: int) -> None:
        self._seed = seed
        self._bound = bound
        self._lock = Lock()
        self._links: OrderedDict[str, Link] = OrderedDict()

    def offer(self, name: str, link: Link) -> str:
        """The path of a link; the same tenant and name have the same one."""
        owner = f"{self._seed}\0{link.tenant.name}\0{name}"
        token = blake2b(owner.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        with self._lock:
            self._links[token] = link
            self._links.move_to_end(token)
            if len(self._links) > self._bound:
                self._links.popitem(last=False)
        return f"{MOUNT}/{token}"

    def open(self, tenant: Tenant, door: Door) -> str:
        """The path of a door of the tenant's."""
        return self.offer(door.name, Link(tenant, "", bytes, door.expires, take=door.take))

    def shut(self, name: str) -> None:
        """Forget every door of the tenant of that name; its files can be fetched all the same."""
        with self._lock:
            for token, link in list(self._links.items()):
                if link.take is not None and link.tenant.name == name:
                    del self._links[token]

    def fetch(self, request: Request, tenants: Tenants) -> Answer:
        """What comes of a request below the mount: a file, or what the link does.

        Refused when the link is unknown or has expired, and a file for anything but a GET. A
        body is as long as the adapter lets any be, see `Limits.body`.
        """
        path = request.path
        token, _, rest = path.removeprefix(f"{MOUNT}/").partition("/")
        link = self._links.get(token)
        if link is None or (rest and link.within is None):
            raise Refusal(Reason.UNKNOWN, f"no reply has given out a link to {path!r}")
        if link.take is None and request.method not in ("GET", "HEAD"):
            allow = (("allow", "GET, HEAD"),)
            message = f"{request.method} is not allowed on a file"
            raise Refusal(Reason.NO_METHOD, message, headers=allow)
        if link.take is not None:
            tenant = tenants.get(link.tenant.name)
            with tenant.lock:
                tenant.settle()
                _refuse_late(link, tenant, path)
                return link.take(tenant, request)
        _refuse_late(link, link.tenant, path)
        make = partial(link.within, rest) if rest and link.within else link.make
        content = b"" if request.method == "HEAD" else make()
        return Answer(200, None, link.media_type, raw=content)


def _refuse_late(link: Link, tenant: Tenant, path: str) -> None:
    if link.expires is not None and tenant.clock.now() >= link.expires:
        raise Refusal(Reason.RULE, f"the link {path!r} has expired", status=403)
