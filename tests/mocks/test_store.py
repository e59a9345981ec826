"""A page is a cut from the sorted, filtered list, whatever was added, changed or removed before."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from understudy.contracts.json import Json
from understudy.mocks.clock import EPOCH, stamp
from understudy.mocks.index import FEW, NEAR
from understudy.mocks.store import Collection, Resource, Store, StoreError

COLOURS = ("red", "green", "blue", None, True, 1, 2.5)
ORDERS = ("created", "updated", "created_at", "updated_at", "size")

colours = st.sampled_from(COLOURS)
sizes = st.one_of(st.integers(0, 5), st.none(), st.sampled_from(["a", "b"]))
instants = st.integers(0, 50).map(lambda seconds: EPOCH + seconds)


def collection(bound: int | None = None) -> Collection:
    return Collection(
        "things",
        ["created_at", "updated_at", "size"],
        ["colour", "meta.shape", "colour+parent"],
        created="created_at",
        updated="updated_at",
        bound=bound,
    )


def thing(id: str, at: float, parent: str | None = None, **fields: Json) -> Resource:
    return Resource("things", id, dict(fields), at, parent)


def ranked(value: Json) -> tuple[int, object]:
    if value is None:
        return (0, 0)
    return (2, value) if isinstance(value, str) else (1, value)


def order_of(resource: Resource, order: str) -> object:
    if order.startswith("created"):
        return resource.created
    if order.startswith("updated"):
        return resource.updated
    return ranked(resource.field(order))


def equal(value: Json, wanted: Json) -> bool:
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def fits(resource: Resource, where: Mapping[str, Json]) -> bool:
    for name, wanted in where.items():
        value = resource.parent if name == "parent" else resource.field(name)
        choices = wanted if isinstance(wanted, tuple) else (wanted,)
        if not any(equal(value, choice) for choice in choices):
            return False
    return True


def modelled(
    resources: list[Resource], order: str, descending: bool, where: Mapping[str, Json]
) -> list[Resource]:
    """The plain way: filter, sort, reverse."""
    kept = [each for each in resources if fits(each, where)]
    kept.sort(key=lambda each: (order_of(each, order), each.sequence))  # type: ignore[arg-type,return-value]
    return kept[::-1] if descending else kept


wheres = st.fixed_dictionaries(
    {},
    optional={
        "colour": st.one_of(colours, st.lists(colours, max_size=4).map(tuple)),
        "parent": st.sampled_from(["p", "q", None, ("p", "q")]),
        "meta.shape": st.sampled_from(["round", None, ["a"]]),
        "size": sizes,
    },
)


class StoreMachine(RuleBasedStateMachine):
    """Adds, changes and removes, and compares every kind of page with the plain way."""

    stored = Bundle("stored")

    def __init__(self) -> None:
        super().__init__()
        self.collection = collection()
        self.model: dict[str, Resource] = {}

    @rule(
        target=stored,
        at=instants,
        parent=st.sampled_from(["p", "q", None]),
        colour=colours,
        size=sizes,
        count=st.sampled_from([1, 1, FEW + 2]),
    )
    def add(self, at: float, parent: str | None, colour: Json, size: Json, count: int) -> Resource:
        for _ in range(count):
            id = f"r{self.collection._sequence}"
            added = thing(id, at, parent, colour=colour, size=size, meta={"shape": "round"})
            self.model[id] = self.collection.add(added)
        return added

    @rule(resource=stored, at=st.one_of(st.none(), instants), colour=colours, size=sizes)
    def change(self, resource: Resource, at: float | None, colour: Json, size: Json) -> None:
        before = resource.updated
        self.collection.change(resource, {"colour": colour, "size": size}, at=at)
        assert resource.updated >= before
        assert resource.fields["updated_at"] == stamp(resource.updated)

    @rule(resource=stored, shape=st.sampled_from(["square", ["a"], {"b": 1}, 7]))
    def reshape(self, resource: Resource, shape: Json) -> None:
        self.collection.change(resource, {"meta.shape": shape})

    @rule(resource=stored)
    def drop(self, resource: Resource) -> None:
        self.collection.change(resource, drop=["meta.shape", "colour"], parent="q")

    @rule(resource=stored, colour=colours, at=instants)
    def replace(self, resource: Resource, colour: Json, at: float) -> None:
        self.collection.replace(resource, {"colour": colour}, at=at)
        assert set(resource.fields) == {"colour", "created_at", "updated_at"}

    @rule(resource=consumes(stored))
    def remove(self, resource: Resource) -> None:
        self.collection.remove(resource)
        del self.model[resource.id]
        with pytest.raises(StoreError):
            self.collection.remove(resource)

    @rule(
        order=st.sampled_from(ORDERS),
        descending=st.booleans(),
        where=wheres,
        offset=st.integers(0, 2 * NEAR),
        limit=st.one_of(st.none(), st.integers(0, 80)),
        odd=st.booleans(),
    )
    def page(
        self,
        order: str,
        descending: bool,
        where: Mapping[str, Json],
        offset: int,
        limit: int | None,
        odd: bool,
    ) -> None:
        keep = (lambda each: each.sequence % 2 == 1) if odd else None
        expected = modelled(list(self.model.values()), order, descending, where)
        if keep:
            expected = [each for each in expected if keep(each)]
        page = self.collection.page(
            order=order, descending=descending, where=where, keep=keep, offset=offset, limit=limit
        )
        stop = None if limit is None else offset + limit
        assert page.items == tuple(expected[offset:stop])
        assert page.total == len(expected)

    @invariant()
    def knows_all(self) -> None:
        assert len(self.collection) == len(self.model)
        assert all(self.collection.get(id) is each for id, each in self.model.items())


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


@given(
    st.lists(st.tuples(colours, instants), min_size=2 * FEW, max_size=4 * FEW),
    st.lists(colours, min_size=1, max_size=5).map(tuple),
    st.booleans(),
    st.data(),
)
@settings(max_examples=40, deadline=None)
def test_page__splits_several_runs_at_any_depth(
    rows: list[tuple[Json, float]], wanted: tuple[Json, ...], descending: bool, data: st.DataObject
) -> None:
    """Any-of filters find a deep page without walking, and find the same as walking would."""
    stored = collection()
    for number, (colour, at) in enumerate(rows * 3):
        stored.add(thing(str(number), at, colour=colour))
    expected = modelled(list(stored), "created", descending, {"colour": wanted})
    offset = data.draw(st.integers(0, len(expected)))
    page = stored.page(where={"colour": wanted}, descending=descending, offset=offset, limit=10)
    assert page.items == tuple(expected[offset : offset + 10])
    assert page.total == len(expected)


@given(st.lists(st.tuples(colours, sizes, instants), max_size=3 * FEW), st.integers(0, 3 * FEW))
@settings(max_examples=30, deadline=None)
def test_fill__equals_adding_one_by_one(rows: list[tuple[Json, Json, float]], before: int) -> None:
    """However resources come in, every list of them is the same."""
    one_by_one, at_once = collection(), collection()
    made = [
        [thing(str(n), at, colour=colour, size=size) for n, (colour, size, at) in enumerate(rows)]
        for _ in range(2)
    ]
    for resource in made[0]:
        one_by_one.add(resource)
    at_once.fill(made[1][:before])
    at_once.fill(made[1][before:])
    for order in ORDERS:
        for where in ({}, {"colour": ("red", True)}):
            pages = [each.page(order=order, where=where) for each in (one_by_one, at_once)]
            assert [r.id for r in pages[0].items] == [r.id for r in pages[1].items]
    for resource in at_once:
        at_once.remove(resource)
    assert not any(at_once._groups)


def test_fill__keeps_what_came_before_a_refusal() -> None:
    """A taken id is refused; the indexes stay whole."""
    stored = collection(bound=3)
    with pytest.raises(StoreError, match="'a'"):
        stored.fill([thing("a", EPOCH, colour="red"), thing("a", EPOCH)])
    assert stored.page(where={"colour": "red"}).total == 1
    stored.fill(thing(id, EPOCH) for id in "bcd")
    assert [each.id for each in stored] == ["b", "c", "d"]


def test_add__stamps_and_refuses_a_taken_id() -> None:
    """The declared fields show the instants of creation; an id belongs to one resource."""
    stored = collection()
    added = stored.add(thing("a", EPOCH + 0.0015))
    assert added.fields == {
        "created_at": "2025-07-01T00:00:00.001Z",
        "updated_at": "2025-07-01T00:00:00.001Z",
    }
    with pytest.raises(StoreError, match="'a'"):
        stored.add(thing("a", EPOCH))
    assert stored.get("b") is None
    assert "a" in stored


def test_change__without_an_instant_leaves_the_stamp() -> None:
    """What the provider derives or corrects does not count as a change."""
    stored = collection()
    added = stored.add(thing("a", EPOCH))
    stored.change(added, {"colour": "red"})
    assert added.updated == EPOCH
    stored.change(added, {"colour": "blue"}, at=EPOCH + 9)
    stored.change(added, {"colour": "blue"}, at=EPOCH + 5)
    assert added.updated == EPOCH + 9


def test_change__copies_objects_on_the_way() -> None:
    """An object that two resources share is not changed for both."""
    stored, shared = collection(), {"shape": "round"}
    one = stored.add(thing("a", EPOCH, meta=shared))
    other = stored.add(thing("b", EPOCH, meta=shared))
    stored.change(one, {"meta.shape": "square"})
    assert (one.field("meta.shape"), other.field("meta.shape")) == ("square", "round")


def test_page__refuses_an_undeclared_order() -> None:
    """The message names what would have worked."""
    with pytest.raises(StoreError, match="updated_at"):
        collection().page(order="weight")


def test_first__finds_the_oldest() -> None:
    """What conflicts are looked up with."""
    stored = collection()
    old = stored.add(thing("a", EPOCH, colour="red"))
    stored.add(thing("b", EPOCH, colour="red"))
    assert stored.first({"colour": "red"}) is old
    assert stored.first({"colour": "green"}) is None


def test_bound__pushes_out_the_oldest_and_tells() -> None:
    """Eviction is counted and reported with what went."""
    gone: list[tuple[str, str]] = []
    store = Store(bound=2, on_evict=lambda provider, each: gone.append((provider, each.id)))
    stored = store.collection("p", "things")
    for id in "abc":
        stored.add(thing(id, EPOCH))
    assert [each.id for each in stored] == ["b", "c"]
    assert stored.page().total == 2
    assert (stored.evicted, gone) == (1, [("p", "a")])


def test_filters__leave_no_empty_group_behind() -> None:
    """A filter over ever-changing values does not grow."""
    stored = collection()
    added = stored.add(thing("a", EPOCH))
    for number in range(100):
        stored.change(added, {"colour": f"c{number}"})
    assert all(len(groups) <= 1 for groups in stored._groups)
    stored.remove(added)
    assert not any(stored._groups)


def test_store__keeps_providers_and_kinds_apart() -> None:
    """The same name with another provider is another collection."""
    store = Store()
    store.collection("p", "things").add(thing("a", EPOCH))
    assert len(store.collection("q", "things")) == 0
    assert len(store.collection("p", "others")) == 0
    assert store.collection("p", "things") is store.collection("p", "things")
    assert list(store.collections()) == [("p", "things"), ("q", "things"), ("p", "others")]


def test_hidden__is_the_providers_own() -> None:
    """Hidden facts are kept, made on first use, and never among the fields."""
    added = thing("a", EPOCH)
    added.hidden["vector"] = [1.0]
    assert added.hidden == {"vector": [1.0]}
    assert added.fields == {}
