"""A contract: loaded from anything, checks exchanges of any library."""

import subprocess
import sys
from typing import Any

import httpx
import httpx2
import pytest
import requests

from understudy.contracts import (
    Contract,
    DocumentError,
    Headers,
    NoMethod,
    NoRoute,
    Reading,
    Request,
    Response,
    Route,
)
from understudy.contracts.contract import relative_paths

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.example/v1"}],
    "paths": {
        "/pets": {
            "post": {
                "operationId": "create",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {"name": {"type": "string"}},
                            }
                        }
                    },
                },
                "responses": {"201": {"description": "Made."}},
            },
            "get": {"responses": {"200": {"description": "Listed."}}},
        },
        "/pets/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
            ],
            "get": {"operationId": "read", "responses": {"200": {"description": "Read."}}},
        },
    },
}
CONTRACT = Contract.load(DOCUMENT, name="pets/1")
URL = "https://pets.example/v1/pets"


def told(found: Any) -> list[tuple[str, str, str]]:
    return [(v.operation, v.where, v.pointer) for v in found]


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_check__httpx_and_httpx2(library: Any) -> None:
    """Requests and responses of httpx and httpx2 are checked as they are."""
    good = library.Request("POST", URL, json={"name": "Tom"})
    assert CONTRACT.check(good, library.Response(201)) == []
    bad = library.Request("POST", URL, json={"name": 1})
    assert told(CONTRACT.check(bad, library.Response(200))) == [
        ("create", "body", "/name"),
        ("create", "status", ""),
    ]


def test_check__requests_and_plain_values() -> None:
    """So are those of requests, tuples and plain values."""
    prepared = requests.Request("POST", URL, json={"name": "Tom"}).prepare()
    assert CONTRACT.check(prepared) == []
    assert told(CONTRACT.check(("GET", f"{URL}/x", {}))) == [("read", "path", "/id")]
    plain = Request("GET", "/pets/7", "", Headers())
    assert CONTRACT.check(plain, Response(200)) == []


@pytest.mark.parametrize("path", ["/pets", "/v1/pets", "/pets/v1/pets"])
def test_check__whole_mounted_and_relative_paths(path: str) -> None:
    """The document's base and the fake's mount may stand before a path, or not."""
    assert CONTRACT.check(("GET", path, {}), Response(200)) == []


def test_check__strangers() -> None:
    """A path or method that the document lacks is a violation that offers what is near."""
    (violation,) = CONTRACT.check(("GET", "/pest", {}))
    assert (violation.provider, violation.where, violation.value) == ("pets", "path", "/pest")
    assert "GET /pets" in violation.expected
    (violation,) = CONTRACT.check(("DELETE", "/pets", {}))
    assert (violation.operation, violation.value) == ("DELETE /pets", "DELETE")
    assert violation.expected == "method GET or POST"


def test_violation__says_everything() -> None:
    """A violation names provider, operation, place, value, what was expected, and the source."""
    (violation,) = CONTRACT.check(("GET", f"{URL}/x", {}))
    assert (violation.provider, violation.operation, violation.value) == ("pets", "read", "x")
    assert "integer" in violation.expected
    assert violation.source
    assert "read: path /id: 'x', expected" in str(violation)


def test_route_and_read() -> None:
    """Routing alone gives raw values; reading gives typed ones, or says what is missing."""
    route = CONTRACT.route("GET", "/pets/7")
    assert isinstance(route, Route)
    assert (route.operation.id, route.values) == ("read", ("7",))
    reading = CONTRACT.read(Request("GET", "/pets/7"))
    assert isinstance(reading, Reading)
    assert reading.path == {"id": 7}
    assert CONTRACT.read(Request("PUT", "/pets/7")) == NoMethod("/pets/{id}", ("GET",))
    assert CONTRACT.route("PUT", "/pets/7") == NoMethod("/pets/{id}", ("GET",))
    assert isinstance(CONTRACT.read(Request("GET", "/nothing")), NoRoute)
    assert isinstance(CONTRACT.route("GET", "/nothing"), NoRoute)


def test_operations__by_id_or_line() -> None:
    """Operations are found by operationId, else by method and template."""
    assert sorted(CONTRACT.operations) == ["GET /pets", "create", "read"]


def test_relative_paths__base_only_at_a_segment() -> None:
    """A base that is merely a beginning of the path is not removed."""
    document = CONTRACT.document
    assert relative_paths(document, "/v1") == ("/", "/v1")
    assert relative_paths(document, "/v10/pets") == ("/v10/pets",)
    assert relative_paths(document, "/pets/v1/a") == ("/a", "/pets/v1/a", "/v1/a")


def test_load__openapi_core_gives_the_same_verdict() -> None:
    """The reference engine stands behind the same calls."""
    reference = Contract.load(DOCUMENT, name="pets/1", engine="openapi-core")
    for path in ("/pets/7", "/pets/x"):
        request = ("GET", path, {})
        assert bool(reference.check(request)) is bool(CONTRACT.check(request))


def test_load__refuses() -> None:
    """A broken document and an unknown engine are told apart."""
    with pytest.raises(DocumentError):
        Contract.load({"openapi": "3.1.0"})
    with pytest.raises(ValueError, match="engine"):
        Contract.load(DOCUMENT, engine="other")  # type: ignore[arg-type]


def test_import__loads_nothing_heavy() -> None:
    """Importing the package and its names pulls in neither validators nor HTTP libraries."""
    heavy = "{'jsonschema_rs','yaml','openapi_core','httpx','httpx2','starlette','requests'}"
    code = f"import sys, understudy.contracts; print(*({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
