"""The recipes of docs/contract.md and the action for CI call what there is."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from understudy.cli import cli

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "contract.md").read_text("utf-8")
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


def called(words: list[str]) -> None:
    """`understudy SUBCOMMAND ...` exists and has these options."""
    command = cli.get_command(click.Context(cli), words[1])
    assert command is not None
    known = {option for each in command.params for option in each.opts}
    options = {word.partition("=")[0] for word in words[2:] if word.startswith("--")}
    assert options <= known


@pytest.mark.parametrize(
    "line", re.findall(r"^understudy .+$", PAGE, re.MULTILINE), ids=lambda line: line[:40]
)
def test_page__commands_exist(line: str) -> None:
    """Every command of the page is the program's."""
    called(shlex.split(line))


@pytest.mark.parametrize(
    "code", re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)
def test_page__jobs_use_the_action(code: str) -> None:
    """Each job is YAML, and gives the action inputs that it has."""
    root = yaml.safe_load(code)
    steps = root["contract"]["steps"] if isinstance(root, dict) else root
    [used] = [step for step in steps if "understudy" in step["uses"]]
    assert set(used["with"]) <= set(ACTION["inputs"])


def test_page__the_job_is_five_lines() -> None:
    """As promised."""
    [job] = re.findall(r"^```yaml\n(contract:.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert job.count("\n") == 5


def test_action__is_composite_and_calls_what_there_is() -> None:
    """No input is put into a script as text: they come as variables."""
    assert ACTION["runs"]["using"] == "composite"
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert not any("${{" in script for script in scripts)
    for script in scripts:
        if script.startswith("understudy"):
            called(re.sub(r"\$\{\w+:\+(--[\w-]+) [^}]*\}", r"\1", script).split())


@pytest.mark.parametrize("tool", ["tools.provenance", "tools.differences"])
def test_generated_page__is_current(tool: str) -> None:
    """Where we know it from, and the tables of known differences, are what `make docs` writes."""
    command = [sys.executable, "-m", tool, "--check"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
