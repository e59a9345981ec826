"""A service to be verified: our fake behind a front that can be given defects."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from understudy.contracts import Contract
from understudy.mocks import Fake
from understudy.mocks.verify.ask import Wishes
from understudy.mocks.verify.suite import Rules
from understudy.mocks.verify.verification import Verification

HOST = "https://api.twelvelabs.io"


@dataclass
class Reply:
    """What the front is about to answer; a defect changes it."""

    method: str
    path: str
    query: dict[str, str]
    key: str
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def shows(reply: Reply, name: str) -> bool:
    """Whether it shows one task, with that member."""
    shown = reply.path.startswith("/v1.3/tasks/") and isinstance(reply.body, dict)
    return shown and name in reply.body


Defect = Callable[[Reply], None]


@contextmanager
def front(fake: Fake, defect: Defect) -> Iterator[TestClient]:
    """A client of an application that passes everything on, and then does what `defect` says."""
    inner = httpx2.Client(transport=fake.transport())

    async def passed(request: Request) -> Response:
        content = await request.body()
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        url = f"{HOST}{request.url.path}?{request.url.query}".rstrip("?")
        got = inner.request(request.method, url, headers=headers, content=content)
        is_json = got.headers.get("content-type", "").startswith("application/json")
        key = request.headers.get("x-api-key", "")
        reply = Reply(
            request.method,
            request.url.path,
            dict(request.query_params),
            key,
            got.status_code,
            got.json() if is_json else got.content,
        )
        defect(reply)
        body = json.dumps(reply.body).encode() if is_json else reply.body
        kept = ("content-type", "x-api-version")
        own = {name: got.headers[name] for name in kept if name in got.headers}
        return Response(body, reply.status, {**own, **reply.headers})

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", passed, methods=methods)])
    client = TestClient(app, base_url="http://127.0.0.1/v1.3")
    try:
        yield client
    finally:
        inner.close()


def verified(
    defect: Defect,
    *,
    write: bool = True,
    slept: list[float] | None = None,
    fake: Fake | None = None,
) -> Verification:
    """Twelve Labs with a defect, verified."""
    fake = fake or Fake("twelvelabs")
    rules = Rules(write, deadline=600.0, wishes=Wishes(token="t0"))
    made = Verification(Contract.load("twelvelabs/v1.3-2025"), "twelvelabs", rules)

    def sleep(seconds: float) -> None:
        if slept is not None:
            slept.append(seconds)
        fake.clock.advance(seconds)

    with front(fake, defect) as client:
        made.run(client, "any-key", now=fake.clock.now, sleep=sleep)
    return made


def told(verification: Verification) -> list[str]:
    """Every violation of the report as a sentence."""
    operations = verification.report.operations.values()
    found = [finding for each in operations for finding in each.findings]
    return [str(violation) for each in found for violation in each.violations]


def differing(verification: Verification) -> list[str]:
    """Every difference from the fake."""
    warned = verification.report.warnings.items()
    return [
        f"{each.operation}: {each.message}"
        for (_, kind), all_of in warned
        for each in all_of
        if kind == "differs from the fake"
    ]
