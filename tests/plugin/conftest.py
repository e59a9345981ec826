"""What tests of the plugin share: a test file of somebody else's, run by a pytest of its own."""

from collections.abc import Callable

import anyio
import httpx
import pytest
import requests
import trio

import understudy.contracts.coverage
import understudy.pytest_guest
import understudy.pytest_live
import understudy.pytest_settings
from understudy.mocks import Fake

PREAMBLE = """
import asyncio, time
import httpx, pytest, requests

KEY = {"x-api-key": "any-key"}
BASE = "https://api.twelvelabs.io/v1.3"
INDEX = {
    "index_name": "films",
    "models": [{"model_name": "marengo3.0", "model_options": ["visual", "audio"]}],
}


def new_task(api, base=BASE):
    index = api.post(f"{base}/indexes", json=INDEX).json()["_id"]
    fields = {"index_id": (None, index), "video_url": (None, "https://media.example/a.mp4")}
    return api.post(f"{base}/tasks", files=fields).json()["_id"]


@pytest.fixture
def api():
    with httpx.Client(headers=KEY) as client:
        yield client
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture(scope="session", autouse=True)
def everything_is_loaded() -> None:
    """A pytest inside pytest forgets what it has imported, and each would import it anew."""
    assert anyio and requests and trio and understudy.contracts.coverage
    assert understudy.pytest_guest and understudy.pytest_live and understudy.pytest_settings
    with Fake() as fake, httpx.Client() as client:
        client.get(f"{fake.serve()}/twelvelabs/v1.3/indexes", headers={"x-api-key": "k"})
        client.get("https://api.twelvelabs.io/v1.3/indexes", headers={"x-api-key": "k"})


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run `code` as a test file, with options; other plugins only where they are named."""

    def run(code: str, *options: str, ini: str = "", others: str = "") -> pytest.RunResult:
        pytester.makeini(f"[pytest]\nstrict_markers = true\nfilterwarnings = error\n{ini}")
        pytester.makepyfile(test_theirs=PREAMBLE + code)
        silent = [
            word
            for name in ("schemathesis", "randomly", "asyncio", "xdist", "anyio")
            if name not in others.split()
            for word in ("-p", f"no:{name}")
        ]
        return pytester.runpytest_inprocess(*silent, *options)

    return run
