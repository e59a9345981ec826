"""Every defect of a service is found, and a service without one is not blamed."""

import httpx2
import pytest
from tests.mocks.verify.service import Reply, differing, shows, told, verified

from understudy.contracts import Contract
from understudy.contracts.report.forms import FORMATS, render
from understudy.mocks import Fake
from understudy.mocks.verify.ask import Wishes
from understudy.mocks.verify.caller import Caller, Unreachable
from understudy.mocks.verify.suite import Rules, Suite
from understudy.mocks.verify.verification import Verification

SPECS = [
    "twelvelabs/v1.3",
    "twelvelabs/v1.3-2025",
    "twelvelabs/v1.2",
    "mixpeek/2024-12",
    "imentiv/v1",
    "memories/v1",
]
KEY = "sk-a-secret-of-mine"


def nothing(reply: Reply) -> None:
    """No defect."""


def run(spec: str, fake: Fake, *, write: bool) -> Verification:
    """A verification of a fake on loopback."""
    provider = spec.partition("/")[0]
    contract = Contract.load(spec)
    made = Verification(contract, provider, Rules(write, wishes=Wishes(token="t0")))
    base = f"{fake.serve()}/{provider}{contract.document.base_path}"
    with httpx2.Client(base_url=base, trust_env=False) as client:
        made.run(client, KEY, now=fake.clock.now, sleep=fake.clock.advance)
    return made


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("write", [False, True], ids=["read", "write"])
def test_verify__our_fake_is_what_it_is_held_against(spec: str, write: bool) -> None:
    """No violation, no difference, nothing left behind, and the key in no format."""
    fake = Fake(spec.partition("/")[0])
    try:
        made = run(spec, fake, write=write)
    finally:
        fake.close()

    assert told(made) == []
    assert made.report.warnings == {}
    for form in FORMATS:
        assert KEY not in render(made.report, form)
    methods = {entry.method for entry in fake.journal}
    assert write or methods <= ({"GET", "POST"} if spec == "memories/v1" else {"GET"})


@pytest.mark.parametrize("spec", SPECS)
def test_verify__removes_what_it_made(spec: str) -> None:
    """After a run that writes, every list is as empty as before."""
    fake = Fake(spec.partition("/")[0])
    contract = Contract.load(spec)
    base = f"http://127.0.0.1/{spec.partition('/')[0]}{contract.document.base_path}"
    with httpx2.Client(transport=fake.transport(), base_url=base) as client:
        caller = Caller(client, KEY, now=fake.clock.now, sleep=fake.clock.advance)
        before, after = (Suite(contract, caller, Rules()) for _ in range(2))
        before.run()
        written = Suite(contract, caller, Rules(write=True, wishes=Wishes(token="t0")))
        written.run()
        after.run()
    shown = [
        [
            (step.operation.id, step.said.response.body)
            for step in suite.steps
            if step.purpose == "list"
        ]
        for suite in (before, after)
    ]
    assert shown[0] == shown[1]
    assert any(step.purpose == "create" and not step.refused for step in written.steps)


def test_verify__a_task_is_polled_to_its_end_and_its_result_read() -> None:
    """The lifecycle's end is reached, and what it made is read by links."""
    made = verified(nothing)
    called = {name for _, name in made.report.operations}
    assert {"retrieve-video-information", "gist", "any-to-video-search"} <= called
    assert told(made) == [] and differing(made) == []


def test_defect__wrong_status() -> None:
    """A creation that answers 200 where 201 is declared."""

    def defect(reply: Reply) -> None:
        if (reply.method, reply.status) == ("POST", 201):
            reply.status = 200

    assert any("create-index: status: 200" in each for each in told(verified(defect)))


