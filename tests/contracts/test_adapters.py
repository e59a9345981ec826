"""Requests and responses of other libraries become the same plain values."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2
import pytest
import requests
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, StreamingResponse

from understudy.contracts.adapters import ForeignObjectError, host_of, request_of, response_of
from understudy.contracts.exchange import Form, Headers, Part, Request, Response

URL = "https://api.example.com:8443/v1/a%20b?q=1&q=%C3%A9"
BODY = {"name": "Röd"}


def _starlette(*, read: bool = True, length: str = "16") -> StarletteRequest:
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "https",
        "server": ("api.example.com", 8443),
        "path": "/v1/a b",
        "raw_path": b"/v1/a%20b",
        "query_string": b"q=1&q=%C3%A9",
        "headers": [
            (b"host", b"api.example.com:8443"),
            (b"content-type", b"application/json"),
            (b"content-length", length.encode()),
        ],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": '{"name":"Röd"}'.encode()}

    request = StarletteRequest(scope, receive)
    if read:
        asyncio.run(request.body())
    return request


@dataclass
class _Own:
    method: str
    url: str
    headers: dict[str, str]
    content: bytes


PLAIN = '{"name":"Röd"}'.encode()
TYPED = {"Content-Type": "application/json"}
REQUESTS: dict[str, Callable[[], object]] = {
    "httpx": lambda: httpx.Request("POST", URL, json=BODY),
    "httpx2": lambda: httpx2.Request("POST", URL, json=BODY),
    "requests": lambda: requests.Request("POST", URL, data=PLAIN, headers=TYPED),
    "requests prepared": lambda: requests.Request("POST", URL, json=BODY).prepare(),
    "starlette": _starlette,
    "tuple": lambda: ("post", URL, {}, BODY),
    "mapping": lambda: {"method": "POST", "url": URL, "json": BODY},
    "mapping with text": lambda: {
        "method": "POST", "url": URL, "headers": [("Content-Type", "application/json")],
        "body": PLAIN.decode(),
    },
    "object": lambda: _Own("POST", URL, TYPED, PLAIN),
}  # fmt: skip


@pytest.mark.parametrize("shape", REQUESTS)
def test_request_of__reads_every_shape_alike(shape: str) -> None:
    """Method, whole path, query, host, content type and body come out the same."""
    request = request_of(REQUESTS[shape]())
    assert (request.method, request.path, request.query) == ("POST", "/v1/a%20b", "q=1&q=%C3%A9")
    assert request.headers.get("host") == "api.example.com:8443"
    assert host_of(request) == "api.example.com"
    assert request.headers.get("Content-Type") == "application/json"
    assert isinstance(request.body, bytes)
    assert httpx.Response(200, content=request.body).json() == BODY


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_request_of__reads_multipart_on_demand(library: Any) -> None:
    """A form that httpx has not built yet is built, with its boundary."""
    sent = library.Request("POST", URL, data={"n": "3"}, files={"f": ("a.mp4", b"\xff")})
    request = request_of(sent)
    assert isinstance(request.body, bytes)
    assert b'filename="a.mp4"' in request.body
    assert "boundary=" in (request.headers.get("content-type") or "")


def test_request_of__keeps_repeated_headers_and_own_values() -> None:
    """Two lines of a name stay two, and a plain request is answered as it is."""
    request = request_of(("GET", "/a?b=1", [("X-A", "1"), ("x-a", "2")]))
    assert request.headers.all("x-a") == ("1", "2")
    assert host_of(request) == ""
    assert request_of(request) is request
    part = Form((Part("n", b"1"),))
    assert request_of(("POST", "/a", {}, part)).body is part


def test_request_of__encodes_readable_urls() -> None:
    """A URL with blanks and letters beyond ASCII is percent-encoded as on the wire."""
    request = request_of(("GET", "http://h/mån dag/%2F?q=å b&r[x]=1|2"))
    assert request.path == "/m%C3%A5n%20dag/%2F"
    assert request.query == "q=%C3%A5%20b&r[x]=1|2"


def _chunks() -> Iterator[bytes]:
    yield b"a"


@pytest.mark.parametrize(
    ("make", "hint"),
    [
        (lambda: 7, "httpx"),
        (lambda: ("GET",), "method, url"),
        (lambda: ("GET", "/", "no headers"), "headers"),
        (lambda: ("GET", "/", [("a", "b", "c")]), "pair"),
        (lambda: ("GET", "/", {}, _chunks()), "streamed"),
        (lambda: _starlette(read=False), "await request.body()"),
    ],
)
def test_request_of__says_what_would_have_worked(make: Callable[[], object], hint: str) -> None:
    """What cannot be read is refused with a way out, as a TypeError of ours."""
    with pytest.raises(ForeignObjectError) as caught:
        request_of(make())
    assert hint in str(caught.value)
    assert isinstance(caught.value, TypeError)


def test_request_of__needs_no_read_for_a_bodyless_starlette_request() -> None:
    """A request without a body was never read, and that is fine."""
    assert request_of(_starlette(read=False, length="0")).body == b""


def _from_requests() -> requests.Response:
    response = requests.Response()
    response.status_code = 201
    response.headers["Content-Type"] = "application/json"
    response._content = PLAIN
    return response


RESPONSES: dict[str, Callable[[], object]] = {
    "httpx": lambda: httpx.Response(201, json=BODY),
    "httpx2": lambda: httpx2.Response(201, json=BODY),
    "requests": _from_requests,
    "starlette": lambda: JSONResponse(BODY, 201),
    "tuple": lambda: (201, {}, BODY),
    "mapping": lambda: {"status_code": 201, "json": BODY},
    "own": lambda: Response(201, Headers([("content-type", "application/json")]), PLAIN),
}


@pytest.mark.parametrize("shape", RESPONSES)
def test_response_of__reads_every_shape_alike(shape: str) -> None:
    """Status, content type and body come out the same."""
    response = response_of(RESPONSES[shape]())
    assert (response.status, response.headers.get("content-type")) == (201, "application/json")
    assert httpx.Response(200, content=response.body).json() == BODY


def test_response_of__decodes_and_reads_streams() -> None:
    """A stream that can still be read is read."""
    stream = httpx.Response(200, stream=httpx.ByteStream(b"abc"))
    assert response_of(stream).body == b"abc"
    assert response_of((204,)) == Response(204)


@pytest.mark.parametrize(
    ("value", "hint"),
    [("200", "status"), ((True,), "status"), (StreamingResponse(_chunks()), "streamed"),
     ((200, {}, Form(())), "bytes")],
)  # fmt: skip
def test_response_of__says_what_would_have_worked(value: object, hint: str) -> None:
    """What cannot be read is refused with a way out."""
    with pytest.raises(ForeignObjectError, match=hint):
        response_of(value)


def test_host_of__ignores_port_and_nonsense() -> None:
    """The host is lower case and bare; a broken authority is none."""

    def host(value: str) -> str:
        return host_of(Request("GET", "/", headers=Headers([("host", value)])))

    assert (host("API.example.COM:80"), host("[::1]:80"), host("[broken")) == (
        "api.example.com", "::1", "",
    )  # fmt: skip
