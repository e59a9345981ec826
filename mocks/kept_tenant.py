"""A tenant as plain values, and back: everything that its next replies depend on.

Reading fills a tenant that is empty. A snapshot is first read into one that nobody uses, so
that it is taken up entirely or not at all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import cast, get_args

from understudy.contracts.json import Json
from understudy.contracts.violation import Violation, Where
from understudy.mocks import fault, kept_deliveries, kept_task
from understudy.mocks.clock import LATEST, AutoClock, Clock, ManualClock, RealClock
from understudy.mocks.errors import FakeError
from understudy.mocks.faults import Rule
from understudy.mocks.journal import Entry
from understudy.mocks.node import Node, shown
from understudy.mocks.provider import Provider
from understudy.mocks.rate import Window
from understudy.mocks.sending import Sending
from understudy.mocks.store import Collection, Resource
from understudy.mocks.task import Task
from understudy.mocks.tenant import Tenant

Wall = Callable[[], float]


class SnapshotError(FakeError):
    """A snapshot cannot be taken, read or taken up."""


def kept(tenant: Tenant, providers: Mapping[str, Provider]) -> dict[str, Json]:
    """The tenant as values; SnapshotError when something in it cannot be made again."""
    with tenant.lock:
        tenant.settle()
        return {
            "name": tenant.name,
            "clock": _clock(tenant.clock),
            "ids": tenant.ids.taken,
            "collections": [
                _collection(tenant, providers, provider, kind, collection)
                for (provider, kind), collection in tenant.store.collections().items()
            ],
            "agenda": list(_agenda(tenant)),
            "deliveries": kept_deliveries.kept(tenant.deliveries),
            "windows": [
                [*name, window.since, window.used] for name, window in tenant.windows.items()
            ],
            "faults": _faults(tenant),
            "journal": {
                "recorded": tenant.journal.dropped + len(tenant.journal),
                "entries": [_entry(entry) for entry in tenant.journal],
            },
        }


def read(node: Node, made: Tenant, providers: Mapping[str, Provider], wall: Wall) -> None:
    """Fill an empty tenant with these values; `Unfit` says what of them is wrong."""
    node.keys(_KEYS)
    made.clock = _read_clock(node.at("clock"), wall)
    made.ids.taken = node.at("ids").whole()
    for each in node.at("collections").items():
        _read_collection(each, made, providers)
    _read_faults(node.at("faults"), made)
    kept_deliveries.read(node.at("deliveries"), made.deliveries, made.name)
    due = _read_agenda(node.at("agenda"), made)
    kept_deliveries.read_back(node.at("deliveries"), made.deliveries, due)
    for each in node.at("windows").items():
        name = (each.at(0).text(), each.at(1).text()) if _is_row(each) else ("", "")
        made.windows[name] = Window(each.at(2).number(), each.at(3).whole())
    journal = node.at("journal")
    entries = [_read_entry(each, made.name) for each in journal.at("entries").items()]
    made.journal.resume(journal.at("recorded").whole(len(entries)), entries)


_KEYS = (
    "name",
    "clock",
    "ids",
    "collections",
    "agenda",
    "deliveries",
    "windows",
    "faults",
    "journal",
)


def _is_row(node: Node) -> bool:
    if len(list(node.items())) != 4:
        node.wrong(f"expected provider, operation, since and used, found {shown(node.value)}")
    return True


def _clock(clock: Clock) -> dict[str, Json]:
    values: dict[str, Json] = {"mode": clock.mode, "speed": clock.speed, "now": clock.now()}
    if isinstance(clock, ManualClock):
        values["nanos"] = clock.nanos
    return values


def _read_clock(node: Node, wall: Wall) -> Clock:
    mode = node.at("mode").one_of(("real", "manual", "auto"))
    speed, now = node.at("speed").number(1e-9), node.at("now").number(0, LATEST)
    if mode == "real":
        return RealClock(wall, speed, now)
    clock = AutoClock(now, speed) if mode == "auto" else ManualClock(now, speed)
    if node.has("nanos"):
        clock.nanos = node.at("nanos").whole(0, int(LATEST) * 10**9)
    return clock


def _collection(
    tenant: Tenant,
    providers: Mapping[str, Provider],
    provider: str,
    kind: str,
    collection: Collection,
) -> dict[str, Json]:
    for resource in collection:
        task = resource.task
        if task is not None and kept_task.unhooked(providers[provider], task):
            raise SnapshotError(
                f"The task {resource.id!r} of {provider} is still {task.status!r} and cannot be"
                f" kept: {provider} has no hook for its lifecycle {task.lifecycle.name!r}."
                f" Let it end first."
            )
    return {
        "provider": provider,
        "kind": kind,
        **collection.declared,
        "sequence": collection.sequence,
        "evicted": collection.evicted,
        "resources": [_resource(each) for each in collection],
    }


def _resource(resource: Resource) -> dict[str, Json]:
    values: dict[str, Json] = {
        "id": resource.id,
        "parent": resource.parent,
        "created": resource.created,
        "updated": resource.updated,
        "sequence": resource.sequence,
        "fields": resource.fields,
        "hidden": resource.hidden,
    }
    if resource.task is not None:
        values["task"] = kept_task.kept(resource.task)
    return values


def _read_collection(node: Node, made: Tenant, providers: Mapping[str, Provider]) -> None:
    provider = node.at("provider").one_of(tuple(providers))
    kind = node.at("kind").text()
    collection = made.collection(
        provider,
        kind,
        [each.text() for each in node.at("orders").items()],
        [each.text() for each in node.at("filters").items()],
        created=node.at("created").text(),
        updated=node.at("updated").text(),
    )
    resources: list[Resource] = []
    for each in node.at("resources").items():
        resource = _read_resource(each, kind)
        resources.append(resource)
        if each.has("task"):
            kept_task.resumed(
                each.at("task"),
                resource,
                provider=providers[provider],
                tenant=made,
                collection=collection,
            )
    ids = [resource.id for resource in resources]
    if len(set(ids)) < len(ids):
        twice = next(id for id in ids if ids.count(id) > 1)
        node.at("resources").wrong(f"the id {twice!r} occurs twice")
    sequences = [resource.sequence for resource in resources]
    sequence = node.at("sequence").whole(max(sequences, default=0))
    if len(set(sequences)) < len(sequences):
        node.at("resources").wrong("a sequence occurs twice; each addition has one of its own")
    collection.resume(resources, sequence, node.at("evicted").whole())


def _read_resource(node: Node, kind: str) -> Resource:
    parent = node.at("parent")
    resource = Resource(
        kind,
        node.at("id").text(),
        dict(_members(node.at("fields"))),
        node.at("created").number(0, LATEST),
        None if parent.value is None else parent.text(),
    )
    resource.updated = node.at("updated").number(0, LATEST)
    resource.sequence = node.at("sequence").whole(1)
    resource.hidden.update(_members(node.at("hidden")))
    return resource


def _members(node: Node) -> Iterator[tuple[str, Json]]:
    """The members as they are; copied, because two tenants may be made of the same values."""
    return ((name, _copied(member.value)) for name, member in node.members())


def _agenda(tenant: Tenant) -> Iterator[dict[str, Json]]:
    """What is due, in order; a task's step by the resource that it moves."""
    places = {
        id(resource.task): [provider, kind, resource.id]
        for (provider, kind), collection in tenant.store.collections().items()
        for resource in collection
    }
    for at, event in tenant.agenda.events():
        if isinstance(event, Sending):
            yield {"at": at, "delivery": event.place}
            continue
        if not isinstance(event, Task):
            raise SnapshotError(f"What is due as {event.label!r} cannot be kept in a snapshot.")
        yield {"at": at, "task": places[id(event)]}