def test_defect__missing_field() -> None:
    """A required member is a violation; one that only the fake always gives is a difference."""

    def required(reply: Reply) -> None:
        if reply.path.startswith("/v1.3/indexes/") and isinstance(reply.body, dict):
            reply.body.pop("index_name", None)

    def optional(reply: Reply) -> None:
        if reply.path.startswith("/v1.3/tasks/") and isinstance(reply.body, dict):
            reply.body.pop("hls", None)

    assert any(
        "retrieve-index" in each and "index_name" in each for each in told(verified(required))
    )
    made = verified(optional)
    assert told(made) == []
    assert any("/hls is in the fake, not here" in each for each in differing(made))


def test_defect__extra_status() -> None:
    """A task says something that its lifecycle does not know."""

    def defect(reply: Reply) -> None:
        if shows(reply, "status") and reply.body["status"] == "indexing":
            reply.body["status"] = "paused"

    assert any("'paused'" in each for each in told(verified(defect)))


def test_defect__id_that_differs() -> None:
    """A task answers under another id than the one it was asked for."""

    def defect(reply: Reply) -> None:
        if shows(reply, "_id"):
            reply.body["_id"] = "f" * 24

    assert any("the id that was asked for" in each for each in told(verified(defect)))


def test_defect__equal_ids_are_equal_in_the_fake_only() -> None:
    """A reference that leads elsewhere, on contract in itself, differs from the fake."""

    def defect(reply: Reply) -> None:
        if "/videos/" in reply.path and isinstance(reply.body, dict) and "_id" in reply.body:
            reply.body["_id"] = "a1" * 12

    assert any("equals" in each and "/_id" in each for each in differing(verified(defect)))


@pytest.mark.parametrize("write", [False, True], ids=["read", "write"])
def test_defect__list_that_does_not_page(write: bool) -> None:
    """Every page is the first one."""
    fake = Fake("twelvelabs")
    headers = {"x-api-key": "any-key"}
    models = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    with httpx2.Client(transport=fake.transport(), headers=headers) as api:
        body = {"index_name": "mine", "models": models}
        first = api.post("https://api.twelvelabs.io/v1.3/indexes", json=body).json()["_id"]
        page = {"page_limit": 1}
        whole = api.get("https://api.twelvelabs.io/v1.3/indexes", params=page).json()

    def defect(reply: Reply) -> None:
        if (reply.path, reply.query.get("page")) == ("/v1.3/indexes", "2"):
            reply.body["data"] = whole["data"]
        if (reply.path, reply.query.get("page_limit")) == ("/v1.3/indexes", "1"):
            reply.body["data"] = whole["data"]

    made = verified(defect, write=write, fake=fake)
    assert any(f"'{first}'" in each and "second page" in each for each in told(made))


def test_defect__too_long_a_page() -> None:
    """The limit is ignored."""
    fake = Fake("twelvelabs")
    headers = {"x-api-key": "any-key"}
    models = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    with httpx2.Client(transport=fake.transport(), headers=headers) as api:
        for name in ("one", "two"):
            body = {"index_name": name, "models": models}
            api.post("https://api.twelvelabs.io/v1.3/indexes", json=body)
        whole = api.get("https://api.twelvelabs.io/v1.3/indexes").json()

    def defect(reply: Reply) -> None:
        if reply.path == "/v1.3/indexes" and reply.query.get("page_limit"):
            reply.body["data"] = whole["data"]

    made = verified(defect, write=False, fake=fake)
    assert any("at most 1, as page_limit asked for" in each for each in told(made))


def test_defect__strangers_are_let_in() -> None:
    """A wrong key, an unknown id and a bad parameter are answered as if all were well."""
    page = {"page": 1, "limit_per_page": 10, "total_page": 1, "total_results": 0}

    def defect(reply: Reply) -> None:
        if reply.path == "/v1.3/indexes" and reply.method == "GET" and reply.status in (400, 401):
            reply.status = 200
            reply.body = {"data": [], "page_info": page}
        if reply.path.endswith("/videos") and reply.status == 404:
            reply.status, reply.body = 200, {"data": [], "page_info": page}

    found = told(verified(defect, write=False))
    assert any("a refusal of a key that nobody has" in each for each in found)
    assert any("a refusal of page 'understudy'" in each for each in found)
    assert any("list-videos" in each and "which nobody has" in each for each in found)


