"""Every status that an operation of Twelve Labs declares is one that the fake gives."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import httpx2
import pytest
from aim import bodies_of, breaches, contract_of, declared, path_of, wrong_method
from stage import LONG, MODELS, NOBODY, client_of, new_index, new_task

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

NAME = "twelvelabs"
KEY = "tlk_test"
VIDEO = "https://media.example/ferry.mp4?duration=200"
BUCKET = "68652eecf1b5a3d2c4e6f741"
UNKNOWN_BUCKET = "understudy-unknown"
STALE = "6f2d0b14-5a0e-4c62-8f5b-0d8c1d8a7e21-1"
OPERATIONS = contract_of(NAME).operations


@dataclass
class Stage:
    """A tenant with what a call may be about, each made when first asked for."""

    fake: Fake
    api: httpx2.Client

    @cached_property
    def index(self) -> str:
        return new_index(self.api, "films")

    @cached_property
    def task(self) -> str:
        """An indexing task that is still running."""
        return new_task(self.api, self.index, VIDEO)["_id"]

    @cached_property
    def video(self) -> str:
        made = new_task(self.api, self.index, VIDEO)
        self.fake.clock.advance(LONG)
        return made["video_id"]

    @cached_property
    def failed(self) -> str:
        """An indexing task that is over and has no video."""
        url = "https://media.example/understudy-fail.mp4"
        made = new_task(self.api, self.index, url)["_id"]
        self.fake.clock.advance(LONG)
        return made

    @cached_property
    def embedding(self) -> str:
        made = self.form("/embed/tasks", model_name="marengo3.0", video_url=VIDEO)
        return str(made.json()["_id"])

    @cached_property
    def token(self) -> str:
        """The token of a search's second page."""
        assert self.video
        found = self.search(page_limit="1")
        return str(found.json()["page_info"]["next_page_token"])

    def get(self, path: str, **query: object) -> httpx2.Response:
        return self.api.get(path, params={name: str(value) for name, value in query.items()})

    def send(self, method: str, path: str, **body: object) -> httpx2.Response:
        return self.api.request(method, path, json=body)

    def post(self, path: str, **body: object) -> httpx2.Response:
        return self.send("POST", path, **body)

    def form(self, path: str, **fields: str) -> httpx2.Response:
        files = {name: (None, value) for name, value in fields.items()}
        return self.api.post(path, files=files)

    def search(self, index: str = "", **fields: str) -> httpx2.Response:
        asked = {"query_text": "a ferry", "search_options": "visual", "threshold": "none"}
        return self.form("/search", index_id=index or self.index, **asked, **fields)

    def upload(self, index: str = "", **fields: str) -> httpx2.Response:
        return self.form("/tasks", index_id=index or self.index, **fields)


def at_import(stage: Stage, bucket: str = BUCKET, index: str = "") -> httpx2.Response:
    """Start an import of a bucket."""
    return stage.post(f"/tasks/transfers/import/{bucket}", index_id=index or stage.index)


def second_import(stage: Stage) -> httpx2.Response:
    """Start an import while another runs."""
    assert at_import(stage).status_code == 201
    return at_import(stage)


def taken_name(stage: Stage) -> httpx2.Response:
    """Give an index the name of another."""
    new_index(stage.api, "ships")
    return stage.send("PUT", f"/indexes/{stage.index}", index_name="ships")


Call = Callable[[Stage], httpx2.Response]
Calls = Mapping[int, Call]


def on_text(path: str, **wanted: object) -> Calls:
    """The calls of an operation that writes about a video."""
    return {
        200: lambda s: s.post(path, video_id=s.video, **wanted),
        400: lambda s: s.post(path, video_id=s.video),
        404: lambda s: s.post(path, video_id=NOBODY, **wanted),
    }


def on_video(method: str) -> Calls:
    """The calls of an operation that changes a video."""
    some = {"user_metadata": {"category": "boats"}}
    return {
        204: lambda s: s.send(method, f"/indexes/{s.index}/videos/{s.video}", **some),
        400: lambda s: s.send(method, f"/indexes/{s.index}/videos/{s.video}", user_metadata=1),
        404: lambda s: s.send(method, f"/indexes/{s.index}/videos/{NOBODY}", **some),
    }


