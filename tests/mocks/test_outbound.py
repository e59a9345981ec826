"""The guard before every webhook: nothing here is dialled, all of it is refused or let pass."""

import ast
import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.mocks.delivery import Answered, Parcel
from understudy.mocks.errors import FakeError
from understudy.mocks.outbound import Aim, Guard

OWN = 8642


class Net:
    """A resolver and a connector that only remember; `names` resolve to these in turn."""

    def __init__(self, answer: Answered | None = None, **names: list[list[str]]) -> None:
        self.names = {name.replace("_", "."): list(found) for name, found in names.items()}
        self.asked: list[str] = []
        self.dialled: list[Aim] = []
        self.answer = answer or Answered(200)

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        found = self.names.get(host)
        if not found:
            raise OSError(f"no such name {host}")
        return found.pop(0) if len(found) > 1 else found[0]

    async def connect(self, aim: Aim, parcel: Parcel) -> Answered:
        self.dialled.append(aim)
        return self.answer

    def guard(self, *hosts: str, timeout: float = 10.0) -> Guard:
        return Guard(
            hosts,
            resolve=self.resolve,
            connect=self.connect,
            ports={OWN},
            own=lambda address: str(address) == "192.168.1.5",
            timeout=timeout,
        )

    def send(self, url: str, *hosts: str) -> Answered:
        return asyncio.run(self.guard(*hosts).send(parcel(url)))


def parcel(url: str) -> Parcel:
    return Parcel("dlv_1", "plum", 1, 1, 1, 0.0, url, (), b"{}")


@pytest.mark.parametrize(
    ("url", "address", "port"),
    [
        ("http://127.0.0.1:9000/hook?a=1", "127.0.0.1", 9000),
        ("http://127.8.9.1/", "127.8.9.1", 80),
        ("http://[::1]:9000/hook", "::1", 9000),
        ("https://localhost/hook", "127.0.0.1", 443),
        ("http://app.localhost:3000", "127.0.0.1", 3000),
        ("http://LOCALHOST.:3000", "127.0.0.1", 3000),
    ],
)
def test_loopback__is_let_pass(url: str, address: str, port: int) -> None:
    """Loopback in every usual spelling, with the address connected to."""
    net = Net(localhost=[["127.0.0.1"]], app_localhost=[["127.0.0.1"]])
    assert net.send(url) == Answered(200)
    [aim] = net.dialled
    assert (aim.address, aim.port) == (address, port)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "http://10.0.0.8/hook",
        "http://192.168.1.7/hook",
        "http://172.16.0.1/hook",
        "http://169.254.169.254/latest/meta",
        "http://[fd00::1]/hook",
        "http://[fe80::1]/hook",
        "http://0.0.0.0:9000/hook",
        "http://[::]:9000/hook",
        "http://[::ffff:10.0.0.8]/hook",
        "http://2130706433/hook",
        "http://0x7f000001/hook",
        "http://127.1/hook",
        "http://127.0.0.1.evil.example/hook",
        "http://localhost.evil.example/hook",
        "http://127.0.0.1@evil.example/hook",
        "http://evil.example#@127.0.0.1/hook",
        "http://evil.example\\@127.0.0.1/hook",
        "http:///hook",
        "http://127.0.0.1:99999/hook",
        "http://127.0.0.1:x/hook",
        "ftp://127.0.0.1/hook",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//127.0.0.1/hook",
        "http://127.0.0.1/\r\nX-Evil: 1",
        "http://127.0.0.1 /",
        "",
        "hook",
    ],
)
def test_elsewhere__is_refused_and_not_tried_again(url: str) -> None:
    """Private, link-local, odd and foreign addresses: nothing is resolved, nothing dialled."""
    net = Net()
    answered = net.send(url)
    assert (answered.status, answered.final) == (None, True)
    assert answered.error
    assert (net.dialled, net.asked) == ([], [])


def test_elsewhere__is_told_the_option() -> None:
    """The refusal names the host and the option that would allow it."""
    assert "--webhook-host hooks.example" in Net().send("http://hooks.example/a").error


def test_named_host__is_let_pass_even_where_it_is_private() -> None:
    """Whoever named it meant it: a container, a phone."""
    net = Net(app_internal=[["10.0.0.8"]])
    assert net.send("http://app.internal:3000/hook", "app.internal").status == 200
    assert net.dialled == [Aim("http", "app.internal:3000", "10.0.0.8", 3000, "/hook")]
    assert Net().send("http://192.168.1.7/hook", "192.168.1.7").status == 200
    assert Net().send("http://[fd00::1]/hook", "fd00::1").status == 200


