"""A port for the fake: uvicorn with httptools, in this thread or in one of its own.

httptools is not a matter of speed alone: uvicorn's pure-Python parser would answer the hidden
request of a smuggled one.
"""

import asyncio
import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from ipaddress import ip_address
from types import FrameType
from typing import Any

import uvicorn

from understudy.mocks.asgi import Served
from understudy.mocks.courier import Courier
from understudy.mocks.delivery import Answered, Parcel
from understudy.mocks.errors import FakeError
from understudy.mocks.outbound import Aim, Guard, resolve
from understudy.mocks.outlet import Outlet
from understudy.mocks.posting import post
from understudy.mocks.tenant import Tenants

GRACE = 3
"""Seconds that exchanges in flight are given when the server stops."""

_BACKLOG = 2048


class PortError(FakeError):
    """The address to listen on is taken, not allowed, or not one of this machine's."""


class Server:
    """One application on one port. The port is taken at construction (0 takes a free one).

    `run` serves in this thread until a signal or `stop`; `start` serves in a thread of its own
    and returns once requests are answered; `stop` lets exchanges in flight end, then returns.
    The webhooks of `tenants` are sent while it serves, to loopback and to `webhook_hosts`.
    """

    def __init__(
        self,
        application: Served,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tenants: Tenants | None = None,
        webhook_hosts: Iterable[str] = (),
    ) -> None:
        guard = webhook_guard(tenants.outlet, webhook_hosts) if tenants is not None else None
        self._socket = _listen(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._ports: set[int] = tenants.outlet.ports if tenants is not None else set()
        self._ports.add(self.port)
        self._server = _Uvicorn(
            application, Courier(tenants, guard.send) if tenants is not None and guard else None
        )
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port, as a client on this machine reaches it."""
        return f"http://{_reachable(self.host)}:{self.port}"

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until SIGINT or SIGTERM; `ready` is called when the first request may come."""
        self._server.ready = ready
        self._server.run(sockets=[self._socket])

    def start(self) -> str:
        """Serve in a daemon thread; answers the URL once the port does."""
        if self._thread is None:
            ready = threading.Event()
            self._server.ready = ready.set
            self._thread = threading.Thread(
                target=self._threaded, args=(ready,), name=f"understudy:{self.port}", daemon=True
            )
            self._thread.start()
            ready.wait()
            if not self._server.started:
                raise PortError(f"The server on {self.url} did not start.")
        return self.url

    def stop(self) -> None:
        """End the thread of `start`; exchanges in flight get a few seconds, then are cut."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._socket.close()
        self._ports.discard(self.port)

    def _threaded(self, ready: threading.Event) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            ready.set()


class _Uvicorn(uvicorn.Server):
    """Uvicorn with a courier; it tells when it is ready, and a signal only asks it to stop."""

    def __init__(self, application: Served, courier: Courier | None) -> None:
        config = uvicorn.Config(
            application,
            http="httptools",
            loop=_loop(),
            ws="none",
            lifespan="off",
            interface="asgi3",
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_graceful_shutdown=GRACE,
        )
        super().__init__(config)
        self.ready: Callable[[], None] = lambda: None
        self._courier = courier
        self._errand: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._courier is not None:
            self._errand = asyncio.create_task(self._courier.run())
        self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._errand is not None:
            self._errand.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._errand
        if self._courier is not None:
            self._courier.tenants.feed.hang_up()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Uvicorn raises the signal again once it has stopped, which would turn a clean end
        # into a traceback and an exit code of its own.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kinds = (signal.SIGINT, signal.SIGTERM)
        before = {kind: signal.signal(kind, self._stop) for kind in kinds}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    def _stop(self, kind: int, frame: FrameType | None) -> Any:
        self.force_exit = self.should_exit
        self.should_exit = True


def webhook_guard(outlet: Outlet, hosts: Iterable[str] = ()) -> Guard:
    """The guard before every webhook that leaves this process."""
    return Guard(
        hosts,
        resolve=resolve,
        connect=_post,
        ports=outlet.ports,
        timeout=outlet.dispatch.timeout,
    )


async def _post(aim: Aim, parcel: Parcel) -> Answered:
    """Post a parcel; the library for it is imported, beside the loop, when the first is due."""
    await asyncio.to_thread(import_module, "httpx2")
    return await post(aim, parcel)


def _loop() -> str:
    try:
        import uvloop  # noqa: F401
    except ImportError:  # not on Windows
        return "asyncio"
    return "uvloop"


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket; it is there before the server is, so that its port can be told."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise PortError(f"The host {host!r} is no address of this machine: {error}.") from None
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise _refused(host, port, error) from None
    listener.setblocking(False)
    return listener


def _refused(host: str, port: int, error: OSError | OverflowError) -> PortError:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return PortError(
            f"The port {port} on {host} is taken by another program. "
            f"Name a free one with --port, or --port 0 to be given one."
        )
    if number == errno.EACCES:
        return PortError(f"The port {port} on {host} needs rights that you lack; try --port 8642.")
    return PortError(f"Cannot listen on {host!r}, port {port}: {error}.")


def _reachable(host: str) -> str:
    """The host a client writes; a wildcard address is reached through loopback."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return host if address.version == 4 else f"[{host}]"
