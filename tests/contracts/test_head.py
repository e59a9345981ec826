"""Laws of a request's head: read once, it takes any body as the whole request would be read."""

from dataclasses import replace

import pytest

from understudy.contracts import Contract
from understudy.contracts.contract import Engine
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.operation import NoMethod, NoRoute, Reading

JSON = ("content-type", "application/json")
KEY = ("x-api-key", "k")
BODIES = (b'{"index_name": "a"}', b"{}", b'{"index_name": ', b'{"index_name": 3}', b"")


def renaming(*lines: tuple[str, str], query: str = "") -> Request:
    """A request that renames an index, its body still to come."""
    return Request("PUT", f"/indexes/{'0' * 24}", query, Headers(lines))


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("lines", [(KEY, JSON), (JSON,), (KEY, ("content-type", "text/plain"))])
@pytest.mark.parametrize("query", ["", "nothing=1"])
def test_head__reads_as_the_whole_does(
    body: bytes, lines: tuple[tuple[str, str], ...], query: str
) -> None:
    """Whatever body comes to a head, the reading is that of the whole request."""
    contract = Contract.load("twelvelabs")
    opening = renaming(*lines, query=query)
    head = contract.head(opening)
    assert not isinstance(head, (NoRoute, NoMethod))
    whole = replace(opening, body=body)
    reading = contract.read(whole)
    assert isinstance(reading, Reading)
    assert head.read(whole) == reading
    wrong = [each for each in reading.violations if each.where != "security"]
    assert head.accepted(whole) == (None if wrong else reading)


@pytest.mark.parametrize("engine", ["compiled", "openapi-core"])
def test_head__both_engines_have_one(engine: Engine) -> None:
    """The reference tells credentials, route and acceptance as the compiled engine does."""
    contract = Contract.load("twelvelabs", engine=engine)
    head = contract.head(renaming(KEY, JSON))
    assert not isinstance(head, (NoRoute, NoMethod))
    assert head.operation.id == "update-index"
    assert list(head.credentials.values()) == ["k"]
    taken = head.accepted(replace(renaming(KEY, JSON), body=BODIES[0]))
    assert taken is not None and taken.body == {"index_name": "a"}
    assert head.accepted(replace(renaming(KEY, JSON), body=b"{}")) is None
    assert isinstance(contract.head(Request("GET", "/nowhere")), NoRoute)
