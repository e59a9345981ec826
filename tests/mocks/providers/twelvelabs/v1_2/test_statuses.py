"""Every status that an operation of v1.2 declares is one that the fake gives."""

from collections.abc import Callable, Iterator, Mapping

import httpx2
import pytest
from aim import bodies_of, breaches, contract_of, declared, path_of, wrong_method
from older import CLASSES, ENGINES, VIDEO, Older, client_of
from stage import NOBODY

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

NAME = "twelvelabs/v1.2"
OPERATIONS = contract_of(NAME).operations
BUCKET = "68652eecf1b5a3d2c4e6f741"
STALE = "6f2d0b14-5a0e-4c62-8f5b-0d8c1d8a7e21-1"
IMPORT = "/tasks/transfers/import"
ENGINE = "Marengo-retrieval-2.6"
ANY = [{"text": "a ferry"}, {"text": "a red fox"}]

Call = Callable[[Older], httpx2.Response]
Calls = Mapping[int, Call]


def on_text(path: str, **wanted: object) -> Calls:
    """The calls of an operation that writes about a video."""
    return {
        200: lambda o: o.post(path, video_id=o.video, **wanted),
        400: lambda o: o.post(path, video_id=o.video),
        404: lambda o: o.post(path, video_id=NOBODY, **wanted),
    }


def on_sight(what: str) -> Calls:
    """The calls of an operation that tells what is in a video."""
    return {
        200: lambda o: o.get(f"{o.path}/{what}"),
        400: lambda o: o.get(f"{o.path}/{what}", start=-1, time=-1),
        404: lambda o: o.get(f"/indexes/{o.index}/videos/{NOBODY}/{what}"),
    }


def on_page(path: str, token: Callable[[Older], str]) -> Calls:
    """The calls of an operation that reads a page by its token."""
    return {
        200: lambda o: o.get(f"{path}/{token(o)}"),
        400: lambda o: o.get(f"{path}/second"),
        404: lambda o: o.get(f"{path}/{STALE}"),
    }


def at_import(older: Older, index: str = "") -> httpx2.Response:
    """Start an import of a bucket."""
    return older.post(f"{IMPORT}/{BUCKET}", index_id=index or older.index)


def twice(older: Older) -> httpx2.Response:
    """Start an import while another runs."""
    assert at_import(older).status_code == 201
    return at_import(older)


def taken_name(older: Older) -> httpx2.Response:
    """Give an index the name of another."""
    older.new_index("ships")
    return older.send("PUT", f"/indexes/{older.index}", index_name="ships")


def listing(index: str, address: str = "s3://bucket/01.mp4") -> str:
    """A file that lists one video."""
    return f'[{{"index_id": "{index}", "language": "en", "object": "{address}"}}]'