IMPORT = "/tasks/transfers/import"
OWN: Mapping[str, Calls] = {
    "list-indexes": {
        200: lambda s: s.get("/indexes"),
        400: lambda s: s.get("/indexes", page=0),
    },
    "create-index": {
        201: lambda s: s.post("/indexes", index_name="a", models=MODELS),
        400: lambda s: s.post("/indexes", index_name="a"),
        409: lambda s: s.post("/indexes", index_name=s.index and "films", models=MODELS),
    },
    "retrieve-index": {
        200: lambda s: s.get(f"/indexes/{s.index}"),
        400: lambda s: s.get("/indexes/films"),
        404: lambda s: s.get(f"/indexes/{NOBODY}"),
    },
    "update-index": {
        204: lambda s: s.send("PUT", f"/indexes/{s.index}", index_name="ships"),
        400: lambda s: s.send("PUT", f"/indexes/{s.index}"),
        404: lambda s: s.send("PUT", f"/indexes/{NOBODY}", index_name="ships"),
        409: taken_name,
    },
    "delete-index": {
        204: lambda s: s.api.delete(f"/indexes/{s.index}"),
        400: lambda s: s.api.delete("/indexes/films"),
        404: lambda s: s.api.delete(f"/indexes/{NOBODY}"),
    },
    "list-videos": {
        200: lambda s: s.get(f"/indexes/{s.index}/videos"),
        400: lambda s: s.get(f"/indexes/{s.index}/videos", page_limit=51),
        404: lambda s: s.get(f"/indexes/{NOBODY}/videos"),
    },
    "retrieve-video-information": {
        200: lambda s: s.get(f"/indexes/{s.index}/videos/{s.video}", transcription="true"),
        400: lambda s: s.get(f"/indexes/{s.index}/videos/{s.video}", embedding_option="smell"),
        404: lambda s: s.get(f"/indexes/{s.index}/videos/{NOBODY}"),
    },
    "update-video-information": on_video("PUT"),
    "patch-video-information": on_video("PATCH"),
    "delete-video-information": {
        204: lambda s: s.api.delete(f"/indexes/{s.index}/videos/{s.video}"),
        400: lambda s: s.api.delete(f"/indexes/{s.index}/videos/ferry"),
        404: lambda s: s.api.delete(f"/indexes/{s.index}/videos/{NOBODY}"),
    },
    "list-video-indexing-tasks": {
        200: lambda s: s.get("/tasks", index_id=s.task and s.index),
        400: lambda s: s.get("/tasks", status="asleep"),
    },
    "create-video-indexing-task": {
        200: lambda s: s.upload(video_url=VIDEO),
        400: lambda s: s.upload(),
        404: lambda s: s.upload(NOBODY, video_url=VIDEO),
    },
    "count-video-indexing-tasks": {
        200: lambda s: s.get("/tasks/status", index_id=s.index),
        400: lambda s: s.get("/tasks/status"),
        404: lambda s: s.get("/tasks/status", index_id=NOBODY),
    },
    "retrieve-video-indexing-task": {
        200: lambda s: s.get(f"/tasks/{s.task}"),
        400: lambda s: s.get("/tasks/first"),
        404: lambda s: s.get(f"/tasks/{NOBODY}"),
    },
    "delete-video-indexing-task": {
        204: lambda s: s.api.delete(f"/tasks/{s.failed}"),
        400: lambda s: s.api.delete("/tasks/first"),
        404: lambda s: s.api.delete(f"/tasks/{NOBODY}"),
        409: lambda s: s.api.delete(f"/tasks/{s.task}"),
    },
    "cloud-to-cloud-import-videos": {
        201: at_import,
        400: lambda s: s.post(f"{IMPORT}/{BUCKET}", index_id="films"),
        404: lambda s: at_import(s, index=NOBODY),
        409: second_import,
    },
    "cloud-to-cloud-retrieve-status": {
        200: lambda s: s.get(f"{IMPORT}/{BUCKET}/status", index_id=s.index),
        400: lambda s: s.get(f"{IMPORT}/{BUCKET}/status"),
        404: lambda s: s.get(f"{IMPORT}/{BUCKET}/status", index_id=NOBODY),
    },
    "cloud-to-cloud-retrieve-import-logs": {
        200: lambda s: s.get(f"{IMPORT}/{BUCKET}/logs"),
        400: lambda s: s.get(f"{IMPORT}/{BUCKET}/logs", colour="red"),
        404: lambda s: s.get(f"{IMPORT}/{UNKNOWN_BUCKET}/logs"),
    },
    "any-to-video-search": {
        200: lambda s: s.search(),
        400: lambda s: s.search(page_limit="0"),
        404: lambda s: s.search(NOBODY),
    },
    "any-to-video--retrieve-specific-page": {
        200: lambda s: s.get(f"/search/{s.token}"),
        400: lambda s: s.get("/search/second"),
        404: lambda s: s.get(f"/search/{STALE}"),
    },
    "gist": on_text("/gist", types=["title"]),
    "summarize": on_text("/summarize", type="chapter"),
    "generate-text-representation": on_text("/analyze", prompt="Who comes aboard?"),
    "analyze": on_text("/generate", prompt="Who comes aboard?", stream=False),
    "create-text-image-audio-embedding": {
        200: lambda s: s.form("/embed", model_name="marengo3.0", text="a ferry"),
        400: lambda s: s.form("/embed", model_name="marengo3.0"),
    },
    "list-video-embedding-tasks": {
        200: lambda s: s.get("/embed/tasks"),
        400: lambda s: s.get("/embed/tasks", status="asleep"),
    },
    "create-video-embedding-task": {
        200: lambda s: s.form("/embed/tasks", model_name="marengo3.0", video_url=VIDEO),
        400: lambda s: s.form("/embed/tasks", model_name="marengo3.0"),
    },
    "retrieve-video-embedding-task": {
        200: lambda s: s.get(f"/embed/tasks/{s.embedding}/status"),
        400: lambda s: s.get("/embed/tasks/first/status"),
        404: lambda s: s.get(f"/embed/tasks/{NOBODY}/status"),
    },
    "retrieve-video-embedding": {
        200: lambda s: s.get(f"/embed/tasks/{s.embedding}"),
        400: lambda s: s.get("/embed/tasks/first"),
        404: lambda s: s.get(f"/embed/tasks/{NOBODY}"),
    },
}
"""What is particular to an operation: its success, and what its own rules refuse."""


