"""Whatever comes to v1.2 that cannot be meant is refused in its words, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from aim import bodies_of, contract_of, operations_of, path_of, wrong_method
from junk import JUNK, TORN, shown
from older import CLASSES, VIDEO, Older, client_of
from stage import NOBODY

from understudy.contracts.exchange import Headers, Request
from understudy.mocks import Fake
from understudy.mocks.answer import Reply

NAME = "twelvelabs/v1.2"
KEY = "tlk_test"
OPERATIONS = contract_of(NAME).operations
EVERY = operations_of(NAME)
TAKING = [name for name in EVERY if bodies_of(OPERATIONS[name])]
JSON = [name for name in TAKING if "application/json" in bodies_of(OPERATIONS[name])]
FORMS = [name for name in TAKING if "multipart/form-data" in bodies_of(OPERATIONS[name])]
NAMING = [
    name
    for name in EVERY
    if "{" in (template := OPERATIONS[name].template) and "integration" not in template
]
ENGINE = {"engine_name": "marengo2.6", "engine_options": ["visual"]}

Stock = tuple[Older, dict[str, str]]


@pytest.fixture(scope="module")
def stocked() -> Iterator[Stock]:
    """A tenant with an index, a video, a task and an embedding; no test here changes it."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, KEY) as api:
        older = Older(fake, api)
        lone = older.new_index("search only", [ENGINE])
        mute = older.new_index("text only", [{**ENGINE, "engine_name": "pegasus1.1"}])
        known = {"index-id": older.index, "video-id": older.video, "lone": lone, "mute": mute}
        known |= {"silent": older.new_video(VIDEO, lone), "task_id": older.task}
        yield older, {**known, "embedding": older.embedding, "engine-id": "steam"}


@pytest.fixture
def unchanged(stocked: Stock) -> Iterator[Stock]:
    """The same, held against what it was before the test."""
    before = shown(stocked[0].fake)
    yield stocked
    assert shown(stocked[0].fake) == before


def ask(
    stock: Stock,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    query: str = "",
    key: str = KEY,
    media_type: str = "application/json",
) -> Reply:
    """The reply to a request in whose parts any bytes may be."""
    lines = [("host", "127.0.0.1"), ("x-api-key", key)]
    if body:
        lines.append(("content-type", media_type))
    request = Request(method, f"/twelvelabs/v1.2{path}", query, Headers(lines), body)
    return stock[0].fake.engine.handle(request, wire=False)


def call(stock: Stock, name: str, body: bytes = b"", **more: Any) -> Reply:
    """A call of the operation about things that are there."""
    known = {**stock[1], "integration-id": "bucket", "page-token": "none"}
    if "embed" in name:
        known["task_id"] = known["embedding"]
    return ask(stock, OPERATIONS[name].method, path_of(OPERATIONS[name], known), body, **more)


def refused(reply: Reply, *statuses: int) -> str:
    """Check the envelope, and answer code and message."""
    assert isinstance(reply.body, bytes)
    assert 400 <= reply.status < 500, reply
    assert not statuses or reply.status in statuses, (reply.status, reply.body)
    body = orjson.loads(reply.body)
    assert set(body) == {"code", "message", "docs_url"}
    assert len(reply.body) < 4000
    return f"{body['code']}: {body['message']}"


@pytest.mark.parametrize("name", EVERY)
def test_bad_key_and_method__refused(unchanged: Stock, name: str) -> None:
    """A wrong key at every operation, and a method that its path does not take."""
    assert "API key" in refused(call(unchanged, name, key="invalid-key"), 401)
    path = path_of(OPERATIONS[name], otherwise=NOBODY)
    reply = ask(unchanged, wrong_method(NAME, path), path)
    assert refused(reply, 405) and dict(reply.headers)["allow"]


@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize("odd", ["%00", "%FF%FE", "%zz", "..", "%F0%9F%8E%AC", "-1", "9" * 400])
def test_bad_id__refused(unchanged: Stock, name: str, odd: str) -> None:
    """NUL bytes, broken text, dots and numbers instead of an id."""
    operation = OPERATIONS[name]
    refused(ask(unchanged, operation.method, path_of(operation, otherwise=odd)), 400, 404, 415)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "list-videos"])
