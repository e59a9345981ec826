"""A fake of Mixpeek whose time only the test moves, and a client that checks each reply."""

from collections.abc import Iterator

import httpx2
import pytest
from mixpeek_stage import client_of

from understudy.mocks import Fake


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Manual time and strict: a reply off contract raises in the test that caused it."""
    with Fake("mixpeek", time="manual") as made:
        yield made


@pytest.fixture
def api(fake: Fake) -> Iterator[httpx2.Client]:
    """A client of one tenant."""
    with client_of(fake) as client:
        yield client
