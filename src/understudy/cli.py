"""The command line: `understudy serve`, `check`, `coverage`, `diff`, `verify`,
`providers`.

Exit codes: 0 fine, 1 violations found, 2 usage or unreadable input. Everything heavy is
imported by the command that needs it, so that `--help` is instant.
"""

import gc
import sys
import time
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource

from understudy import __version__
from understudy.errors import UnderstudyError

if TYPE_CHECKING:
    from typing import BinaryIO

    from understudy.mocks.asgi import Served
    from understudy.mocks.clock import Mode
    from understudy.mocks.fake import Fake, Retired
    from understudy.mocks.provider import Provider

PORT = 8642

_LATER: Mapping[str, str] = {
    "check": "understudy.cli_check:check",
    "coverage": "understudy.cli_coverage:coverage",
    "diff": "understudy.cli_diff:diff",
    "verify": "understudy.cli_verify:verify",
}
"""Commands that live in a module of their own, imported when they are asked for."""


class _Commands(click.Group):
    """A group that imports some of its commands only when they are named or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *_LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, else None."""
        if cmd_name not in _LATER:
            return super().get_command(ctx, cmd_name)
        module, _, name = _LATER[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest names when there is no such command."""
        name = args[0]
        known = self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            raise click.UsageError(f"No such command {name!r}{_nearest(name, known)}", ctx)
        return super().resolve_command(ctx, args)


def _hosts(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> Any:
    """Host names, refused when they are addresses of pages, or nothing at all."""
    from understudy.mocks.safety import host_name

    for name in given:
        if host_name(name) is None:
            raise click.BadParameter(f"{name!r} is no host name; write it as in app or app.test.")
    return given


def _origins(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> Any:
    """Web origins as a browser sends them, or * for any."""
    from understudy.mocks.safety import is_origin

    for origin in given:
        if origin != "*" and not is_origin(origin):
            raise click.BadParameter(
                f"{origin!r} is no web origin; write it as in http://app.test:3000, or * for any."
            )
    return given


def _keys(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> Any:
    """Keys that somebody can send."""
    if not all(key.strip() for key in given):
        raise click.BadParameter("the key is empty, and nobody could send it.")
    return given


def _registered(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> Any:
    """URLs by provider, of texts such as twelvelabs=http://127.0.0.1:3000/hooks."""
    urls: dict[str, tuple[str, ...]] = {}
    for each in given:
        provider, _, url = each.partition("=")
        if not provider or not url.startswith(("http://", "https://")):
            raise click.BadParameter(f"{each!r} is no PROVIDER=URL with an http or https address.")
        urls[provider] = (*urls.get(provider, ()), url)
    return urls


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="understudy")
def cli() -> None:
    """An offline stand-in for asynchronous video APIs: serve it, check against it."""