@pytest.mark.parametrize(
    "query", ["colour=red", "%00=1", "x=" + "a" * 100_000, "page=" + "9" * 5_000, "[[[[=1"]
)
def test_bad_query__refused(unchanged: Stock, name: str, query: str) -> None:
    """What the operation does not take in its query."""
    refused(call(unchanged, name, query=query))


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_bad_json__refused(unchanged: Stock, name: str, junk: bytes) -> None:
    """Text that is no JSON, JSON that is not what the operation takes, or too much of it."""
    if OPERATIONS[name].id == "update-video-information" and junk.startswith((b'{"', b"{")):
        return  # nothing in it is of this operation, which needs nothing
    refused(call(unchanged, name, junk), 400, 413)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("media_type", "body"), TORN.values(), ids=TORN)
def test_bad_form__refused(unchanged: Stock, name: str, media_type: str, body: bytes) -> None:
    """Multipart bodies that end early, have no boundary, or hold what no field takes."""
    refused(call(unchanged, name, body, media_type=media_type), 400, 413)


@pytest.mark.parametrize("name", TAKING)
@pytest.mark.parametrize("media_type", ["text/plain", "application/", "\x00", "a" * 5000])
def test_bad_media_type__refused(unchanged: Stock, name: str, media_type: str) -> None:
    """A body of a type that the operation does not take."""
    refused(call(unchanged, name, b"index_name=films", media_type=media_type), 400, 415)


DEEP: Any = {"text": "fox"}
for _ in range(30):
    DEEP = {"$and": [DEEP]}
SEARCH = {"query": "fox", "search_options": ["visual"]}
SORT = {"options": ["visual"], "classes": CLASSES}
INVALID, LACKS = "parameter_invalid", "parameter_not_provided"
OPTION, NO_SEARCH = "search_option_not_supported", "index_not_supported_for_search"
RULES: dict[str, tuple[str, dict[str, Any], str]] = {
    "two of a family": ("create-index", {"engines": [ENGINE, ENGINE]}, INVALID),
    "an unknown engine": (
        "create-index",
        {"engines": [{**ENGINE, "engine_name": "steam"}]},
        INVALID,
    ),
    "a logo for Pegasus": (
        "create-index",
        {"engines": [{"engine_name": "pegasus1.1", "engine_options": ["logo"]}]},
        INVALID,
    ),
    "thumbnails without Marengo": (
        "create-index",
        {"engines": [{**ENGINE, "engine_name": "pegasus1.1"}], "addons": ["thumbnail"]},
        INVALID,
    ),
    "models for engines": ("create-index", {"models": []}, LACKS),
    "a reserved name": ("update-video-information", {"metadata": {"duration": 1}}, INVALID),
    "a list of metadata": ("update-video-information", {"metadata": {"a": [1]}}, INVALID),
    "no query": ("search-by-text", {"search_options": ["visual"]}, LACKS),
    "an empty query": ("search-by-text", {**SEARCH, "query": " "}, INVALID),
    "a long query": ("search-by-text", {**SEARCH, "query": "fox " * 90}, INVALID),
    "an option of v1.3": ("search-by-text", {**SEARCH, "search_options": ["audio"]}, OPTION),
    "an option that the index lacks": (
        "search-by-text",
        {**SEARCH, "index_id": "lone", "search_options": ["logo"]},
        OPTION,
    ),
    "an index without Marengo": ("search-by-text", {**SEARCH, "index_id": "mute"}, NO_SEARCH),
    "a filter of lists": (
        "search-by-text",
        {**SEARCH, "filter": {"duration": []}},
        "search_filter_invalid",
    ),
    "a filter that is text": ("search-by-text", {**SEARCH, "filter": '{"a": 1}'}, INVALID),
    "clips by their count": ("search-by-text", {**SEARCH, "sort_option": "clip_count"}, INVALID),
    "an unknown join": ("search-by-combined-queries", {**SEARCH, "query": {"$nor": []}}, LACKS),
    "a join of nothing": ("search-by-combined-queries", {**SEARCH, "query": {"$or": []}}, INVALID),
    "two joins": (
        "search-by-combined-queries",
        {**SEARCH, "query": {"$or": [{"text": "a"}], "$and": [{"text": "a"}]}},
        INVALID,
    ),
    "half a not": (
        "search-by-combined-queries",
        {**SEARCH, "query": {"$not": {"origin": {"text": "a"}}}},
        LACKS,
    ),
    "a blank part": ("search-by-combined-queries", {**SEARCH, "query": {"text": " "}}, INVALID),
    "too deep": ("search-by-combined-queries", {**SEARCH, "query": DEEP}, INVALID),
    "too many parts": (
        "search-by-combined-queries",
        {**SEARCH, "query": {"$or": [{"text": "a"}] * 21}},
        INVALID,
    ),
    "a part's option": (
        "search-by-combined-queries",
        {**SEARCH, "index_id": "lone", "query": {"text": "a", "search_options": ["logo"]}},
        OPTION,
    ),
    "a class twice": ("classify-index", {**SORT, "classes": [CLASSES[0]] * 2}, INVALID),
    "a class without prompts": (
        "classify-index",
        {**SORT, "classes": [{"name": "a", "prompts": []}]},
        INVALID,
    ),
    "too many prompts": (
        "classify-index",
        {**SORT, "classes": [{"name": "a", "prompts": ["p"] * 101}]},
        INVALID,
    ),
    "a share above one": (
        "classify-index",
        {**SORT, "threshold": {"min_duration_ratio": 2}},
        INVALID,
    ),
    "a class's option": (
        "classify-index",
        {**SORT, "index_id": "lone", "classes": [{**CLASSES[0], "options": ["logo"]}]},
        OPTION,
    ),
    "classes for a mute index": ("classify-index", {**SORT, "index_id": "mute"}, NO_SEARCH),
    "text of a silent index": (
        "generate",
        {"video_id": "silent", "prompt": "Who?"},
        "index_not_supported_for_generate",
    ),
    "a long prompt": ("generate", {"prompt": "who " * 2500}, "token_limit_exceeded"),
    "a hot prompt": ("generate", {"prompt": "Who?", "temperature": 1.1}, INVALID),
}


