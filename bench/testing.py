"""What a test pays: for the fixture, for a plugin that it does not use, for the SDK's wait."""

import os
import subprocess
import sys
import time
from statistics import median
from typing import Any

import httpx

from bench.process import BYTECODE
from bench.row import Row
from bench.serving import KEY, MODELS
from bench.timing import interleaved, ratio
from understudy.mocks import Fake

BASE = "https://api.twelvelabs.io/v1.3"
FILM = "https://media.example/conference.mp4?duration=1200"
STARTS = 11
WAITS = 5


def rows() -> list[Row]:
    """A fresh fake against a call in process, the plugin's import, the vendor SDK's wait."""
    return [_fixture(), _unused(), _wait()]


def _fixture() -> Row:
    """Making, entering and leaving a fake, as the fixture does for every test."""
    with Fake("twelvelabs", time="manual") as fake:
        client = httpx.Client(transport=fake.transport("httpx"), headers=KEY, base_url=BASE)
        made = client.post("/indexes", json={"index_name": "bench", "models": MODELS})
        path = f"/indexes/{made.json()['_id']}"
        found = interleaved({"fixture": _fresh, "call": lambda: client.get(path)})
    figures = f"{median(found['fixture']) * 1e6:.0f} µs, {median(found['call']) * 1e6:.0f} µs"
    return Row("fresh fixture per test / call in process", ratio(found, "fixture", "call"),
               "at most", 5.0, 20.0, note=figures, steady=True)  # fmt: skip


def _fresh() -> None:
    with Fake():
        pass


def _unused() -> Row:
    """Milliseconds that importing the plugin takes a process which has pytest already."""
    code = (
        "import pytest, time; began = time.perf_counter();"
        " import understudy.pytest_plugin; print(time.perf_counter() - began)"
    )
    command = [sys.executable, "-c", code]
    kept = {name: value for name, value in os.environ.items() if name != BYTECODE}
    took = [
        float(subprocess.run(command, capture_output=True, check=True, text=True, env=kept).stdout)
        for _ in range(STARTS)
    ]
    return Row("plugin installed, unused", median(took) * 1000, "at most", 2.0, 10.0, "ms")


def _wait() -> Row:
    """Milliseconds that the vendor's own SDK waits for a video of twenty minutes."""
    try:
        from twelvelabs import TwelveLabs
    except ImportError:
        return Row("vendor SDK's wait on 20 minutes", None, "at most", 100.0, 500.0, "ms",
                   note="twelvelabs is not installed")  # fmt: skip
    with Fake("twelvelabs") as fake:
        client: Any = TwelveLabs(api_key="bench")
        index = client.indexes.create(index_name="bench", models=MODELS)
        took, polls = [], 0
        for _ in range(WAITS):
            task = client.tasks.create(index_id=index.id, video_url=FILM)
            began = time.process_time()
            done = client.tasks.wait_for_done(task.id, sleep_interval=5)
            took.append(time.process_time() - began)
            assert done.status == "ready"
        polls = len(fake.journal.find(operation="retrieve-video-indexing-task")) // WAITS
    return Row("vendor SDK's wait on 20 minutes", min(took) * 1000, "at most", 100.0, 500.0, "ms",
               note=f"{polls} polls")  # fmt: skip
