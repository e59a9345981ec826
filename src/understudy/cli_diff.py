"""`understudy diff`: what changed between two versions of a contract, and what of it breaks."""

from collections.abc import Mapping
from pathlib import Path

import click

from understudy.contracts.addressing import shipped
from understudy.contracts.diff.change import Change
from understudy.contracts.diff.documents import compare_documents
from understudy.contracts.diff.lifecycles import compare_lifecycles
from understudy.contracts.diff.told import FORMATS, render
from understudy.contracts.errors import DocumentError
from understudy.contracts.lifecycle import Lifecycle, load_lifecycles
from understudy.contracts.loading import is_shipped, load_document
from understudy.contracts.parsing import parse
from understudy.errors import UnderstudyError

FINE, BREAKING, UNREADABLE = 0, 1, 2


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.pass_context
def diff(context: click.Context, old: str, new: str, form: str) -> None:
    """Compare two versions of a contract, OLD and NEW.

    Each is an OpenAPI document, a file of lifecycles, or the name of a spec that comes with
    understudy, such as twelvelabs/v1.2. Beside two documents their lifecycles.yaml are compared
    too. Exits with 0 when nothing breaks a client of OLD, 1 when something does, 2 when a file
    cannot be read. Changes of documentation never count.
    """
    try:
        changes = compared(old, new)
    except UnderstudyError as failure:
        click.echo(f"understudy diff: {failure}", err=True)
        context.exit(UNREADABLE)
    click.echo(render(changes, form), nl=False)
    context.exit(BREAKING if any(change.breaking for change in changes) else FINE)


def compared(old: str, new: str) -> list[Change]:
    """Every change from `old` to `new`; raises UnderstudyError for what cannot be read."""
    kinds = _is_lifecycles(old), _is_lifecycles(new)
    if all(kinds):
        return compare_lifecycles(load_lifecycles(Path(old)), load_lifecycles(Path(new)))
    if any(kinds):
        lone, other = (old, new) if kinds[0] else (new, old)
        raise DocumentError(
            f"{lone} holds lifecycles and {other} does not: compare two documents, or two files"
            " of lifecycles"
        )
    changes = compare_documents(load_document(_source(old)), load_document(_source(new)))
    before, after = _beside(old), _beside(new)
    if before is not None and after is not None:
        changes.extend(compare_lifecycles(before, after))
    return changes


def _source(text: str) -> str | Path:
    if Path(text).exists():
        return Path(text)
    if not is_shipped(text):
        names = ", ".join(sorted(shipped()))
        git = f"; for a state in git give <(git show {text})" if ":" in text else ""
        raise DocumentError(f"{text!r} is neither a file nor a spec of understudy's: {names}{git}")
    return text


def _is_lifecycles(text: str) -> bool:
    file = Path(text)
    if not file.is_file():
        return False
    root = parse(file.read_text("utf-8", "replace"), text)
    return isinstance(root, Mapping) and "lifecycles" in root and "openapi" not in root


def _beside(text: str) -> Mapping[str, Lifecycle] | None:
    """The lifecycles that belong to a document: beside its file, or shipped with its provider."""
    file = Path(text)
    if not file.exists():
        return load_lifecycles(text.partition("/")[0])
    lifecycles = file.parent / "lifecycles.yaml"
    return load_lifecycles(lifecycles) if lifecycles.is_file() else None