@pytest.mark.parametrize(("name", "body", "code"), RULES.values(), ids=RULES)
def test_rule__refused(unchanged: Stock, name: str, body: dict[str, Any], code: str) -> None:
    """What JSON Schema cannot say, and what it can, with the code of its own."""
    ids = unchanged[1]
    sent: dict[str, Any] = {"index_name": "new"} if name == "create-index" else {}
    if "search" in name or "classify" in name:
        sent["index_id"] = ids["index-id"]
    if name == "generate":
        sent["video_id"] = ids["video-id"]
    sent |= {key: ids.get(value, value) if key.endswith("_id") else value
             for key, value in body.items()}  # fmt: skip
    message = refused(call(unchanged, name, orjson.dumps(sent)), 400)
    assert message.startswith(f"{code}: "), message


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", "[1]", "[{}]", '[{"index_id": "x", "object": "s3://a/b.mp4"}]', "a,b", "["],
)
def test_transfer__of_no_list_is_refused(unchanged: Stock, content: str) -> None:
    """The file lists videos with their indexes, or nothing is started."""
    assert unchanged[0].transfer(content).status_code == 400


def test_transfer__is_whole_or_nothing(unchanged: Stock) -> None:
    """One entry that is wrong keeps the others from being started."""
    older = unchanged[0]
    good = {"index_id": older.index, "object": "s3://bucket/01.mp4"}
    for bad, status in (
        ({"index_id": NOBODY, "object": "s3://bucket/02.mp4"}, 404),
        ({"index_id": older.index, "object": "02.mp4"}, 400),
        ({"index_id": older.index, "object": "s3://bucket/notes.txt"}, 400),
        ({"index_id": older.index}, 400),
    ):
        response = older.transfer(orjson.dumps([good, bad]).decode())
        assert response.status_code == status, response.text
