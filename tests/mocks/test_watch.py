"""What a fake's observer counts, and which violations it takes for expected."""

from collections.abc import Iterator

import httpx2
import pytest
from stage import client_of, new_index

from understudy.mocks import Fake
from understudy.mocks.watch import NotViolated


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake("twelvelabs", time="manual") as entered:
        yield entered


@pytest.fixture
def api(fake: Fake) -> httpx2.Client:
    return client_of(fake, "any-key")


def test_calls__are_counted_by_operation_and_status(fake: Fake, api: httpx2.Client) -> None:
    """Refusals count with their status; the control API does not count."""
    index = new_index(api, "films")
    for _ in range(3):
        api.get(f"/indexes/{index}")
    api.get(f"/indexes/{'0' * 24}")
    api.get("https://api.twelvelabs.io/_understudy/health")
    counted = {(each.operation, each.status): times for each, times in fake.watch.calls.items()}
    assert counted == {
        ("create-index", 201): 1,
        ("retrieve-index", 200): 3,
        ("retrieve-index", 404): 1,
    }


def test_violations__are_taken_once(fake: Fake, api: httpx2.Client) -> None:
    """Business refusals are none; each violation is told once, to its tenant or to all."""
    api.get(f"/indexes/{'0' * 24}")
    api.get("/indexes?page_limit=500")
    client_of(fake, "another-key").get("/indexes?page=-1")
    mine = fake.watch.take(fake.tenant("any-key").name)
    assert [violation.pointer for violation in mine] == ["/page_limit"]
    assert [violation.pointer for violation in fake.watch.take()] == ["/page"]
    assert fake.watch.take() == []


def test_expecting__holds_for_what_fits(fake: Fake, api: httpx2.Client) -> None:
    """The innermost block that fits takes it; the rest is unexpected."""
    with (
        fake.expect_violation(operation="list-indexes") as outer,
        fake.expect_violation(pointer="/page") as inner,
    ):
        api.get("/indexes?page_limit=500")
        api.get("/indexes?page=-1")
        api.get("/tasks?page_limit=500")
    assert [violation.pointer for violation in outer] == ["/page_limit"]
    assert [violation.pointer for violation in inner] == ["/page"]
    [unexpected] = fake.watch.take()
    assert unexpected.operation == "list-video-indexing-tasks"


def test_expecting__of_one_tenant(fake: Fake, api: httpx2.Client) -> None:
    """A block for a tenant does not excuse another."""
    with fake.tenant("any-key").expect_violation() as found:
        api.get("/indexes?page_limit=500")
        client_of(fake, "another-key").get("/indexes?page_limit=500")
    assert len(found) == len(fake.watch.take()) == 1


def test_expecting__in_vain_is_told(fake: Fake, api: httpx2.Client) -> None:
    """A block without its violation fails, unless it failed already."""
    expected = fake.expect_violation(where="body")
    with pytest.raises(NotViolated, match="with where 'body' was expected"), expected:
        api.get("/indexes")
    with pytest.raises(ZeroDivisionError), fake.expect_violation(where="body"):
        raise ZeroDivisionError


def test_reset__forgets(fake: Fake, api: httpx2.Client) -> None:
    """A fake that begins anew has seen nothing."""
    api.get("/indexes?page_limit=500")
    fake.reset()
    assert not fake.watch.calls
    assert fake.watch.take() == []
