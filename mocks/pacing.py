"""How long whoever sends a reply waits before it, and before each piece of a streamed one."""

from collections.abc import Iterator

from understudy.mocks.answer import Reply, Stream
from understudy.mocks.clock import LATEST
from understudy.mocks.engine import Engine
from understudy.mocks.tenant import Tenant


def paced(engine: Engine, reply: Reply) -> Iterator[tuple[float, bytes]]:
    """The pieces of a reply, each with the real seconds to wait before it is sent.

    A `real` clock's pieces take their delay divided by its speed. An `auto` clock moves by the
    delay instead, and a `manual` one stands still; neither waits.
    """
    if not isinstance(reply.body, Stream):
        yield 0.0, reply.body
        return
    if not reply.tenant:  # a stream of the fake itself has no tenant, and none is made for it
        yield from ((0.0, chunk.content) for chunk in reply.body.chunks)
        return
    tenant = engine.tenants.get(reply.tenant)
    for chunk in reply.body.chunks:
        yield _passed(tenant, chunk.delay), chunk.content


def held(engine: Engine, reply: Reply, patience: float | None) -> tuple[float, bool]:
    """The real seconds before a reply is sent, and whether a caller still waits for it then.

    `patience` is how long the caller waits, None for ever. Where time is not the wall's, the
    caller's seconds are those of the clock: 60 s of latency outlast 30 s of patience at once.
    """
    tenant = engine.tenants.get(reply.tenant)
    speed = tenant.clock.speed if tenant.clock.mode == "real" else 1.0
    lasting = reply.latency / speed
    if patience is None or lasting <= patience:
        return _passed(tenant, reply.latency), True
    return _passed(tenant, patience * speed), False


def _passed(tenant: Tenant, seconds: float) -> float:
    """Let `seconds` of the clock pass; the real seconds for which the caller has to wait."""
    if seconds <= 0 or tenant.clock.mode == "manual":
        return 0.0
    if tenant.clock.mode == "real":
        return seconds / tenant.clock.speed
    with tenant.lock:
        tenant.clock.move_to(min(tenant.clock.now() + seconds, LATEST))
        tenant.settle()
    return 0.0