OWN: Mapping[str, Calls] = {
    "list-engines": {
        200: lambda o: o.get("/engines"),
        400: lambda o: o.get("/engines", colour="red"),
    },
    "retrieve-engine": {
        200: lambda o: o.get("/engines/pegasus1.1"),
        400: lambda o: o.get("/engines/pegasus1.1", colour="red"),
        404: lambda o: o.get("/engines/steam"),
    },
    "list-indexes": {
        200: lambda o: o.get("/indexes"),
        400: lambda o: o.get("/indexes", engine_options="smell"),
    },
    "create-index": {
        201: lambda o: o.post("/indexes", index_name="a", engines=ENGINES),
        400: lambda o: o.post("/indexes", index_name="a", models=ENGINES),
        409: lambda o: o.post("/indexes", index_name=o.index and "films", engines=ENGINES),
    },
    "retrieve-index": {
        200: lambda o: o.get(f"/indexes/{o.index}"),
        400: lambda o: o.get("/indexes/films"),
        404: lambda o: o.get(f"/indexes/{NOBODY}"),
    },
    "update-index": {
        204: lambda o: o.send("PUT", f"/indexes/{o.index}", index_name="ships"),
        400: lambda o: o.send("PUT", f"/indexes/{o.index}"),
        404: lambda o: o.send("PUT", f"/indexes/{NOBODY}", index_name="ships"),
        409: taken_name,
    },
    "delete-index": {
        204: lambda o: o.api.delete(f"/indexes/{o.index}"),
        400: lambda o: o.api.delete("/indexes/films"),
        404: lambda o: o.api.delete(f"/indexes/{NOBODY}"),
    },
    "list-videos": {
        200: lambda o: o.get(f"/indexes/{o.index}/videos"),
        400: lambda o: o.get(f"/indexes/{o.index}/videos", page_limit=51),
        404: lambda o: o.get(f"/indexes/{NOBODY}/videos"),
    },
    "retrieve-video-information": {
        200: lambda o: o.get(o.path),
        400: lambda o: o.get(f"/indexes/{o.index}/videos/ferry"),
        404: lambda o: o.get(f"/indexes/{o.index}/videos/{NOBODY}"),
    },
    "update-video-information": {
        204: lambda o: o.send("PUT", o.path, video_title="Fox", metadata={"category": "animals"}),
        400: lambda o: o.send("PUT", o.path, metadata={"size": 1}),
        404: lambda o: o.send("PUT", f"/indexes/{o.index}/videos/{NOBODY}", video_title="Fox"),
    },
    "delete-video-information": {
        204: lambda o: o.api.delete(o.path),
        400: lambda o: o.api.delete(f"/indexes/{o.index}/videos/ferry"),
        404: lambda o: o.api.delete(f"/indexes/{o.index}/videos/{NOBODY}"),
    },
    "retrieve-video-transcription": on_sight("transcription"),
    "retrieve-text-in-video": on_sight("text-in-video"),
    "retrieve-video-logos": on_sight("logo"),
    "retrieve-video-thumbnail": on_sight("thumbnail"),
    "list-video-indexing-tasks": {
        200: lambda o: o.get("/tasks", index_id=o.task and o.index),
        400: lambda o: o.get("/tasks", status="asleep"),
    },
    "create-video-indexing-task": {
        200: lambda o: o.upload(video_url=VIDEO),
        400: lambda o: o.upload(),
        404: lambda o: o.upload(NOBODY, video_url=VIDEO),
    },
    "count-video-indexing-tasks": {
        200: lambda o: o.get("/tasks/status", index_id=o.index),
        400: lambda o: o.get("/tasks/status"),
        404: lambda o: o.get("/tasks/status", index_id=NOBODY),
    },
    "transfer-videos": {
        204: lambda o: o.transfer(listing(o.index)),
        400: lambda o: o.transfer("a film"),
        404: lambda o: o.transfer(listing(NOBODY)),
    },
    "index-external-video": {
        200: lambda o: o.post("/tasks/external-provider", index_id=o.index, url=VIDEO),
        400: lambda o: o.post("/tasks/external-provider", index_id=o.index, url="fox"),
        404: lambda o: o.post("/tasks/external-provider", index_id=NOBODY, url=VIDEO),
    },
    "retrieve-video-indexing-task": {
        200: lambda o: o.get(f"/tasks/{o.task}"),
        400: lambda o: o.get("/tasks/first"),
        404: lambda o: o.get(f"/tasks/{NOBODY}"),
    },
    "delete-video-indexing-task": {
        204: lambda o: o.api.delete(f"/tasks/{o.failed}"),
        400: lambda o: o.api.delete("/tasks/first"),
        404: lambda o: o.api.delete(f"/tasks/{NOBODY}"),
        409: lambda o: o.api.delete(f"/tasks/{o.task}"),
    },
    "cloud-to-cloud-import-videos": {
        201: at_import,
        400: lambda o: o.post(f"{IMPORT}/{BUCKET}", index_id="films"),
        404: lambda o: at_import(o, NOBODY),
        409: twice,
    },
    "cloud-to-cloud-retrieve-status": {
        200: lambda o: o.get(f"{IMPORT}/{BUCKET}/status", index_id=o.index),
        400: lambda o: o.get(f"{IMPORT}/{BUCKET}/status"),
        404: lambda o: o.get(f"{IMPORT}/{BUCKET}/status", index_id=NOBODY),
    },
    "cloud-to-cloud-retrieve-import-logs": {
        200: lambda o: o.get(f"{IMPORT}/{BUCKET}/logs"),
        400: lambda o: o.get(f"{IMPORT}/{BUCKET}/logs", colour="red"),
        404: lambda o: o.get(f"{IMPORT}/understudy-unknown/logs"),
    },
    "search-by-text": {
        200: lambda o: o.search(),
        400: lambda o: o.search(page_limit=0),
        404: lambda o: o.search(NOBODY),
    },
    "retrieve-search-page": on_page("/search", lambda o: o.token),
    "any-to-video-search": {
        200: lambda o: o.form(
            "/search-v2", index_id=o.index, query_text="a fox", search_options="visual"
        ),
        400: lambda o: o.form("/search-v2", index_id=o.index, search_options="visual"),
        404: lambda o: o.form(
            "/search-v2", index_id=NOBODY, query_text="a fox", search_options="visual"
        ),
    },
    "any-to-video--retrieve-specific-page": on_page("/search-v2", lambda o: o.token),
    "search-by-combined-queries": {
        200: lambda o: o.combined({"$or": ANY}),
        400: lambda o: o.combined({"$xor": ANY}),
        404: lambda o: o.combined({"$or": ANY}, index=NOBODY),
    },
    "retrieve-combined-page": on_page("/combined-search", lambda o: o.token),
    "classify-videos": {
        200: lambda o: o.post(
            "/classify", video_ids=[o.video], options=["visual"], classes=CLASSES
        ),
        400: lambda o: o.post("/classify", video_ids=[], options=["visual"], classes=CLASSES),
        404: lambda o: o.post("/classify", video_ids=[NOBODY], options=["visual"], classes=CLASSES),
    },
    "classify-index": {
        200: lambda o: o.classify(),
        400: lambda o: o.classify(classes=[*CLASSES, CLASSES[0]]),
        404: lambda o: o.classify(NOBODY),
    },
    "retrieve-classification-page": on_page("/classify", lambda o: o.class_token),
    "gist": on_text("/gist", types=["title"]),
    "summarize": on_text("/summarize", type="chapter"),
    "generate": on_text("/generate", prompt="Who runs?"),
    "create-text-embedding": {
        200: lambda o: o.api.post("/embed", data={"engine_name": ENGINE, "text": "a fox"}),
        400: lambda o: o.api.post("/embed", data={"engine_name": ENGINE}),
    },
    "list-video-embedding-tasks": {
        200: lambda o: o.get("/embed/tasks"),
        400: lambda o: o.get("/embed/tasks", status="asleep"),
    },
    "create-video-embedding-task": {
        200: lambda o: o.form("/embed/tasks", engine_name=ENGINE, video_url=VIDEO),
        400: lambda o: o.form("/embed/tasks", engine_name=ENGINE),
    },
    "retrieve-video-embedding-task": {
        200: lambda o: o.get(f"/embed/tasks/{o.embedding}/status"),
        400: lambda o: o.get("/embed/tasks/first/status"),
        404: lambda o: o.get(f"/embed/tasks/{NOBODY}/status"),
    },
    "retrieve-video-embedding": {
        200: lambda o: o.get(f"/embed/tasks/{o.embedding}"),
        400: lambda o: o.get("/embed/tasks/first"),
        404: lambda o: o.get(f"/embed/tasks/{NOBODY}"),
    },
}
"""What is particular to an operation: its success, and what its own rules refuse."""


