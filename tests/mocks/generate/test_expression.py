"""Texts that match an expression."""

import re

import pytest

from understudy.mocks.generate.expression import NotUnderstood, matching
from understudy.mocks.generate.seeded import Seeded

PATTERNS = [
    "^[0-9a-f]{24}$",
    r"^\d{3}-\d{4}$",
    "^(red|green|blue)$",
    "^[A-Z][a-z]*(-[A-Z][a-z]*)*$",
    r"^https?://\S+\.mp4$",
    r"^[\w.+-]+@\w+\.\w{2,}$",
    "^a?b+c*d{2}e{1,3}f{2,}$",
    "^[^a-z]{5}$",
    r"^\u0041\x42$",
    r"^(?:x|y)(?P<name>z)(?<other>w)$",
    r"^tlk_[A-Za-z0-9]{10,40}$",
    "^#([a-fA-F0-9]{6}|[a-fA-F0-9]{3})$",
    r"^[\]\-]+$",
    r"^v\d+(\.\d+){0,2}$",
    "^$",
    "",
    "a{,3}|{x}",
    "^[a-]{3}$",
    r"^\s\S\D\W$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matching__matches(pattern: str) -> None:
    """What is generated is what the expression asks for, with many seeds."""
    readable = pattern.replace("(?<other>", "(?P<other>")
    for seed in range(40):
        assert re.search(readable, matching(pattern, Seeded(seed)))


def test_matching__varies() -> None:
    """Different seeds give different texts."""
    assert len({matching("^[a-z]{8}$", Seeded(seed)) for seed in range(20)}) == 20


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[a", "*a", "a{3,1}", r"(a)\1", "[z-a]", "(?i)a", "\\", "a{99999999}"]
)
def test_matching__says_what_it_cannot_read(pattern: str) -> None:
    """Beyond its means it raises one error, whatever is wrong."""
    with pytest.raises(NotUnderstood):
        matching(pattern, Seeded(0))


def test_matching__deep_nesting_is_refused() -> None:
    """Nesting is bounded."""
    with pytest.raises(NotUnderstood):
        matching("(" * 5000 + ")" * 5000, Seeded(0))
