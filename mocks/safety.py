"""Who may talk to a fake: host names, origins and the control token.

A fake listens on loopback, where every web page that the developer opens can reach it too.
So each request must name a host that is meant (a rebound DNS name is not), the control API
answers no other origin, and the provider side answers loopback origins and those allowed.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from understudy.contracts.addressing import CONTROL
from understudy.contracts.exchange import Headers

TOKEN_HEADER = "X-Understudy-Token"  # noqa: S105  # a name, no secret

_EXPOSED = ", ".join(
    (
        "ETag",
        "X-Ratelimit-Limit",
        "X-Ratelimit-Remaining",
        "X-Ratelimit-Used",
        "X-Ratelimit-Reset",
        "Retry-After",
        "X-Api-Version",
        "X-Understudy-Violation",
    )
)
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?")
_TOKENS = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:[ \t]*,[ \t]*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*")


@dataclass(frozen=True, slots=True)
class Denial:
    """A request that is turned away before any provider sees it."""

    status: int
    message: str


@dataclass(frozen=True, slots=True)
class Safety:
    """The rules of one server.

    `hosts` are further names it answers to (loopback names always count), `origins` the web
    origins allowed on the provider side beside loopback (`*` for any), and `token`, when not
    empty, is asked for on the control API.
    """

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    token: str = ""

    @classmethod
    def of(
        cls, hosts: Iterable[str] = (), origins: Iterable[str] = (), token: str = ""
    ) -> "Safety":
        """Rules from names as people write them: any case, trailing dots and slashes."""
        return cls(
            frozenset(host_name(host) or host.lower() for host in hosts),
            frozenset(origin.lower().rstrip("/") for origin in origins),
            token,
        )

    def denial(self, method: str, path: str, headers: Headers) -> Denial | None:
        """Why this request may not pass, or None."""
        named = headers.all("host")
        if len(named) != 1:
            return Denial(400, f"The request has {len(named)} Host headers; send exactly one.")
        host = host_name(named[0])
        if host is None:
            return Denial(400, f"The Host header {named[0]!r} names no host.")
        if host not in self.hosts and not is_loopback(host):
            return Denial(
                421,
                f"This server does not answer to the host {host!r}. "
                f"Start it with --allow-host {host} if that is meant.",
            )
        if is_control(path):
            return self._control_denial(method, path, headers)
        return None

    def _control_denial(self, method: str, path: str, headers: Headers) -> Denial | None:
        if method not in _READS and not _same_origin(headers):
            origin = headers.get("origin")
            return Denial(403, f"The control API takes no writes from the web origin {origin!r}.")
        if self.token and not _is_health(method, path):
            given = headers.get(TOKEN_HEADER, "") or ""
            if not hmac.compare_digest(given.encode(), self.token.encode()):
                return Denial(
                    401,
                    f"The control API of a server that is not on loopback needs the header "
                    f"{TOKEN_HEADER}; the server printed its value when it started.",
                )
        return None

    def sharing(self, path: str, headers: Headers) -> tuple[tuple[str, str], ...]:
        """The CORS lines for the reply to this request; none where nothing is shared."""
        origin = headers.get("origin")
        if origin is None or is_control(path):
            return ()
        if not self._shares(headers.all("origin")):
            return (("vary", "Origin"),)
        return (
            ("access-control-allow-origin", origin),
            ("access-control-expose-headers", _EXPOSED),
            ("vary", "Origin"),
        )

    def preflight(
        self, method: str, path: str, headers: Headers
    ) -> tuple[int, tuple[tuple[str, str], ...]] | None:
        """Status and headers when the request is a CORS preflight, else None."""
        if method != "OPTIONS" or "access-control-request-method" not in headers:
            return None
        asked = headers.get("access-control-request-headers", "") or ""
        if is_control(path) or not self._shares(headers.all("origin")):
            return 403, (("vary", "Origin"),)
        lines = [
            ("access-control-allow-origin", headers.get("origin") or ""),
            ("access-control-allow-methods", _METHODS),
            ("access-control-max-age", "600"),
            ("vary", "Origin, Access-Control-Request-Headers"),
        ]
        if _TOKENS.fullmatch(asked):
            lines.append(("access-control-allow-headers", asked))
        if headers.get("access-control-request-private-network") == "true":
            lines.append(("access-control-allow-private-network", "true"))
        return 204, tuple(lines)

    def _shares(self, origins: tuple[str, ...]) -> bool:
        if len(origins) != 1:
            return False
        origin = origins[0].lower()
        return origin in self.origins or "*" in self.origins or _is_loopback_origin(origin)


def host_name(authority: str) -> str | None:
    """The lower-case host of `host[:port]`, without a trailing dot; None when it is none."""
    matched = _AUTHORITY.fullmatch(authority.strip().lower())
    if matched is None:
        return None
    return matched[1].strip("[]").rstrip(".") or None


def is_loopback(host: str) -> bool:
    """Whether a bare host name or address can only mean this machine."""
    if host == "localhost" or host == "127.0.0.1" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_origin(text: str) -> bool:
    """Whether this is a web origin: a scheme and a host, perhaps a port and a closing slash."""
    scheme, found, authority = text.lower().rstrip("/").partition("://")
    return bool(found) and scheme.replace("-", "").isalnum() and host_name(authority) is not None


def is_control(path: str) -> bool:
    """Whether a path, as on the wire, could reach the control API by any spelling."""
    if path.startswith(CONTROL):
        return True
    if "%" not in path and "//" not in path:
        return False
    return "/" + unquote(path).lstrip("/").split("/", 1)[0] == CONTROL


def _is_health(method: str, path: str) -> bool:
    return method in ("GET", "HEAD") and path == f"{CONTROL}/health"


def _same_origin(headers: Headers) -> bool:
    origins = headers.all("origin")
    if not origins:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    host = (headers.get("host") or "").lower()
    return len(origins) == 1 and origins[0].lower() in (f"http://{host}", f"https://{host}")


def _is_loopback_origin(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    return origin == f"{parts.scheme}://{parts.netloc}" and is_loopback(parts.hostname)
