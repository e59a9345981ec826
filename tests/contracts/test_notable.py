"""Notable behaviours: every provider tells of some, and each says how it is known."""

import pytest

from understudy.contracts.lifecycle import LABELS
from understudy.contracts.notable import notable
from understudy.mocks.providers.catalogue import PROVIDERS

WORDS = (*LABELS, "ours", "-")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_notable__each_is_labelled(provider: str) -> None:
    """A label names at least one of the four ways to know, or says that it is our own choice."""
    chapters = notable(provider)
    assert chapters
    for chapter in chapters:
        for one in chapter.behaviours:
            assert any(word in one.label for word in WORDS), one


def test_notable__unknown_provider_has_none() -> None:
    """A document of a stranger, whose name may be anything, has no such file."""
    assert notable("petstore") == ()
    assert notable("../twelvelabs") == ()
