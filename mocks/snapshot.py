"""A snapshot: some tenants of a fake at one instant, as JSON that can be kept in a file."""

import json
from collections.abc import Callable, Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path

from understudy.contracts.json import Json
from understudy.mocks import fault, kept_tenant
from understudy.mocks.engine import Engine
from understudy.mocks.fault import Fault, FaultError
from understudy.mocks.faulting import checked
from understudy.mocks.kept_tenant import SnapshotError
from understudy.mocks.links import Door
from understudy.mocks.node import Node, Unfit, shown
from understudy.mocks.provider import Provider
from understudy.mocks.tenant import Tenant

__all__ = ["Snapshot", "SnapshotError", "restore", "taken"]

VERSION = 1
"""Of the form of a snapshot; one of another version is refused."""

FURTHEST = 2e11
"""Seconds that the clocks of tenants to come can be ahead; more would lead beyond all dates."""

_KEYS = ("understudy", "version", "seed", "lead", "faults", "tenants")


class Snapshot:
    """What a fake was like; `whole` as JSON.

    `fake.snapshot()` takes one, `fake.restore(...)` goes back to it. It holds no API keys: tenants
    stand under their names, journals as they are shown. Addresses that callers gave stay whole.
    """

    __slots__ = ("name", "whole")

    def __init__(self, whole: Mapping[str, Json], name: str = "snapshot") -> None:
        self.whole = whole
        self.name = name

    @classmethod
    def read(cls, source: "str | PathLike[str] | Mapping[str, Json] | Snapshot") -> "Snapshot":
        """A snapshot from a file or a mapping; SnapshotError when it is no such thing."""
        if isinstance(source, Snapshot):
            return source
        if isinstance(source, Mapping):
            return cls(source)
        label = fspath(source)
        try:
            whole = json.loads(Path(source).read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise SnapshotError(f"{label} cannot be read as a snapshot: {error}.") from error
        return cls(whole, label)

    def write(self, path: str | PathLike[str]) -> None:
        """Keep it in a file."""
        text = json.dumps(self.whole, allow_nan=False, indent=1)
        Path(path).write_text(f"{text}\n", "utf-8")

    @property
    def tenants(self) -> tuple[str, ...]:
        """The names of the tenants in it."""
        return tuple(each.at("name").text() for each in Node(self.whole).at("tenants").items())

    def __repr__(self) -> str:
        return f"Snapshot({self.name!r})"


def taken(engine: Engine, tenants: Iterable[Tenant], *, lead: float = 0.0) -> Snapshot:
    """What these tenants are now; with `lead`, how far the clocks of those to come are ahead."""
    held = _providers(engine)
    kept: dict[str, Json] = {
        "understudy": "snapshot",
        "version": VERSION,
        "seed": engine.seed,
        "lead": lead,
        "faults": [fault.written(each) for each in engine.tenants.faults.values()],
        "tenants": [kept_tenant.kept(tenant, held) for tenant in tenants],
    }
    try:
        # What is kept must not change with the fake, and has to be JSON to the last value.
        whole: Json = json.loads(json.dumps(kept, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise SnapshotError(f"Something that is stored is no JSON: {error}.") from error
    return Snapshot(whole if isinstance(whole, Mapping) else {})


def restore(
    engine: Engine, snapshot: Snapshot, wall: Callable[[], float], only: Tenant | None = None
) -> tuple[list[str], float]:
    """Go back to a snapshot; answers the names of its tenants, and the lead of those to come.

    With `only`, that one tenant becomes what the snapshot's only tenant (or the one of its name)
    was, and no other is touched. Everything is checked first: SnapshotError leaves all as it is.
    """
    root = Node(snapshot.whole)
    try:
        json.dumps(snapshot.whole, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise SnapshotError(f"{snapshot.name}: at /: this is no JSON: {error}.") from None
    try:
        lead = _head(root, engine)
        common = _common(root.at("faults"), engine)
        meant = [(node, only or engine.tenants.bare(name)) for node, name in _meant(root, only)]
        doors = [_tried(node, tenant.blank(), _providers(engine), wall) for node, tenant in meant]
    except Unfit as error:
        raise SnapshotError(
            f"{snapshot.name}: at {error.pointer or '/'}: {error.problem}."
        ) from None
    except FaultError as error:
        raise SnapshotError(f"{snapshot.name}: at {error.pointer}: {error}") from None
    if only is None:
        engine.tenants.reset()
        engine.tenants.faults.update(common)
    for (node, tenant), stand in zip(meant, doors, strict=True):
        with tenant.lock:
            tenant.feed.forget(tenant.name)
            tenant.empty()
            kept_tenant.read(node, tenant, _providers(engine), wall)
            engine.links.shut(tenant.name)
            for door in stand:
                engine.links.open(tenant, door)
        if only is None:
            engine.tenants.seat(tenant)
    return [tenant.name for _, tenant in meant], lead


def _tried(
    node: Node, blank: Tenant, held: Mapping[str, Provider], wall: Callable[[], float]
) -> list[Door]:
    """The doors of what is stored, after the whole was tried on a tenant nobody knows of."""
    kept_tenant.read(node, blank, held, wall)
    found: list[Door] = []
    for provider in held.values():
        for kind, doors in provider.doors.items():
            for resource in blank.store.held(provider.name, kind) or ():
                try:
                    found += doors(provider, resource)
                except (KeyError, TypeError, ValueError) as error:
                    problem = (
                        f"what {kind} {resource.id!r} keeps hidden leads to no link: {error!r}"
                    )
                    raise Unfit(node.pointer, problem) from error
    return found


def _head(root: Node, engine: Engine) -> float:
    root.keys(_KEYS)
    if root.at("understudy").value != "snapshot":
        root.at("understudy").wrong("expected 'snapshot', which every snapshot says here")
    if root.at("version").value != VERSION:
        found = shown(root.at("version").value)
        root.at("version").wrong(f"version {found} cannot be read, this is version {VERSION}")
    if root.at("seed").whole(-(2**63)) != engine.seed:
        found = shown(root.at("seed").value)
        root.at("seed").wrong(f"taken with seed {found}; this fake has seed {engine.seed}")
    return root.at("lead").number(0, FURTHEST)


def _common(node: Node, engine: Engine) -> dict[str, Fault]:
    found: dict[str, Fault] = {}
    for each in node.items():
        told = fault.read(each)
        if not told.id or told.id in found:
            each.at("id").wrong(f"{told.id!r} is no id of its own")
        checked(told, _providers(engine).values())
        found[told.id] = told
    return found


def _meant(root: Node, only: Tenant | None) -> list[tuple[Node, str]]:
    """The tenants to go back to."""
    held = [(each, each.at("name").text()) for each in root.at("tenants").items()]
    names = [name for _, name in held]
    for node, name in held:
        if names.count(name) > 1:
            node.at("name").wrong(f"the tenant {name!r} occurs twice")
    if only is None:
        return held
    named = [(node, only.name) for node, name in held if name == only.name or len(held) == 1]
    if not named:
        known = ", ".join(map(repr, names)) or "none"
        root.at("tenants").wrong(f"there is no tenant {only.name!r} among {known}")
    return named


def _providers(engine: Engine) -> dict[str, Provider]:
    return {name: each for name, each in engine.providers.items() if not each.private}
