"""The server on a real port: readiness, a clean end, and what raw sockets may not do."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.request import Request, urlopen

import pytest

from understudy.mocks.fake import Fake
from understudy.mocks.serve import PortError, Server


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake("twelvelabs", time="manual") as made:
        yield made


def exchange(url: str, lines: bytes) -> bytes:
    """What comes back for raw bytes, until the server closes or one reply is complete."""
    host, port = url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=10)) as wire:
        wire.sendall(lines)
        received = b""
        while b"\r\n\r\n" not in received:
            piece = wire.recv(65536)
            if not piece:
                break
            received += piece
        return received


def test_serve__answers_once_it_returns(fake: Fake) -> None:
    """`serve` takes a free port, and its URL works at once."""
    url = fake.serve()
    with urlopen(f"{url}/_understudy/health") as reply:
        assert json.load(reply)["status"] == "ok"
    lines = {"x-api-key": "k"}
    with urlopen(Request(f"{url}/twelvelabs/v1.3/indexes", headers=lines)) as reply:
        assert json.load(reply)["data"] == []
        assert reply.headers["X-Api-Version"] == "1.3"


def test_serve__close_frees_port_and_thread(fake: Fake) -> None:
    """After `close` nothing listens and no thread is left."""
    url = fake.serve()
    port = int(url.rpartition(":")[2])
    assert any(thread.name == f"understudy:{port}" for thread in threading.enumerate())
    fake.close()
    assert not any(thread.name == f"understudy:{port}" for thread in threading.enumerate())
    with (
        pytest.raises(ConnectionRefusedError),
        socket.create_connection(("127.0.0.1", port), timeout=5),
    ):
        pass


def test_serve__two_servers_share_the_fake(fake: Fake) -> None:
    """One state behind every port, and behind the transports too."""
    first, second = fake.serve(), fake.serve()
    assert first != second
    lines = {"x-api-key": "k"}
    with urlopen(Request(f"{first}/twelvelabs/v1.3/indexes", headers=lines)):
        pass
    with urlopen(f"{second}/_understudy/journal") as reply:
        assert json.load(reply)["total"] == 1


def test_serve__taken_port_says_what_works(fake: Fake) -> None:
    """A port that is in use is a sentence with a way out."""
    port = int(fake.serve().rpartition(":")[2])
    with pytest.raises(PortError, match=f"port {port} .* --port 0"):
        Server(fake.asgi(), port=port)
    with pytest.raises(PortError, match="no address of this machine"):
        Server(fake.asgi(), host="no such host")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"GET /_understudy/health HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", b"400"),
        (b"GET /_understudy/health HTTP/1.1\r\nHost:\r\n\r\n", b"400"),
        (b"GET /_understudy/health HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /_understudy/health HTTP/1.1\r\nHost: rebound.example\r\n\r\n", b"421"),
        (b"GET /_understudy/health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"200"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_serve__host_lines_on_the_wire(fake: Fake, lines: bytes, status: bytes) -> None:
    """Two Host lines, an empty one or none are refused, whatever a client library forbids."""
    assert exchange(fake.serve(), lines).split(b" ", 2)[1] == status


def test_serve__smuggled_request_is_not_answered(fake: Fake) -> None:
    """A body with both lengths is not read twice: the request hidden in it stays unheard."""
    hidden = b"POST /_understudy/reset HTTP/1.1\r\nHost: localhost\r\n\r\n"
    smuggling = (
        b"POST /_understudy/clock/advance HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden
    )
    fake.tenant("k").clock.advance(5)
    received = exchange(fake.serve(), smuggling)
    assert received.split(b" ", 2)[1].startswith(b"4")
    assert fake.tenant("k").clock.now() - fake.tenant("new").clock.now() == 5


def test_serve__import_is_left_to_who_serves() -> None:
    """A fake used in process imports neither uvicorn nor a client library."""
    code = (
        "import sys; from understudy.mocks import Fake; Fake('twelvelabs').transport();"
        "print([m for m in ('uvicorn', 'starlette', 'httpx', 'httpx2') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
