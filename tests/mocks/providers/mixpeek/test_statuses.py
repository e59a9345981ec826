"""Every status that an operation of Mixpeek declares is one that the fake gives."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import httpx2
import pytest
from aim import breaches, contract_of, declared, path_of, wrong_method
from mixpeek_stage import (
    FILMS,
    NOBODY,
    VIDEO,
    client_of,
    features_of,
    good,
    ingest,
    new_asset,
    refused,
)

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

NAME = "mixpeek"
OPERATIONS = contract_of(NAME).operations
EMAIL = "ada@films.example"


@dataclass
class Stage:
    """A tenant with what a call may be about, each made when first asked for."""

    fake: Fake
    api: httpx2.Client

    @cached_property
    def task(self) -> str:
        return str(ingest(self.api)["task_id"])

    @cached_property
    def asset(self) -> str:
        return new_asset(self.fake, self.api)

    @cached_property
    def feature(self) -> str:
        return str(features_of(self.api, self.asset)[0]["feature_id"])

    @cached_property
    def interaction(self) -> str:
        note = {"feature_id": self.feature, "interaction_type": "view"}
        made = good(self.api.post("/features/search/interactions", json=note))
        return str(made["interaction_id"])

    @cached_property
    def namespace(self) -> str:
        body = {"namespace_name": "apart", "vector_indexes": ["text"]}
        return str(good(self.api.post("/namespaces", json=body))["namespace_id"])

    @cached_property
    def collection(self) -> str:
        return str(good(self.post("/collections", collection_name="drafts"))["collection_id"])

    @cached_property
    def user(self) -> str:
        good(self.post("/organizations/users", email=EMAIL))
        good(self.api.post(f"/organizations/users/{EMAIL}/api-keys"))
        return EMAIL

    @property
    def ids(self) -> dict[str, str]:
        """By the names of path parameters."""
        return {
            "task_id": self.task,
            "asset_id": self.asset,
            "feature_id": self.feature,
            "interaction_id": self.interaction,
            "namespace": self.namespace,
            "collection": self.collection,
            "user_email": self.user,
            "key_name": "default",
        }

    def send(self, method: str, path: str, **body: object) -> httpx2.Response:
        return self.api.request(method, path, json=body)

    def post(self, path: str, **body: object) -> httpx2.Response:
        return self.send("POST", path, **body)


IN = {"collections": [FILMS]}
QUERY = {"vector_index": "multimodal", "value": "a fox", "type": "text"}
NOT_64 = {**QUERY, "type": "base64", "value": "***"}
BODIES: Mapping[str, dict[str, object]] = {
    "ingest-video-url": {"url": VIDEO, "collection": FILMS},
    "ingest-image-url": {"url": "fox.jpg", "collection": FILMS},
    "ingest-text": {"text": "a fox", "collection": FILMS},
    "list-assets": IN,
    "search-assets": {**IN, "query": {"key": ["url"], "value": "fox"}},
    "patch-asset": {"metadata": {"a": 1}},
    "replace-asset": {"metadata": {"a": 1}},
    "list-features": IN,
    "search-features": {**IN, "queries": [QUERY]},
    "replace-feature": {"metadata": {"a": 1}},
    "embed": QUERY,
    "create-collection": {"collection_name": "new"},
    "update-collection": {"collection_name": "new"},
    "create-namespace": {"namespace_name": "new", "embedding_models": ["text"]},
    "update-namespace": {"namespace_name": "new", "payload_indexes": []},
    "add-user": {"email": "new@films.example"},
    "update-api-key": {"permissions": ["read"]},
}
"""A body that each operation takes."""
for pair in ("video-url", "image-url", "text"):
    BODIES = {**BODIES, f"index-{pair}": BODIES[f"ingest-{pair}"]}


def body_of(stage: Stage, name: str) -> dict[str, object] | None:
    """A body that the operation takes, about what is on the stage."""
    if name == "create-interaction":
        return {"feature_id": stage.feature, "interaction_type": "click"}
    return BODIES.get(name)


def at(stage: Stage, name: str, /, **more: object) -> httpx2.Response:
    """A call that is in order, unless `more` of the body says otherwise."""
    operation = OPERATIONS[name]
    body = body_of(stage, name)
    told = None if body is None and not more else {**(body or {}), **more}
    return stage.api.request(operation.method, path_of(operation, stage.ids), json=told)


def taken_key(stage: Stage) -> httpx2.Response:
    """Give a key the name of another."""
    good(stage.api.post(f"/organizations/users/{stage.user}/api-keys?key_name=ci"))
    return at(stage, "update-api-key", name="ci")


def taken(name: str, field: str) -> Callable[[Stage], httpx2.Response]:
    """Take a name that something on the stage has."""
    names = {"collection_name": "films", "namespace_name": "apart", "email": EMAIL}
    return lambda stage: at(stage, name, **{field: stage.ids and names[field]})


def taken_by_default(stage: Stage) -> httpx2.Response:
    """Give a namespace the name of the default one."""
    return at(stage, "update-namespace", namespace_name="default")


RULES: Mapping[str, Callable[[Stage], httpx2.Response]] = {
    "ingest-text": lambda s: at(s, "ingest-text", text=None),
    "index-text": lambda s: at(s, "index-text", text=None),
    "search-features": lambda s: at(s, "search-features", queries=[NOT_64]),
    "embed": lambda s: at(s, "embed", **NOT_64),
    "create-collection": taken("create-collection", "collection_name"),
    "update-collection": taken("update-collection", "collection_name"),
    "create-namespace": taken("create-namespace", "namespace_name"),
    "update-namespace": taken_by_default,
    "add-user": taken("add-user", "email"),
    "create-api-key": lambda s: at(s, "create-api-key"),
    "update-api-key": taken_key,
}
"""What each operation's own rules refuse with a 400."""


