"""Requests on a port: understudy beside a bare framework, nothing at all, and Prism.

Every server has one core. What is compared is the processor time that a server spends on a
request, which is what bounds its requests a second, and which other programs do not change.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from bench import prism
from bench.load import Shot, fire, tool
from bench.peers import LATE
from bench.process import Running, cpu_seconds, python, running
from bench.row import Row

BASE = "/twelvelabs/v1.3"
KEY = {"x-api-key": "bench", "content-type": "application/json"}
MODELS = [{"model_name": "marengo3.0", "model_options": ["visual", "audio"]}]
ROUNDS = 5

FAKE = python("understudy", "understudy", "serve", "twelvelabs", "--port", "PORT",
              "--time", "manual", path="/_understudy/health")  # fmt: skip


def create(port: int) -> tuple[str, bytes]:
    """Put an index into a running fake: its path, and the bytes of a GET of it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    body = json.dumps({"index_name": "bench", "models": MODELS})
    connection.request("POST", f"{BASE}/indexes", body, KEY)
    made = json.load(connection.getresponse())
    path = f"{BASE}/indexes/{made['_id']}"
    connection.request("GET", path, headers=KEY)
    reply = connection.getresponse()
    assert reply.status == 200, reply.read()
    return path, reply.read()


@contextmanager
def peer(name: str, body: bytes) -> Iterator[tuple[Running, Shot]]:
    """A bare application that answers `body`."""
    path = f"/r{LATE}/x"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body"
        file.write_bytes(body)
        program = python(name, "bench.peers", name, "PORT", str(file), path=path)
        with running(program, core=0) as server:
            yield server, Shot(path, KEY)


def speed(server: Running, shot: Shot, status: int = 200) -> float:
    """Requests for each second of the server's processor time (of the wall's, without /proc)."""
    seconds = 2.0
    before = cpu_seconds(server.pid)
    count = fire(server.port, shot, status=status, seconds=seconds)
    after = cpu_seconds(server.pid)
    return count / (after - before if before is not None and after else seconds)


def rows() -> list[Row]:
    """The rows of DESIGN's budget that need a port and a load."""
    with ExitStack() as stack:
        fake = stack.enter_context(running(FAKE, core=0))
        path, body = create(fake.port)
        shots = {
            "understudy": (fake, Shot(path, KEY)),
            **{
                name: (server, shot)
                for name in ("starlette", "raw")
                for server, shot in [stack.enter_context(peer(name, body))]
            },
        }
        found: dict[str, list[float]] = {name: [] for name in shots}
        for _ in range(ROUNDS):
            for name, (server, shot) in shots.items():
                found[name].append(speed(server, shot))
    figures = ", ".join(f"{name} {median(found[name]):,.0f}/s" for name in found)
    return [
        Row("stateful GET / bare Starlette of 60 routes", _ratio(found, "starlette"),
            "at least", 1.4, 1.2, note=f"{figures} ({tool()})"),
        Row("stateful GET / raw ASGI callable", _ratio(found, "raw"), "at least", 0.55, 0.45),
        *_beside_prism(),
    ]  # fmt: skip


def _ratio(found: dict[str, list[float]], peer: str) -> float:
    return median(a / b for a, b in zip(found["understudy"], found[peer], strict=True))


def _beside_prism() -> list[Row]:
    """The three Prism rows; skipped, with the reason, where Prism cannot be had."""
    names = {"GET": (8.0, 5.0), "valid JSON": (7.0, 4.0), "invalid JSON": (5.0, 3.0)}
    program = prism.program()
    if isinstance(program, str):
        return [Row(f"{name} / Prism", None, "at least", *bounds, note=program)
                for name, bounds in names.items()]  # fmt: skip
    with running(FAKE, core=0) as fake, running(program, core=0) as other:
        path, _ = create(fake.port)
        found = {name: _against(fake, other, name, path) for name in names}
    return [Row(f"{name} / Prism", found[name], "at least", *bounds)
            for name, bounds in names.items()]  # fmt: skip


def _against(fake: Running, other: Running, name: str, path: str) -> float:
    """How many times as many requests of this kind the fake answers in the same time."""
    valid = json.dumps({"index_name": "again"})
    shot, statuses = {
        "GET": (Shot(path, KEY), (200, 200)),
        "valid JSON": (Shot(path, KEY, "PUT", valid), (204, 204)),
        "invalid JSON": (Shot(path, KEY, "PUT", "{}"), (400, 400)),
    }[name]
    there = Shot(shot.path.removeprefix(BASE), shot.headers, shot.method, shot.body)
    ratios = [speed(fake, shot, statuses[0]) / speed(other, there, statuses[1]) for _ in range(3)]
    return median(ratios)
