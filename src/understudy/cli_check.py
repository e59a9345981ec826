"""`understudy check`: recorded traffic against the contracts of its providers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

import click

from understudy.contracts.addressing import address_of, shipped
from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Exchange
from understudy.contracts.operation import Route
from understudy.contracts.recording import Recorded, read_recording
from understudy.contracts.report.forms import FORMATS, render
from understudy.contracts.report.report import Report
from understudy.contracts.trace.trace import Trace
from understudy.contracts.violation import Violation
from understudy.errors import UnderstudyError

Engine = Literal["compiled", "openapi-core"]

FINE, VIOLATIONS, UNREADABLE = 0, 1, 2


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
@click.pass_context
def check(
    context: click.Context,
    recordings: tuple[str, ...],
    provider: str | None,
    spec: str | None,
    form: str,
    engine: str,
) -> None:
    """Check recorded traffic against the contracts of its providers.

    FILE is a HAR, JSON lines or a VCR cassette.

    The contract is found by the host of each request, or by the mount of a fake in its path;
    --provider or --spec names it. Exits with 0 when all is well, 1 when an exchange is off its
    contract, 2 when a file cannot be read or no exchange could be checked.
    """
    if provider and spec:
        raise click.UsageError("give --provider or --spec, not both")
    try:
        contracts = load(provider, spec, cast(Engine, engine))
        report, traces = Report(), Traces(contracts)
        for file in recordings:
            examine(Path(file), traces, report, named=bool(provider or spec))
    except UnderstudyError as failure:
        click.echo(f"understudy check: {failure}", err=True)
        context.exit(UNREADABLE)
    click.echo(render(report, form), nl=False)
    if not report.checked:
        click.echo(_nothing(contracts), err=True)
        context.exit(UNREADABLE)
    context.exit(VIOLATIONS if report.violations else FINE)


def load(provider: str | None, spec: str | None, engine: Engine) -> tuple[Contract, ...]:
    """The contracts to check against: the one that was named, else all that are shipped."""
    if spec:
        return (Contract.load(Path(spec), engine=engine),)
    if provider is None:
        return tuple(Contract.load(name, engine=engine) for name in shipped())
    known = shipped()
    chosen = [name for name in known if provider in (name, name.partition("/")[0])]
    if not chosen:
        names = sorted({name.partition("/")[0] for name in known} | set(known))
        raise click.UsageError(f"no provider {provider!r}; there are {', '.join(names)}")
    return tuple(Contract.load(name, engine=engine) for name in chosen)


class Traces:
    """The contracts, and for each provider that has lifecycles the tasks seen so far."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self.contracts = contracts
        self._traces = {contract.name: Trace(contract) for contract in contracts}

    def see(self, contract: Contract, exchange: Exchange) -> list[Violation]:
        """The laws of lifecycles that an exchange breaks, given those before it."""
        return self._traces[contract.name].see(exchange)


def examine(file: Path, traces: Traces, report: Report, *, named: bool = False) -> None:
    """Checks every exchange of a recording into `report`; raises RecordingError."""
    for entry in read_recording(file):
        if not isinstance(entry, Recorded):
            report.skip(entry.place, entry.call, entry.reason)
            continue
        _examine(entry, traces, report, named)


def _examine(entry: Recorded, traces: Traces, report: Report, named: bool) -> None:
    exchange, contracts = entry.exchange, traces.contracts
    request, response = exchange.request, exchange.response
    call = f"{request.method} {_url(exchange)}"
    address = address_of(exchange, contracts, named=named)
    if address is None:
        report.skip(entry.place, call, _stranger(exchange, contracts))
        return
    contract = address.contract
    route = contract.route(request.method, address.path)
    operation, line = "(no operation)", ""
    if isinstance(route, Route):
        operation = route.operation.id
        line = f"{route.operation.method} {route.operation.template}"
    local = replace(request, path=address.path)
    violations = contract.check(local, response)
    violations.extend(traces.see(contract, replace(exchange, request=local)))
    report.add(contract.name, operation, line, entry.place, call, response.status, violations)


def _stranger(exchange: Exchange, contracts: Sequence[Contract]) -> str:
    """Why no contract is responsible for an exchange."""
    documents = [contract.document for contract in contracts]
    bases = sorted({d.base_path or "/" for d in documents if d.host == exchange.host})
    if exchange.host and bases:
        return f"no contract of {exchange.host} has this path; theirs begin {' or '.join(bases)}"
    return f"no provider is known at {exchange.host or 'a URL without host'}"


def _url(exchange: Exchange) -> str:
    request = exchange.request
    query = f"?{request.query}" if request.query else ""
    return f"//{exchange.host}{request.path}{query}" if exchange.host else request.path + query


def _nothing(contracts: Sequence[Contract]) -> str:
    hosts = sorted({contract.document.host for contract in contracts if contract.document.host})
    return (
        "understudy check: no exchange could be checked; name the contract with --provider or "
        f"--spec if the traffic did not go to {' or '.join(hosts) or 'a known host'}"
    )
