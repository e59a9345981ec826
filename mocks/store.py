"""What a tenant has created: resources by kind, in every order and filter that lists ask for.

Every list is read from an index that is kept up at each write, so that a page, its total and a
filter cost the same whether a hundred resources are stored or a million. Writes are made under
the tenant's lock.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.contracts.json import Json
from understudy.mocks.clock import stamp, whole
from understudy.mocks.errors import FakeError
from understudy.mocks.filter import UNINDEXED, Keep, Wanted, asked, kept, key_of
from understudy.mocks.index import Bucket, Entry, Run, cut, rank, walk

if TYPE_CHECKING:
    from understudy.mocks.task import Task


class StoreError(FakeError):
    """The store was asked for an id, an order or a place that it does not have."""


class Resource:
    """One stored thing. Read it freely; change its fields through its `Collection` only.

    `fields` is what the provider shows; `hidden` what it keeps for itself. `created` and
    `updated` are whole milliseconds, in seconds since 1970. `sequence` counts the kind's
    additions and settles ties of order.
    """

    __slots__ = (
        "_entries",
        "_groups",
        "_hidden",
        "created",
        "fields",
        "id",
        "kind",
        "parent",
        "sequence",
        "task",
        "updated",
    )

    def __init__(
        self, kind: str, id: str, fields: dict[str, Json], at: float, parent: str | None = None
    ) -> None:
        self.kind = kind
        self.id = id
        self.fields = fields
        self.created = self.updated = whole(at)
        self.sequence = 0
        self.parent = parent
        self.task: Task | None = None
        self._hidden: dict[str, Json] | None = None
        self._entries: tuple[Entry, ...] = ()
        self._groups: tuple[Hashable, ...] = ()

    @property
    def hidden(self) -> dict[str, Json]:
        """Facts for the provider's own use, made on first use."""
        if self._hidden is None:
            self._hidden = {}
        return self._hidden

    def field(self, path: str) -> Json:
        """The value at a dotted path, None where there is none."""
        value: Json = self.fields
        for name in path.split("."):
            if not isinstance(value, Mapping):
                return None
            value = value.get(name)
        return value

    def __repr__(self) -> str:
        return f"Resource({self.kind!r}, {self.id!r})"


@dataclass(frozen=True, slots=True)
class Page:
    """A cut from a list, and how many the whole list has."""

    items: tuple[Resource, ...]
    total: int


