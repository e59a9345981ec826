"""Security: a credential must be there in one of the ways that the document offers."""

import base64
from typing import Any

import pytest

from understudy.contracts import Contract, Headers, Reading, Request
from understudy.contracts.security import OTHER

SCHEMES = {
    "header": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "Bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
    "tls": {"type": "mutualTLS"},
}
CREDENTIALS = base64.b64encode(b"user:secret").decode()


def read(
    everywhere: Any, headers: dict[str, str] | None = None, query: str = "", **own: Any
) -> Reading:
    contract = Contract.load(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "security": everywhere,
            "paths": {"/a": {"get": {"responses": {"200": {"description": "Fine."}}, **own}}},
            "components": {"securitySchemes": SCHEMES},
        }
    )
    reading = contract.read(Request("GET", "/a", query, Headers(list((headers or {}).items()))))
    assert isinstance(reading, Reading)
    return reading


@pytest.mark.parametrize(
    ("scheme", "headers", "query", "value"),
    [
        ("header", {"X-API-Key": "k"}, "", "k"),
        ("query", {}, "key=a%2Bb", "a+b"),
        ("cookie", {"Cookie": "a=1; session=s"}, "", "s"),
        ("basic", {"Authorization": f"Basic {CREDENTIALS}"}, "", "user:secret"),
        ("bearer", {"Authorization": "bearer t.o.k"}, "", "t.o.k"),
        ("oauth", {"Authorization": "Bearer t"}, "", "t"),
    ],
)
def test_read__credentials(scheme: str, headers: dict[str, str], query: str, value: str) -> None:
    """What was presented is read where the scheme says; its worth is not judged."""
    reading = read([{scheme: []}], headers, query)
    assert (reading.credentials, reading.violations) == ({scheme: value}, ())


@pytest.mark.parametrize(
    ("scheme", "headers", "query", "pointer"),
    [
        ("header", {}, "", "/x-api-key"),
        ("header", {"x-api-key": ""}, "", "/x-api-key"),
        ("query", {}, "key=", "/key"),
        ("query", {}, "key=%ff", "/key"),
        ("cookie", {}, "", "/session"),
        ("basic", {"Authorization": "Basic !!"}, "", "/authorization"),
        ("basic", {"Authorization": "Bearer x"}, "", "/authorization"),
        ("bearer", {"Authorization": "Bearer"}, "", "/authorization"),
    ],
)
def test_read__missing_credential(
    scheme: str, headers: dict[str, str], query: str, pointer: str
) -> None:
    """No credential, or one that cannot be read, is one violation that says what to send."""
    (violation,) = read([{scheme: []}], headers, query).violations
    assert (violation.where, violation.pointer) == ("security", pointer)
    assert violation.value == (OTHER if "Authorization" in headers else None)
    assert violation.expected


def test_read__any_of_all_of() -> None:
    """Requirements are alternatives, the schemes within one belong together."""
    security: Any = [{"header": [], "query": []}, {"bearer": []}]
    assert not read(security, {"x-api-key": "k"}, "key=q").violations
    assert not read(security, {"authorization": "Bearer t"}).violations
    partly = read(security, {"x-api-key": "k"})
    assert partly.credentials == {"header": "k"}
    (violation,) = partly.violations
    assert " and " in violation.expected
    assert " or " in violation.expected


def test_read__optional_and_none() -> None:
    """An empty requirement admits everybody; an operation may lift the document's security."""
    assert not read([{"header": []}, {}]).violations
    assert read([{"header": []}, {}], {"x-api-key": "k"}).credentials == {"header": "k"}
    assert not read([{"header": []}], security=[]).violations
    assert read([], security=[{"header": []}]).violations
    assert not read([{"tls": []}]).violations
