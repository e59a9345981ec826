"""How the public names are typed. Checked by mypy and pyright in `make check`, never run."""

from typing import assert_type

import httpx
import httpx2

from understudy import UnderstudyError, __version__
from understudy.contracts import (
    Contract,
    ContractError,
    ContractViolated,
    Headers,
    Request,
    Response,
    Violation,
)
from understudy.mocks import Fake, FakeError, Fault, Limits, Snapshot


def contract() -> None:
    """A contract takes plain values and foreign objects alike."""
    made = Contract.load("twelvelabs", engine="openapi-core")
    request = Request("GET", "/indexes", "page=1", Headers([("x-api-key", "k")]))
    assert_type(made.check(request, Response(200)), list[Violation])
    assert_type(made.check(httpx.Request("GET", "https://a.test")), list[Violation])
    assert_type(made.check(httpx2.Request("GET", "https://a.test")), list[Violation])


def fake() -> None:
    """A fake is a context manager, and its transports are those of the library asked for."""
    with Fake("twelvelabs", time="manual", seed=7, limits=Limits(tasks=10)) as made:
        assert_type(made, Fake)
        assert_type(made.transport(), httpx2.BaseTransport)
        assert_type(made.transport("httpx"), httpx.BaseTransport)
        assert_type(made.async_transport(), httpx2.AsyncBaseTransport)
        assert_type(made.serve(), str)
        assert_type(made.clock.now(), float)
        fault = made.faults.add("status", status=429, retry_after=30.0, operation="list-indexes")
        assert_type(fault, Fault)
        assert_type(made.tenant("key").faults.remove(fault.id), Fault)
        assert_type(made.snapshot(), Snapshot)
        made.restore(made.tenant("key").snapshot())
        made.load_scenario("films.yaml", time="manual")
        httpx2.Client(transport=made.transport())
        httpx.Client(transport=made.transport("httpx"))


def mistakes() -> None:
    """What a type checker must refuse; each line that it lets pass is an error itself."""
    Fake("twelvelabs", time="fast")  # type: ignore[arg-type]
    Fake().faults.add("explode")  # type: ignore[arg-type]
    Fake().faults.add("status", status="503")  # type: ignore[arg-type]
    Contract.load("twelvelabs", engine="quick")  # type: ignore[arg-type]


def errors(error: UnderstudyError) -> str:
    """Every error is one of ours, and a broken contract is a failed assertion too."""
    broken: type[AssertionError] = ContractViolated
    ours: tuple[type[UnderstudyError], ...] = (ContractError, ContractViolated, FakeError)
    return f"{__version__} {error} {broken} {ours}"
