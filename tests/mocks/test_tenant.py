"""Tenants share nothing, are bounded, and begin anew when reset."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.exchange import Request
from understudy.contracts.lifecycle import load_lifecycles
from understudy.mocks.clock import EPOCH, ManualClock
from understudy.mocks.limits import Limits
from understudy.mocks.store import Resource
from understudy.mocks.task import Plan, Task
from understudy.mocks.tenant import Tenant, Tenants

INDEXING = load_lifecycles("twelvelabs")["indexing-task"]


def tenants(limits: Limits | None = None, seed: int = 0) -> Tenants:
    return Tenants(clock=ManualClock, seed=seed, limits=limits)


def begin(tenant: Tenant) -> Task:
    stored = tenant.collection("p", "tasks", ["updated_at"], ["status"], updated="updated_at")
    now = tenant.clock.now()
    resource = stored.add(Resource("tasks", tenant.ids.object_id(now), {}, now))
    return Task.begin(resource, Plan.of(INDEXING), collection=stored, agenda=tenant.agenda)


def record(tenant: Tenant) -> None:
    tenant.journal.record(
        at=0, provider="p", operation="op", request=Request("GET", "/"), status=200
    )


def seen(tenant: Tenant) -> object:
    """All that can be seen of a tenant, but its name."""
    return (
        tenant.clock.now(),
        [(task.resource.fields, task.entered) for _, task in tenant.tasks()],
        len(tenant.agenda),
        tenant.ids.taken,
        len(tenant.journal),
    )


doings = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["begin", "advance", "record"])))


def do(tenant: Tenant, doing: str) -> None:
    if doing == "begin":
        begin(tenant)
    elif doing == "advance":
        tenant.advance(7)
    else:
        record(tenant)


@given(doings)
def test_tenants__leak_nothing(doings: list[tuple[str, str]]) -> None:
    """A tenant among others is as if it were alone."""
    together, alone = tenants(), tenants()
    for name, doing in doings:
        do(together.get(name), doing)
    for name, doing in doings:
        if name == "a":
            do(alone.get(name), doing)
    assert seen(together.get("a")) == seen(alone.get("a"))
    ids = [{task.resource.id for _, task in tenant.tasks()} for tenant in together]
    assert not set.intersection(*ids) if len(ids) > 1 else True


@given(doings, st.integers(0, 5))
def test_tenants__same_seed_and_calls_same_world(doings: list[tuple[str, str]], seed: int) -> None:
    """Two fakes that were asked the same give the same ids and times, also after a reset."""
    one, other = tenants(seed=seed), tenants(seed=seed)
    for name, doing in doings:
        do(one.get(name), doing)
        do(other.get(name), doing)
    assert [seen(each) for each in one] == [seen(each) for each in other]
    for tenant in one:
        tenant.reset()
    for name, doing in doings:
        do(one.get(name), doing)
    assert {each.name: seen(each) for each in one} == {each.name: seen(each) for each in other}


def test_advance__answers_what_happened() -> None:
    """Every event with its instant, in order; nothing twice."""
    tenant = tenants().get("a")
    task = begin(tenant)
    fired = tenant.advance(12)
    name = f"tasks {task.resource.id}"
    assert [(each.at, each.label) for each in fired] == [
        (EPOCH + 5, f"{name} validating"),
        (EPOCH + 10, f"{name} pending"),
    ]
    assert tenant.settle() == []
    assert [each.label for each in tenant.move_to(EPOCH + 15)] == [f"{name} queued"]
    assert tenant.move_to(EPOCH) == []


def test_all__are_moved_and_settled_together() -> None:
    """What the fake does to all tenants is reported by tenant."""
    several = tenants()
    begin(several.get("a"))
    several.get("b")
    fired = several.advance(5)
    assert {name: len(events) for name, events in fired.items()} == {"a": 1, "b": 0}
    assert several.settle() == {"a": [], "b": []}
    assert several.get("b").clock.now() == EPOCH + 5


def test_bound__drops_the_tenant_unused_for_longest() -> None:
    """Being asked for is a use, being peeked at is none; every eviction is told."""
    told: list[str] = []
    several = Tenants(clock=ManualClock, limits=Limits(tenants=2), report=told.append)
    several.get("a")
    several.get("b")
    several.get("a")
    assert several.peek("b") is not None
    several.get("c")
    assert [tenant.name for tenant in several] == ["a", "c"]
    assert "b" not in several
    assert several.peek("b") is None
    assert (several.evicted, len(several), len(told)) == (1, 2, 1)
    assert list(several.evictions) == told


def test_bound__drops_the_oldest_resource_and_tells_no_key() -> None:
    """A tenant's name is its API key, so that a report must not show it."""
    several = tenants(Limits(tasks=2))
    tenant = several.get("s3cret")
    first = begin(tenant)
    begin(tenant)
    begin(tenant)
    assert first.resource not in [task.resource for _, task in tenant.tasks()]
    assert len(tenant.agenda) == 2
    (sentence,) = several.evictions
    assert first.resource.id in sentence
    assert "s3cret" not in sentence


def test_reset__forgets_all_tenants() -> None:
    """After a reset there is nothing, and the same name begins anew."""
    several = tenants(Limits(tenants=1))
    begin(several.get("a"))
    several.get("b")
    several.reset()
    assert (len(several), several.evicted, len(several.evictions)) == (0, 0, 0)
    assert list(several.get("a").tasks()) == []


def test_name__is_nothing_but_a_name() -> None:
    """Any text may be a key, and each is a tenant of its own."""
    several = tenants()
    names = ["../../etc", "", "a\0b", "\ud800", "a" * 10_000]
    assert len({several.get(name).ids.uuid() for name in names}) == len(names)


def test_get__is_safe_among_threads() -> None:
    """Threads that ask at once get one and the same tenant."""
    several, got = tenants(), list[Tenant]()
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        tenant = several.get("a")
        with tenant.lock:
            begin(tenant)
        got.append(tenant)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, got))) == 1
    assert len(list(several.get("a").tasks())) == 8


def test_lifecycles__many_run_through_in_virtual_time() -> None:
    """A thousand full lifecycles, begun at different times, all happen and need no waiting."""
    tenant = Tenant("a", clock=ManualClock)
    fired = 0
    for _ in range(1_000):
        begin(tenant)
        fired += len(tenant.advance(0.25))
    fired += len(tenant.advance(120))
    assert fired == 1_000 * len(INDEXING.stages)
    assert all(task.status == "ready" for _, task in tenant.tasks())
