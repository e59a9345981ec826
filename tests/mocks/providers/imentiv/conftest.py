"""A fake of Imentiv whose time only the test moves, and a client that checks each reply."""

from collections.abc import Iterator

import pytest
from imentiv_stage import Api

from understudy.mocks import Fake


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Manual time and strict: a reply off contract raises in the test that caused it."""
    with Fake("imentiv", time="manual") as made:
        yield made


@pytest.fixture
def api(fake: Fake) -> Api:
    """A client of one tenant."""
    return Api(fake)


@pytest.fixture
def video(api: Api) -> str:
    """The id of a completed video."""
    return api.made("videos")


@pytest.fixture
def audio(api: Api) -> str:
    """The id of a completed sound of its own."""
    return api.made("audios")
