"""Live servers that last for the session, with a tenant for each test."""

from collections.abc import MutableMapping
from typing import Any

from understudy.mocks.asgi import Application, Receive, Send
from understudy.mocks.fake import Fake, Tenancy
from understudy.mocks.safety import Safety
from understudy.mocks.serve import Server
from understudy.pytest_settings import Settings

ROOM = "/_tenant/"
HEADER = b"x-understudy-tenant"


class Address(str):
    """A base URL; append a provider's mount, as in `f"{understudy_url}/twelvelabs/v1.3"`.

    `tenant` is what belongs to the test that was given it: clock, journal, faults.
    """

    tenant: Tenancy

    def __new__(cls, url: str, tenant: Tenancy) -> "Address":
        """The URL, with its tenant."""
        made = super().__new__(cls, url)
        made.tenant = tenant
        return made


class Live:
    """One fake on a port. What is called below `/_tenant/NAME` belongs to the tenant NAME."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self._application: Application = fake.asgi(Safety.of(hosts=("testserver",)))
        self._server = Server(self, tenants=fake.engine.tenants)
        self._rooms = 0
        self._url = self._server.start()

    def room(self) -> Address:
        """The address of a tenant that nobody had before."""
        self._rooms += 1
        name = f"test-{self._rooms}"
        return Address(f"{self._url}{ROOM}{name}", self.fake.tenant(name=name))

    def close(self) -> None:
        """Stop the server."""
        self._server.stop()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Play a request for the tenant in its path; any other as it is."""
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(ROOM):
            name = path[len(ROOM) :].partition("/")[0]
            headers = [each for each in scope["headers"] if each[0].lower() != HEADER]
            headers.append((HEADER, name.encode("latin-1", "replace")))
            scope = {**scope, "headers": headers, "root_path": ROOM + name}
        await self._application(scope, receive, send)


class Servers:
    """The servers of a session, one for each way in which tests want theirs."""

    def __init__(self) -> None:
        self._running: dict[tuple[object, ...], Live] = {}

    def get(self, settings: Settings) -> Live:
        """The server that fits, started when the first test asks."""
        said = frozenset(settings.named & {"seed", "time"})
        how = (settings.time, settings.seed, settings.retired)
        key = (settings.providers, how, settings.scenario, said)
        if key not in self._running:
            time, seed, retired = how
            fake = Fake(*settings.providers, time=time, seed=seed, retired=retired)
            settings.load_into(fake)
            self._running[key] = Live(fake)
        return self._running[key]

    def close(self) -> None:
        """Stop them all."""
        while self._running:
            self._running.popitem()[1].close()