def _read_agenda(node: Node, made: Tenant) -> set[tuple[str, int]]:
    """Put down what is due; answers the deliveries among it, with their lines."""
    due: set[tuple[str, int]] = set()
    for each in node.items():
        if each.has("delivery"):
            due.add(_read_sending(each.at("at").number(0, LATEST), each.at("delivery"), made))
            continue
        named = each.at("task")
        provider, kind, identity = (named.at(place).text() for place in range(3))
        collection = made.store.held(provider, kind)
        resource = collection.get(identity) if collection is not None else None
        if resource is None or resource.task is None:
            named.wrong(f"there is no task {identity!r} among the {kind!r} of {provider!r}")
        resource.task.expect(each.at("at").number(0, LATEST))
    return due


def _read_sending(at: float, node: Node, made: Tenant) -> tuple[str, int]:
    identity, line = node.at("id").text(), node.at("line").whole()
    if identity not in made.deliveries:
        node.at("id").wrong(f"there is no delivery {identity!r} in the log")
    tries, planned = node.at("tries").whole(1), node.at("planned").number()
    made.deliveries.expect(at, identity, line, tries, planned)
    return identity, line


def _faults(tenant: Tenant) -> dict[str, Json]:
    rules: list[Json] = [
        {
            "fault": fault.written(rule.fault),
            "seen": rule.seen,
            "struck": rule.struck,
            "since": rule.since,
            "over": rule.over,
            "tasks": list(rule.tasks),
        }
        for rule in tenant.faults.rules.values()
    ]
    return {"count": tenant.faults.count, "rules": rules}


def _read_faults(node: Node, made: Tenant) -> None:
    made.faults.count = node.at("count").whole()
    for each in node.at("rules").items():
        told = fault.read(each.at("fault"))
        if not told.id or told.id in made.faults.rules:
            each.at("fault").at("id").wrong(f"{told.id!r} is no id of its own")
        rule = made.faults.rules[told.id] = Rule(told)
        since = each.at("since")
        rule.seen, rule.struck = each.at("seen").whole(), each.at("struck").whole()
        rule.since = None if since.value is None else since.number()
        rule.over = each.at("over").flag()
        rule.tasks = [one.text() for one in each.at("tasks").items()]


def _entry(entry: Entry) -> dict[str, Json]:
    values: dict[str, Json] = {
        "sequence": entry.sequence,
        "at": entry.at,
        "provider": entry.provider,
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "headers": [list(line) for line in entry.headers],
        "status": entry.status,
        "violations": [asdict(violation) for violation in entry.violations],
        "faults": list(entry.faults),
    }
    return values


def _read_entry(node: Node, tenant: str) -> Entry:
    return Entry(
        sequence=node.at("sequence").whole(1),
        at=node.at("at").number(),
        tenant=tenant,
        provider=node.at("provider").text(),
        operation=node.at("operation").text(),
        method=node.at("method").text(),
        path=node.at("path").text(),
        query=node.at("query").text(),
        headers=tuple(
            (each.at(0).text(), each.at(1).text()) for each in node.at("headers").items()
        ),
        status=node.at("status").whole(0, 599),
        violations=tuple(_violation(each) for each in node.at("violations").items()),
        faults=tuple(each.text() for each in node.at("faults").items()),
    )


def _violation(node: Node) -> Violation:
    return Violation(
        provider=node.at("provider").text(),
        operation=node.at("operation").text(),
        where=cast(Where, node.at("where").one_of(get_args(Where))),
        pointer=node.at("pointer").text(),
        value=node.at("value").value,
        expected=node.at("expected").text(),
        source=node.at("source").text(),
    )


def _copied(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {name: _copied(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(inner) for inner in value]
    return value
