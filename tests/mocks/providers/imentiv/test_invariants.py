"""The register of the numbered invariants: each of the 98 is a test of some module here."""

import re
from pathlib import Path

_NUMBERED = re.compile(r'def (test_\w+)\([^"]*?"""((?:\d+(?:, )?)+)\. ', re.DOTALL)


def test_register__every_invariant_is_a_test() -> None:
    """The docstrings of `test_invariants_*` together number 1 to 98, and nothing beyond."""
    found: set[int] = set()
    for module in Path(__file__).parent.glob("test_invariants_*.py"):
        for _, numbers in _NUMBERED.findall(module.read_text("utf-8")):
            found.update(map(int, numbers.split(", ")))
    assert found == set(range(1, 99))
