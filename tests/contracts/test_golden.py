"""Golden exchanges: every document accepts its own, and an old one says so."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from understudy.contracts.addressing import shipped
from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Exchange, Response
from understudy.contracts.golden import Golden, golden, home_of
from understudy.contracts.lifecycle import LABELS

CONTRACTS = {name: Contract.load(name) for name in shipped()}
PROVIDERS = sorted({name.partition("/")[0] for name in CONTRACTS})
ALL = [each for provider in PROVIDERS for each in golden(provider)]


def home(each: Golden) -> Contract:
    """The document of an exchange."""
    own = [one for name, one in CONTRACTS.items() if name.partition("/")[0] == each.provider]
    found = home_of(each, own)
    assert found is not None, f"no document has {each.operation}"
    return found


@pytest.mark.parametrize("each", ALL, ids=lambda each: f"{each.provider}/{each.file}: {each.name}")
def test_golden__is_accepted(each: Golden) -> None:
    """Request and reply are on contract; where it is from and when are known."""
    assert each.check(home(each)) == []
    assert each.label in LABELS and each.label != "assumed"
    assert each.source
    assert date.fromisoformat(f"{each.month}-01") <= date(2027, 1, 1)


def test_golden__without_a_source_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that does not say where it is from is not taken to say so."""
    examples = tmp_path / "films" / "examples"
    examples.mkdir(parents=True)
    text = "provenance: {label: recorded, date: 2025-07}\nexchanges: [{response: {status: 200}}]\n"
    (examples / "list.yaml").write_text(text)
    monkeypatch.setattr("understudy.contracts.golden.files", lambda _: tmp_path)
    [each] = golden("films")
    assert (each.label, each.source, each.month) == ("recorded", "", "2025-07")


def test_golden__every_provider_has_some() -> None:
    """None is without."""
    assert all(any(each.provider == provider for each in ALL) for provider in PROVIDERS)


def test_golden__what_is_off_is_found() -> None:
    """A reply with another status, and an operation that is not the one named."""
    each = next(one for one in ALL if one.operation == "retrieve-video-indexing-task")
    reply = Response(299, each.exchange.response.headers, each.exchange.response.body)
    [wrong] = replace(each, exchange=Exchange(each.exchange.request, reply)).check(home(each))
    assert wrong.where == "status"
    [named] = replace(each, operation="list-indexes").check(home(each))
    assert named.expected == "operation list-indexes, as the example says"


@pytest.mark.parametrize(
    ("today", "stale"),
    [
        (date(2025, 7, 1), False),
        (date(2027, 7, 31), False),
        (date(2027, 8, 1), True),
        (date(2035, 1, 1), True),
    ],
)
def test_golden__gets_stale(today: date, stale: bool) -> None:
    """After 24 months, by the date that is passed in; another limit may be asked for."""
    each = next(one for one in ALL if one.month == "2025-07")
    assert each.stale(today) is stale
    assert each.stale(today, months=1000) is False
