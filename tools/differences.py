"""Writes the providers' half of docs/known-differences.md, from specs/*/behaviours.yaml.

`make docs` runs it; `--check` fails when the page is not what it would write. What stands above
the mark is written by hand.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from understudy.contracts.notable import Chapter, notable
from understudy.mocks.providers.catalogue import PROVIDERS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "known-differences.md"
MARK = "<!-- Below here `make docs` writes what specs/*/behaviours.yaml say. -->"


def main(arguments: list[str]) -> int:
    """0 when the page was written, or with `--check` when it is current."""
    page = PAGE.read_text(encoding="utf-8")
    above, mark, _ = page.partition(MARK)
    if not mark:
        print(f"docs/known-differences.md lacks the line {MARK!r}", file=sys.stderr)
        return 1
    wanted = f"{above}{MARK}\n" + "".join(f"\n{line}\n" for line in sections())
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if page == wanted:
        return 0
    print("docs/known-differences.md is not current; run make docs", file=sys.stderr)
    return 1


def sections() -> Iterator[str]:
    """A heading, a text and a table for each chapter of each provider."""
    for provider in PROVIDERS:
        for chapter in notable(provider):
            yield f"## {chapter.title}"
            if chapter.text:
                yield chapter.text
            if chapter.behaviours:
                yield "\n".join(_table(chapter))


def _table(chapter: Chapter) -> Iterator[str]:
    yield "| what | here | label |\n|---|---|---|"
    for one in chapter.behaviours:
        yield f"| {_cell(one.what)} | {_cell(one.here)} | {_cell(one.label)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
