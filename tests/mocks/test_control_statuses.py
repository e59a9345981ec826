"""Every status that an operation of the control API declares is one that the server gives."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aim import breaches, contract_of, declared, path_of, wrong_method
from stage import client_of, new_index, new_task

from understudy.contracts.redaction import alias
from understudy.mocks import Fake
from understudy.mocks.control.events import AT_ONCE
from understudy.mocks.limits import Limits
from understudy.mocks.safety import TOKEN_HEADER, Safety

NAME = "control"
KEY = "tlk_test"
TOKEN = "secret"
HOST = ("host", "127.0.0.1:8642")
TOKEN_LINE = (TOKEN_HEADER, TOKEN)
JSON_LINE = ("content-type", "application/json")
OPERATIONS = contract_of(NAME).operations
LINES = (HOST, TOKEN_LINE)


@dataclass
class Reply:
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


class Surprise:
    """An event that is no task's and no delivery's."""

    label = "surprise"

    def fire(self, at: float) -> None:
        """Nothing happens."""


@dataclass
class Stage:
    """A server that wants a token and takes bodies of 1,000 bytes at most."""

    fake: Fake

    @property
    def task(self) -> str:
        """A running task of one tenant."""
        with client_of(self.fake, KEY) as api:
            return new_task(api, new_index(api, "films"), "https://media.example/a.mp4")["_id"]

    @property
    def delivery(self) -> str:
        """A webhook of one tenant."""
        tenant = self.fake.engine.tenants.get("orchard")
        url = "http://127.0.0.1:9/hook"
        return tenant.deliveries.queue("grove", url, {}, event="ready", about="a").id

    @property
    def finished(self) -> str:
        """A task that is over."""
        task = self.task
        self.fake.clock.advance(9999)
        return task

    @property
    def fault(self) -> str:
        """A fault of every tenant."""
        return self.fake.faults.add("reset", id="mine").id

    @property
    def small(self) -> object:
        """A snapshot of nobody."""
        return self.fake.snapshot().whole

    def unkept(self) -> Reply:
        """A snapshot while something is due that nobody could make again."""
        tenant = self.fake.engine.tenants.get("orchard")
        tenant.agenda.add(tenant.clock.now() + 5, Surprise())
        return self.ask("GET", "/snapshot")

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        lines: tuple[tuple[str, str], ...] = LINES,
    ) -> Reply:
        """The reply to these very header lines; a body that is no bytes goes as JSON."""
        sent = body if isinstance(body, bytes) else b"" if body is None else _json(body)
        if body is not None:
            named = {name for name, _ in lines}
            more = () if "content-type" in named else (JSON_LINE,)
            lines = (*lines, *more, ("content-length", str(len(sent))))
        path, _, query = path.partition("?")
        whole = f"/_understudy{path}"
        scope = {
            "type": "http",
            "scheme": "http",
            "method": method,
            "path": whole,
            "raw_path": whole.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in lines],
        }
        reply = Reply()

        async def receive() -> Any:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Any) -> None:
            reply.status = message.get("status", reply.status)
            for name, value in message.get("headers", ()):
                reply.headers.append((name.decode(), value.decode()))
            reply.body += message.get("body", b"")

        application = self.fake.asgi(Safety.of(token=TOKEN))
        asyncio.run(application(scope, receive, send))
        return reply

    def post(self, path: str, **body: object) -> Reply:
        return self.ask("POST", path, body)

    def at(self, name: str, body: object = None, **more: Any) -> Reply:
        """A call of the operation."""
        operation = OPERATIONS[name]
        return self.ask(operation.method, path_of(operation, otherwise="t"), body, **more)


def _json(body: object) -> bytes:
    return json.dumps(body).encode()


@pytest.fixture(scope="module")
def shared() -> Fake:
    return Fake("twelvelabs", time="manual", limits=Limits(body=1000))


@pytest.fixture
def stage(shared: Fake) -> Stage:
    shared.reset()
    return Stage(shared)


def twice(stage: Stage) -> Reply:
    """The outcome of a task id that two tenants have: ids follow the seed and the tenant's name,
    so a second one is made by hand."""
    task = stage.task
    with client_of(stage.fake, "tlk_other") as api:
        other = new_task(api, new_index(api, "films"), "https://media.example/a.mp4")["_id"]
    made = stage.fake.engine.tenants.get(alias("tlk_other"))
    [found] = [each for _, each in made.tasks() if each.resource.id == other]
    found.resource.id = task
    return stage.post(f"/tasks/{task}/outcome", outcome="ok")


def full(stage: Stage) -> Reply:
    """The answer to one who wants a stream when as many are open as may be."""
    listeners = stage.fake.engine.tenants.feed.listeners
    listeners.extend([lambda: None] * AT_ONCE)
    try:
        return stage.ask("GET", "/events")
    finally:
        listeners.clear()


Call = Callable[[Stage], Reply]
PAST = "2001-01-01T00:00:00Z"
OWN: Mapping[str, Mapping[int, Call]] = {
    "get-health": {200: lambda s: s.ask("GET", "/health")},
    "list-providers": {200: lambda s: s.ask("GET", "/providers")},
    "reset": {200: lambda s: s.ask("POST", "/reset")},
    "get-clock": {200: lambda s: s.ask("GET", "/clock")},
    "set-clock": {
        200: lambda s: s.ask("PUT", "/clock", {"mode": "auto"}),
        409: lambda s: s.task and s.ask("PUT", "/clock", {"now": PAST}),
    },
    "advance-clock": {200: lambda s: s.post("/clock/advance", seconds=5)},
    "list-tasks": {200: lambda s: s.ask("GET", f"/tasks?status={s.task and 'uploading'}")},
    "set-task-outcome": {
        200: lambda s: s.post(f"/tasks/{s.task}/outcome", outcome="fail"),
        404: lambda s: s.post("/tasks/none/outcome", outcome="fail"),
        409: lambda s: s.post(f"/tasks/{s.finished}/outcome", outcome="fail"),
    },
    "list-journal": {200: lambda s: s.ask("GET", f"/journal?status={s.task and 200}")},
    "clear-journal": {200: lambda s: s.ask("DELETE", "/journal")},
    "list-deliveries": {200: lambda s: s.ask("GET", f"/deliveries?about={s.delivery and 'a'}")},
    "redeliver": {
        200: lambda s: s.post(f"/deliveries/{s.delivery}/redeliver"),
        404: lambda s: s.post("/deliveries/none/redeliver"),
    },
    "list-faults": {200: lambda s: s.fault and s.ask("GET", "/faults")},
    "add-fault": {
        200: lambda s: s.post("/faults", kind="status", status=503),
        409: lambda s: s.post("/faults", kind="reset", id=s.fault),
    },
    "remove-fault": {
        200: lambda s: s.ask("DELETE", f"/faults/{s.fault}"),
        404: lambda s: s.ask("DELETE", "/faults/none"),
    },
    "get-snapshot": {
        200: lambda s: s.task and s.ask("GET", "/snapshot"),
        409: lambda s: s.unkept(),
    },
    "put-snapshot": {200: lambda s: s.ask("PUT", "/snapshot", s.small)},
    "stream-events": {
        200: lambda s: s.task and s.ask("GET", "/events?follow=false"),
        409: lambda s: full(s),
    },
}
"""What is particular to an operation."""


def on_wrong_method(stage: Stage, name: str) -> Reply:
    path = path_of(OPERATIONS[name], otherwise="t")
    return stage.ask(wrong_method(NAME, path), path)


COMMON: Mapping[int, Callable[[Stage, str], Reply]] = {
    400: lambda s, name: s.at(name, lines=(*LINES, HOST)),
    401: lambda s, name: s.at(name, lines=(HOST, (TOKEN_HEADER, "wrong"))),
    403: lambda s, name: s.at(name, lines=(*LINES, ("origin", "https://page.example"))),
    405: on_wrong_method,
    413: lambda s, name: s.at(name, b"0" * 1001),
    415: lambda s, name: s.at(name, b"a: 1", lines=(*LINES, ("content-type", "text/yaml"))),
    421: lambda s, name: s.at(name, lines=(("host", "rebound.example"), TOKEN_LINE)),
}
"""What every operation can be refused for: 400 for two Host lines, 403 to a page elsewhere."""


@pytest.mark.parametrize(("operation", "status"), declared(NAME))
def test_control_status__declared_is_given(stage: Stage, operation: str, status: int) -> None:
    """For each there is a call that is answered so, and on contract."""
    if status in COMMON:
        reply = COMMON[status](stage, operation)
    else:
        reply = OWN[operation][status](stage)
    assert reply.status == status, reply.body
    assert not breaches(NAME, operation, status, reply.headers, reply.body)
    if status >= 400:
        assert json.loads(reply.body)["error"]["message"]


def test_control_status__every_call_is_of_a_declared_one() -> None:
    """The table holds what the document declares, and not one status more."""
    stated = set(declared(NAME))
    assert {(name, status) for name, calls in OWN.items() for status in calls} == {
        pair for pair in stated if pair[1] not in COMMON
    }
    assert set(COMMON) <= {status for _, status in stated}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/clock", {"now": "yesterday"}),
        ("POST", "/clock/advance", {"seconds": -1}),
        ("POST", "/clock/advance", {}),
        ("POST", "/tasks/t/outcome", {"outcome": "maybe"}),
        ("GET", "/tasks?limit=-1", None),
        ("GET", "/journal?status=none", None),
        ("POST", "/reset?colour=red", None),
        ("POST", "/faults", {"kind": "status", "status": 100}),
        ("PUT", "/snapshot", {"version": 1}),
    ],
)
def test_control_status__off_the_document(
    stage: Stage, method: str, path: str, body: object
) -> None:
    """What the document does not take is a 400 that says so, with the violations."""
    reply = stage.ask(method, path, body)
    assert reply.status == 400, reply.body
    assert json.loads(reply.body)["error"]["violations"]


def test_control_status__a_task_of_two_tenants(stage: Stage) -> None:
    """An id that two tenants have needs a tenant."""
    reply = twice(stage)
    assert reply.status == 409
    assert b"X-Understudy-Tenant" in reply.body
