"""A fake whose time only the test moves, and one tenant of it through both versions."""

from collections.abc import Iterator

import httpx2
import pytest
from older import Older, client_of
from stage import client_of as newer_client_of

from understudy.mocks import Fake


@pytest.fixture
def older(fake: Fake) -> Iterator[Older]:
    """The tenant as v1.2 shows it."""
    with client_of(fake, "tlk_test") as client:
        yield Older(fake, client)


@pytest.fixture
def newer(fake: Fake) -> Iterator[httpx2.Client]:
    """The same tenant as v1.3 shows it."""
    with newer_client_of(fake, "tlk_test") as client:
        yield client