def ruled(stage: Stage, name: str) -> httpx2.Response:
    """A call that breaks the operation's rule."""
    return RULES[name](stage)


def wrong_key(stage: Stage, name: str) -> httpx2.Response:
    """A call with a key that is refused."""
    return _keyed(stage, name, "Bearer invalid-key")


def other_scheme(stage: Stage, name: str) -> httpx2.Response:
    """A call with an Authorization that is no bearer key."""
    return _keyed(stage, name, "Basic YTpi")


def _keyed(stage: Stage, name: str, credential: str) -> httpx2.Response:
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    return stage.api.request(operation.method, path, headers={"authorization": credential})


def nothing_there(stage: Stage, name: str) -> httpx2.Response:
    """An id that nothing has; without one in the path, a namespace that is not there."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    headers = {} if "{" in operation.template else {"x-namespace": "nowhere"}
    body = body_of(stage, name)
    return stage.api.request(operation.method, path, headers=headers, json=body)


def on_wrong_method(stage: Stage, name: str) -> httpx2.Response:
    """A call of the operation's path with a method that it does not take."""
    path = path_of(OPERATIONS[name], otherwise=NOBODY)
    return stage.api.request(wrong_method(NAME, path), path)


def too_large(stage: Stage, name: str) -> httpx2.Response:
    """A call with a body beyond the limit (see `small`)."""
    path = path_of(OPERATIONS[name], otherwise=NOBODY)
    return stage.send(OPERATIONS[name].method, path, url="0" * 5000)


def of_wrong_type(stage: Stage, name: str) -> httpx2.Response:
    """A call with a body of a type that the operation does not take."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    sent = {"content": b"films", "headers": {"content-type": "text/plain"}}
    return stage.api.request(operation.method, path, **sent)


def unknown_name(stage: Stage, name: str) -> httpx2.Response:
    """A name in the query that the operation does not know."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    return stage.api.request(operation.method, f"{path}?colour=red", json=body_of(stage, name))


def too_many(stage: Stage, name: str) -> httpx2.Response:
    """The call after the one that the rate allows (see `limited`)."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    assert stage.api.request(operation.method, path).status_code in (200, 404, 415, 422)
    return stage.api.request(operation.method, path)


GIVEN: Mapping[int, Callable[[Stage, str], httpx2.Response]] = {
    200: at,
    400: ruled,
    401: wrong_key,
    403: other_scheme,
    404: nothing_there,
    405: on_wrong_method,
    413: too_large,
    415: of_wrong_type,
    422: unknown_name,
    429: too_many,
}


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
        clients.append(client_of(fake))
        return Stage(fake, clients[-1])

    yield stage
    for client in clients:
        client.close()


@pytest.mark.parametrize(("operation", "status"), declared(NAME))
def test_status__declared_is_given(
    stages: Callable[[int], Stage], operation: str, status: int
) -> None:
    """For each there is a call that is answered so, and on contract."""
    stage = stages(status)
    response = GIVEN[status](stage, operation)
    if status == 200 and operation == "create-api-key":  # "default" is taken on the stage
        path = f"/organizations/users/{stage.user}/api-keys?key_name=new"
        response = stage.api.post(path)
    assert response.status_code == status, response.text
    lines = [(name, value) for name, value in response.headers.multi_items()]
    assert not breaches(NAME, operation, status, lines, response.content)
    if status >= 400:
        assert refused(response, status)
    if status in (200, 400):
        assert [each.operation for each in stage.fake.journal][-1] == operation


def test_rules__are_those_that_the_document_declares() -> None:
    """A 400 is for a rule, and every rule is tried."""
    assert {name for name, status in declared(NAME) if status == 400} == set(RULES)