def wrong_key(stage: Stage, name: str) -> httpx2.Response:
    """A call with a key that is refused."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=NOBODY)
    return stage.api.request(operation.method, path, headers={"x-api-key": "invalid-key"})


def on_wrong_method(stage: Stage, name: str) -> httpx2.Response:
    """A call of the operation's path with a method that it does not take."""
    path = path_of(OPERATIONS[name], otherwise=NOBODY)
    return stage.api.request(wrong_method(NAME, path), path)


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
    assert stage.api.request(operation.method, path).status_code in (200, 400, 404, 415)
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


@pytest.mark.parametrize(("operation", "status"), declared(NAME))
def test_status__declared_is_given(
    stages: Callable[[int], Stage], operation: str, status: int
) -> None:
    """For each there is a call that is answered so, and on contract."""
    stage = stages(status)
    if status in COMMON:
        response = COMMON[status](stage, operation)
    else:
        response = OWN[operation][status](stage)
    assert response.status_code == status, response.text
    lines = [(name, value) for name, value in response.headers.multi_items()]
    assert not breaches(NAME, operation, status, lines, response.content)
    if status >= 400:
        assert set(response.json()) == {"code", "message", "docs_url"}
    if status not in COMMON:
        assert [each.operation for each in stage.fake.journal][-1] == operation


def test_status__every_call_is_of_a_declared_one() -> None:
    """The table holds what the documents declare, and not one status more."""
    stated = set(declared(NAME))
    assert {(name, status) for name, calls in OWN.items() for status in calls} == {
        pair for pair in stated if pair[1] not in COMMON
    }
    assert set(COMMON) <= {status for _, status in stated}
