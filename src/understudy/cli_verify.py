"""`understudy verify`: a live service against contract, lifecycles and our fake."""

import logging
import os
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import click
import httpx2

from understudy.cli_check import load
from understudy.contracts.contract import Contract
from understudy.contracts.redaction import redact_url
from understudy.contracts.report.forms import FORMATS, render
from understudy.errors import UnderstudyError
from understudy.mocks.verify.ask import Wishes
from understudy.mocks.verify.caller import Unreachable
from understudy.mocks.verify.suite import Rules
from understudy.mocks.verify.verification import Verification

FINE, VIOLATIONS, UNREADABLE = 0, 1, 2

KEYS: Mapping[str, str] = {"twelvelabs": "TWELVE_LABS_API_KEY"}
"""The variable that holds a provider's key, where it is not NAME_API_KEY."""


@click.command()
@click.argument("url")
@click.option("--provider", metavar="NAME", help="Whose contract it is held against.")
@click.option("--spec", metavar="FILE", type=click.Path(), help="Another document instead.")
@click.option("--write", is_flag=True, help="Create, wait, read, and remove what was made.")
@click.option("--key-env", metavar="NAME", help="The environment variable with the API key.")
@click.option("--media-url", metavar="URL", default="", help="The medium that --write uploads.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option(
    "--deadline",
    type=click.FloatRange(0, min_open=True),
    default=900.0,
    show_default=True,
    help="Seconds to wait for a task.",
)
@click.option(
    "--interval",
    type=click.FloatRange(0),
    default=5.0,
    show_default=True,
    help="Seconds between looks at a task, where no reply asks for another pause.",
)
@click.pass_context
def verify(
    context: click.Context,
    url: str,
    provider: str | None,
    spec: str | None,
    write: bool,
    key_env: str | None,
    media_url: str,
    form: str,
    deadline: float,
    interval: float,
) -> None:
    """Verify a live service at the base URL.

    URL is what a client would be given, such as http://127.0.0.1:8642/twelvelabs/v1.3. One call
    at a time: lists and pages, what they link to, unknown ids, a wrong key and a bad parameter.
    With --write also creations, their tasks to the end, and the removal of all that was made.
    The key comes from the environment alone. Exits with 0 when all is well, 1 when a reply is
    off its contract, 2 when the service cannot be asked. Where it differs from the fake, within
    the contract, the report warns.
    """
    if bool(provider) == bool(spec):
        raise click.UsageError("give --provider or --spec")
    if not _is_base(url):
        raise click.UsageError(
            f"{redact_url(url)!r} is no base URL; one is such as https://api.example.com/v1, "
            "without query"
        )
    # The fake beside it may grumble about itself; this report is about the service.
    logging.getLogger("understudy").addHandler(logging.NullHandler())
    key = _key(provider or "", key_env)
    wishes = Wishes(media_url, f"understudy-{secrets.token_hex(3)}")
    rules = Rules(write, deadline, interval, wishes)
    try:
        contract = _chosen(url, provider, spec)
        source = spec or contract.name.partition("/")[0]
        verification = Verification(contract, source, rules)
        with httpx2.Client(base_url=url.rstrip("/"), timeout=60.0, trust_env=False) as client:
            verification.run(client, key, now=time.monotonic, sleep=time.sleep)
    except (UnderstudyError, Unreachable) as failure:
        click.echo(f"understudy verify: {failure}", err=True)
        context.exit(UNREADABLE)
    click.echo(render(verification.report, form), nl=False)
    if verification.unfinished:
        click.echo(f"understudy verify: not finished: {verification.unfinished}", err=True)
        context.exit(VIOLATIONS if verification.report.violations else UNREADABLE)
    context.exit(VIOLATIONS if verification.report.violations else FINE)


def _is_base(url: str) -> bool:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return False
    said = split.scheme in ("http", "https") and bool(split.hostname) and port != 0
    return said and not split.query and not split.fragment


def _chosen(url: str, provider: str | None, spec: str | None) -> Contract:
    """Of several versions the one whose base path the URL ends with, else the newest."""
    found = load(provider, spec, "compiled")
    path = urlsplit(url).path.rstrip("/")
    fits = [
        one for one in found if one.document.base_path and path.endswith(one.document.base_path)
    ]
    return (fits or list(found))[0]


def _key(provider: str, key_env: str | None) -> str:
    """The key from the environment; its absence is told by the variable's name."""
    name = provider.partition("/")[0]
    variable = key_env or KEYS.get(name, f"{name.upper()}_API_KEY" if name else "API_KEY")
    key = os.environ.get(variable, "")
    if not key:
        raise click.UsageError(f"the API key is to be in the environment variable {variable}")
    return key
