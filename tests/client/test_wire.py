"""Real connections, and connections that respx takes the place of: what the fake cannot do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx
import pytest
import respx
from callers import BASE, INDEX, Blocking
from respx.mocks import HTTPCoreMocker

from understudy.client import BadReply, ConnectionFailed, ServerFault, StreamBroken, TimedOut


class HTTPCore2Mocker(HTTPCoreMocker):
    """respx's mocker, moved from httpcore to the httpcore2 that httpx2 stands on."""

    name = "httpcore2"
    targets = [target.replace("httpcore.", "httpcore2.") for target in HTTPCoreMocker.targets]  # noqa: RUF012

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: Any, target: Any, **kwargs: Any) -> Any:
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.stream,
            extensions=httpx_response.extensions,
        )


@pytest.fixture
def service() -> Iterator[respx.MockRouter]:
    """A service at the base URL that answers as the test says."""
    with respx.mock(base_url=BASE, using="httpcore2", assert_all_called=False) as router:
        yield router


def test_service__that_recovers(caller: Blocking, service: respx.MockRouter) -> None:
    """Through the whole of httpx2: a 503, a page of HTML with a 502, then the index."""
    route = service.get("/indexes/i").mock(
        side_effect=[
            httpx.Response(503, headers={"Retry-After": "3"}),
            httpx.Response(502, html="<h1>Bad gateway</h1>"),
            httpx.Response(200, json=INDEX),
        ]
    )
    client = caller.client(None)
    assert caller.run(client.indexes.retrieve("i")).index_name == "films"
    assert route.call_count == 3 and caller.time.slept == [3.0, 0.5]
    caller.run(client.close())


@pytest.mark.parametrize("content", [b"\x00\x01garbage", b"", b'"text"', b"null", b"[]"])
def test_service__that_answers_garbage(
    caller: Blocking, service: respx.MockRouter, content: bytes
) -> None:
    """A success that makes no sense is a BadReply, whatever is wrong with it."""
    service.get("/indexes/i").respond(200, content=content)
    client = caller.client(None)
    with pytest.raises(BadReply):
        caller.run(client.indexes.retrieve("i"))
    caller.run(client.close())


def test_service__is_asked_with_a_form(caller: Blocking, service: respx.MockRouter) -> None:
    """An upload arrives as multipart."""
    route = service.post("/tasks").respond(200, json={"_id": "t", "video_id": "v"})
    client = caller.client(None)
    caller.run(client.tasks.create("i", video_file=b"film"))
    sent = route.calls.last.request
    assert b'name="video_file"; filename="upload"' in sent.content and b"film" in sent.content
    caller.run(client.close())


@contextmanager
def raw_server(*answers: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends these bytes, one answer a connection, and hangs up; None is silence."""
    heard: list[bytes] = []
    released = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(65_536))
                if answer is None:
                    released.wait(10)
                else:
                    connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1.3", heard
    finally:
        released.set()
        thread.join(10)
        listener.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
HALF = HEAD + b'Content-Length: 500\r\n\r\n{"_id": "6865'
CHUNK = HEAD + b'Transfer-Encoding: chunked\r\n\r\n10\r\n{"event_type": '


@pytest.mark.parametrize("broken", [b"", b"HTTP/1.1 200", b"garbage\r\n\r\n", HALF, CHUNK])
def test_connection__that_is_half_closed(caller: Blocking, broken: bytes) -> None:
    """Hung up before, in or after the head: tried again, then an error; never half an index."""
    with raw_server(*[broken] * 4) as (url, heard):
        client = caller.client(None, base_url=url)
        with pytest.raises(ConnectionFailed) as caught:
            caller.run(client.indexes.retrieve("i"))
        caller.run(client.close())
    assert caught.value.arrived and len(heard) == 4
    assert caught.value.__notes__ == ["Given up after 4 attempts."]


def test_connection__that_breaks_off_a_stream(caller: Blocking) -> None:
    """The text so far is no text."""
    line = b'{"event_type": "text_generation", "text": "Two"}\n'
    body = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(line), line)
    with raw_server(body) as (url, _):
        client = caller.client(None, base_url=url)
        with pytest.raises(StreamBroken, match="broke off"):
            caller.run(client.analyze_stream("v", "Who?").text())
        caller.run(client.close())


def test_connection__on_which_nothing_comes(caller: Blocking) -> None:
    """The time-out ends it, and the type says so."""
    with raw_server(None) as (url, _):
        client = caller.client(None, base_url=url).with_options(timeout=0.05)
        with pytest.raises(TimedOut):
            caller.run(client.indexes.create("films", []))
        caller.run(client.close())


def test_connection__that_nobody_answers(caller: Blocking) -> None:
    """A port that is closed: nothing arrived, and even a creation was tried again."""
    with socket.socket() as held:  # so that nobody else listens there meanwhile
        held.bind(("127.0.0.1", 0))
        client = caller.client(None, base_url=f"http://127.0.0.1:{held.getsockname()[1]}/v1.3")
        with pytest.raises(ConnectionFailed) as caught:
            caller.run(client.indexes.create("films", []))
    assert not caught.value.arrived and len(caller.time.slept) == 3
    caller.run(client.close())


def test_encoding__that_is_wrong(caller: Blocking) -> None:
    """A body that is not what its Content-Encoding says is a BadReply."""
    with raw_server(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc") as (url, _):
        client = caller.client(None, base_url=url)
        with pytest.raises(BadReply, match="encoded wrongly"):
            caller.run(client.indexes.retrieve("i"))
        caller.run(client.close())


def test_refusal__over_a_real_connection(caller: Blocking) -> None:
    """An empty 500 is a ServerFault."""
    with raw_server(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as (
        url,
        _,
    ):
        client = caller.client(None, base_url=url)
        with pytest.raises(ServerFault):
            caller.run(client.indexes.create("films", []))
        caller.run(client.close())
