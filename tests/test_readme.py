"""What the README shows is run: its Python in this process, its commands against the program."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import httpx2
import pytest

from understudy.cli import _greeting, cli
from understudy.mocks import Fake

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]
PAGES += sorted((ROOT / "docs").glob("*.md"))
README = PAGES[0].read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[list[str]]:
    """Every command line that the README shows, as words."""
    for line in "".join(blocks("sh")).splitlines():
        yield shlex.split(line)
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            yield shlex.split(line[2:].rstrip("\\"))


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.splitlines()[-1].strip())
def test_python__runs_as_shown(code: str, tmp_path: Path) -> None:
    """Each block stands alone; the tests in it pass, those with fixtures in a pytest of theirs."""
    if "(understudy)" in code:
        (tmp_path / "test_shown.py").write_text(code, encoding="utf-8")
        pytest_command = [sys.executable, "-m", "pytest", "-p", "no:schemathesis", "."]
        ran = subprocess.run(pytest_command, cwd=tmp_path, capture_output=True, text=True)
        assert f"{code.count('def test_')} passed" in ran.stdout, ran.stdout
        return
    names: dict[str, object] = {"__name__": "readme"}
    above = README[: README.index(code)].count("\n")
    exec(compile("\n" * above + code, ROOT / "README.md", "exec"), names)
    for name, value in list(names.items()):
        if name.startswith("test_") and callable(value):
            value()


@pytest.mark.parametrize("line", sorted({shlex.join(words) for words in commands()}))
def test_commands__exist(line: str) -> None:
    """A make target is in the Makefile; a subcommand and its options are the program's."""
    program, *rest = shlex.split(line)
    if program == "make":
        assert rest[0] in TARGETS
        for word in rest[1:]:
            name, _, value = word.partition("=")
            assert name == "ARGS"
            assert_options("serve", shlex.split(value))
    elif program == "understudy":
        assert_options(rest[0], rest[1:])
    else:
        assert program == "curl"


def test_console__shows_what_is_printed() -> None:
    """The greeting and the reply, as far as they are shown, are the program's own."""
    [shown] = blocks("console")
    server = "http://127.0.0.1:8642"
    fake = Fake()
    greeting, _, reply = shown.removeprefix("$ make serve\n").partition("\n\n$ ")
    assert _greeting(fake, server, ()).startswith(f"{greeting}\n")
    command, _, answer = reply.replace("\\\n", " ").partition("\n")
    words = shlex.split(command)
    [url] = [word for word in words if word.startswith(server)]
    lines = [words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H"]
    with httpx2.Client(transport=fake.transport()) as api:
        response = api.post(url, headers=dict(lines), content=words[words.index("-d") + 1])
    assert response.text.startswith(answer.partition("...")[0])


def assert_options(subcommand: str, words: list[str]) -> None:
    """The subcommand exists and takes these words."""
    command = cli.get_command(click.Context(cli), subcommand)
    assert command is not None, f"understudy has no command {subcommand}"
    known = {option for each in command.params for option in each.opts}
    for word in words:
        assert not word.startswith("-") or word in known, f"{subcommand} has no option {word}"


def test_options__of_the_table_are_the_programs() -> None:
    """Every option that the README's table names exists."""
    for row in re.findall(r"^\| `(--[^`]+)`", README, re.MULTILINE):
        assert_options("serve", [row.split()[0]])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links__lead_somewhere(page: Path) -> None:
    """A link to a file of the repository finds it."""
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_promise__is_one_sentence() -> None:
    """The first paragraph says in one sentence what this is."""
    paragraph = README.split("\n\n")[1]
    assert paragraph.endswith(".")
    assert paragraph.count(". ") == 0
