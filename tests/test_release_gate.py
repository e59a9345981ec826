"""`make contract` compares with the last release; the steps of the action are run as in a job."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from tools.contract import changed, last_release

from understudy.mocks import Fake

ROOT = Path(__file__).resolve().parent.parent
SPEC = "specs/twelvelabs/v1.3.yaml"


def git(folder: Path, *arguments: str) -> None:
    """Git in a repository of the test's own, whatever the machine is set to."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=a", "-c", "user.email=a@example.test")
    command = ["git", "-C", str(folder), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **own})


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A repository with today's documents of one provider, tagged v0.9.0 and v0.10.0."""
    folder = tmp_path / "specs" / "twelvelabs"
    folder.mkdir(parents=True)
    for name in ("v1.3.yaml", "lifecycles.yaml"):
        (folder / name).write_bytes((ROOT / "specs" / "twelvelabs" / name).read_bytes())
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "specs")
    git(tmp_path, "commit", "-q", "-m", "state")
    for tag in ("v0.9.0", "v0.10.0", "other"):
        git(tmp_path, "tag", tag)
    return tmp_path


def edited(folder: Path, old: str, new: str) -> None:
    """One change in the document."""
    file = folder / SPEC
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_release__the_newest_version_counts(released: Path) -> None:
    """By version, not by letter; other tags do not count."""
    assert last_release(released) == "v0.10.0"


def test_release__none_is_fine(tmp_path: Path) -> None:
    """Outside of a repository there is nothing to compare with."""
    assert last_release(tmp_path) == ""
    assert list(changed("", tmp_path)) == []


def test_gate__silent_without_a_change(released: Path) -> None:
    """The same documents are no change, and prose is none either."""
    edited(released, "description: The number of the page.", "description: Which page.")
    assert list(changed("v0.10.0", released)) == []


def test_gate__tells_a_breaking_change(released: Path) -> None:
    """A call that has gone is told with the document's name."""
    edited(released, "\n  /indexes:\n", "\n  /indices:\n")
    found = list(changed("v0.10.0", released))
    assert any(each.startswith("twelvelabs/v1.3: ") and "/indexes" in each for each in found)


def test_gate__tells_a_lifecycle_that_broke(released: Path) -> None:
    """The lifecycles beside a document are compared with it."""
    file = released / "specs" / "twelvelabs" / "lifecycles.yaml"
    root = yaml.safe_load(file.read_text("utf-8"))
    del root["lifecycles"]["indexing-task"]
    file.write_text(yaml.safe_dump(root), "utf-8")
    assert any("indexing-task" in each for each in changed("v0.10.0", released))


def test_gate__a_mistyped_state_is_told(released: Path) -> None:
    """Comparing with nothing is never taken for no change."""
    (found,) = changed("v9.9", released)
    assert "'v9.9' is no state" in found


def steps(inputs: Mapping[str, str]) -> Iterator[subprocess.CompletedProcess[str]]:
    """The action's own scripts with these inputs, but for the installation of the package."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    given = {name: each["default"] for name, each in action["inputs"].items()} | inputs
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for step in action["runs"]["steps"]:
        condition = step.get("if")
        if condition is None or not given[condition.split(".", 1)[1].split(" ", 1)[0]]:
            continue
        said = {name: expanded(text, given) for name, text in step.get("env", {}).items()}
        command = ["bash", "-e", "-o", "pipefail", "-c", step["run"]]
        yield subprocess.run(
            command,
            env={"PATH": path, "HOME": os.environ.get("HOME", "/"), "STAGING": "key", **said},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )


def expanded(text: str, given: Mapping[str, str]) -> str:
    """The two kinds of expression that the action has."""
    inner = text.removeprefix("${{").removesuffix("}}").strip()
    name = inner.removeprefix("inputs.").split(" ", 1)[0]
    if "==" not in inner:
        return given[name]
    wanted, yes = inner.split("'")[1], inner.split("'")[3]
    return yes if given[name] == wanted else ""


def recording(folder: Path, path: str) -> Path:
    """One call of an index list, as JSON lines."""
    entry = {
        "request": {
            "method": "GET",
            "url": f"https://api.twelvelabs.io/v1.3{path}",
            "headers": {"x-api-key": "key"},
        },
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": PAGE},
    }
    file = folder / "traffic.jsonl"
    file.write_text(json.dumps(entry) + "\n", "utf-8")
    return file


PAGE = json.dumps(
    {
        "data": [],
        "page_info": {"page": 1, "limit_per_page": 10, "total_page": 1, "total_results": 0},
    }
)


def test_action__checks_recordings(tmp_path: Path) -> None:
    """Good traffic passes; bad traffic fails with an annotation."""
    (good,) = steps({"recordings": str(recording(tmp_path, "/indexes"))})
    assert good.returncode == 0, good.stdout + good.stderr
    bad_file = str(recording(tmp_path, "/indexes?page=zero"))
    (bad,) = steps({"recordings": bad_file, "provider": "twelvelabs"})
    assert bad.returncode == 1
    assert "::error" in bad.stdout


def test_action__gates_on_coverage(tmp_path: Path) -> None:
    """One call is not half of a contract."""
    given = {"recordings": str(recording(tmp_path, "/indexes")), "fail-under": "50"}
    (ran,) = steps(given)
    assert ran.returncode == 1


@pytest.mark.parametrize("write", ["false", "true"])
def test_action__verifies_a_live_service(write: str) -> None:
    """A fake on a port stands for the service; both steps of a job may be asked for."""
    fake = Fake("twelvelabs")
    try:
        url = f"{fake.serve()}/twelvelabs/v1.2"
        given = {"verify-url": url, "provider": "twelvelabs/v1.2", "verify-write": write}
        (ran,) = steps({**given, "key-env": "STAGING"})
    finally:
        fake.close()
    assert ran.returncode == 0, ran.stdout + ran.stderr