def test_defect__what_was_removed_is_still_there() -> None:
    """A deletion that does nothing."""
    kept: dict[str, object] = {}

    def defect(reply: Reply) -> None:
        if reply.method == "GET" and reply.path.startswith("/v1.3/indexes/"):
            if reply.status == 200:
                kept[reply.path] = reply.body
            elif reply.path in kept:
                reply.status, reply.body = 200, kept[reply.path]

    found = told(verified(defect))
    assert any("a refusal, after delete-index" in each for each in found)


def test_defect__a_task_that_never_ends() -> None:
    """At the deadline the suite goes on, says so, and removes what it made."""

    def defect(reply: Reply) -> None:
        if shows(reply, "status"):
            reply.body["status"] = "indexing"

    fake = Fake("twelvelabs")
    made = verified(defect, fake=fake)
    assert [kind for _, kind in made.report.warnings if kind == "not ended"] == ["not ended"]
    assert any(entry.operation == "delete-index" and entry.status == 204 for entry in fake.journal)


def test_caller__waits_as_long_as_a_429_asks() -> None:
    """The pause of Retry-After is kept before the next call, and it is that call again."""
    slept: list[float] = []
    refusals = iter([True, False])

    def defect(reply: Reply) -> None:
        if reply.path == "/v1.3/indexes" and reply.status == 201 and next(refusals, False):
            reply.status = 429
            reply.body = {"code": "too_many_requests", "message": "Too many."}
            reply.headers["retry-after"] = "7"

    verified(defect, slept=slept)
    assert slept[0] == 7.0


def test_failure__in_the_middle_removes_what_was_made() -> None:
    """A service that falls silent after the creation is still asked to delete."""
    fake = Fake("twelvelabs")
    contract = Contract.load("twelvelabs/v1.3-2025")

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/tasks"):
            raise httpx2.ConnectError("gone")
        return inner.send(request)

    inner = httpx2.Client(transport=fake.transport())
    base = "https://api.twelvelabs.io/v1.3"
    with httpx2.Client(transport=httpx2.MockTransport(answer), base_url=base) as client:
        caller = Caller(client, KEY, now=fake.clock.now, sleep=fake.clock.advance)
        suite = Suite(contract, caller, Rules(write=True))
        with pytest.raises(Unreachable, match=r"/tasks got no reply \(ConnectError: gone\)"):
            suite.run()
    inner.close()
    assert fake.journal.find(operation="create-index", status=201)
    assert fake.journal.find(operation="delete-index", status=204)


def test_read_only__touches_nobody_elses() -> None:
    """Without `write` there is no call that could change anything."""
    fake = Fake("twelvelabs")
    verified(nothing, write=False, fake=fake)
    assert {entry.method for entry in fake.journal} == {"GET"}


def test_write__changes_only_what_it_made() -> None:
    """What stood there before is there afterwards, unchanged, however the lists lead to it."""
    fake = Fake("twelvelabs")
    headers = {"x-api-key": "any-key"}
    models = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    with httpx2.Client(transport=fake.transport(), headers=headers) as api:
        url = "https://api.twelvelabs.io/v1.3/indexes"
        mine = api.post(url, json={"index_name": "mine", "models": models}).json()["_id"]
        before = api.get(f"{url}/{mine}").json()
        verified(nothing, fake=fake)
        assert api.get(f"{url}/{mine}").json() == before


def test_twin__polls_no_oftener_than_it_must() -> None:
    """A short pause is meant for the service: the fake beside it needs none."""
    contract = Contract.load("memories")
    verification = Verification(contract, "memories", Rules(write=True, interval=0.01))
    assert len(verification._twin()) < 300
