"""Whose sleeps move the clock: the code under test, and none of the tools around it."""

import sys
from collections.abc import Iterable

_RUNS_OTHERS = frozenset({"asyncio", "concurrent", "threading", "functools", "contextlib"})
"""Of the standard library, what sleeps only because somebody gave it a sleep to run."""

_TOOLS = frozenset(
    {
        "_pytest", "coverage", "debugpy", "execnet", "hypothesis", "playwright", "pluggy",
        "pydevd", "pytest", "pytest_asyncio", "pytest_randomly", "pytest_timeout", "selenium",
        "understudy", "uvicorn", "uvloop", "xdist",
    }
)  # fmt: skip
"""Test tools and servers: their sleeps are their own affair."""

_OUTSIDE = (sys.stdlib_module_names - _RUNS_OTHERS) | _TOOLS


class Scope:
    """Modules by name, with what is below them; none named means all but the tools."""

    def __init__(self, modules: Iterable[str] = ()) -> None:
        self.named = tuple(modules)

    def covers(self, module: str) -> bool:
        """Whether code of the module of that name is meant."""
        if self.named:
            return any(module == name or module.startswith(f"{name}.") for name in self.named)
        head = module.partition(".")[0]
        return head not in _OUTSIDE or module.startswith("understudy.client")
