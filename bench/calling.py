"""A call in process: the user's own client on our transport, beside what it replaces."""

import asyncio
import time
from statistics import median

import httpx

from bench.peers import LATE, starlette
from bench.row import Row
from bench.serving import BASE, KEY, MODELS
from bench.timing import calls_for, seconds_per_call
from understudy.mocks import Fake

ROUNDS = 9
HOST = "http://understudy.test"


def rows() -> list[Row]:
    """In process against ASGITransport with a bare application, and against a canned reply."""
    with Fake("twelvelabs", time="manual") as fake:
        base = f"{HOST}/twelvelabs"
        ours = httpx.Client(transport=fake.transport("httpx"), headers=KEY, base_url=base)
        made = ours.post("/v1.3/indexes", json={"index_name": "bench", "models": MODELS})
        path = f"{HOST}{BASE}/indexes/{made.json()['_id']}"
        body = ours.get(path).content
        canned = httpx.MockTransport(
            lambda _: httpx.Response(
                200, content=body, headers={"content-type": "application/json"}
            )
        )
        mocked = httpx.Client(transport=canned, headers=KEY)
        assert ours.get(path).json() == mocked.get(path).json()
        found = _turns(lambda: ours.get(path), lambda: mocked.get(path), body)
    figures = ", ".join(f"{name} {median(each) * 1e6:.0f} µs" for name, each in found.items())
    return [
        Row("call in process / AsyncClient, ASGITransport, bare Starlette",
            _ratio(found, "asgi"), "at most", 0.5, 0.8, note=figures),
        Row("call in process / canned MockTransport",
            _ratio(found, "canned"), "at most", 1.3, 1.6),
    ]  # fmt: skip


def _ratio(found: dict[str, list[float]], other: str) -> float:
    return median(a / b for a, b in zip(found["ours"], found[other], strict=True))


def _turns(ours: object, canned: object, body: bytes) -> dict[str, list[float]]:
    """Seconds per call of the three, taking turns; the asynchronous one in one lasting loop."""
    assert callable(ours)
    assert callable(canned)
    calls = calls_for(ours, 0.2)
    found: dict[str, list[float]] = {"ours": [], "canned": [], "asgi": []}
    with asyncio.Runner() as runner:
        client = runner.run(_client(body))
        runner.run(_calls(client, 50))
        for _ in range(ROUNDS):
            found["ours"].append(seconds_per_call(ours, calls))
            found["canned"].append(seconds_per_call(canned, calls))
            found["asgi"].append(runner.run(_calls(client, calls // 2 + 1)))
        runner.run(client.aclose())
    return found


async def _client(body: bytes) -> httpx.AsyncClient:
    application = starlette(body)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(application),
        headers=KEY,
    )


async def _calls(client: httpx.AsyncClient, count: int) -> float:
    began = time.process_time()
    for _ in range(count):
        reply = await client.get(f"{HOST}/r{LATE}/x")
        assert reply.status_code == 200
    return (time.process_time() - began) / count
