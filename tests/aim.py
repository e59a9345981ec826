"""Requests at every operation of a document: where they go, whatever may be in them."""

import re
from collections.abc import Mapping
from functools import cache

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Headers, Response
from understudy.contracts.operation import NoMethod, Operation
from understudy.contracts.violation import Violation

METHODS = ("POST", "PUT", "PATCH", "DELETE", "GET")


@cache
def contract_of(name: str) -> Contract:
    """The contract of a document of ours."""
    return Contract.load(name)


def operations_of(name: str) -> list[str]:
    """The operationIds of a document, in its order."""
    return list(contract_of(name).operations)


def declared(name: str) -> list[tuple[str, int]]:
    """Every status that each operation of a document declares."""
    operations = contract_of(name).operations.values()
    return [(each.id, int(status)) for each in operations for status in each.statuses]


def path_of(operation: Operation, ids: Mapping[str, str] | None = None, otherwise: str = "") -> str:
    """The operation's path with `ids` by parameter name, or `otherwise`, in it."""
    known = ids or {}
    return re.sub(r"{([^}]+)}", lambda found: known.get(found[1], otherwise), operation.template)


def wrong_method(name: str, path: str) -> str:
    """A method that the path does not take."""
    contract = contract_of(name)
    return next(each for each in METHODS if isinstance(contract.route(each, path), NoMethod))


def bodies_of(operation: Operation) -> tuple[str, ...]:
    """The media types of bodies that the operation takes; none where it takes no body."""
    document = operation.document
    node, _ = document.resolve(document.at(operation.pointer))
    assert isinstance(node, Mapping)
    body, _ = document.resolve(node.get("requestBody"))
    content = body.get("content") if isinstance(body, Mapping) else None
    return tuple(content) if isinstance(content, Mapping) else ()


def breaches(
    name: str, operation: str, status: int, headers: list[tuple[str, str]], body: bytes
) -> tuple[Violation, ...]:
    """What is off contract in a reply of the operation."""
    contract = contract_of(name)
    response = Response(status, Headers(headers), body)
    return contract.check_response(contract.operations[operation], response)
