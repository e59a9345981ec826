"""What docs/scenarios.md shows is run: its Python, and each of its scenarios and faults."""

import re
from pathlib import Path

import pytest
from stage import client_of

from understudy.contracts.parsing import parse
from understudy.mocks import Fake
from understudy.mocks.fault import KINDS
from understudy.mocks.kind import elements, mapping

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scenarios.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


FAULTS = [block for block in blocks("yaml") if block.startswith("- ")]
WHOLE = [block for block in blocks("yaml") if not block.startswith("- ")]


@pytest.mark.parametrize("code", blocks("python"), ids=range(len(blocks("python"))))
def test_python__runs_as_shown(code: str) -> None:
    """Each block stands alone."""
    above = TEXT[: TEXT.index(code)].count("\n")
    exec(compile("\n" * above + code, PAGE, "exec"), {"__name__": "page"})


@pytest.mark.parametrize("block", FAULTS, ids=lambda block: block.split("\n")[0][:40])
def test_faults__can_be_loaded_as_shown(block: str, tmp_path: Path) -> None:
    """Each list of faults is one of a scenario; all of them are at work then."""
    path = tmp_path / "faults.yaml"
    path.write_text(f"scenario: 1\nfaults:\n{block}", encoding="utf-8")
    fake = Fake("twelvelabs")
    fake.load_scenario(path)
    assert len(fake.tenant("a").faults) == len(block.strip().splitlines())


def test_faults__each_kind_is_shown() -> None:
    """No kind is without an example."""
    shown = {mapping(each).get("kind") for block in FAULTS for each in elements(parse(block, "x"))}
    assert shown == set(KINDS)


@pytest.mark.parametrize("block", WHOLE, ids=range(len(WHOLE)))
def test_scenario__plays_as_shown(block: str, tmp_path: Path) -> None:
    """The whole file: films, an archive, a ready task, and what fails."""
    path = tmp_path / "films.yaml"
    path.write_text(block, encoding="utf-8")
    fake = Fake("twelvelabs")
    fake.load_scenario(path)
    api = client_of(fake, "any-key")
    assert api.get("/indexes").status_code == 503
    names = {each["index_name"] for each in api.get("/indexes").json()["data"]}
    assert names == {"films", "archive"}
    assert [each["status"] for each in api.get("/tasks").json()["data"]] == ["ready"]


def test_table__names_every_key_of_a_fault() -> None:
    """What says which calls are struck, and how often."""
    for name in ("provider", "operation", "task", "at", "event", "nth", "times", "seconds"):
        assert f"`{name}`" in TEXT
