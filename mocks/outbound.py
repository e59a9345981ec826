"""The guard on the way out: which addresses a webhook may be sent to, and how it is sent.

A fake calls URLs that whoever talks to it has named. So only loopback, and hosts that were
named when it was started, are called at all; the name is resolved once and that very address is
connected to; a redirect is an answer, not a way on; and the fake never calls itself.
"""

import socket
from collections.abc import Awaitable, Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Protocol, TypeAlias
from urllib.parse import SplitResult, urlsplit

from understudy.mocks.delivery import Answered, Parcel
from understudy.mocks.errors import FakeError
from understudy.mocks.safety import host_name, is_loopback

Address: TypeAlias = IPv4Address | IPv6Address
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Answers the addresses of a host name, or raises OSError."""


class NotAllowed(FakeError):
    """A URL that no webhook is sent to; the message says what would have to be allowed."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a parcel goes: one address, whatever the name may resolve to from now on."""

    scheme: str
    host: str
    address: str
    port: int
    target: str


class Connector(Protocol):
    """Sends a parcel to one address, follows nothing, resolves nothing, and asks no proxy."""

    async def __call__(self, aim: Aim, parcel: Parcel) -> Answered:
        """What was answered; OSError or TimeoutError when nothing was."""
        ...


class Guard:
    """Stands on every way out. `hosts` are allowed beside loopback; `ports` are our own.

    `resolve` and `connect` do the I/O; `timeout` bounds both together, in seconds.
    """

    def __init__(
        self,
        hosts: Iterable[str] = (),
        *,
        resolve: Resolve,
        connect: Connector,
        ports: Container[int] = (),
        own: "Callable[[Address], bool] | None" = None,
        timeout: float = 10.0,
    ) -> None:
        self._hosts = frozenset(_named(host) for host in hosts)
        self._resolve = resolve
        self._connect = connect
        self._ports = ports
        self._own = own or is_own
        self._timeout = timeout

    async def send(self, parcel: Parcel) -> Answered:
        """What came of a parcel; never raises. What is not allowed is not tried again."""
        import asyncio

        try:
            async with asyncio.timeout(self._timeout):
                aim = await self.aim(parcel.url)
                answered = await self._connect(aim, parcel)
        except NotAllowed as error:
            return Answered(None, error=str(error), final=True)
        except TimeoutError:
            return Answered(None, error=f"No answer came within {self._timeout:g} s.")
        except (OSError, UnicodeError, ValueError) as error:
            return Answered(None, error=str(error) or type(error).__name__)
        if answered.status is not None and 300 <= answered.status < 400:
            return Answered(answered.status, answered.body, "Redirects are not followed.")
        return answered

    async def aim(self, url: str) -> Aim:
        """The one address that this URL means now; NotAllowed, or OSError from resolving."""
        parts, host, port = _taken_apart(url)
        if host not in self._hosts and not is_loopback(host):
            raise NotAllowed(
                f"Webhooks are sent to loopback and to hosts that were named, and {host!r} was"
                f" not. Start the server with --webhook-host {host} if that is meant."
            )
        literal = _literal(host)
        found = [str(literal)] if literal else await self._resolve(host, port)
        for text in found:
            address = ip_address(text.partition("%")[0])
            self._admit(host, address, port)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            return Aim(parts.scheme, parts.netloc, text, port, target)
        raise NotAllowed(f"The host {host!r} has no address.")

    def _admit(self, host: str, address: Address, port: int) -> None:
        """Refuse an address that the host's name does not stand for, and our own port."""
        mapped = getattr(address, "ipv4_mapped", None) or address
        if is_loopback(host) and not mapped.is_loopback:
            raise NotAllowed(f"{host!r} is to be loopback, and resolves to {address}.")
        strange = mapped.is_unspecified or mapped.is_multicast or mapped.is_link_local
        if strange and str(address) not in self._hosts:
            raise NotAllowed(f"{host!r} resolves to {address}, where no receiver can be.")
        if port in self._ports and (mapped.is_loopback or self._own(mapped)):
            raise NotAllowed(f"{host}:{port} is this server itself, which takes no webhooks.")


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that the machine's resolver knows, IPv4 before IPv6."""
    import asyncio

    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in sorted(found, key=lambda each: each[0])]


def is_own(address: Address) -> bool:
    """Whether an address is this machine's: only then can a socket be bound to it."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True


def _taken_apart(url: str) -> tuple[SplitResult, str, int]:
    """The parts of a URL with its host and port; NotAllowed for what is no plain http(s) URL."""
    if any(character <= " " or character == "\\" or character == "\x7f" for character in url):
        raise NotAllowed(f"{url!r} is no URL: it holds a character that must be encoded.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed(f"{url!r} is no URL: {error}.") from None
    if parts.scheme not in ("http", "https"):
        raise NotAllowed(f"{url!r} is no http or https URL, and webhooks go nowhere else.")
    if "@" in parts.netloc:
        raise NotAllowed("The URL carries a user name; webhooks are sent to URLs without one.")
    host = host_name(parts.netloc)
    if host is None:
        raise NotAllowed(f"{url!r} names no host that a webhook could be sent to.")
    return parts, host, port or (443 if parts.scheme == "https" else 80)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _named(host: str) -> str:
    name = host_name(host) or host_name(f"[{host}]")
    if name is None:
        raise FakeError(f"{host!r} is no host name; a webhook host is a name or an address.")
    return name
