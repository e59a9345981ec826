"""The formats of OpenAPI, checked beside those of JSON Schema."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.formats import is_byte
from understudy.contracts.json import Json
from understudy.contracts.loading import load_document
from understudy.contracts.schema import Schemas


def valid(name: str, kind: str, value: Json) -> bool:
    document = load_document(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "components": {"schemas": {"A": {"type": kind, "format": name}}},
        }
    )
    return Schemas(document).validator("/components/schemas/A", "request").valid(value)


@pytest.mark.parametrize(
    ("name", "kind", "good", "bad"),
    [
        ("int32", "integer", 2**31 - 1, 2**31),
        ("int32", "integer", -(2**31), -(2**31) - 1),
        ("int64", "integer", 2**63 - 1, 2**63),
        ("byte", "string", "YWI=", "YWI"),
        ("date-time", "string", "2025-07-01T12:30:00Z", "2025-07-01 12:30"),
        ("date", "string", "2024-02-29", "2025-02-29"),
        ("uuid", "string", "123e4567-e89b-12d3-a456-426614174000", "123"),
        ("email", "string", "a@b.test", "a"),
        ("uri", "string", "https://a.test/x", "x y"),
        ("ipv4", "string", "127.0.0.1", "127.0.0.256"),
    ],
)
def test_format__is_checked(name: str, kind: str, good: Json, bad: Json) -> None:
    """A value within the format passes, one beyond it does not."""
    assert valid(name, kind, good)
    assert not valid(name, kind, bad)


def test_format__unknown_and_binary_are_not_checked() -> None:
    """Formats are open: an unknown one says nothing, and binary is never text."""
    assert valid("float", "number", 3.5e38)
    assert valid("colour", "string", "?")
    assert valid("binary", "string", "\x00")


@given(st.binary())
def test_byte__every_encoding_passes(content: bytes) -> None:
    """What base64 writes is base64."""
    assert is_byte(base64.b64encode(content).decode())
