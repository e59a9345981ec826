"""The examples of docs/client.md run as they are shown."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parent.parent / "docs" / "client.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", BLOCKS, ids=[f"example {at}" for at, _ in enumerate(BLOCKS)])
def test_page__examples_run(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stands alone, in a folder of its own; none is empty."""
    monkeypatch.chdir(tmp_path)
    above = TEXT[: TEXT.index(code)].count("\n")
    exec(compile("\n" * above + code, PAGE, "exec"), {"__name__": "page"})


def test_page__has_examples() -> None:
    """The page is not left without any."""
    assert len(BLOCKS) >= 5
