"""Every status that an operation of Twelve Labs declares is one that the fake gives.

What is particular to an operation stands in `twelvelabs_rows`, a module for each section.
"""

from collections.abc import Callable, Iterator, Mapping

import httpx2
import pytest
from aim import bodies_of, breaches, path_of
from stage import NOBODY, client_of
from twelvelabs_rows import STATUSES
from twelvelabs_stage import DECLARED, DOCUMENT, KEY, NAME, OPERATIONS, Stage, wrong_method

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

FIRST = (200, 400, 404, 409, 415, 422)
"""What an empty call may be answered with while the rate allows it."""


def wrong_key(stage: Stage, name: str) -> httpx2.Response:
    """A call with a key that is refused."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    return stage.api.request(operation.method, path, headers={"x-api-key": "invalid-key"})


def on_wrong_method(stage: Stage, name: str) -> httpx2.Response:
    """A call of the operation's path with a method that it does not take."""
    path = path_of(OPERATIONS[name], otherwise=NOBODY)
    return stage.api.request(wrong_method(path), path)


def too_large(stage: Stage, name: str) -> httpx2.Response:
    """A call with a body beyond the limit (see `small`), of a type that is taken."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    if "multipart/form-data" in bodies_of(operation):
        return stage.api.request(operation.method, path, files={"index_id": (None, "0" * 5000)})
    return stage.send(operation.method, path, index_name="0" * 5000)


def of_wrong_type(stage: Stage, name: str) -> httpx2.Response:
    """A call with a body of a type that the operation does not take."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    sent = {"content": b"films", "headers": {"content-type": "text/plain"}}
    return stage.api.request(operation.method, path, **sent)


def too_many(stage: Stage, name: str) -> httpx2.Response:
    """The call after the one that the rate allows (see `limited`)."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    assert stage.api.request(operation.method, path).status_code in FIRST
    return stage.api.request(operation.method, path)


COMMON: Mapping[int, Callable[[Stage, str], httpx2.Response]] = {
    401: wrong_key,
    405: on_wrong_method,
    413: too_large,
    415: of_wrong_type,
    429: too_many,
}
"""What every operation can be refused for in the same way."""


@pytest.fixture(scope="module")
def roomy() -> Fake:
    return Fake(NAME, time="manual")


@pytest.fixture(scope="module")
def small() -> Fake:
    """Takes bodies of 4,000 bytes at most."""
    return Fake(NAME, time="manual", limits=Limits(body=4000, text=4000))


@pytest.fixture(scope="module")
def limited() -> Fake:
    """Takes one call of an operation in an hour."""
    return Fake(NAME, time="manual", rate="1/3600")


@pytest.fixture
def stages(roomy: Fake, small: Fake, limited: Fake) -> Iterator[Callable[[int], Stage]]:
    """The stage on which a status can be had, with nothing on it yet."""
    clients: list[httpx2.Client] = []

    def stage(status: int) -> Stage:
        fake = {413: small, 429: limited}.get(status, roomy)
        fake.reset()
        clients.append(client_of(fake, KEY))
        return Stage(fake, clients[-1])

    yield stage
    for client in clients:
        client.close()


@pytest.mark.parametrize(("operation", "status"), DECLARED)
def test_status__declared_is_given(
    stages: Callable[[int], Stage], operation: str, status: int
) -> None:
    """For each there is a call that is answered so, and on contract."""
    stage = stages(status)
    if status in COMMON:
        response = COMMON[status](stage, operation)
    else:
        response = STATUSES[operation][status](stage)
    assert response.status_code == status, response.text
    lines = [(name, value) for name, value in response.headers.multi_items()]
    assert not breaches(DOCUMENT[operation], operation, status, lines, response.content)
    if status >= 400 and response.content:
        assert set(response.json()) in ({"code", "message", "docs_url"}, {"error"})
    # What neither document takes is refused by today's, under whichever name it has there.
    if status not in COMMON and (DOCUMENT[operation] == NAME or status != 400):
        assert [each.operation for each in stage.fake.journal][-1] == operation


def test_status__every_call_is_of_a_declared_one() -> None:
    """The table holds what the documents declare, and not one status more."""
    stated = set(DECLARED)
    assert {(name, status) for name, calls in STATUSES.items() for status in calls} == {
        pair for pair in stated if pair[1] not in COMMON
    }
    assert set(COMMON) <= {status for _, status in stated}
