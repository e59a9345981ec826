"""Which contract a recorded request belongs to: by its host, else by a fake's mount."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Exchange
from understudy.contracts.loading import NO_DOCUMENTS, age
from understudy.contracts.operation import Route

CONTROL = "/_understudy"
"""Below this path a fake answers for itself; no vendor has it."""

_OWN = "control"
_STATE = re.compile(r"-\d+$")


def shipped() -> tuple[str, ...]:
    """The names of the documents that come with the package, newest versions first.

    The control API is left out: its calls are understudy's own.
    """
    names: list[str] = []
    for folder in files("understudy.specs").iterdir():
        if not folder.is_dir() or folder.name == _OWN:
            continue
        for entry in folder.iterdir():
            stem, dot, suffix = entry.name.rpartition(".")
            if dot and suffix == "yaml" and stem.partition(".")[0] not in NO_DOCUMENTS:
                names.append(f"{folder.name}/{stem}")
    return tuple(sorted(names, key=_place, reverse=True))


def current() -> tuple[str, ...]:
    """The shipped documents but for those that show an earlier state of a version (`v1.3-2025`)."""
    names = shipped()
    return tuple(
        name for name in names if not (_STATE.search(name) and _STATE.sub("", name) in names)
    )


def _place(name: str) -> tuple[str, object]:
    provider, _, version = name.partition("/")
    return provider, age(version)


@dataclass(frozen=True, slots=True)
class Address:
    """A contract, and the path of a request relative to its document's base."""

    contract: Contract
    path: str


def address_of(
    exchange: Exchange, contracts: Sequence[Contract], *, named: bool = False
) -> Address | None:
    """The contract of an exchange; None when it belongs to none of them.

    The vendor's host with the base path counts, and the mount of a fake on whatever host
    (`/twelvelabs/v1.3`). Where several versions fit, the first that has the operation wins.
    With `named` the user chose the contracts, so that host and base path may be different;
    calls to a fake's own control API are still nobody's.
    """
    method, path = exchange.request.method, exchange.request.path
    if path.startswith(f"{CONTROL}/"):
        return None
    fits: list[Address] = []
    for contract in contracts:
        relative = _relative(contract, exchange.host, path, named)
        if relative is not None:
            fits.append(Address(contract, relative))
    for fit in fits:
        if isinstance(fit.contract.route(method, fit.path), Route):
            return fit
    return fits[0] if fits else None


def _relative(contract: Contract, host: str, path: str, named: bool) -> str | None:
    document = contract.document
    mount = f"/{document.name.partition('/')[0]}{document.base_path}"
    relative = _below(mount, path)
    if relative is None and (named or (document.host != "" and host == document.host)):
        relative = _below(document.base_path, path)
    return path if relative is None and named else relative


def _below(base: str, path: str) -> str | None:
    if path == base or path.startswith(f"{base}/"):
        return path[len(base) :] or "/"
    return None