def test_rebinding__a_loopback_name_that_leads_elsewhere() -> None:
    """`localhost` that resolves to another machine is refused: no name is trusted to be local."""
    net = Net(localhost=[["10.0.0.8"]])
    assert "loopback" in net.send("http://localhost/hook").error
    assert net.dialled == []


def test_rebinding__the_first_answer_is_the_one_connected_to() -> None:
    """A name is resolved once; what it resolves to a moment later is never asked."""
    net = Net(app_internal=[["10.0.0.8"], ["169.254.169.254"]])
    net.send("http://app.internal/hook", "app.internal")
    assert net.asked == ["app.internal"]
    assert [aim.address for aim in net.dialled] == ["10.0.0.8"]


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1%eth0", "::"]
)
def test_rebinding__a_named_host_never_leads_to_strange_addresses(address: str) -> None:
    """Metadata services, wildcards and groups are no receivers, whoever's name says so."""
    net = Net(app_internal=[[address]])
    answered = net.send("http://app.internal/hook", "app.internal")
    assert (answered.final, net.dialled) == (True, [])


def test_names_differ__a_foreign_name_for_loopback_is_refused() -> None:
    """`evil.example` that resolves to 127.0.0.1 was not named; it is not even looked up."""
    net = Net(evil_example=[["127.0.0.1"]])
    assert net.send("http://evil.example/hook").final
    assert (net.asked, net.dialled) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8642/_understudy/reset",
        "http://localhost:8642/x",
        "http://[::1]:8642/x",
        "http://192.168.1.5:8642/x",
        "http://me.internal:8642/x",
    ],
)
def test_own_port__takes_no_webhooks(url: str) -> None:
    """By no name and by no address of this machine; another machine's port is its own."""
    net = Net(localhost=[["127.0.0.1"]], me_internal=[["192.168.1.5"]])
    answered = net.send(url, "192.168.1.5", "me.internal")
    assert "this server itself" in answered.error
    assert net.dialled == []
    other = Net()
    assert other.send("http://10.0.0.8:8642/x", "10.0.0.8").status == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect__is_an_answer_and_no_way_on(status: int) -> None:
    """It is recorded as what it is, one connection was made, and it is no success."""
    net = Net(Answered(status))
    answered = net.send("http://127.0.0.1:9000/hook")
    assert (answered.status, answered.good) == (status, False)
    assert "not followed" in answered.error
    assert len(net.dialled) == 1


def test_timeout__bounds_resolving_and_connecting_together() -> None:
    """Whoever does not answer is left, to be tried again later."""

    async def never(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    net = Net()
    guard = Guard(("a.internal",), resolve=never, connect=net.connect, timeout=0.01)
    answered = asyncio.run(guard.send(parcel("http://a.internal/")))
    assert (answered.status, answered.final) == (None, False)
    assert "within 0.01 s" in answered.error


def test_unknown_name__is_tried_again() -> None:
    """A name that does not resolve now may do so later."""
    answered = Net().send("http://localhost/hook")
    assert (answered.final, answered.error) == (False, "no such name localhost")


def test_hosts__must_be_names() -> None:
    """A URL in place of a name is refused when the guard is made."""
    with pytest.raises(FakeError, match="no host name"):
        Net().guard("http://app.internal/")


@given(st.text(max_size=60))
def test_any_text__is_answered_and_never_leads_away(text: str) -> None:
    """Whatever a caller gives as URL, nothing is raised and only loopback is dialled."""
    for url in (text, f"http://{text}", f"http://127.0.0.1{text}", f"http://{text}127.0.0.1/"):
        net = Net(localhost=[["127.0.0.1"]])
        net.send(url)
        assert all(aim.address.startswith("127.") or aim.address == "::1" for aim in net.dialled)


DIALS = frozenset(
    {
        "AsyncClient",
        "Client",
        "HTTPConnection",
        "HTTPSConnection",
        "create_connection",
        "open_connection",
        "open_unix_connection",
        "urlopen",
    }
)
"""What a program calls to reach another."""


def test_way_out__is_one() -> None:
    """In the whole fake only the connector behind the guard opens a connection.

    `verify` is no part of a fake: it calls the service that its user names.
    """
    mocks = Path(__file__).resolve().parents[2] / "mocks"
    found = set()
    for path in mocks.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in DIALS:
                    found.add(path.relative_to(mocks).as_posix())
    assert found == {"posting.py", "verify/verification.py"}
