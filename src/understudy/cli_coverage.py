"""`understudy coverage`: put together what several runs have counted."""

from pathlib import Path

import click
import orjson

from understudy.contracts.coverage import Coverage
from understudy.contracts.report.coverage import FORMATS, render
from understudy.errors import UnderstudyError

FINE, UNDER, UNREADABLE = 0, 1, 2


@click.command(short_help="Merge what several runs of check have covered.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option(
    "--fail-under", metavar="PERCENT", type=click.FloatRange(0, 100), help="Exit with 1 below it."
)
@click.pass_context
def coverage(
    context: click.Context, files: tuple[str, ...], form: str, fail_under: float | None
) -> None:
    """Merge coverages that `understudy check --coverage FILE.json` has written.

    Exits with 0, with 1 below --fail-under, with 2 when a file cannot be read.
    """
    merged = Coverage()
    for file in files:
        try:
            merged.add(orjson.loads(Path(file).read_bytes()))
        except (OSError, orjson.JSONDecodeError, UnderstudyError) as failure:
            reason = getattr(failure, "strerror", None) or failure
            click.echo(f"understudy coverage: {file}: {reason}", err=True)
            context.exit(UNREADABLE)
    click.echo(render(merged, form), nl=False)
    context.exit(gate(merged, fail_under))


def gate(merged: Coverage, fail_under: float | None) -> int:
    """The exit code for a coverage; says why it is not 0."""
    if fail_under is None or merged.percent >= fail_under:
        return FINE
    click.echo(f"coverage is {merged.percent:.1f} %, below {fail_under:g} %", err=True)
    return UNDER
