"""Twelve Labs v1.2: what the SDK 0.2.6 calls and reads, and where it differs from v1.3."""

from importlib.resources import files

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Headers, Request

FOLDER = files("understudy.specs") / "twelvelabs"
DOCUMENT = yaml.safe_load((FOLDER / "v1.2.yaml").read_text("utf-8"))
NEWER = yaml.safe_load((FOLDER / "v1.3-2025.yaml").read_text("utf-8"))
METHODS = ("get", "put", "post", "patch", "delete")
ID = "68652c10f1b5a3d2c4e6f701"


def calls(document) -> dict[str, str]:
    """The operationId of each method and path."""
    return {
        f"{method.upper()} {path}": item[method]["operationId"]
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def resolve(node):
    """The node, local references followed."""
    while "$ref" in node:
        target = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


CALLS = calls(DOCUMENT)
SDK = """
GET /engines
GET /engines/{engine-id}
GET /indexes
POST /indexes
GET /indexes/{index-id}
PUT /indexes/{index-id}
DELETE /indexes/{index-id}
GET /indexes/{index-id}/videos
GET /indexes/{index-id}/videos/{video-id}
PUT /indexes/{index-id}/videos/{video-id}
DELETE /indexes/{index-id}/videos/{video-id}
GET /indexes/{index-id}/videos/{video-id}/transcription
GET /indexes/{index-id}/videos/{video-id}/text-in-video
GET /indexes/{index-id}/videos/{video-id}/logo
GET /indexes/{index-id}/videos/{video-id}/thumbnail
GET /tasks
POST /tasks
GET /tasks/{task_id}
DELETE /tasks/{task_id}
GET /tasks/status
POST /tasks/transfers
POST /tasks/external-provider
POST /search
POST /search-v2
GET /search-v2/{page-token}
POST /search/combined
POST /classify
POST /classify/bulk
GET /classify/{page-token}
POST /generate
POST /gist
POST /summarize
POST /embed
POST /embed/tasks
GET /embed/tasks/{task_id}
GET /embed/tasks/{task_id}/status
"""
REFERENCE = """
GET /search/{page-token}
GET /combined-search/{page-token}
POST /tasks/transfers/import/{integration-id}
GET /tasks/transfers/import/{integration-id}/status
GET /tasks/transfers/import/{integration-id}/logs
GET /embed/tasks
"""


def lines(text: str) -> set[str]:
    return set(text.strip().splitlines())


def test_document__has_every_call_of_the_sdk() -> None:
    """Those of the SDK, those that only the reference names, and no more."""
    assert set(CALLS) == lines(SDK) | lines(REFERENCE)


def test_document__says_how_each_is_known() -> None:
    """What the SDK calls is observed or documented; the rest is documented or assumed."""
    for call, identity in CALLS.items():
        method, path = call.split()
        label = DOCUMENT["paths"][path][method.lower()]["x-provenance"]["label"]
        allowed = {"observed", "documented"} if call in lines(SDK) else {"documented", "assumed"}
        assert label in allowed, identity


def test_document__gives_shared_operations_the_names_of_v1_3() -> None:
    """Lifecycles name the polls of both documents by one operationId; today's has more of them."""
    newer = calls(NEWER)
    for call in set(CALLS) & set(newer) - {"POST /search", "GET /search/{page-token}"}:
        if call not in ("POST /generate", "POST /embed"):
            assert CALLS[call] == newer[call], call
    polls = yaml.safe_load((FOLDER / "lifecycles.yaml").read_text("utf-8"))["lifecycles"]
    named = {poll for each in polls.values() for poll in each["polls"]}
    assert named & set(newer.values()) <= set(CALLS.values())


def test_document__stores_what_v1_3_stores() -> None:
    """One store: kinds are named, ordered, filtered and owned alike."""
    kinds, newer = DOCUMENT["x-resources"], NEWER["x-resources"]
    assert set(kinds) == set(newer)
    for name, kind in kinds.items():
        assert {**kind, "schema": ""} == {**newer[name], "schema": ""}, name


# What the SDK's types cannot do without, by the schema of the reply that it reads.
REQUIRED = {
    "Engine": {"_id", "author", "allowed_engine_options", "ready", "finetune"},
    "Index": {"_id", "created_at", "index_name", "engines", "video_count", "total_duration"},
    "IndexingTask": {"_id", "created_at", "index_id", "status", "metadata"},
    "Video": {"_id", "created_at", "metadata"},
    "PageInfo": {"limit_per_page", "page", "total_page", "total_results"},
    "TokenPageInfo": {"limit_per_page", "total_results", "page_expired_at"},
    "IndexingTaskCounts": {"index_id", "ready", "validating", "pending", "failed", "total_result"},
    "SearchClip": {"score", "start", "end", "video_id", "confidence"},
    "SearchPool": {"total_count", "total_duration", "index_id"},
    "SearchGroup": {"id"},
    "ClassFound": {"name", "score", "duration_ratio"},
    "Answer": {"id", "data"},
    "Gist": {"id"},
    "EmbeddingReply": {"engine_name", "text_embedding"},
    "EmbeddingTaskStatus": {"_id", "engine_name", "status"},
    "VideoEmbedding": {"start_offset_sec", "end_offset_sec", "embedding_scope", "embedding"},
    "Thumbnail": {"thumbnail"},
}


@pytest.mark.parametrize("name", REQUIRED)
def test_schema__promises_what_the_sdk_needs(name: str) -> None:
    """A reply that is on contract is one that the SDK can read."""
    assert REQUIRED[name] <= set(DOCUMENT["components"]["schemas"][name]["required"])


def test_document__speaks_of_engines_alone() -> None:
    """No name of v1.3 is left where v1.2 has another; ids in paths are ids."""
    schemas = DOCUMENT["components"]["schemas"]
    names = {name for schema in schemas.values() for name in _properties(schema)}
    assert names.isdisjoint({"models", "model_name", "system_metadata", "page_expires_at", "rank"})
    assert "user_metadata" not in _properties(schemas["Video"])


def _properties(schema) -> set[str]:
    found = set(schema.get("properties", {}))
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ())):
        found |= _properties(part)
    for inner in schema.get("properties", {}).values():
        found |= _properties(inner)
    return found


