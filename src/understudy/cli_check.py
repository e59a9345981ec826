"""`understudy check`: recorded traffic against the contracts of its providers."""

import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Literal, cast

import click

from understudy.cli_coverage import gate
from understudy.contracts.addressing import current, shipped
from understudy.contracts.contract import Contract
from understudy.contracts.coverage import Coverage
from understudy.contracts.examination import Examination
from understudy.contracts.report.coverage import render as coverage_form
from understudy.contracts.report.forms import FORMATS, render
from understudy.errors import UnderstudyError

Engine = Literal["compiled", "openapi-core"]

FINE, VIOLATIONS, UNREADABLE = 0, 1, 2

_SPOOLED = 16 * 1024 * 1024


@click.command()
@click.argument("recordings", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--provider", metavar="NAME", help="Check every exchange against this contract.")
@click.option(
    "--spec", metavar="FILE", type=click.Path(), help="Check every exchange against this document."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option(
    "--engine",
    type=click.Choice(["compiled", "openapi-core"]),
    default="compiled",
    help="openapi-core is a second opinion: slower, and blind to some constructs.",
)
@click.option(
    "--without-credentials",
    "keyless",
    is_flag=True,
    help="The recorder has left credentials out: do not ask for them.",
)
@click.option(
    "--coverage",
    "covered",
    metavar="FILE",
    type=click.Path(),
    help="Write what of the contracts was used: .json (to merge), .html, else a table.",
)
@click.option(
    "--fail-under",
    metavar="PERCENT",
    type=click.FloatRange(0, 100),
    help="Exit with 1 when less than this of the contracts was used.",
)
@click.pass_context
def check(
    context: click.Context,
    recordings: tuple[str, ...],
    provider: str | None,
    spec: str | None,
    form: str,
    engine: str,
    keyless: bool,
    covered: str | None,
    fail_under: float | None,
) -> None:
    """Check recorded traffic against the contracts of its providers.

    FILE is a HAR, JSON lines or a VCR cassette; - is the standard input.

    The contract is found by the host of each request, or by the mount of a fake in its path;
    --provider or --spec names it. Tasks are followed through all files against their
    lifecycles; habits of the client that will hurt one day are warnings. Exits with 0 when all
    is well, 1 when an exchange is off its contract, 2 when a file cannot be read or no exchange
    could be checked.
    """
    if provider and spec:
        raise click.UsageError("give --provider or --spec, not both")
    try:
        contracts = load(provider, spec, cast(Engine, engine))
        if spec:
            _tell_notes(contracts)
        examination = Examination(contracts, named=bool(provider or spec), keyless=keyless)
        for file in recordings:
            if file == "-":
                _read_standard_input(examination)
            else:
                examination.read(file)
        examination.end()
    except UnderstudyError as failure:
        click.echo(f"understudy check: {failure}", err=True)
        context.exit(UNREADABLE)
    report = examination.report
    click.echo(render(report, form), nl=False)
    if not report.checked:
        click.echo(_nothing(contracts, recorded=report.skipped > 0), err=True)
        context.exit(UNREADABLE)
    if examination.unkeyed:
        click.echo(_unkeyed(examination.unkeyed), err=True)
    if covered is not None:
        _write(context, Path(covered), examination.coverage)
    low = gate(examination.coverage, fail_under)
    context.exit(VIOLATIONS if report.violations else low)


def load(provider: str | None, spec: str | None, engine: Engine) -> tuple[Contract, ...]:
    """The contracts to check against: the one that was named, else all current ones."""
    if spec:
        return (Contract.load(Path(spec), engine=engine),)
    if provider is None:
        return tuple(Contract.load(name, engine=engine) for name in current())
    known = shipped()
    chosen = [provider] if provider in known else _versions(provider)
    if not chosen:
        names = sorted({name.partition("/")[0] for name in known} | set(known))
        raise click.UsageError(f"no provider {provider!r}; there are {', '.join(names)}")
    return tuple(Contract.load(name, engine=engine) for name in chosen)


def _versions(provider: str) -> list[str]:
    return [name for name in current() if name.partition("/")[0] == provider]


def _write(context: click.Context, file: Path, coverage: Coverage) -> None:
    form = {".json": "json", ".html": "html"}.get(file.suffix.lower(), "text")
    try:
        file.write_text(coverage_form(coverage, form), "utf-8")
    except OSError as failure:
        click.echo(f"understudy check: {file} cannot be written: {failure.strerror}", err=True)
        context.exit(UNREADABLE)


def _read_standard_input(examination: Examination) -> None:
    """Its bytes go to a file first where they are many: a recording is looked at twice."""
    with SpooledTemporaryFile(max_size=_SPOOLED) as stream:
        copyfileobj(sys.stdin.buffer, stream)
        stream.seek(0)
        examination.read_stream("stdin", cast(BinaryIO, stream))


def _tell_notes(contracts: Sequence[Contract]) -> None:
    """What of somebody's document has no effect on the check: nothing is left out in silence."""
    for note in (note for contract in contracts for note in contract.document.notes):
        click.echo(f"note: {note}", err=True)


def _unkeyed(count: int) -> str:
    return (
        f"understudy check: {count} exchange{'' if count == 1 else 's'} had no valid credential "
        "and succeeded; if the recorder leaves credentials out, say --without-credentials"
    )


def _nothing(contracts: Sequence[Contract], *, recorded: bool) -> str:
    if not recorded:
        return "understudy check: the recordings hold no exchange"
    hosts = sorted({contract.document.host for contract in contracts if contract.document.host})
    return (
        "understudy check: no exchange could be checked; name the contract with --provider or "
        f"--spec if the traffic did not go to {' or '.join(hosts) or 'a known host'}"
    )
