"""Values are made when they are asked for, once, and for known keys only."""

import pytest

from understudy.contracts.late import Late


def test_late__makes_what_is_asked_for_once() -> None:
    """All keys are there in their order; nothing is made before it is asked for, nor twice."""
    asked: list[str] = []
    late = Late(["b", "a", "c"], lambda key: asked.append(key) or key.upper())
    assert (list(late), len(late), "a" in late, asked) == (["b", "a", "c"], 3, True, [])
    assert (late["a"], late["a"], late.get("c")) == ("A", "A", "C")
    assert asked == ["a", "c"]


def test_late__an_unknown_key_makes_nothing() -> None:
    """It is missing, as from any mapping."""
    late = Late(["a"], lambda key: pytest.fail(key))
    assert late.get("z") is None
    with pytest.raises(KeyError, match="z"):
        late["z"]
