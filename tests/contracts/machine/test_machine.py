"""The machine out of a document: silent about our fake, loud about a server that lies."""

from typing import Any

import httpx2
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from understudy.contracts.contract import Contract
from understudy.contracts.errors import ContractViolated
from understudy.contracts.lifecycle import load_lifecycles
from understudy.contracts.machine import USUAL, machine_of
from understudy.contracts.machine.web import parts_of
from understudy.mocks import Fake

QUICK = settings(USUAL, max_examples=5, stateful_step_count=20, database=None)
LONG = settings(
    USUAL, max_examples=40, stateful_step_count=12, database=None, phases=[Phase.generate]
)
SPECS = (
    "twelvelabs/v1.3",
    "twelvelabs/v1.3-2025",
    "twelvelabs/v1.2",
    "imentiv/v1",
    "mixpeek/2024-12",
    "memories/v1",
)

_THING = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": {"type": "string"},
        "status": {"type": "string"},
        "name": {"type": "string"},
    },
}


def _reply(schema: Any = None) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}} if schema else {}
    return {"description": "", **({"content": content} if content else {})}


_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
JOBS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "jobs", "version": "1"},
    "x-resources": {"jobs": {"id": {"field": "id"}, "lifecycle": "job"}},
    "paths": {
        "/jobs": {"post": {
            "operationId": "make",
            "x-resource": {"name": "jobs", "action": "create"},
            "requestBody": {"required": True, "content": {"application/json": {"schema": {
                "type": "object", "required": ["name"],
                "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 9}}}}}},
            "responses": {"201": _reply(_THING)},
        }},
        "/jobs/{id}": {
            "parameters": [_ID],
            "get": {"operationId": "read", "responses": {"200": _reply(_THING), "404": _reply()},
                    "x-resource": {"name": "jobs", "action": "read", "id": "id"}},
            "delete": {"operationId": "drop", "responses": {"204": _reply(), "404": _reply()},
                       "x-resource": {"name": "jobs", "action": "delete", "id": "id"}},
        },
    },
}  # fmt: skip
LIFE = {
    "lifecycles": {
        "job": {
            "stages": [{"status": "waiting"}, {"status": "working"}],
            "success": "ready",
            "terminal": ["ready"],
            "transitions": {"waiting": ["working"], "working": ["ready"], "ready": []},
        }
    }
}
STATUSES = ("waiting", "working", "ready")


class Server:
    """A small server of jobs, right unless it is told to lie in one way."""

    def __init__(self, lie: str = "") -> None:
        self.lie = lie
        self.jobs: dict[str, int] = {}
        self.made = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        name = request.url.path.rpartition("/")[2]
        if request.method == "POST":
            self.made += 1
            made = "job-1" if self.lie == "an id twice" else f"job-{self.made}"
            if self.lie != "never kept":
                self.jobs[made] = 0
            return httpx2.Response(201, json=self._shown(made, "waiting"))
        if name not in self.jobs:
            return httpx2.Response(500 if self.lie == "an internal error" else 404)
        if request.method == "DELETE":
            if self.lie != "stays readable":
                del self.jobs[name]
            return httpx2.Response(204)
        self.jobs[name] += 1
        looks = self.jobs[name]
        status = STATUSES[min(looks, 2)]
        if self.lie == "goes back" and looks > 2:
            status = "working"
        if self.lie == "undeclared status" and looks > 1:
            status = "sleeping"
        shown = "job-0" if self.lie == "another id" else name
        return httpx2.Response(200, json=self._shown(shown, status))

    def _shown(self, name: str, status: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": name, "status": status}
        if self.lie == "off the schema":
            shown["name"] = 7
        return shown


def _machine(lie: str, lifecycle: bool = True) -> Any:
    lifecycles = load_lifecycles(LIFE) if lifecycle else {}
    jobs = JOBS if lifecycle else {k: v for k, v in JOBS.items() if k != "x-resources"}
    return machine_of(
        Contract.load(jobs),
        lambda: httpx2.MockTransport(Server(lie)),
        lifecycles=lifecycles,
    )


def test_machine__silent_about_an_honest_server() -> None:
    """A server that keeps its document and its lifecycle passes."""
    run_state_machine_as_test(_machine(""), settings=LONG)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ("stays readable", "after its deletion"),
        ("goes back", "to stay"),
        ("undeclared status", "one of waiting"),
        ("another id", "the id that was asked for"),
        ("never kept", "to be found"),
        ("an id twice", "no task had before"),
        ("an internal error", "one of 204, 404"),
        ("off the schema", "response body /name"),
    ],
)
def test_machine__finds_lies(lie: str, told: str) -> None:
    """Each seeded bug ends the run with the law that it breaks."""
    with pytest.raises(ContractViolated) as caught:
        run_state_machine_as_test(_machine(lie), settings=LONG)  # type: ignore[no-untyped-call]
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ("stays readable", "deleted before"),
        ("another id", "the id that was asked for"),
        ("never kept", "was made and not deleted"),
    ],
)
def test_machine__without_lifecycles(lie: str, told: str) -> None:
    """What is made, read and deleted follows from the paths alone."""
    with pytest.raises(ContractViolated, match=told):
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            _machine(lie, lifecycle=False), settings=LONG
        )


@pytest.mark.parametrize("spec", SPECS)
def test_machine__silent_about_our_fakes(spec: str) -> None:
    """Valid requests in any order find nothing wrong with the fake; things made are read again."""
    fakes: list[Fake] = []

    def fresh() -> object:
        fakes.append(Fake(spec.partition("/")[0]))
        return fakes[-1].transport()

    machine = machine_of(Contract.load(spec), fresh)
    run_state_machine_as_test(machine, settings=QUICK)  # type: ignore[no-untyped-call]
    done = {entry.operation for fake in fakes for entry in fake.journal if entry.status < 300}
    assert len(done) >= 5


def test_machine__base_url() -> None:
    """A port is as good as a transport, and headers take the place of made-up credentials."""
    fake = Fake("twelvelabs")
    machine = machine_of(
        Contract.load("twelvelabs/v1.3-2025"),
        f"{fake.serve()}/twelvelabs/v1.3",
        headers={"x-api-key": "staging"},
        leave_out=["any-to-video-search"],
    )
    try:
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            machine, settings=settings(QUICK, max_examples=1)
        )
        assert len(fake.journal) > 5
        assert {entry.tenant for entry in fake.journal} == {fake.tenant("staging").name}
    finally:
        fake.close()


def test_machine__unknown_operation() -> None:
    """A slip in what is left out is told."""
    with pytest.raises(ValueError, match="no operation 'search'"):
        machine_of(Contract.load(JOBS), "http://localhost:1", leave_out=["search"])


def test_parts__of_twelve_labs() -> None:
    """Links, resources and paths say together what needs what."""
    parts = parts_of(Contract.load("twelvelabs/v1.3-2025"))
    index = parts["retrieve-index"].slots[0].kind
    assert [slot.name for slot in parts["create-video-indexing-task"].slots] == ["/index_id"]
    assert parts["create-video-indexing-task"].slots[0].kind == index
    assert parts["create-index"].makes == index
    assert parts["delete-index"].deletes == parts["delete-index"].slots[0]
    assert parts["retrieve-index"].own == "/_id"
    assert index in {source.kind for source in parts["list-indexes"].sources}
    assert [len(part.slots) for part in parts.values()].count(2) == 4