def path_to(name: str) -> str:
    """The path of an operation, about nothing that is there."""
    return path_of(OPERATIONS[name], otherwise=NOBODY)


def wrong_key(older: Older, name: str) -> httpx2.Response:
    """A call with a key that is refused."""
    wrong = {"x-api-key": "invalid-key"}
    return older.api.request(OPERATIONS[name].method, path_to(name), headers=wrong)


def on_wrong_method(older: Older, name: str) -> httpx2.Response:
    """A call of the operation's path with a method that it does not take."""
    return older.api.request(wrong_method(NAME, path_to(name)), path_to(name))


def too_large(older: Older, name: str) -> httpx2.Response:
    """A call with a body beyond the limit (see `small`), of a type that is taken."""
    method, taken = OPERATIONS[name].method, bodies_of(OPERATIONS[name])
    if "multipart/form-data" in taken:
        return older.api.request(method, path_to(name), files={"text": (None, "0" * 5000)})
    return older.send(method, path_to(name), index_name="0" * 5000)


def of_wrong_type(older: Older, name: str) -> httpx2.Response:
    """A call with a body of a type that the operation does not take."""
    told = {"content-type": "text/plain"}
    method = OPERATIONS[name].method
    return older.api.request(method, path_to(name), content=b"films", headers=told)