class Collection:
    """All resources of one kind.

    `orders` are the fields a list may be sorted by, beside "created" and "updated", which are
    always there. `filters` are the fields whose values are indexed, beside "parent"; several
    fields joined by "+" are indexed together, for lists that ask for both. The fields named by
    `created` and `updated` are stamped at each addition and change. Beyond `bound` the oldest
    resource is removed, counted in `evicted` and given to `on_evict`.
    """

    def __init__(
        self,
        name: str,
        orders: Sequence[str] = (),
        filters: Sequence[str] = (),
        *,
        created: str = "",
        updated: str = "",
        bound: int | None = None,
        on_evict: Callable[[Resource], None] | None = None,
    ) -> None:
        self.name = name
        self.evicted = 0
        self._created = created
        self._updated = updated
        self._bound = bound
        self._on_evict = on_evict
        instants = ("created", "updated", created, updated)
        self._fields = tuple(dict.fromkeys(order for order in orders if order not in instants))
        self._orders = {order: place for place, order in enumerate(self._fields, 2)}
        self._orders |= {created or "created": 0, updated or "updated": 1}
        self._orders |= {"created": 0, "updated": 1}
        names = dict.fromkeys(("parent", *filters))
        self._filters = tuple(tuple(name.split("+")) for name in names)
        self._roots = tuple(
            frozenset(field.partition(".")[0] for field in fields) for fields in self._filters
        )
        self._groups: tuple[dict[Hashable, Bucket], ...] = tuple({} for _ in self._filters)
        self._all = Bucket()
        self._resources: dict[str, Resource] = {}
        self._sequence = 0

    def __len__(self) -> int:
        return len(self._resources)

    def __contains__(self, id: object) -> bool:
        return id in self._resources

    def __iter__(self) -> Iterator[Resource]:
        """In the order of addition; a copy, so that resources may be removed meanwhile."""
        return iter(tuple(self._resources.values()))

    @property
    def revision(self) -> tuple[int, int]:
        """Differs after each addition and removal; what was derived from members can be kept."""
        return self._sequence, len(self._resources)

    def get(self, id: str) -> Resource | None:
        """The resource with that id, else None."""
        return self._resources.get(id)

    def add(self, resource: Resource) -> Resource:
        """Take in a new resource, stamped with its own instants; StoreError if its id is taken."""
        self._take(resource)
        self._all.add(resource._entries)
        for filtered, key in enumerate(resource._groups):
            self._join(filtered, key, resource._entries)
        self._hold_bound()
        return resource

    def fill(self, resources: Iterable[Resource]) -> None:
        """Take in many new resources, as `add` would one by one, in a fraction of the time."""
        taken: list[tuple[Entry, ...]] = []
        grouped: dict[tuple[int, Hashable], list[tuple[Entry, ...]]] = {}
        try:
            for resource in resources:
                self._take(resource)
                taken.append(resource._entries)
                for place in enumerate(resource._groups):
                    grouped.setdefault(place, []).append(resource._entries)
        finally:  # what was taken before a refusal stays, and is indexed
            if taken:
                self._all.extend(taken)
            for (filtered, key), members in grouped.items():
                if key is not UNINDEXED:
                    self._groups[filtered].setdefault(key, Bucket()).extend(members)
        self._hold_bound()

    @property
    def declared(self) -> dict[str, Json]:
        """How it was made: its orders, its filters and the fields that are stamped."""
        return {
            "orders": list(self._fields),
            "filters": ["+".join(fields) for fields in self._filters[1:]],
            "created": self._created,
            "updated": self._updated,
        }

    @property
    def sequence(self) -> int:
        """How many resources were added so far."""
        return self._sequence

    def resume(self, resources: Sequence[Resource], sequence: int, evicted: int) -> None:
        """Take in the resources of a snapshot as they are, each with the sequence that it has."""
        for resource in resources:
            self._resources[resource.id] = resource
            resource._entries = self._entries(resource)
            resource._groups = tuple(key_of(resource, fields) for fields in self._filters)
        self._all.extend([resource._entries for resource in resources])
        grouped: dict[tuple[int, Hashable], list[tuple[Entry, ...]]] = {}
        for resource in resources:
            for place in enumerate(resource._groups):
                grouped.setdefault(place, []).append(resource._entries)
        for (filtered, key), members in grouped.items():
            if key is not UNINDEXED:
                self._groups[filtered].setdefault(key, Bucket()).extend(members)
        self._sequence, self.evicted = sequence, evicted

    def remove(self, resource: Resource) -> None:
        """Let a resource go, and withdraw what its task still has due; StoreError if unknown."""
        if self._resources.get(resource.id) is not resource:
            raise StoreError(f"{self.name!r} does not hold {resource!r}.")
        del self._resources[resource.id]
        self._all.remove(resource._entries)
        for filtered, key in enumerate(resource._groups):
            self._leave(filtered, key, resource._entries)
        resource._entries = resource._groups = ()
        if resource.task is not None:
            resource.task.cancel()

    def change(
        self,
        resource: Resource,
        changes: Mapping[str, Json] | None = None,
        *,
        at: float | None = None,
        drop: Sequence[str] = (),
        parent: str | None = None,
    ) -> None:
        """Set fields by dotted path and remove those in `drop`.

        With `at` the change is stamped; a stamp never goes back. Without, none is made.
        """
        for path, value in (changes or {}).items():
            home, name = _home(resource.fields, path)
            home[name] = value
        for path in drop:
            home, name = _home(resource.fields, path)
            home.pop(name, None)
        touched = {path.partition(".")[0] for path in (*(changes or ()), *drop)}
        if parent is not None:
            resource.parent = parent
            touched.add("parent")
        self._changed(resource, at, touched)

    def replace(
        self, resource: Resource, fields: Mapping[str, Json], *, at: float | None = None
    ) -> None:
        """Give the resource other fields altogether; the stamps remain its own."""
        resource.fields = dict(fields)
        self._stamp(resource)
        self._changed(resource, at, None)

    def page(
        self,
        *,
        order: str = "created",
        descending: bool = False,
        where: Mapping[str, Wanted] | None = None,
        keep: Keep | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> Page:
        """The resources that `where` and `keep` let through, sorted: `limit` of them from `offset`.

        Resources that are equal in `order` follow the order of their addition. Costs the same at
        any size while one index answers the whole of `where`; what it leaves over, and `keep`,
        are asked of each candidate of the smallest index that helps.
        """
        runs, rest = self._candidates(self._order(order), where or {})
        if rest or keep is not None:
            return _scan(runs, descending, kept(rest, keep), offset, limit)
        total = sum(map(len, runs))
        entries = cut(runs, descending, offset, total if limit is None else limit)
        return Page(tuple(entry[2] for entry in entries), total)

    def first(self, where: Mapping[str, Wanted]) -> Resource | None:
        """The oldest resource that `where` lets through, else None."""
        items = self.page(where=where, limit=1).items
        return items[0] if items else None

    def _order(self, order: str) -> int:
        try:
            return self._orders[order]
        except KeyError:
            known = ", ".join(self._orders)
            raise StoreError(
                f"{self.name!r} cannot be sorted by {order!r}; it can by {known}."
            ) from None

    def _candidates(
        self, order: int, where: Mapping[str, Wanted]
    ) -> tuple[list[Run], dict[str, Wanted]]:
        """The smallest set of runs known to hold all that `where` asks for, and what is left."""
        best: list[Bucket] = [self._all]
        rest = dict(where)
        for filtered, fields in enumerate(self._filters):
            keys = asked(fields, where) if where else None
            if keys is None:
                continue
            groups = self._groups[filtered]
            found = [groups[key] for key in keys if key in groups]
            left = {name: value for name, value in where.items() if name not in fields}
            cost, least = (sum(map(len, buckets)) for buckets in (found, best))
            if not left or (rest and cost < least):
                best, rest = found, left
            if not rest:
                break
        return [bucket.run(order) for bucket in best], rest

    def _take(self, resource: Resource) -> None:
        """Everything about an addition but the indexes."""
        if resource.id in self._resources:
            raise StoreError(f"{self.name!r} already holds {resource.id!r}; ids are used once.")
        self._stamp(resource)
        self._sequence += 1
        resource.sequence = self._sequence
        self._resources[resource.id] = resource
        resource._entries = self._entries(resource)
        resource._groups = tuple(key_of(resource, fields) for fields in self._filters)

    def _stamp(self, resource: Resource) -> None:
        if self._created:
            resource.fields[self._created] = stamp(resource.created)
        if self._updated:
            same = self._created and resource.updated == resource.created
            resource.fields[self._updated] = (
                resource.fields[self._created] if same else stamp(resource.updated)
            )

    def _changed(self, resource: Resource, at: float | None, touched: set[str] | None) -> None:
        """Stamp the change and move the resource in the indexes; None touched every field."""
        if at is not None:
            resource.updated = max(resource.updated, whole(at))
            if self._updated:
                resource.fields[self._updated] = stamp(resource.updated)
        if self._resources.get(resource.id) is not resource:
            return  # not stored yet, or no longer
        before, after = resource._entries, self._entries(resource)
        moved = any(old is not new for old, new in zip(before, after, strict=True))
        if moved:
            self._all.move(before, after)
        keys = tuple(
            old if touched is not None and touched.isdisjoint(roots) else key_of(resource, fields)
            for old, roots, fields in zip(resource._groups, self._roots, self._filters, strict=True)
        )
        for filtered, (old, new) in enumerate(zip(resource._groups, keys, strict=True)):
            if old != new:
                self._leave(filtered, old, before)
                self._join(filtered, new, after)
            elif moved and new is not UNINDEXED:
                self._groups[filtered][new].move(before, after)
        resource._entries, resource._groups = after, keys

    def _entries(self, resource: Resource) -> tuple[Entry, ...]:
        """The resource in each order; an entry that did not change is the same object."""
        ranks = [resource.created, resource.updated]
        ranks += [rank(resource.field(name)) for name in self._fields]  # type: ignore[misc]
        known = resource._entries
        if known:
            return tuple(
                old if old[0] == new else (new, resource.sequence, resource)
                for old, new in zip(known, ranks, strict=True)
            )
        first: Entry = (ranks[0], resource.sequence, resource)
        return tuple(first if r == first[0] else (r, resource.sequence, resource) for r in ranks)

    def _join(self, filtered: int, key: Hashable, entries: tuple[Entry, ...]) -> None:
        if key is not UNINDEXED:
            groups = self._groups[filtered]
            bucket = groups.get(key)
            if bucket is None:
                bucket = groups[key] = Bucket()
            bucket.add(entries)

    def _leave(self, filtered: int, key: Hashable, entries: tuple[Entry, ...]) -> None:
        if key is not UNINDEXED:
            bucket = self._groups[filtered][key]
            bucket.remove(entries)
            if not len(bucket):
                del self._groups[filtered][key]

    def _hold_bound(self) -> None:
        while self._bound is not None and len(self._resources) > self._bound:
            oldest = next(iter(self._resources.values()))
            self.remove(oldest)
            self.evicted += 1
            if self._on_evict is not None:
                self._on_evict(oldest)


def _home(fields: dict[str, Json], path: str) -> tuple[dict[str, Json], str]:
    """The object that holds the last name of a dotted path, made on the way where missing.

    Objects on the way are copied, because a provider may share one among resources.
    """
    *way, name = path.split(".")
    for step in way:
        inner = fields.get(step)
        made: dict[str, Json] = dict(inner) if isinstance(inner, Mapping) else {}
        fields[step] = made
        fields = made
    return fields, name


def _scan(
    runs: Sequence[Run], descending: bool, keep: Keep, offset: int, limit: int | None
) -> Page:
    items: list[Resource] = []
    total = 0
    for _, _, resource in walk(runs, descending) if runs else ():
        if keep(resource):
            if total >= offset and (limit is None or len(items) < limit):
                items.append(resource)
            total += 1
    return Page(tuple(items), total)


class Store:
    """All collections of a tenant, by provider and kind."""

    def __init__(
        self,
        bound: int | None = None,
        on_evict: Callable[[str, Resource], None] | None = None,
    ) -> None:
        self._bound = bound
        self._on_evict = on_evict
        self._collections: dict[tuple[str, str], Collection] = {}

    def held(self, provider: str, kind: str) -> Collection | None:
        """The collection of that kind, if anything has asked for it before."""
        return self._collections.get((provider, kind))

    def collection(
        self,
        provider: str,
        kind: str,
        orders: Sequence[str] = (),
        filters: Sequence[str] = (),
        *,
        created: str = "",
        updated: str = "",
    ) -> Collection:
        """The collection of that kind, made on first use with the orders and filters given then."""
        found = self._collections.get((provider, kind))
        if found is None:
            found = self._collections[provider, kind] = Collection(
                kind,
                orders,
                filters,
                created=created,
                updated=updated,
                bound=self._bound,
                on_evict=self._reporting(provider),
            )
        return found

    def collections(self) -> Mapping[tuple[str, str], Collection]:
        """Every collection made so far, by provider and kind."""
        return self._collections

    def _reporting(self, provider: str) -> Callable[[Resource], None] | None:
        report = self._on_evict
        if report is None:
            return None
        return lambda resource: report(provider, resource)
