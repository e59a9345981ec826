"""A fake of Twelve Labs whose time only the test moves, and a client that checks each reply."""

from collections.abc import Iterator

import httpx2
import pytest
from stage import client_of, new_index

from understudy.mocks import Fake


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Manual time and strict: a reply off contract raises in the test that caused it."""
    with Fake("twelvelabs", time="manual") as made:
        yield made


@pytest.fixture
def api(fake: Fake) -> Iterator[httpx2.Client]:
    """A client of one tenant."""
    with client_of(fake, "tlk_test") as client:
        yield client


@pytest.fixture
def index(api: httpx2.Client) -> str:
    """The id of an index with both models."""
    return new_index(api, "films")
