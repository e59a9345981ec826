"""What holds for every test: no fake breaks its own lifecycles, and no property is timed."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from understudy.contracts.violation import Violation
from understudy.mocks.fake import Fake
from understudy.mocks.following import Following

# A busy machine is no reason to fail; speed is measured by the bench. CI tries the same examples
# each time, so that a change is judged by what it changed; elsewhere they are new ones.
settings.register_profile(
    "understudy",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("understudy")


@pytest.fixture(autouse=True)
def _lifecycles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every exchange of a fake that a test makes goes through the lifecycle trace as well."""
    found: list[Violation] = []
    made = Fake.__init__

    def follow(fake: Fake, *given: Any, **named: Any) -> None:
        made(fake, *given, **named)
        following = Following()
        following.found = found
        fake.watch.following = following

    monkeypatch.setattr(Fake, "__init__", follow)
    yield
    assert not found, "a fake breaks its own lifecycle:\n" + "\n".join(map(str, found))


@pytest.fixture
def control_c() -> Iterator[None]:
    """SIGINT is Control-C: what a shell starts in the background is told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
