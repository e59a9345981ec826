"""Giving up from outside: by the switch, and by cancelling an asyncio task."""

import asyncio
import threading
from typing import Any

import httpx2
import pytest
from callers import BASE, KEY, Blocking, Pieces, Script, error, options

from understudy.client import (
    AsyncTiming,
    AsyncTwelveLabs,
    Cancellation,
    Cancelled,
    Timing,
    TwelveLabs,
)


async def cancelled(work: Any, begun: asyncio.Event) -> None:
    """Cancel `work` once it has begun to wait; it ends as asyncio means it to."""
    task = asyncio.ensure_future(work)
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_task__is_cancelled_while_pausing() -> None:
    """Neither a retry nor a wait swallows asyncio's cancellation."""

    async def main() -> None:
        for attempt in ("retrieve", "wait"):
            begun, script = asyncio.Event(), Script(error(503))

            async def sleep(_: float, begun: asyncio.Event = begun) -> None:
                begun.set()
                await asyncio.Event().wait()

            timing = AsyncTiming(sleep=sleep)
            client = AsyncTwelveLabs(KEY, base_url=BASE, transport=script.transport, timing=timing)
            await cancelled(getattr(client.tasks, attempt)("t"), begun)
            assert len(script.requests) == 1

    asyncio.run(main())


def test_task__is_cancelled_while_reading() -> None:
    """The connection is let go of."""

    class Endless(Pieces):
        def __init__(self, begun: asyncio.Event) -> None:
            super().__init__()
            self.begun = begun

        async def __aiter__(self) -> Any:
            yield b'{"event_type": "stream_start"}\n'
            self.begun.set()
            await asyncio.Event().wait()

    async def main() -> None:
        begun = asyncio.Event()
        body = Endless(begun)
        script = Script(httpx2.Response(200, stream=body))
        client = AsyncTwelveLabs(KEY, base_url=BASE, transport=script.transport)
        stream = client.analyze_stream("v", "Who?")
        await cancelled(stream.text(), begun)
        await stream.close()
        assert body.closed

    asyncio.run(main())


def test_switch__thrown_by_another_thread() -> None:
    """A synchronous wait that pauses meanwhile ends at the next slice, with `Cancelled`."""
    switch, slices = Cancellation(), []

    def sleep(seconds: float) -> None:
        slices.append(seconds)
        other = threading.Thread(target=switch.cancel)
        other.start()
        other.join()

    client = TwelveLabs(
        KEY,
        base_url=BASE,
        transport=Script(error(503, retry_after="30")).transport,
        options=options(cancellation=switch),
        timing=Timing(sleep=sleep),
    )
    with pytest.raises(Cancelled, match="by its caller"):
        client.tasks.wait("t")
    assert slices == [0.25]


def test_switch__that_was_thrown_before(caller: Blocking) -> None:
    """Nothing is sent any more; views without the switch go on."""
    switch = Cancellation()
    switch.cancel()
    script = Script(error(404))
    client = caller.client(script.transport)
    with pytest.raises(Cancelled):
        caller.run(client.with_options(cancellation=switch).indexes.retrieve("i"))
    assert script.requests == [] and switch.cancelled
    with pytest.raises(Exception, match="404"):
        caller.run(client.indexes.retrieve("i"))
