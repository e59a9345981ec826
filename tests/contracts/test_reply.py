"""Replies: status, media type, body and headers are held against what is declared."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts import Contract, Headers, Response, Violation
from understudy.contracts.reply import events_of

PET = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "secret": {"type": "string", "writeOnly": True},
    },
}


def answer(**more: Any) -> dict[str, Any]:
    return {"description": "An answer.", **more}


def body(media_type: str, **more: Any) -> dict[str, Any]:
    return answer(content={media_type: more})


RESPONSES = {
    "200": answer(
        content={"application/json": {"schema": PET}},
        headers={
            "X-Count": {"required": True, "schema": {"type": "integer"}},
            "X-Tags": {"schema": {"type": "array", "items": {"type": "string", "maxLength": 3}}},
            "Content-Type": {"required": True, "schema": {"enum": ["never looked at"]}},
        },
    ),
    "201": body("text/plain", schema={"type": "integer"}),
    "202": answer(),
    "203": body("video/mp4", schema={"type": "string", "format": "binary"}),
    "204": answer(),
    "206": body("application/x-ndjson", schema=PET),
    "207": body("text/event-stream", **{"x-event-schema": PET}),
    "208": body("text/event-stream", **{"x-event-schema": {"type": "string", "maxLength": 3}}),
    "209": body("text/event-stream", schema={"type": "string"}),
    "4XX": body("application/problem+json", schema={"type": "object", "required": ["code"]}),
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/a": {
            "get": {"operationId": "get", "responses": RESPONSES},
            "head": {"operationId": "head", "responses": RESPONSES},
            "post": {
                "operationId": "post",
                "responses": {"200": answer(), "default": body("application/*", schema=PET)},
            },
        }
    },
}
CONTRACT = Contract.load(DOCUMENT, name="sample/1")
JSON = ("content-type", "application/json")
COUNT = ("x-count", "1")


def told(violations: tuple[Violation, ...]) -> list[tuple[str, str]]:
    return [(v.where, v.pointer) for v in violations]


def check(
    status: int, content: bytes = b"", *headers: tuple[str, str], operation: str = "get"
) -> list[tuple[str, str]]:
    response = Response(status, Headers(headers), content)
    return told(CONTRACT.check_response(CONTRACT.operations[operation], response))


def lines(media_type: str, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (("content-type", media_type), *more)


@pytest.mark.parametrize(
    ("status", "content", "headers"),
    [
        (200, b'{"id": 1}', (JSON, COUNT)),
        (200, b'{"id": 1}', lines("application/json; charset=utf-8", COUNT, ("x-tags", "a, b"))),
        (201, b"5", lines("text/plain; charset=utf-8")),
        (202, b"anything", lines("text/html")),
        (203, b"\x00\xff", lines("video/mp4")),
        (204, b"", ()),
        (206, b'{"id": 1}\n{"id": 2}\n', lines("application/x-ndjson")),
        (207, b'event: a\ndata: {"id":\ndata: 1}\n\n: note\n\n', lines("text/event-stream")),
        (208, b"event: tick\r\ndata: x\r\n\r\n", lines("text/event-stream")),
        (209, b"data: {\n\n", lines("text/event-stream")),
        (404, b'{"code": "no"}', lines("application/problem+json")),
    ],
)
def test_response__on_contract(
    status: int, content: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    """A declared reply has no violations, whatever its media type."""
    assert check(status, content, *headers) == []


@pytest.mark.parametrize(
    ("status", "content", "headers", "found"),
    [
        (500, b"", (), ("status", "")),
        (200, b'{"id": "x"}', (JSON, COUNT), ("response body", "/id")),
        (200, b'{"id": 1', (JSON, COUNT), ("response body", "")),
        (200, b"", (JSON, COUNT), ("response body", "")),
        (200, b'{"id": 1}', (COUNT,), ("content type", "")),
        (200, b"<html>", (*lines("text/html"), COUNT), ("content type", "")),
        (200, b'{"id": 1}', (JSON,), ("response header", "/X-Count")),
        (200, b'{"id": 1}', (JSON, ("x-count", "x")), ("response header", "/X-Count")),
        (200, b'{"id": 1}', (JSON, COUNT, ("x-tags", "long")), ("response header", "/X-Tags/0")),
        (201, b"x", lines("text/plain"), ("response body", "")),
        (201, b"\xff", lines("text/plain"), ("response body", "")),
        (204, b"x", (), ("response body", "")),
        (206, b'{"id": 1}\n{}\n', lines("application/x-ndjson"), ("response body", "/1")),
        (206, b"{", lines("application/x-ndjson"), ("response body", "")),
        (
            207,
            b'data: {"id":1}\n\ndata: {}\n\n',
            lines("text/event-stream"),
            ("response body", "/1"),
        ),
        (208, b"data: long\n\n", lines("text/event-stream"), ("response body", "/0")),
        (400, b"{}", lines("application/problem+json"), ("response body", "")),
    ],
)
def test_response__off_contract(
    status: int, content: bytes, headers: tuple[tuple[str, str], ...], found: tuple[str, str]
) -> None:
    """Each way of being off contract is one violation in its place."""
    assert check(status, content, *headers) == [found]


def test_response__write_only_may_not_come_back() -> None:
    """Replies are held against the response direction of a schema."""
    assert check(200, b'{"id": 1, "secret": "s"}', JSON, COUNT) != []


def test_response__head_has_no_body() -> None:
    """A HEAD reply has the headers and never a body."""
    assert check(200, b"", JSON, COUNT, operation="head") == []
    assert check(200, b"x", JSON, COUNT, operation="head") == [("response body", "")]


def test_response__default_covers_the_rest() -> None:
    """`default` answers for every status that is not declared; ranges of media types match."""
    assert check(500, b'{"id": 1}', JSON, operation="post") == []
    assert check(500, b"{}", JSON, operation="post") == [("response body", "")]


def answered(
    status: int, media_type: str, content: Any, *headers: tuple[str, str]
) -> list[tuple[str, str]]:
    operation = CONTRACT.operations["get"]
    return told(CONTRACT.check_answer(operation, status, media_type, content, Headers(headers)))


@pytest.mark.parametrize(
    ("status", "media_type", "content", "found"),
    [
        (200, "application/json", {"id": 1}, []),
        (200, "application/json", {}, [("response body", "")]),
        (200, "application/json", None, [("response body", "")]),
        (200, "text/html", {"id": 1}, [("content type", "")]),
        (200, "", {"id": 1}, [("content type", "")]),
        (203, "video/mp4", b"\x00", []),
        (203, "video/mp4", None, [("response body", "")]),
        (204, "", None, []),
        (204, "", {}, [("response body", "")]),
        (206, "application/x-ndjson", [{"id": 1}, {}], [("response body", "/1")]),
        (207, "text/event-stream", [{"id": 1}], []),
        (500, "", None, [("status", "")]),
    ],
)
def test_answer__python_values(
    status: int, media_type: str, content: Any, found: list[tuple[str, str]]
) -> None:
    """A body that is still a Python value is held against the same declarations."""
    assert answered(status, media_type, content, COUNT) == found


@given(st.dictionaries(st.sampled_from(["id", "x"]), st.none() | st.integers() | st.text()))
def test_answer__agrees_with_the_wire(value: dict[str, Any]) -> None:
    """The verdict on a value is the verdict on its bytes."""
    try:
        content = orjson.dumps(value)
    except TypeError:
        return
    assert answered(200, "application/json", value, COUNT) == check(200, content, JSON, COUNT)


def test_operation__what_it_declares() -> None:
    """An operation tells its statuses and the media types of each."""
    operation = CONTRACT.operations["get"]
    assert (operation.provider, operation.method, operation.template) == ("sample", "GET", "/a")
    assert operation.media_types(404) == ("application/problem+json",)
    assert operation.media_types(204) == ()
    assert operation.declared_status(404) == "4XX"
    assert operation.declared_status(500) is None


def test_events_of() -> None:
    """Events are parted by empty lines, whatever the line ends; data lines are joined."""
    text = "\ufeffid: 1\ndata: a\ndata:b\n\n: comment\n\nevent: x\r\ndata\r\n\r\ndata: c"
    assert list(events_of(text)) == [
        {"id": "1", "data": "a\nb"},
        {"event": "x", "data": ""},
        {"data": "c"},
    ]
