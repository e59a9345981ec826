"""Whatever comes that cannot be meant is refused in Mixpeek's words, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from aim import bodies_of, contract_of, operations_of, path_of, wrong_method
from junk import shown
from mixpeek_stage import NOBODY, client_of, features_of, good, ingest, new_asset

from understudy.contracts.exchange import Headers, Request
from understudy.mocks import Fake
from understudy.mocks.answer import Reply

NAME = "mixpeek"
OPERATIONS = contract_of(NAME).operations
EVERY = operations_of(NAME)
TAKING = [name for name in EVERY if bodies_of(OPERATIONS[name])]
GUARDED = [name for name in EVERY if name != "healthcheck"]
NAMING = [name for name in EVERY if "{" in OPERATIONS[name].template]
KEY = "Bearer sk_test"

Ids = dict[str, str]
Stocked = tuple[Fake, Ids]


@pytest.fixture(scope="module")
def stocked() -> Stocked:
    """A tenant with something of each kind; no test of this file changes it."""
    fake = Fake(NAME, time="manual")
    with client_of(fake) as api:
        asset = new_asset(fake, api)
        feature = features_of(api, asset)[0]["feature_id"]
        task = ingest(api, "https://media.example/owl.mp4")["task_id"]
        body = {"namespace_name": "apart", "vector_indexes": ["text"]}
        namespace = good(api.post("/namespaces", json=body))["namespace_id"]
        email = good(api.post("/organizations/users", json={"email": "a@b.example"}))["email"]
        good(api.post(f"/organizations/users/{email}/api-keys"))
        note = {"feature_id": feature, "interaction_type": "view"}
        noted = good(api.post("/features/search/interactions", json=note))["interaction_id"]
    ids = {"asset_id": asset, "feature_id": feature, "task_id": task, "namespace": namespace}
    ids |= {"collection": "films", "user_email": email, "key_name": "default"}
    return fake, {**ids, "interaction_id": noted}


@pytest.fixture
def unchanged(stocked: Stocked) -> Iterator[Stocked]:
    """The same, held against what it was before the test."""
    before = shown(stocked[0])
    yield stocked
    assert shown(stocked[0]) == before


def ask(
    fake: Fake,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    query: str = "",
    key: str | None = KEY,
    media_type: str = "application/json",
) -> Reply:
    """The reply to a request in whose parts any bytes may be."""
    lines = [("host", "127.0.0.1"), *([("authorization", key)] if key is not None else [])]
    if body:
        lines.append(("content-type", media_type))
    request = Request(method, f"/mixpeek{path}", query, Headers(lines), body)
    return fake.engine.handle(request, wire=False)


def call(stocked: Stocked, name: str, body: bytes = b"", **more: Any) -> Reply:
    """A call of the operation about things that are there."""
    fake, ids = stocked
    return ask(fake, OPERATIONS[name].method, path_of(OPERATIONS[name], ids), body, **more)


def refused(reply: Reply, *statuses: int) -> Any:
    """Check either form of a refusal, and answer it."""
    assert isinstance(reply.body, bytes)
    assert 400 <= reply.status < 500, reply
    assert not statuses or reply.status in statuses, (reply.status, reply.body)
    body = orjson.loads(reply.body)
    if reply.status == 422:
        assert body["detail"]
        assert all(each["loc"] and each["msg"] and each["type"] for each in body["detail"])
        return body["detail"]
    assert (body["success"], body["status"]) == (False, reply.status)
    assert body["error"]["message"]
    assert body["error"]["type"].endswith("Error")
    return body["error"]


@pytest.mark.parametrize("name", GUARDED)
def test_bad_key__refused(unchanged: Stocked, name: str) -> None:
    """A wrong key or none is 401, a credential of another kind 403, whatever else is wrong."""
    for key in ("Bearer invalid-key", "Bearer not-a-real-key", None):
        refused(call(unchanged, name, key=key), 401)
    for key in ("Basic YTpi", "sk_test", "Bearer", "Token sk_test", ""):
        refused(call(unchanged, name, key=key), 403, 401)


@pytest.mark.parametrize("name", EVERY)
def test_bad_method__refused(unchanged: Stocked, name: str) -> None:
    """A method that the path does not take is a 405 that names those that it takes."""
    path = path_of(OPERATIONS[name], unchanged[1])
    for method in (wrong_method(NAME, path), "TRACE", "get", "M" * 1000, "É"):
        reply = ask(unchanged[0], method, path)
        refused(reply, 405)
        assert OPERATIONS[name].method in dict(reply.headers)["allow"]


@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize(
    "odd", ["%00", "a%00b", "%FF%FE", "%", "%zz", "..", "%F0%9F%8E%AC", "-1", "9" * 400, NOBODY]
)
def test_bad_id__refused(unchanged: Stocked, name: str, odd: str) -> None:
    """NUL bytes, broken text, dots and numbers instead of an id."""
    operation = OPERATIONS[name]
    path = path_of(operation, otherwise=odd)
    refused(ask(unchanged[0], operation.method, path), 404, 415, 422)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "%00=1",
        "page_sise=3",
        "x=" + "a" * 100_000,
        "page=%FF",
        "[[[[=1",
        "=",
        "page=0",
    ],
    ids=["unknown", "nul", "mistyped", "long", "latin", "open", "nameless", "zero"],
)
def test_bad_query__refused(unchanged: Stocked, name: str, query: str) -> None:
    """What the operation does not take in its query, and values out of bounds."""
    reply = call(unchanged, name, query=query)
    if reply.status != 415:  # no body came where one is needed, and that is said first
        refused(reply, 422)


JUNK = {
    "not UTF-8": b'{"url": "\xff\xfe"}',
    "cut short": b'{"url": "fil',
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "huge number": b'{"url": ' + b"9" * 400 + b"}",
    "NaN": b'{"url": NaN}',
    "list": b"[]",
    "text": b'"films"',
    "null": b"null",
    "wrong types": orjson.dumps(
        {
            "url": [], "collection": 7, "collections": "films", "metadata": 1, "queries": {},
            "feature_id": [], "collection_name": {}, "namespace_name": 0, "email": None,
            "permissions": "all", "name": 3, "value": [], "type": "smell", "text": 5,
        }
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKING)
@pytest.mark.parametrize("body", JUNK.values(), ids=JUNK)
def test_bad_body__refused(unchanged: Stocked, name: str, body: bytes) -> None:
    """No JSON, JSON of another shape, and fields of wrong types: 422, in FastAPI's form."""
    detail = refused(call(unchanged, name, body), 422)
    assert detail[0]["loc"][0] == "body"


