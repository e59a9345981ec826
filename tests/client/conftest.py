"""Each test that takes `caller` runs twice: with the synchronous client and the other."""

from collections.abc import Iterator

import pytest
from callers import Awaiting, Blocking


@pytest.fixture(params=[Blocking, Awaiting], ids=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> Iterator[Blocking]:
    """One way to call a client; both must show the same behaviour."""
    made = request.param()
    yield made
    made.close()