QUERY = {"index_id": ID, "search_options": ["visual"]}
SORT = {"index_id": ID, "options": ["visual"], "classes": [{"name": "a", "prompts": ["b"]}]}
ENGINE = {"engine_name": "marengo2.6", "engine_options": ["visual", "logo"]}
HEARING = {**ENGINE, "engine_options": ["audio"]}
WORD = {"text": "a"}
VECTORS = {"_id": ID, "engine_name": "e", "status": "failed", "created_at": "2024-09-03T11:20:18Z"}


@pytest.mark.parametrize(
    ("schema", "body", "fits"),
    [
        ("IndexCreation", {"index_name": "a", "engines": [ENGINE]}, True),
        ("IndexCreation", {"index_name": "a", "engines": [ENGINE], "addons": None}, True),
        ("IndexCreation", {"index_name": "a", "engines": []}, False),
        ("IndexCreation", {"index_name": "a", "models": [ENGINE]}, False),
        ("IndexCreation", {"index_name": "a", "engines": [HEARING]}, False),
        ("VideoChange", {"video_title": None, "metadata": {"a": 1.5, "b": None}}, True),
        ("VideoChange", {"metadata": {"video_title": "x"}}, False),
        ("Search", QUERY | {"query": "fox"}, True),
        ("Search", QUERY | {"query": {"$or": [{"text": "a"}, {"text": "b"}]}}, True),
        ("Search", QUERY | {"query": ["fox"]}, False),
        ("Search", QUERY | {"query": "fox", "filter": '{"a": 1}'}, False),
        ("Search", QUERY, False),
        ("CombinedSearch", QUERY | {"query": "fox"}, False),
        ("Combination", {"text": "a", "conversation_option": "exact_match"}, True),
        ("Combination", {"$not": {"origin": WORD, "sub": {"$and": [WORD]}}}, True),
        ("Combination", {"$then": []}, False),
        ("Combination", {"text": "a", "$or": [{"text": "b"}]}, False),
        ("IndexClassification", SORT, True),
        ("IndexClassification", SORT | {"threshold": {"min_duration_ratio": 1.1}}, False),
        ("IndexClassification", SORT | {"classes": [{"name": "a", "prompts": []}]}, False),
        ("GenerateRequest", {"video_id": ID, "prompt": "p", "temperature": None}, True),
        ("EmbeddingRequest", {"engine_name": "Marengo-retrieval-2.6"}, False),
        ("EmbeddingRequest", {"engine_name": "Marengo-retrieval-2.7", "text": "a"}, False),
        ("EmbeddingTaskDetail", VECTORS | {"video_embeddings": None}, True),
    ],
)
def test_schema__draws_the_line_where_the_facts_do(schema, body, fits) -> None:
    """Bodies on either side of each bound."""
    rooted = {**DOCUMENT["components"]["schemas"][schema], "components": DOCUMENT["components"]}
    validator = Draft202012Validator(rooted, format_checker=FormatChecker())
    assert validator.is_valid(body) == fits


def test_embed__takes_either_kind_of_form() -> None:
    """The SDK posts fields as a URL would hold them; the reference says multipart."""
    contract = Contract.load("twelvelabs/v1.2")
    for media_type, body in (
        ("application/x-www-form-urlencoded", b"engine_name=Marengo-retrieval-2.6&text=a+fox"),
        ("multipart/form-data; boundary=q", b"".join(
            b'--q\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field
            for field in ((b"engine_name", b"Marengo-retrieval-2.6"), (b"text", b"a fox"))
        ) + b"--q--\r\n"),
    ):  # fmt: skip
        lines = Headers([("x-api-key", "k"), ("content-type", media_type)])
        reading = contract.read(Request("POST", "/embed", "", lines, body))
        assert not reading.violations
        assert reading.body == {"engine_name": "Marengo-retrieval-2.6", "text": "a fox"}
