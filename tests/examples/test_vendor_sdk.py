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
"""Seconds of the processor that the wait takes at the most, most of them in the SDK."""
POLLS = 241

pytestmark = pytest.mark.understudy("twelvelabs")


def test_wait_for_done__takes_no_time(understudy: Fake) -> None:
    """The SDK polls every five seconds, sees every status in order, and the test is over."""
    client: Any = TwelveLabs(api_key="tlk_example")
    index = client.indexes.create(index_name="films", models=MODELS)
    task = client.tasks.create(index_id=index.id, video_url=FILM)
    seen: list[str] = []
    began, clock = time.process_time(), understudy.clock.now()

    done = client.tasks.wait_for_done(
        task.id, sleep_interval=5, callback=lambda polled: seen.append(polled.status)
    )

    took = time.process_time() - began
    assert done.status == "ready"
    assert list(dict.fromkeys(seen)) == STATUSES
    assert understudy.clock.now() - clock == JOB
    assert took < budget(client, task.id)


@pytest.mark.anyio
async def test_wait_for_done__asynchronously(understudy: Fake) -> None:
    """The same with the asynchronous client."""
    client: Any = AsyncTwelveLabs(api_key="tlk_example")
    index = await client.indexes.create(index_name="films", models=MODELS)
    task = await client.tasks.create(index_id=index.id, video_url=FILM)
    seen: list[str] = []
    began, clock = time.process_time(), understudy.clock.now()

    async def note(polled: Any) -> None:
        seen.append(polled.status)

    done = await client.tasks.wait_for_done(task.id, sleep_interval=5, callback=note)

    took = time.process_time() - began
    assert done.status == "ready"
    assert list(dict.fromkeys(seen)) == STATUSES
    assert understudy.clock.now() - clock == JOB
    assert took < budget(TwelveLabs(api_key="tlk_example"), task.id)


def budget(client: Any, task: str) -> float:
    """Half a second; where the SDK alone takes longer than that, three times what it takes.

    What else the machine does counts in neither.
    """
    began = time.process_time()
    for _ in range(POLLS):
        client.tasks.retrieve(task)
    return max(BUDGET, 3 * (time.process_time() - began))


@pytest.fixture
def anyio_backend() -> str:
    """The SDK's own sleeps are asyncio's."""
    return "asyncio"
