"""Files that replies link to: `/_media/TOKEN`, open to whoever has the URL until it expires."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from threading import Lock

from understudy.mocks.answer import Answer
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.tenant import Tenant

MOUNT = "/_media"


@dataclass(frozen=True, slots=True)
class Link:
    """A file behind a URL: made when it is fetched, until the owner's clock passes `expires`."""

    tenant: Tenant
    media_type: str
    make: Callable[[], bytes]
    expires: float | None
    within: Callable[[str], bytes] | None = None
    """Makes what is below the link, by the rest of the path; None where nothing is."""


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

    def fetch(self, method: str, path: str) -> Answer:
        """The file at a path below the mount; refused when unknown, expired or not a GET."""
        token, _, rest = path.removeprefix(f"{MOUNT}/").partition("/")
        if method not in ("GET", "HEAD"):
            allow = (("allow", "GET, HEAD"),)
            raise Refusal(Reason.NO_METHOD, f"{method} is not allowed on a file", headers=allow)
        link = self._links.get(token)
        if link is None or (rest and link.within is None):
            raise Refusal(Reason.UNKNOWN, f"no reply has given out a link to {path!r}")
        if link.expires is not None and link.tenant.clock.now() >= link.expires:
            raise Refusal(Reason.RULE, f"the link {path!r} has expired", status=403)
        make = partial(link.within, rest) if rest and link.within else link.make
        content = b"" if method == "HEAD" else make()
        return Answer(200, None, link.media_type, raw=content)
