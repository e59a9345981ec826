"""How a store and its tasks behave as they grow: a hundred against a million, ten thousand runs."""

import gc
import time
from collections.abc import Callable

import orjson

from bench.row import Row
from bench.serving import BASE, KEY, MODELS
from bench.timing import interleaved, ratio
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.json import Json
from understudy.mocks import Fake
from understudy.mocks.limits import Limits
from understudy.mocks.store import Collection, Resource

SMALL, LARGE = 100, 1_000_000
TASKS = 10_000
BOUNDARY = "bench"


def rows() -> list[Row]:
    """Growth of the four reads of a list, and lifecycles in virtual time."""
    return [*_growth(), _lifecycles()]


def _filled(count: int) -> Collection:
    """`count` tasks of one index, a hundredth of them failed."""
    tasks = Collection("tasks", ("duration",), ("index_id", "status"),
                       created="created_at", updated="updated_at")  # fmt: skip
    for number in range(count):
        fields: dict[str, Json] = {
            "index_id": "i",
            "status": "failed" if number % 100 == 7 else "ready",
            "duration": float(number % 977),
            "system_metadata": {"filename": f"{number}.mp4", "width": 1280, "height": 720},
        }
        tasks.add(Resource("tasks", f"{number:024x}", fields, 1.75e9 + number, "i"))
    return tasks


def _reads(tasks: Collection) -> dict[str, Callable[[], object]]:
    middle = f"{len(tasks) // 2:024x}"
    deep = len(tasks) // 2
    found = tasks.page(where={"status": "failed"}, limit=1)
    assert found.total == len(tasks) // 100
    return {
        "get": lambda: tasks.get(middle),
        "first page": lambda: tasks.page(order="created_at", descending=True, limit=10),
        "deep page": lambda: tasks.page(order="created_at", descending=True, offset=deep, limit=10),
        "indexed filter": lambda: tasks.page(
            order="created_at", descending=True, where={"status": "failed"}, limit=1
        ),
    }


def _growth() -> list[Row]:
    # A collection of garbage in the middle would be charged to whichever read it falls into.
    gc.disable()
    try:
        small = _reads(_filled(SMALL))
        began = time.perf_counter()
        large = _reads(_filled(LARGE))
        note = f"filled in {time.perf_counter() - began:.0f} s"
        found = {
            name: ratio(interleaved({"large": large[name], "small": small[name]}), "large", "small")
            for name in small
        }
    finally:
        gc.enable()
    return [
        Row(f"{name}, from {SMALL} to {LARGE:,} tasks", value, "at most", 3.0, 6.0,
            note=note, steady=True)
        for name, value in found.items()
    ]  # fmt: skip


def _lifecycles() -> Row:
    """Create tasks through the engine, let virtual time pass, and read each one as ready."""
    with Fake("twelvelabs", time="manual", limits=Limits(tasks=TASKS + 1)) as fake:
        began = time.perf_counter()
        index = _call(fake, "POST", "/indexes", _json({"index_name": "i", "models": MODELS}), KEY)
        content = _multipart({"index_id": index, "video_url": "https://example.com/film.mp4"})
        form = KEY | {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        ids = [_call(fake, "POST", "/tasks", content, form) for _ in range(TASKS)]
        fake.clock.advance(24 * 3600)
        assert all(_status(fake, each) == "ready" for each in ids)
        took = time.perf_counter() - began
    return Row(f"{TASKS:,} task lifecycles in virtual time", took, "at most", 10.0, 60.0, "s",
               note="create, run, read")  # fmt: skip


def _reply(fake: Fake, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    request = Request(method, BASE + path, "", Headers(list(headers.items())), body)
    reply = fake.engine.handle(request, wire=False)
    assert reply.status < 300, reply.body
    assert isinstance(reply.body, bytes)
    return reply.body


def _call(fake: Fake, method: str, path: str, body: bytes, headers: dict[str, str]) -> str:
    return str(orjson.loads(_reply(fake, method, path, body, headers))["_id"])


def _status(fake: Fake, id: str) -> str:
    return str(orjson.loads(_reply(fake, "GET", f"/tasks/{id}", b"", KEY))["status"])


def _json(content: object) -> bytes:
    return orjson.dumps(content)


def _multipart(fields: dict[str, str]) -> bytes:
    lines = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(lines) + f"--{BOUNDARY}--\r\n").encode()
