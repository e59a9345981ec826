"""Replaced functions: in layers, from threads, and back to what they were."""

import threading
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from understudy.mocks.intercept.patch import Patch, bottom


def ask(name: str) -> Any:
    """What makes a replacement that says its name, then all below it."""

    def make(patch: Patch) -> Any:
        def replacement() -> list[str]:
            below = patch.original()
            return [name, *below] if patch.active else below

        return replacement

    return make


def plain() -> list[str]:
    return ["plain"]


@given(st.permutations(range(4)))
def test_undo__in_any_order_restores_the_original(order: list[int]) -> None:
    """Whoever ends first, only the active layers answer, and in the end nothing is left."""
    owner = SimpleNamespace(call=plain)
    patches = [Patch(owner, "call", ask(str(number)), None) for number in range(4)]
    active = {0, 1, 2, 3}
    for number in order:
        patches[number].undo()
        active.discard(number)
        expected = [str(each) for each in sorted(active, reverse=True)]
        assert owner.call() == [*expected, "plain"]
    assert owner.call is plain


def test_held__by_somebody_passes_on_when_it_has_ended() -> None:
    """A caller that kept the replacement gets the real function."""
    owner = SimpleNamespace(call=plain)
    patch = Patch(owner, "call", ask("one"), None)
    held = owner.call
    patch.undo()
    assert held() == ["plain"]
    assert bottom(held) is plain


def test_undo__below_somebody_elses_replacement_leaves_it() -> None:
    """Another tool's replacement on top stays; ours answers nothing any more."""
    owner = SimpleNamespace(call=plain)
    patch = Patch(owner, "call", ask("ours"), None)
    ours = owner.call
    owner.call = lambda: ["theirs", *ours()]
    patch.undo()
    assert owner.call() == ["theirs", "plain"]


def test_below__names_the_active_layers() -> None:
    """The next first; those that have ended are left out."""
    owner = SimpleNamespace(call=plain)
    one, two, three = (Patch(owner, "call", ask(name), name) for name in ("a", "b", "c"))
    two.undo()
    assert [patch.work for patch in three.below()] == ["a"]
    one.undo()
    assert list(three.below()) == []


def test_layers__come_and_go_in_threads() -> None:
    """Many threads at once leave the function as it was."""
    owner = SimpleNamespace(call=plain)

    def work() -> None:
        for _ in range(200):
            patch = Patch(owner, "call", ask("x"), None)
            owner.call()
            patch.undo()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert owner.call is plain
