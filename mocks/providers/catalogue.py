"""Which providers there are, and how a name or a document's path becomes one."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import cast

from understudy.contracts.contract import Contract
from understudy.mocks.announced import Announced, Bill
from understudy.mocks.envelope import DeclaredEnvelope
from understudy.mocks.errors import FakeError
from understudy.mocks.provider import Provider, edition

_BEARER = "Authorization: Bearer "

PROVIDERS: Mapping[str, Bill] = {
    "twelvelabs": Bill("api.twelvelabs.io", ("/v1.3", "/v1.2"), ("x-api-key: ", "/indexes")),
    "memories": Bill("api.memories.ai", ("",), (_BEARER, "/serve/api/v1/list_sessions")),
    "mixpeek": Bill("api.mixpeek.com", ("",), (_BEARER, "/features/search/interactions")),
    "imentiv": Bill("api.imentiv.ai", ("",), ("X-API-Key: ", "/v1/videos")),
}
"""What is told of each provider; `behaviour.provider()` in its folder assembles it."""

HOSTS: Mapping[str, str] = {bill.host: name for name, bill in PROVIDERS.items()}
"""The vendors' real hosts with the names of their providers, played by a fake or not."""


def announce(source: str) -> Provider:
    """What `provide` answers; a provider by its name is assembled when it is first called."""
    if source in PROVIDERS and not Path(source).is_file():
        return Announced(source, PROVIDERS[source], partial(_named, source))
    return provide(source)


def provide(source: str) -> Provider:
    """The provider of that name, or one version of it ("twelvelabs/v1.2"), or one from a file.

    A file is an OpenAPI document, which is played as far as a document can be.
    """
    name, _, version = source.partition("/")
    if name in PROVIDERS and not Path(source).is_file():
        whole = _named(name)
        return _alone(whole, source) if version else whole
    if not Path(source).exists():
        known = ", ".join(PROVIDERS)
        raise FakeError(
            f"{source!r} is neither a provider nor a file; providers are {known},"
            " and a file is an OpenAPI 3.0 or 3.1 document in YAML or JSON."
        )
    return from_contract(Contract.load(Path(source)))


def _alone(whole: Provider, name: str) -> Provider:
    """One version of a provider, without what other versions at its place would take."""
    found = tuple(each for each in whole.editions if each.contract.name == name)
    if not found:
        known = ", ".join(each.contract.name for each in whole.editions)
        raise FakeError(f"{name!r} is no version of {whole.name}; there are {known}.")
    return whole.only(found)


@cache
def _named(name: str) -> Provider:
    """Assembled once: a provider is a value, and its documents and modules are what costs."""
    folder = import_module(f"understudy.mocks.providers.{name}.behaviour")
    return cast(Callable[[], Provider], folder.provider)()


def from_contract(contract: Contract) -> Provider:
    """A provider that plays whatever the contract's document describes."""
    from understudy.mocks.resource import generic  # a server without such a document needs none

    base = contract.document.base_path
    prefixes = (base, "") if base else ("",)
    return Provider(
        name=contract.document.name.replace("/", "-"),
        editions=(edition(contract, {}, generic, prefixes),),
        envelope=DeclaredEnvelope(contract),
        lenient=True,
    )
