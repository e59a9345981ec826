"""The journal is bounded, counts what it drops, and holds no credential."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.exchange import Headers, Request
from understudy.contracts.redaction import HIDDEN
from understudy.contracts.violation import Violation
from understudy.mocks.errors import FakeError
from understudy.mocks.journal import Journal
from understudy.mocks.limits import Limits

BREACH = Violation("p", "op", "query", "/page", "x", "an integer", "spec.yaml:1")


def record(journal: Journal, number: int = 0, *, violated: bool = False) -> None:
    request = Request(
        "GET", f"/{number}", "api_key=s3cret&page=2", Headers([("X-Api-Key", "s3cret")])
    )
    journal.record(
        at=float(number),
        provider="even" if number % 2 == 0 else "odd",
        operation=f"op{number % 3}",
        request=request,
        status=400 if violated else 200,
        violations=(BREACH,) if violated else (),
    )


@given(st.integers(1, 20), st.integers(0, 60))
def test_journal__keeps_the_latest_and_counts_the_rest(bound: int, count: int) -> None:
    """Entries are the last ones in order; those before are counted."""
    journal = Journal("t", bound)
    for number in range(count):
        record(journal, number)
    kept = min(bound, count)
    assert [entry.sequence for entry in journal] == list(range(count - kept + 1, count + 1))
    assert journal.dropped == count - kept
    assert len(journal) == kept


def test_find__joins_what_is_asked() -> None:
    """Every condition narrows; none means all."""
    journal = Journal("t", 100)
    for number in range(12):
        record(journal, number, violated=number == 6)
    assert len(journal.find()) == 12
    assert [entry.path for entry in journal.find(provider="even", operation="op0")] == ["/0", "/6"]
    assert [entry.path for entry in journal.find(status=400)] == ["/6"]
    assert [entry.path for entry in journal.find(violated=True)] == ["/6"]
    assert len(journal.find(violated=False)) == 11


def test_record__hides_credentials() -> None:
    """Neither headers nor query nor violations keep a key."""
    journal = Journal("t", 10)
    leak = Violation("p", "op", "header", "/x-api-key", "s3cret", "another key", "spec.yaml:1")
    request = Request("GET", "/", "token=s3cret", Headers([("Authorization", "Bearer s3cret")]))
    journal.record(
        at=0, provider="p", operation="op", request=request, status=400, violations=(leak,)
    )
    [entry] = journal
    assert "s3cret" not in repr(entry)
    assert entry.headers == (("authorization", HIDDEN),)
    assert entry.query == f"token={HIDDEN}"


def test_clear__forgets() -> None:
    """A cleared journal starts to count anew."""
    journal = Journal("t", 2)
    for number in range(5):
        record(journal, number)
    journal.clear()
    assert (len(journal), journal.dropped) == (0, 0)
    record(journal)
    assert [entry.sequence for entry in journal] == [1]


@pytest.mark.parametrize("bound", [0, -1, True, 1.5])
def test_limits__are_whole_and_above_zero(bound: int) -> None:
    """A bound that makes no sense is refused by name."""
    with pytest.raises(FakeError, match="'journal'"):
        Limits(journal=bound)
