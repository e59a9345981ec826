"""`understudy diff` gates: the exit code says whether something breaks."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from understudy.cli import cli

SPEC = "twelvelabs/v1.3-2025"
SHIPPED = files("understudy.specs") / "twelvelabs"


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["diff", *(str(argument) for argument in arguments)])


def _copy(folder: Path, spec: tuple[str, str], life: tuple[str, str] = ("", "")) -> Path:
    """The shipped document and lifecycles, with a text replaced in each."""
    folder.mkdir()
    file = folder / "v1.yaml"
    file.write_text((SHIPPED / "v1.3-2025.yaml").read_text("utf-8").replace(*spec), "utf-8")
    text = (SHIPPED / "lifecycles.yaml").read_text("utf-8")
    (folder / "lifecycles.yaml").write_text(text.replace(*life), "utf-8")
    return file


def test_diff__of_the_same_is_fine() -> None:
    """Nothing changed: 0."""
    result = _run(SPEC, SPEC)
    assert (result.exit_code, result.output) == (0, "0 breaking, 0 safe\n")


def test_diff__gates_on_what_breaks(tmp_path: Path) -> None:
    """A removed operation breaks and is told with the line; an added one is safe."""
    new = _copy(
        tmp_path / "new",
        ("operationId: list-indexes", "deprecated: true\n      operationId: list-indexes"),
    )
    result = _run(SPEC, new)
    assert result.exit_code == 0, result.output
    assert "operation deprecated" in result.output and "0 breaking, 1 safe" in result.output
    newer = _copy(tmp_path / "newer", ("/tasks/status:", "/tasks/counts:"))
    result = _run(SPEC, newer)
    assert result.exit_code == 1, result.output
    assert "operation removed: 'GET /tasks/status'" in result.output
    assert "specs/twelvelabs/v1.3-2025.yaml:" in result.output


def test_diff__compares_the_lifecycles_beside(tmp_path: Path) -> None:
    """A new status breaks whoever waits; two files of lifecycles can be given too."""
    old = _copy(tmp_path / "old", ("", ""))
    new = _copy(tmp_path / "new", ("", ""), ("pending", "parked"))
    result = _run(old, new, "--format", "json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert {"status added", "status removed"} <= {change["kind"] for change in told["changes"]}
    alone = _run(old.parent / "lifecycles.yaml", new.parent / "lifecycles.yaml")
    assert alone.exit_code == 1 and "status added: 'parked'" in alone.output


def test_diff__writes_annotations(tmp_path: Path) -> None:
    """For GitHub each change is an error or a notice at its line."""
    new = _copy(tmp_path / "new", ("/tasks/status:", "/tasks/counts:"))
    lines = _run(SPEC, new, "--format", "github").output.splitlines()
    assert any(
        line.startswith("::error file=specs/twelvelabs/v1.3-2025.yaml,line=") for line in lines
    )
    assert any(line.startswith("::notice file=") for line in lines)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("twelvelabs/v0", SPEC, "v0"),
        ("nowhere.yaml", SPEC, "nowhere.yaml"),
        (str(SHIPPED / "lifecycles.yaml"), SPEC, "holds lifecycles and"),
    ],
)
def test_diff__of_what_cannot_be_read(old: str, new: str, problem: str) -> None:
    """Exit 2, and a sentence that names it."""
    result = _run(old, new)
    assert result.exit_code == 2 and problem in result.output


def test_diff__names_the_way_to_a_state_in_git() -> None:
    """A place in git is no file; the message says how it becomes one."""
    result = CliRunner().invoke(cli, ["diff", "HEAD~1:specs/shop.yaml", "twelvelabs/v1.3"])
    assert (result.exit_code, "give <(git show HEAD~1:specs/shop.yaml)" in result.output) == (
        2,
        True,
    )
