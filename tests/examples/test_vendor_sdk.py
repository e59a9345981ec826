"""The vendor's own SDK, unmodified: a job of twenty minutes in a test of milliseconds."""

import time
from typing import Any

import pytest
from twelvelabs import AsyncTwelveLabs, TwelveLabs
from twelvelabs.indexes import IndexesCreateRequestModelsItem

from understudy.mocks import Fake

JOB = 20 * 60.0
FILM = "https://media.example/conference.mp4?duration=2280"  # which takes twenty minutes
MODELS = [
    IndexesCreateRequestModelsItem(model_name="marengo3.0", model_options=["visual", "audio"])
]
STATUSES = ["uploading", "validating", "pending", "queued", "indexing", "ready"]
BUDGET = 0.5
"""Seconds that one wait may take; a machine that is busy with other things gets three tries."""

pytestmark = pytest.mark.understudy("twelvelabs")


def test_wait_for_done__takes_no_time(understudy: Fake) -> None:
    """The SDK polls every five seconds, sees every status in order, and the test is over."""
    client = TwelveLabs(api_key="tlk_example")
    index = client.indexes.create(index_name="films", models=MODELS)
    took: list[float] = []
    while not took or (min(took) >= BUDGET and len(took) < 3):
        task = client.tasks.create(index_id=index.id, video_url=FILM)
        seen: list[str] = []
        began, clock = time.perf_counter(), understudy.clock.now()

        done = client.tasks.wait_for_done(
            task.id, sleep_interval=5, callback=lambda polled, seen=seen: seen.append(polled.status)
        )

        took.append(time.perf_counter() - began)
        assert done.status == "ready"
        assert list(dict.fromkeys(seen)) == STATUSES
        assert understudy.clock.now() - clock == JOB
    assert min(took) < BUDGET


@pytest.mark.anyio
async def test_wait_for_done__asynchronously(understudy: Fake) -> None:
    """The same with the asynchronous client."""
    client = AsyncTwelveLabs(api_key="tlk_example")
    index = await client.indexes.create(index_name="films", models=MODELS)
    took: list[float] = []
    while not took or (min(took) >= BUDGET and len(took) < 3):
        task = await client.tasks.create(index_id=index.id, video_url=FILM)
        seen: list[str] = []
        began, clock = time.perf_counter(), understudy.clock.now()

        async def note(polled: Any, seen: list[str] = seen) -> None:
            seen.append(polled.status)

        done = await client.tasks.wait_for_done(task.id, sleep_interval=5, callback=note)

        took.append(time.perf_counter() - began)
        assert done.status == "ready"
        assert list(dict.fromkeys(seen)) == STATUSES
        assert understudy.clock.now() - clock == JOB
    assert min(took) < BUDGET


@pytest.fixture
def anyio_backend() -> str:
    """The SDK's own sleeps are asyncio's."""
    return "asyncio"
