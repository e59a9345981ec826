"""A fake of Memories.ai whose time only the test moves, and a client that checks each reply."""

from collections.abc import Iterator

import pytest
from memories_stage import FAMILIES, LONG, Api

from understudy.mocks import Fake


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Manual time and strict: a reply off contract raises in the test that caused it."""
    with Fake("memories", time="manual") as made:
        yield made


@pytest.fixture(params=FAMILIES)
def api(fake: Fake, request: pytest.FixtureRequest) -> Iterator[Api]:
    """A client of one tenant, below each of the path families."""
    made = Api(fake, family=request.param)
    yield made
    made.close()


@pytest.fixture
def video(fake: Fake, api: Api) -> str:
    """The number of a video that is parsed."""
    number = api.upload()
    fake.clock.advance(LONG)
    return number
