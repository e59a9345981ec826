"""How long whoever sends a streamed reply waits before each of its pieces."""

from collections.abc import Iterator

from understudy.mocks.answer import Reply, Stream
from understudy.mocks.engine import Engine


def paced(engine: Engine, reply: Reply) -> Iterator[tuple[float, bytes]]:
    """The pieces of a reply, each with the real seconds to wait before it is sent.

    A `real` clock's pieces take their delay divided by its speed. An `auto` clock moves by the
    delay instead, and a `manual` one stands still; neither waits.
    """
    if not isinstance(reply.body, Stream):
        yield 0.0, reply.body
        return
    tenant = engine.tenants.get(reply.tenant)
    for chunk in reply.body.chunks:
        pause = 0.0
        if chunk.delay > 0 and tenant.clock.mode == "real":
            pause = chunk.delay / tenant.clock.speed
        elif chunk.delay > 0 and tenant.clock.mode == "auto":
            with tenant.lock:
                tenant.clock.advance(chunk.delay)
                tenant.settle()
        yield pause, chunk.content
