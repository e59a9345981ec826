"""The bundled client in somebody's test: no transport, no base URL, no patience to set."""

import pytest

from understudy.client import AsyncTwelveLabs, TaskFailed, TwelveLabs
from understudy.client.twelvelabs.index import ModelChoice
from understudy.mocks import Fake

MODELS: list[ModelChoice] = [{"model_name": "marengo2.7", "model_options": ["visual", "audio"]}]
FILM = "https://media.example/film.mp4?duration=1080"

pytestmark = pytest.mark.understudy("twelvelabs")


def test_wait__with_its_usual_intervals(understudy: Fake) -> None:
    """`wait` sleeps as it does in production, and the clock of the fake moves instead."""
    clock = understudy.clock.now()
    with TwelveLabs("tlk_example") as client:
        index = client.indexes.create("films", MODELS)
        done = client.tasks.create(index.id, video_url=FILM).wait()
    assert done.status == "ready"
    assert understudy.clock.now() - clock >= 600


@pytest.mark.anyio
async def test_wait__asynchronously(understudy: Fake) -> None:
    """The same, awaited."""
    async with AsyncTwelveLabs("tlk_example") as client:
        index = await client.indexes.create("films", MODELS)
        task = await client.tasks.create(index.id, video_url=FILM)
        done = await task.wait()
    assert done.status == "ready"
    assert len(understudy.journal.find(operation="retrieve-video-indexing-task")) > 5


def test_wait__of_a_film_that_fails(understudy: Fake) -> None:
    """The reason that the fake gives arrives in the client's error."""
    with TwelveLabs("tlk_example") as client:
        index = client.indexes.create("films", MODELS)
        task = client.tasks.create(index.id, video_url="https://media.example/understudy-fail.mp4")
        with pytest.raises(TaskFailed):
            task.wait()
    assert understudy.clock.pending() == []


@pytest.fixture
def anyio_backend() -> str:
    """The client sleeps with asyncio."""
    return "asyncio"
