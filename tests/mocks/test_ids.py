"""Ids follow from seed, tenant and order of asking, and do not repeat."""

import re
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from understudy.mocks.clock import EPOCH
from understudy.mocks.ids import Ids

calls = st.lists(st.sampled_from(["object_id", "uuid", "integer", "token"]), max_size=50)


def taken(seed: int, tenant: str, names: list[str]) -> list[str]:
    ids = Ids(seed, tenant)
    made = {
        "object_id": lambda: ids.object_id(EPOCH),
        "uuid": ids.uuid,
        "integer": lambda: str(ids.integer()),
        "token": lambda: ids.token("task_"),
    }
    return [made[name]() for name in names]


@given(st.integers(), st.text(), calls)
def test_ids__same_seed_and_calls_same_ids(seed: int, tenant: str, names: list[str]) -> None:
    """Nothing but seed, tenant and the calls before decides an id."""
    assert taken(seed, tenant, names) == taken(seed, tenant, names)
    assert len(set(taken(seed, tenant, names))) == len(names)


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from("ab"), st.sampled_from("ab"))
def test_ids__differ_by_seed_and_tenant(s1: int, s2: int, t1: str, t2: str) -> None:
    """Two tenants, or two seeds, never meet."""
    same = (s1, t1) == (s2, t2)
    assert (Ids(s1, t1).uuid() == Ids(s2, t2).uuid()) == same


def test_forms__look_like_the_vendors() -> None:
    """24 hexadecimal digits that begin with the time; a valid UUID 4; a prefixed token."""
    ids = Ids(0, "a")
    object_id = ids.object_id(EPOCH)
    assert re.fullmatch("[0-9a-f]{24}", object_id)
    assert int(object_id[:8], 16) == EPOCH
    assert UUID(ids.uuid()).version == 4
    assert re.fullmatch("task_[0-9a-f]{24}", ids.token("task_"))
    assert ids.integer() == 4


def test_taken__goes_on_where_another_stopped() -> None:
    """The count is all that is needed to go on."""
    first, second = Ids(7, "a"), Ids(7, "a")
    first.uuid()
    second.taken = first.taken
    assert first.uuid() == second.uuid()


@given(st.floats(EPOCH, 2e11), st.floats(0.001, 1e9))
def test_snowflake__grows_with_the_millisecond(now: float, later: float) -> None:
    """18 digits or more; a later millisecond has the greater number."""
    ids = Ids(0, "tenant")
    first, second = ids.snowflake(now), ids.snowflake(now + later + 0.002)
    assert re.fullmatch("[0-9]{18,21}", first)
    assert int(first) < int(second)


@given(st.floats(EPOCH, 2e11), st.floats(0.001, 1e9))
def test_uuid7__grows_with_the_millisecond(now: float, later: float) -> None:
    """A valid UUID 7 whose text sorts by the time it was made at."""
    ids = Ids(0, "a")
    first, second = ids.uuid7(now), ids.uuid7(now + later + 0.001)
    assert UUID(first).version == 7
    assert UUID(first).variant == RFC_4122
    assert int(first.replace("-", "")[:12], 16) == round(now * 1000)
    assert first < second
