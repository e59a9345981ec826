"""Golden exchanges of a provider: read from its examples and held against its document."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Form, Headers, Part, Request, Response
from understudy.contracts.operation import Reading


def golden(provider: str) -> dict[str, Any]:
    """Every file of examples of a provider, by name."""
    return {
        file.name: yaml.safe_load(file.read_text("utf-8"))
        for file in (files("understudy.specs") / provider / "examples").iterdir()
        if file.name.endswith(".yaml")
    }


def exchanges(provider: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every exchange with a label that names its file."""
    for file, content in golden(provider).items():
        for exchange in content["exchanges"]:
            yield f"{file}: {exchange['name']}", exchange


def traced(content: Mapping[str, Any], operations: set[str]) -> bool:
    """Whether a file says where and when it was seen, and names operations that exist."""
    provenance = content["provenance"]
    return (
        provenance["label"] in {"documented", "recorded", "observed"}
        and bool(provenance["source"])
        and len(provenance["date"]) == 7
        and {exchange["operation"] for exchange in content["exchanges"]} <= operations
    )


def on_contract(contract: Contract, exchange: Mapping[str, Any]) -> bool:
    """Whether request and reply route to the operation named and break nothing; says what."""
    asked, told = exchange["request"], exchange["response"]
    headers = _headers(asked)
    query = asked.get("query", "")
    request = Request(asked["method"], asked["path"], query, headers, _body(asked))
    response = Response(told["status"], _headers(told), told.get("body", "").encode())
    reading = contract.read(request)
    assert isinstance(reading, Reading)
    assert reading.operation.id == exchange["operation"]
    refused = told["status"] in exchange.get("refused", ())
    assert refused or reading.violations == ()
    assert tuple(contract.check_response(reading.operation, response)) == ()
    return True


def _headers(said: Mapping[str, Any]) -> Headers:
    return Headers(list(said.get("headers", {}).items()))


def _body(said: Mapping[str, Any]) -> bytes | Form:
    """A form is parts by name; a part of a file is a mapping with its name and its type."""
    if "form" not in said:
        return str(said.get("body", "")).encode()
    parts = [_part(name, value) for name, value in said["form"].items()]
    return Form(tuple(parts))


def _part(name: str, value: Any) -> Part:
    if not isinstance(value, Mapping):
        return Part(name, str(value).encode())
    content = str(value["content"]).encode()
    return Part(name, content, value["filename"], value.get("type"), len(content))