def too_many(older: Older, name: str) -> httpx2.Response:
    """The call after the one that the rate allows (see `limited`)."""
    method = OPERATIONS[name].method
    assert older.api.request(method, path_to(name)).status_code in (200, 400, 404, 415)
    return older.api.request(method, path_to(name))


COMMON: Mapping[int, Callable[[Older, str], httpx2.Response]] = {
    401: wrong_key,
    405: on_wrong_method,
    413: too_large,
    415: of_wrong_type,
    429: too_many,
}
"""What every operation can be refused for in the same way."""


@pytest.fixture(scope="module")
def roomy() -> Fake:
    return Fake("twelvelabs", time="manual")


@pytest.fixture(scope="module")
def small() -> Fake:
    """Takes bodies of 4,000 bytes at most."""
    return Fake("twelvelabs", time="manual", limits=Limits(body=4000, text=4000))


@pytest.fixture(scope="module")
def limited() -> Fake:
    """Takes one call of an operation in an hour."""
    return Fake("twelvelabs", time="manual", rate="1/3600")


@pytest.fixture
def stages(roomy: Fake, small: Fake, limited: Fake) -> Iterator[Callable[[int], Older]]:
    """The tenant on which a status can be had, with nothing in it yet."""
    clients: list[httpx2.Client] = []

    def stage(status: int) -> Older:
        fake = {413: small, 429: limited}.get(status, roomy)
        fake.reset()
        clients.append(client_of(fake, "tlk_test"))
        return Older(fake, clients[-1])

    yield stage
    for client in clients:
        client.close()


@pytest.mark.parametrize(("operation", "status"), declared(NAME))
def test_status__declared_is_given(
    stages: Callable[[int], Older], operation: str, status: int
) -> None:
    """For each there is a call that is answered so, and on contract."""
    older = stages(status)
    if status in COMMON:
        response = COMMON[status](older, operation)
    else:
        response = OWN[operation][status](older)
    assert response.status_code == status, response.text
    assert response.headers["x-api-version"] == "1.2"
    lines = [(name, value) for name, value in response.headers.multi_items()]
    assert not breaches(NAME, operation, status, lines, response.content)
    if status >= 400:
        body = response.json()
        assert set(body) == {"code", "message", "docs_url"}
        assert status == 405 or "/v1.2/" in body["docs_url"]
    if status not in COMMON:
        assert [each.operation for each in older.fake.journal][-1] == operation


def test_status__every_call_is_of_a_declared_one() -> None:
    """The table holds what the document declares, and not one status more."""
    stated = set(declared(NAME))
    assert {(name, status) for name, calls in OWN.items() for status in calls} == {
        pair for pair in stated if pair[1] not in COMMON
    }
    assert set(COMMON) <= {status for _, status in stated}
