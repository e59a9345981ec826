"""What it costs to start and to stay: time to the first answer, memory, reading the specs."""

import os
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from statistics import median

import yaml

from bench.load import Shot, fire
from bench.process import megabytes, python, running
from bench.row import Row
from bench.serving import FAKE, KEY, create, peer
from bench.timing import interleaved, ratio
from understudy.contracts import Contract
from understudy.contracts.addressing import shipped
from understudy.mocks import Limits

STARTS = 5
REQUESTS = 20_000
EVERY = python("understudy", "understudy", "serve", "--port", "PORT", path="/_understudy/health")


def rows() -> list[Row]:
    """Cold start and memory against bare Starlette, growth under load, loading the specs."""
    return [*_starts(), _growth(), *_loading()]


def _starts() -> list[Row]:
    ours, theirs, heavy, light = [], [], [], []
    for _ in range(STARTS):
        with running(EVERY) as fake:
            ours.append(fake.took)
            heavy.append(megabytes(fake.pid))
        with peer("starlette", b"{}") as (server, _shot):
            theirs.append(server.took)
            light.append(megabytes(server.pid))
    slower = median(a / b for a, b in zip(ours, theirs, strict=True))
    known = [(a, b) for a, b in zip(heavy, light, strict=True) if a and b]
    larger = median(a / b for a, b in known) if known else None
    note = f"{median(ours) * 1000:.0f} ms and {median(theirs) * 1000:.0f} ms"
    sizes = f"{known[0][0]:.0f} MB and {known[0][1]:.0f} MB" if known else "no /proc here"
    return [
        Row("cold start, all providers / bare Starlette", slower, "at most", 1.8, 2.5, note=note),
        Row("memory after start / bare Starlette", larger, "at most", 2.0, 3.0, note=sizes,
            steady=True),
    ]  # fmt: skip


def _growth() -> Row:
    """Percent of memory that requests which store nothing add, once the journal is full."""
    with running(FAKE, core=0) as fake:
        path, _ = create(fake.port)
        shot = Shot(path, KEY)
        rate = fire(fake.port, shot, seconds=2.0) / 2.0
        fire(fake.port, shot, seconds=max(1.0, 2 * Limits().journal / rate))
        before = megabytes(fake.pid)
        sent = fire(fake.port, shot, seconds=max(2.0, REQUESTS / rate))
        after = megabytes(fake.pid)
    grown = (after / before - 1) * 100 if after and before else None
    return Row("memory growth over requests that store nothing", grown, "at most", 5.0, 15.0, "%",
               note=f"{sent:,.0f} requests", steady=True)  # fmt: skip


def _specs() -> dict[str, Traversable]:
    """The name of every shipped OpenAPI document, as `Contract.load` takes it, with its file."""
    root = files("understudy.specs")
    found = {name: root / f"{name}.yaml" for name in shipped()}
    return {**found, "control": root / "control" / "openapi.yaml"}


def _loading() -> list[Row]:
    """Parse, check and compile every spec, against only parsing the same bytes at C speed."""
    specs = _specs()
    texts = [file.read_bytes() for file in specs.values()]
    before = os.environ.get("UNDERSTUDY_CACHE")
    with tempfile.TemporaryDirectory() as folder:

        def load(cache: str) -> None:
            os.environ["UNDERSTUDY_CACHE"] = cache
            for name in specs:
                Contract.load(name)

        def parse() -> None:
            for text in texts:
                yaml.load(text, Loader=yaml.CSafeLoader)

        try:
            times = interleaved(
                {"new": lambda: load("off"), "kept": lambda: load(folder), "parse": parse},
                rounds=5,
            )
        finally:
            os.environ.pop("UNDERSTUDY_CACHE")
            if before is not None:
                os.environ["UNDERSTUDY_CACHE"] = before
    note = f"{len(specs)} documents, {sum(map(len, texts)) / 1000:.0f} kB"
    name = "loading all specs, {} / C-speed YAML parsing of them"
    return [
        Row(name.format("uncached"), ratio(times, "new", "parse"), "at most", 1.5, 3.0,
            note=note, steady=True),
        Row(name.format("cached"), ratio(times, "kept", "parse"), "at most", 0.3, 3.0, steady=True),
    ]  # fmt: skip