@pytest.mark.parametrize("name", TAKING)
def test_bad_media_type__refused(unchanged: Stocked, name: str) -> None:
    """A body that is no JSON is a 415."""
    for media_type in ("text/plain", "application/xml", "multipart/form-data; boundary=x", ";"):
        refused(call(unchanged, name, b"films", media_type=media_type), 415)


WRONG = [
    ({"url": "a.mp4"}, ["body", "collection"], "missing"),
    ({"collection": "films"}, ["body", "url"], "missing"),
    ({"url": "", "collection": "films"}, ["body", "url"], "value_error"),
    ({"url": "a", "collection": "f", "metadata": []}, ["body", "metadata"], "value_error"),
    (
        {"url": "a", "collection": "f", "feature_extractors": [{"interval_sec": 0}]},
        ["body", "feature_extractors", 0, "interval_sec"],
        "value_error",
    ),
    (
        {"url": "a", "collection": "f", "feature_extractors": [{"embed": [{"vector_index": "x"}]}]},
        ["body", "feature_extractors", 0, "embed", 0, "type"],
        "missing",
    ),
]


@pytest.mark.parametrize(("body", "loc", "kind"), WRONG)
def test_bad_field__is_named(
    unchanged: Stocked, body: dict[str, object], loc: list[object], kind: str
) -> None:
    """The way to the field, step by step, and a word for what is wrong."""
    detail = refused(call(unchanged, "ingest-video-url", orjson.dumps(body)), 422)
    assert (loc, kind) in [(each["loc"], each["type"]) for each in detail]


@pytest.mark.parametrize("spelling", ["and", "Or", "NOT", "keys"])
def test_bad_filter__refused(unchanged: Stocked, spelling: str) -> None:
    """Groups are spelt in capitals; operators are from the list; twenty conditions at most."""
    for filters in (
        {spelling: []},
        {"AND": [{"key": "a", "operator": "equals"}]},
        {"AND": [{"key": "a"}] * 21},
        {"AND": [{}, {"value": 1, "operator": "eq"}]},
    ):
        for name in ("list-assets", "search-assets", "list-features"):
            body = orjson.dumps({"collections": ["films"], "filters": filters})
            detail = refused(call(unchanged, name, body), 422)
            assert detail[0]["loc"][:2] == ["body", "filters"]


def test_bad_world__refused(unchanged: Stocked) -> None:
    """A namespace that is not there, at every operation that takes the header."""
    fake, _ = unchanged
    with client_of(fake, **{"x-namespace": "nowhere"}) as api:
        for path in ("/collections", "/features/search/interactions", "/assets/x", "/tasks/x"):
            assert api.get(path).status_code == 404
        body = {"url": "a.mp4", "collection": "films"}
        assert api.post("/ingest/videos/url", json=body).status_code == 404


def test_shown__sees_changes(stocked: Stocked) -> None:
    """What the other tests rely on: a single good call is noticed."""
    before = shown(stocked[0])
    with client_of(stocked[0]) as api:
        ingest(api, "https://media.example/new.mp4")
    assert shown(stocked[0]) != before
