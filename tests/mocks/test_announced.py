"""A provider is assembled when somebody asks for a part of it, and nobody can see when."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from understudy.mocks.announced import Announced, Bill
from understudy.mocks.provider import Provider
from understudy.mocks.providers.catalogue import PROVIDERS, announce, provide

BILL = Bill("api.example", ("/v1",), ("x-key: ", "/films"))


def mixpeek() -> Provider:
    return provide("mixpeek")


@pytest.mark.parametrize("name", PROVIDERS)
def test_bill__tells_what_the_assembled_provider_would(name: str) -> None:
    """Hosts, bases and the first call are those of the documents, withdrawn ones left out too."""
    announced, whole = announce(name), provide(name)
    assert isinstance(announced, Announced)
    for each in (whole, whole.current()):
        assert (announced.name, announced.mount) == (each.name, each.mount)
        assert announced.hosts == each.hosts
        assert announced.bases == each.bases
        assert announced.example == each.example
        assert announced.private == each.private


def test_announced__has_every_part_of_what_was_assembled() -> None:
    """Asked for any part first, it has all of them, the very same."""
    whole = mixpeek()
    for first in Provider.__slots__:
        late = Announced("mixpeek", BILL, mixpeek)
        getattr(late, first)
        for field in Provider.__slots__:
            assert getattr(late, field) is getattr(whole, field)
    assert Announced("mixpeek", BILL, mixpeek).kinds == whole.kinds
    assert announce("twelvelabs").current() == provide("twelvelabs").current()


def test_announced__tells_its_bill_without_being_assembled() -> None:
    """A name that is no part is an AttributeError, and asks for nothing either."""

    def never() -> Provider:
        raise AssertionError("it was assembled")

    late = Announced("films", BILL, never)
    assert (late.name, late.mount, late.private) == ("films", "/films", False)
    assert (late.hosts, late.bases) == (frozenset({"api.example"}), ("/v1",))
    assert late.example == ("x-key: ", "/films")
    with pytest.raises(AttributeError, match="lifecycle"):
        late.lifecycle  # noqa: B018  # there is none
    with pytest.raises(AssertionError, match="assembled"):
        late.lifecycles  # noqa: B018  # asked for


def test_announced__is_assembled_once_by_whichever_thread_comes_first() -> None:
    """Eight threads that ask at once are answered with the parts of one and the same provider."""
    made: list[Provider] = []
    meeting = Barrier(8)

    def assemble() -> Provider:
        made.append(mixpeek().only(()))
        return made[-1]

    late = Announced("mixpeek", BILL, assemble)

    def ask(field: str) -> object:
        meeting.wait(timeout=20)
        return getattr(late, field)

    fields = ["editions", "unserved"] * 4
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, fields))
    assert len(made) == 1
    assert all(part is getattr(made[0], each) for part, each in zip(found, fields, strict=True))


def test_announced__a_failure_is_told_every_time() -> None:
    """An assembly that failed leaves nothing half done: the next one may succeed."""
    answers: list[Callable[[], Provider]] = [mixpeek]

    def assemble() -> Provider:
        if answers:
            answers.pop()
            raise OSError("the disk is away")
        return mixpeek()

    late = Announced("mixpeek", BILL, assemble)
    with pytest.raises(OSError, match="disk"):
        late.editions  # noqa: B018  # asked for
    assert late.editions == mixpeek().editions


def test_start__imports_no_vendor_and_no_yaml() -> None:
    """A fake of every provider that answers for itself has loaded nothing of any of them."""
    code = (
        "import sys; from understudy.mocks import Fake;"
        "from understudy.contracts.exchange import Request; fake = Fake();"
        "assert fake.engine.handle(Request('GET', '/_understudy/health')).status == 200;"
        "assert fake.asgi() and fake.engine.providers['mixpeek'].example;"
        "print(*(name for name in sys.modules if name == 'yaml'"
        " or name.startswith('understudy.mocks.providers.')"
        " and not name.endswith('.catalogue')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
