"""Whose a task is: the credential, and a header that chooses a namespace, but no other header."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from shop import SHOP

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.operation import Reading
from understudy.contracts.trace.trace import account_of

OPERATIONS = [
    (path, method)
    for path, item in SHOP["paths"].items()
    for method in item
    if method in ("get", "post", "delete")
]


def declaring(header: str, calls: list[tuple[str, str]]) -> Contract:
    """The shop, where these calls take a header."""
    root: dict[str, Any] = copy.deepcopy(SHOP)
    for path, method in calls:
        node = root["paths"][path][method]
        parameter = {"name": header, "in": "header", "schema": {"type": "string"}}
        node["parameters"] = [*node.get("parameters", []), parameter]
    return Contract.load(root)


def accounts(contract: Contract, *headers: Mapping[str, str]) -> Iterator[str]:
    """Who reads a job, by the headers sent."""
    for sent in headers:
        reading = contract.read(Request("GET", "/jobs/j", "", Headers(sent.items()), b""))
        assert isinstance(reading, Reading)
        yield account_of(reading)


def test_account__a_namespace_is_part_of_it() -> None:
    """A header that reads and other calls take alike says where an id is looked for."""
    contract = declaring("X-Space", OPERATIONS)
    one, other, none = accounts(contract, {"X-Space": "a"}, {"X-Space": "b"}, {})
    assert len({one, other, none}) == 3


@pytest.mark.parametrize("methods", [("post",), ("get",)])
def test_account__a_header_of_some_calls_is_not(methods: tuple[str, ...]) -> None:
    """Sent with creations alone (Idempotency-Key) or reads alone, it says nothing of the place."""
    calls = [call for call in OPERATIONS if call[1] in methods]
    contract = declaring("X-Once", calls)
    one, other, none = accounts(contract, {"X-Once": "a"}, {"X-Once": "b"}, {})
    assert one == other == none


def test_account__the_credential_is_not_readable() -> None:
    """Two keys are two accounts, and neither name shows its key."""
    contract = Contract.load("mixpeek")
    keys = ({"Authorization": "Bearer sk_one"}, {"Authorization": "Bearer sk_two"})
    found = []
    for key in keys:
        request = Request("GET", "/namespaces", "", Headers(key.items()), b"")
        reading = contract.read(request)
        assert isinstance(reading, Reading)
        found.append(account_of(reading))
    assert found[0] != found[1]
    assert not any("sk_" in name for name in found)
