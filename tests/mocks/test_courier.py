"""The courier: webhooks over real sockets on loopback, to servers of these tests."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from understudy.mocks.delivery import Delivery, Dispatch, Parcel
from understudy.mocks.fake import Fake
from understudy.mocks.signature import HEADER, genuine


class Inbox:
    """What a receiver on a port was sent, and the answers it gives: statuses in turn, then 200."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.lines: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.statuses: list[int] = []
        self.url = ""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    box = Inbox()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            box.paths.append(self.path)
            box.lines.append(dict(self.headers.items()))
            box.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            status = box.statuses.pop(0) if box.statuses else 200
            self.send_response(status)
            if status in (302, 307):
                self.send_header("Location", f"{box.url}/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    box.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield box
    server.shutdown()
    thread.join()
    server.server_close()


def queue(fake: Fake, url: str, at: float | None = None) -> Delivery:
    tenant = fake.engine.tenants.get("plum")
    with tenant.lock:
        return tenant.deliveries.queue("grove", url, {"id": "ä"}, event="ready", at=at)


def test_courier__posts_what_is_due(inbox: Inbox) -> None:
    """The body, the JSON type, the path and the labels arrive; the answer is in the log."""
    fake = Fake("twelvelabs", time="manual", webhooks=Dispatch(secret="s3"))
    fake.serve()
    made = queue(fake, f"{inbox.url}/hook/a%20b?x=1", at=fake.clock.now() + 60)
    fake.clock.advance(60)
    assert fake.deliveries.wait(60)
    fake.close()
    assert inbox.bodies == ['{"id":"ä"}'.encode()]
    assert inbox.paths == ["/hook/a%20b?x=1"]
    [lines] = inbox.lines
    assert lines["Content-Type"] == "application/json"
    assert lines["Host"] == inbox.url.removeprefix("http://")
    assert lines["X-Understudy-Delivery"] == made.id
    assert genuine("s3", lines[HEADER], inbox.bodies[0])
    assert (made.state, made.attempts[0].status, made.attempts[0].body) == ("delivered", 200, "ok")


def test_courier__a_real_clock_goes_on_by_itself(inbox: Inbox) -> None:
    """Nobody calls, nobody moves time: what is due in a moment is sent in a moment."""
    fake = Fake("twelvelabs", time="real")
    fake.serve()
    arrived = threading.Event()
    fake.deliveries.to(lambda parcel: arrived.set())
    queue(fake, inbox.url, at=fake.clock.now() + 0.05)
    assert arrived.wait(60)
    fake.close()


def test_courier__retries_and_follows_no_redirect(inbox: Inbox) -> None:
    """A redirect is a failed attempt; on a server's auto clock the next attempt comes at once."""
    inbox.statuses = [302, 307, 500]
    fake = Fake("twelvelabs", time="auto")
    fake.serve()
    made = queue(fake, f"{inbox.url}/hook")
    assert fake.deliveries.wait(60)
    fake.close()
    assert inbox.paths == ["/hook"] * 4
    assert [each.status for each in made.attempts] == [302, 307, 500, 200]
    assert "not followed" in made.attempts[0].error


def test_courier__never_calls_itself_nor_strangers() -> None:
    """The log says why; nothing is tried again."""
    fake = Fake("twelvelabs", time="manual")
    url = fake.serve()
    own, foreign = queue(fake, f"{url}/_understudy/reset"), queue(fake, "http://10.1.2.3/hook")
    fake.clock.advance(0)
    assert fake.deliveries.wait(60)
    fake.close()
    assert "this server itself" in own.attempts[0].error
    assert "--webhook-host" in foreign.attempts[0].error
    assert (own.state, foreign.state) == ("failed", "failed")


def test_courier__nobody_listens() -> None:
    """A refused connection is an attempt without an answer."""
    fake = Fake("twelvelabs", time="manual", webhooks=Dispatch(backoff=()))
    fake.serve()
    made = queue(fake, "http://127.0.0.1:9/hook")
    fake.clock.advance(0)
    assert fake.deliveries.wait(60)
    fake.close()
    assert (made.state, made.attempts[0].status) == ("failed", None)
    assert "ConnectError" in made.attempts[0].error


def test_courier__many_at_once_none_lost(inbox: Inbox) -> None:
    """More than may fly at once: all of them arrive."""
    fake = Fake("twelvelabs", time="manual")
    fake.serve()
    made = [queue(fake, f"{inbox.url}/{n}") for n in range(40)]
    fake.clock.advance(0)
    assert fake.deliveries.wait(60)
    fake.close()
    assert sorted(inbox.paths) == sorted(f"/{n}" for n in range(40))
    assert {each.state for each in made} == {"delivered"}


def test_courier__keeps_the_order_of_one_url(inbox: Inbox) -> None:
    """Time may jump: one URL is told one thing after the other, a retry before what came later."""
    inbox.statuses = [200, 500]
    fake = Fake("twelvelabs", time="manual")
    fake.serve()
    tenant = fake.engine.tenants.get("plum")
    for number in range(6):
        at = fake.clock.now() + number * 10
        tenant.deliveries.queue("grove", f"{inbox.url}/a", number, event="ready", at=at)
    fake.clock.advance(3600)
    assert fake.deliveries.wait(60)
    fake.close()
    assert inbox.bodies == [b"0", b"1", b"1", b"2", b"3", b"4", b"5"]


def test_courier__ends_with_its_server() -> None:
    """After the server has gone, what is due is handed over in process again."""
    fake = Fake("twelvelabs", time="manual")
    fake.serve()
    fake.close()
    came: list[Parcel] = []
    fake.deliveries.to(came.append)
    queue(fake, "http://127.0.0.1:9/")
    fake.clock.advance(0)
    assert len(came) == 1
    assert fake.engine.tenants.outlet.ports == set()


def test_asgi__hands_over_without_a_server() -> None:
    """The application alone, as a test client calls it, gives a receiver what is due."""
    fake = Fake("twelvelabs", time="manual")
    came: list[Parcel] = []
    fake.deliveries.to(came.append)

    async def run() -> None:
        transport = httpx2.ASGITransport(fake.asgi())
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            reply = await client.get("/twelvelabs/v1.3/indexes", headers={"x-api-key": "a"})
            assert reply.status_code == 200

    queue(fake, "http://127.0.0.1:9/")
    fake.engine.tenants.get("plum").settle()
    asyncio.run(run())
    assert len(came) == 1


def test_courier__does_not_wait_for_ever() -> None:
    """A receiver that accepts and says nothing is left after the timeout, and others go on."""
    fake = Fake("twelvelabs", time="manual", webhooks=Dispatch(backoff=(), timeout=0.1))
    url = fake.serve()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        made = queue(fake, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        fake.clock.advance(0)
        assert httpx2.get(f"{url}/_understudy/health").status_code == 200
        assert fake.deliveries.wait(60)
    fake.close()
    assert made.state == "failed"
    assert "within 0.1 s" in made.attempts[0].error


def test_courier__reads_no_more_than_a_little() -> None:
    """An answer without end is cut; the delivery counts as what its status says."""
    fake = Fake("twelvelabs", time="manual", webhooks=Dispatch(backoff=(), timeout=60))
    fake.serve()
    with socket.create_server(("127.0.0.1", 0)) as endless:
        thread = threading.Thread(target=_pour, args=(endless,))
        thread.start()
        made = queue(fake, f"http://127.0.0.1:{endless.getsockname()[1]}/")
        fake.clock.advance(0)
        assert fake.deliveries.wait(60)
        thread.join()
    fake.close()
    assert (made.state, made.attempts[0].status) == ("delivered", 200)
    assert made.attempts[0].body == "x" * 2000


def _pour(listener: socket.socket) -> None:
    """Answer one request with a body that does not end before the caller has gone."""
    connection, _ = listener.accept()
    with connection, contextlib.suppress(OSError):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)
