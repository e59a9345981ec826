"""Patterns: linear where possible, bounded elsewhere, never a hang."""

import pytest

from understudy.contracts.loading import load_document
from understudy.contracts.patterns import is_linear, pattern_problem
from understudy.contracts.schema import Schemas, Validator


def compiled(pattern: str) -> Validator:
    document = load_document(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "components": {"schemas": {"A": {"type": "string", "pattern": pattern}}},
        }
    )
    return Schemas(document).validator("/components/schemas/A", "request")


def test_pattern__engine_by_need() -> None:
    """Look-around and back-references need the bounded engine; the rest is linear."""
    assert is_linear(r"^(a+)+$")
    assert not is_linear(r"^(?!x).*$")
    assert pattern_problem(r"^(?!x).*$") == ""
    assert "regular expression" in pattern_problem("(")


def test_pattern__catastrophic_is_linear() -> None:
    """The classic trap is decided, not endured."""
    validator = compiled(r"^(a+)+$")
    assert validator.valid("a" * 50_000)
    assert not validator.valid("a" * 50_000 + "b")


def test_pattern__look_around() -> None:
    """Look-around is honoured."""
    validator = compiled(r"^(?!understudy-).+$")
    assert validator.valid("pets")
    assert not validator.valid("understudy-x")
    assert validator.faults("understudy-x")[0].expected == (
        "a string matching '^(?!understudy-).+$'"
    )


@pytest.mark.parametrize("pattern", [r"^(?=a)(?:(a|aa)+)\1\1c$", r"^(?:(\w+)\s?)*\1!$"])
def test_pattern__past_the_bound_counts_as_not_checked(pattern: str) -> None:
    """When the bounded engine gives up, the value is neither refused nor a hang."""
    validator = compiled(pattern)
    assert validator.valid("a" * 200 + "b")
    assert validator.faults("a" * 200 + "b") == []
    assert not validator.valid("?")


def test_pattern__is_not_anchored() -> None:
    """As in ECMA-262, a pattern may match anywhere, and \\d is ASCII."""
    assert compiled(r"\d").valid("a1")
    assert not compiled(r"^\d$").valid("٣")