@cli.command(short_help="Serve providers, or any OpenAPI document, on a port.")
@click.argument("sources", nargs=-1, metavar="[PROVIDER|SPEC]...")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0 takes a free one and prints it.",
)
@click.option(
    "--time",
    "mode",
    type=click.Choice(["real", "manual", "auto"]),
    default="real",
    show_default=True,
    help="Who moves the clock: the wall, you, or the caller's polls.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    help="How many times faster lifecycles and streams run.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same answers.")
@click.option(
    "--scenario",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="How every tenant begins: clock, requests made, resources, faults (YAML).",
)
@click.option(
    "--api-key",
    "keys",
    multiple=True,
    metavar="KEY",
    callback=_keys,
    help="Accept this key only. Repeatable.",
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    callback=_hosts,
    help="Answer to this Host. Repeatable.",
)
@click.option(
    "--cors-origin",
    "origins",
    multiple=True,
    metavar="URL",
    callback=_origins,
    help="Let pages of this origin read replies, beside loopback ones. Repeatable.",
)
@click.option(
    "--webhook-host",
    "webhook_hosts",
    multiple=True,
    metavar="NAME",
    help="Send webhooks to this host, beside loopback. Repeatable.",
)
@click.option(
    "--webhook-secret",
    "secret",
    default="",
    envvar="UNDERSTUDY_WEBHOOK_SECRET",
    metavar="TEXT",
    help="Sign webhooks with this; also read from UNDERSTUDY_WEBHOOK_SECRET.",
)
@click.option(
    "--webhook-url",
    "registered",
    multiple=True,
    metavar="PROVIDER=URL",
    callback=_registered,
    help="Register a receiver, where a vendor's own console does. Repeatable.",
)
@click.option(
    "--rate-limit",
    "rate",
    metavar="CALLS/SECONDS",
    help="Limit each operation that has rate limits, such as 50/60. Off by default.",
)
@click.option(
    "--retired",
    type=click.Choice(["serve", "gone"]),
    default="serve",
    show_default=True,
    help="What a vendor has withdrawn: still served, or refused as the vendor does now.",
)
@click.option("--strict", is_flag=True, help="Answer 500 when a reply of ours is off contract.")
@click.option(
    "--record",
    type=click.File("wb", lazy=False),
    metavar="FILE",
    help="Write every exchange to FILE as JSON lines, for `understudy check`.",
)
def serve(
    sources: Sequence[str],
    host: str,
    port: int,
    mode: "Mode",
    speed: float,
    seed: int,
    scenario: str | None,
    keys: Sequence[str],
    hosts: Sequence[str],
    origins: Sequence[str],
    webhook_hosts: Sequence[str],
    secret: str,
    registered: Mapping[str, tuple[str, ...]],
    rate: str | None,
    retired: "Retired",
    strict: bool,
    record: "BinaryIO | None",
) -> None:
    """Serve providers, or any OpenAPI document, on a port of this machine.

    Without arguments every known provider is served.
    """
    # What a start makes, and documents later, lives as long as the process: the collector need
    # not walk it again and again, and what requests leave can wait for more than a few of them.
    gc.set_threshold(10_000, 50, 50)

    from understudy.mocks.safety import Safety, is_loopback

    fake = _fake(
        sources,
        mode=mode,
        speed=speed,
        seed=seed,
        keys=keys,
        strict=strict,
        rate=rate,
        retired=retired,
        secret=secret,
        registered=registered,
    )
    if scenario is not None:
        fake.load_scenario(
            scenario, time=_chosen("mode"), speed=_chosen("speed"), seed=_chosen("seed")
        )
    local = is_loopback(host)
    token = "" if local else _token()
    vendors = {name for provider in fake.engine.providers.values() for name in provider.hosts}
    safety = Safety.of((*hosts, *vendors, *_own_names(host)), origins, token)

    from understudy.mocks.serve import Server

    application: Served = fake.asgi(safety)
    if record is not None:
        from understudy.mocks.recorder import Recorder

        application = Recorder(application, record, now=time.time)
    server = Server(
        application, host, port, tenants=fake.engine.tenants, webhook_hosts=webhook_hosts
    )
    if not local:
        click.echo(_warning(host, token), err=True)
    gc.freeze()
    server.run(ready=lambda: click.echo(_greeting(fake, server.url, keys)))


@cli.command(short_help="List what can be served, and how we know it.")
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Operations, lifecycles and notable behaviours, each with provenance.",
)
def providers(verbose: bool) -> None:
    """List what can be served: documents, operations, lifecycles, and how we know them."""
    from understudy.mocks.providers.catalogue import PROVIDERS, provide

    for name in PROVIDERS:
        click.echo("\n".join(_described(provide(name), verbose)))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; failures that understudy reports end with code 2."""
    try:
        cli.main(args=arguments, prog_name="understudy")
    except UnderstudyError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)


def _fake(
    sources: Sequence[str],
    *,
    mode: "Mode",
    speed: float,
    seed: int,
    keys: Sequence[str],
    strict: bool,
    rate: str | None,
    retired: "Retired",
    secret: str,
    registered: Mapping[str, tuple[str, ...]],
) -> "Fake":
    """The fake that was asked for; a mistyped name is a usage error with the nearest ones."""
    from pathlib import Path

    from understudy.mocks.delivery import Dispatch
    from understudy.mocks.fake import Fake
    from understudy.mocks.providers.catalogue import PROVIDERS

    for name in registered:
        if name not in PROVIDERS:
            raise click.UsageError(
                f"--webhook-url: {name!r} is no provider{_nearest(name, list(PROVIDERS))}"
            )
    for source in sources:
        if source.partition("/")[0] not in PROVIDERS and not Path(source).is_file():
            raise click.UsageError(
                f"{source!r} is neither a provider nor an OpenAPI file"
                f"{_nearest(source, list(PROVIDERS))}"
            )
    return Fake(
        *sources,
        time=mode,
        speed=speed,
        seed=seed,
        keys=keys,
        strict=strict,
        rate=rate,
        retired=retired,
        webhooks=Dispatch(secret=secret, registered=registered),
    )


def _chosen(name: str) -> Any:
    """The value of an option that was given on the command line; None for its default."""
    context = click.get_current_context()
    given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    return context.params[name] if given else None


def _nearest(name: str, known: Sequence[str]) -> str:
    """The end of a sentence: what was probably meant, else everything there is."""
    close = get_close_matches(name, known, n=3, cutoff=0.5)
    if close:
        return f"; did you mean {' or '.join(repr(each) for each in close)}?"
    return f"; there are: {', '.join(known)}."


def _token() -> str:
    import secrets

    return secrets.token_urlsafe(24)


def _own_names(host: str) -> list[str]:
    """The names by which other machines reach an address that is not loopback."""
    import socket

    return [host, socket.gethostname(), socket.getfqdn()]


def _warning(host: str, token: str) -> str:
    return (
        f"Warning: {host} can be reached from other machines. Hosts that callers name beside"
        f" this machine's own need --allow-host.\n"
        f"The control API asks for this header: X-Understudy-Token: {token}"
    )


def _greeting(fake: "Fake", url: str, keys: Sequence[str]) -> str:
    """Where everything is, and a command to copy for the next step."""
    from understudy.mocks.control.served import base_urls

    lines = [f"understudy {__version__} is ready."]
    first = ""
    for provider in fake.engine.providers.values():
        for base in base_urls(provider, url):
            lines.append(f"  {'control' if provider.private else provider.name:<12} {base}")
            first = first or _next_step(provider, base, keys)
    lines += ["", "Try it:", f"  {first}", "", "Ctrl+C ends it; nothing is kept."]
    return "\n".join(lines)


def _next_step(provider: "Provider", base: str, keys: Sequence[str]) -> str:
    """A curl for the first operation that needs no more than a key."""
    header, path = provider.example
    if not path:
        return f"curl -i '{base}'"
    return f"curl -H '{header}{keys[0] if keys else 'any-key'}' '{base}{path}'"


def _described(provider: "Provider", verbose: bool) -> list[str]:
    lines = [provider.name]
    for each in provider.editions:
        count, base = len(each.contract.operations), f"{provider.mount}{each.prefixes[0]}"
        lines.append(f"  {each.contract.name}: {count} operations at {base}")
    lines += [f"  also by Host: {host}" for host in sorted(provider.hosts)]
    if verbose:
        lines += _details(provider)
    return lines


def _details(provider: "Provider") -> list[str]:
    lines: list[str] = []
    for each in provider.editions:
        lines.append(f"  operations of {each.contract.name}:")
        for operation in each.contract.operations.values():
            label = _provenance(operation.extensions.get("x-provenance"))
            lines.append(f"    {operation.method:<6} {operation.template:<48} {label}")
    for lifecycle in provider.lifecycles.values():
        lines.append(f"  lifecycle {lifecycle.name}: {_provenance(lifecycle.provenance)}")
        lines.append(f"    {' > '.join(lifecycle.statuses)}")
    for each in provider.editions:
        differences = each.contract.document.root.get("x-differences")
        if isinstance(differences, Sequence) and differences:
            lines.append(f"  {each.contract.name} differs from the vendor's document:")
            lines += [f"    {difference}" for difference in differences]
    return [*lines, *_notable(provider.name), *_golden(provider.name)]


def _notable(name: str) -> list[str]:
    """What the documents do not say, and how we know it."""
    from understudy.contracts.notable import notable

    lines: list[str] = []
    for chapter in notable(name):
        lines.append(f"  notable behaviours of {chapter.title}:")
        lines += [f"    {one.what}: {one.here} [{one.label}]" for one in chapter.behaviours]
    return lines


def _golden(name: str) -> list[str]:
    """How many golden exchanges there are, by where they are from, and the latest month."""
    from collections import Counter

    from understudy.contracts.golden import golden

    found = list(golden(name)) if name.isidentifier() else []
    if not found:
        return []
    counts = Counter(each.label for each in found)
    told = ", ".join(f"{count} {label}" for label, count in sorted(counts.items()))
    return [f"  golden exchanges: {len(found)} ({told}), until {max(e.month for e in found)}"]


def _provenance(value: object) -> str:
    if not isinstance(value, Mapping) or not value:
        return "assumed"
    source = value.get("source")
    return f"{value.get('label')} ({source})" if source else str(value.get("label"))
