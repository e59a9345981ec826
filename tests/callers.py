"""One test for both kinds of client: how each is made, called and read, in virtual time."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import httpx2

from understudy.client import AsyncTiming, AsyncTwelveLabs, Options, Timing, TwelveLabs

KEY = "tlk_test"
BASE = "https://api.example/v1.3"


class VirtualTime:
    """Time that only sleeping moves; `slept` is every pause, `chance` every random number."""

    def __init__(self, chance: float = 0.0) -> None:
        self.now = 1_000.0
        self.chance = chance
        self.slept: list[float] = []
        self.on_sleep: Callable[[float], object] = lambda seconds: None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.on_sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.sleep(seconds)

    def wall(self) -> float:
        return 1_750_000_000.0 + self.now - 1_000.0

    def known(self) -> dict[str, Any]:
        return {
            "monotonic": lambda: self.now,
            "wall": self.wall,
            "random": lambda: self.chance,
        }


class Blocking:
    """Calls a synchronous client."""

    asynchronous = False

    def __init__(self) -> None:
        self.time = VirtualTime()

    def client(self, transport: Any, key: str = KEY, **more: Any) -> Any:
        timing = Timing(sleep=self.time.sleep, **self.time.known())
        return TwelveLabs(key, **{"base_url": BASE, **more}, transport=transport, timing=timing)

    def on_fake(self, fake: Any, key: str = KEY, **more: Any) -> Any:
        timing = Timing(sleep=self.time.sleep, **self.time.known())
        return TwelveLabs(key, transport=fake.transport(), timing=timing, **more)

    def run(self, result: Any) -> Any:
        return result

    def all(self, items: Iterable[Any]) -> list[Any]:
        return list(items)

    def enter(self, context: Any) -> Any:
        return context.__enter__()

    def leave(self, context: Any) -> None:
        context.__exit__(None, None, None)

    def close(self) -> None:
        """Nothing is held open."""


class Awaiting(Blocking):
    """Calls an asynchronous client, on one event loop of its own."""

    asynchronous = True

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()

    def client(self, transport: Any, key: str = KEY, **more: Any) -> Any:
        timing = AsyncTiming(sleep=self.time.sleep_async, **self.time.known())
        merged = {"base_url": BASE, **more}
        return AsyncTwelveLabs(key, **merged, transport=transport, timing=timing)

    def on_fake(self, fake: Any, key: str = KEY, **more: Any) -> Any:
        timing = AsyncTiming(sleep=self.time.sleep_async, **self.time.known())
        return AsyncTwelveLabs(key, transport=fake.async_transport(), timing=timing, **more)

    def run(self, result: Any) -> Any:
        async def awaited() -> Any:
            return await result

        return self.runner.run(awaited())

    def all(self, items: Any) -> list[Any]:
        async def collected() -> list[Any]:
            return [item async for item in items]

        return self.runner.run(collected())

    def enter(self, context: Any) -> Any:
        return self.run(context.__aenter__())

    def leave(self, context: Any) -> None:
        self.run(context.__aexit__(None, None, None))

    def close(self) -> None:
        self.runner.close()


Step = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


class Script:
    """A server that does what it is told, one step a request; the last step goes on for ever."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx2.Request] = []

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx2.Response):
            # A copy, since the client ties a response to its request.
            return httpx2.Response(step.status_code, headers=step.headers, stream=step.stream)
        return step(request)


class Pieces(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body in pieces; an exception among them breaks it off there."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = pieces
        self.closed = False

    def __iter__(self) -> Any:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def __aiter__(self) -> Any:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def reply(status: int = 200, json: Any = None, **headers: str) -> httpx2.Response:
    """A reply with a JSON body (none for None); `retry_after` stands for Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if json is None:
        return httpx2.Response(status, headers=named)
    return httpx2.Response(status, headers=named, json=json)


def error(status: int, code: str = "some_code", **headers: str) -> httpx2.Response:
    """A refusal in the provider's envelope."""
    return reply(status, {"code": code, "message": f"About {code}."}, **headers)


def options(**some: Any) -> Options:
    """Options with a default for the rest."""
    return Options(**some)


INDEX = {
    "_id": "68652c10f1b5a3d2c4e6f701",
    "index_name": "films",
    "created_at": "2025-07-02T12:54:40.310Z",
    "updated_at": "2025-07-02T13:10:02.005Z",
    "total_duration": 214.6,
    "video_count": 3,
    "models": [{"model_name": "marengo2.7", "model_options": ["visual"]}],
}
