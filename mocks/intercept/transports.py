"""httpx and httpx2: the transports that both build their clients on, replaced where they send.

Only what would have gone to a socket comes by: a client with a transport of its own (a mock, an
ASGI application) is not touched, and what is left alone goes on to whatever else has replaced
the socket, such as respx. No test library is needed for it.
"""

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from understudy.mocks.engine import Engine
from understudy.mocks.intercept.patch import Patch
from understudy.mocks.intercept.reach import Reach
from understudy.mocks.transport import AsyncTransport, Transport

Sleep = Callable[[float], None]
AsyncSleep = Callable[[float], Awaitable[None]]


def transports(
    library: ModuleType, engine: Engine, reach: Reach, sleep: Sleep, async_sleep: AsyncSleep
) -> list[Patch]:
    """Replace the two transports of `library`, httpx or httpx2."""
    played = Transport(engine, sleep=sleep, answered=reach.answered)
    async_played = AsyncTransport(engine, sleep=async_sleep, answered=reach.answered)

    def send(patch: Patch) -> Any:
        def handle_request(self: Any, request: Any) -> Any:
            if patch.active and reach.takes(request.url.host):
                return played.handle_request(request)
            if patch.active:
                _leaves(patch, reach, request)
            return patch.original(self, request)

        return handle_request

    def async_send(patch: Patch) -> Any:
        async def handle_async_request(self: Any, request: Any) -> Any:
            if patch.active and reach.takes(request.url.host):
                return await async_played.handle_async_request(request)
            if patch.active:
                _leaves(patch, reach, request)
            return await patch.original(self, request)

        return handle_async_request

    return [
        Patch(library.HTTPTransport, "handle_request", send, reach),
        Patch(library.AsyncHTTPTransport, "handle_async_request", async_send, reach),
    ]


def _leaves(patch: Patch, reach: Reach, request: Any) -> None:
    """Refuse what may not leave, unless a fake further out answers it."""
    host = request.url.host
    if not taken_below(patch, host):
        reach.leaves(request.method, str(request.url.copy_with(query=None)), host)


def taken_below(patch: Patch, host: str) -> bool:
    """Whether a fake that was entered before this one answers calls to `host`."""
    return any(isinstance(each.work, Reach) and each.work.takes(host) for each in patch.below())
