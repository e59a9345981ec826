"""The document of Mixpeek: its operations, both spellings, its examples, and its lifecycle."""

from importlib.resources import files

import pytest
import yaml

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.lifecycle import load_lifecycles
from understudy.contracts.operation import Reading

NAME = "mixpeek/2024-12"
DOCUMENT = yaml.safe_load((files("understudy.specs") / f"{NAME}.yaml").read_text("utf-8"))
CONTRACT = Contract.load(NAME)
SURFACE = """
POST /ingest/videos/url, POST /ingest/images/url, POST /ingest/text, POST /index/videos/url,
POST /index/images/url, POST /index/text, GET /tasks/{task_id}, DELETE /tasks/{task_id},
POST /assets, POST /assets/search, GET /assets/{asset_id}, PATCH /assets/{asset_id},
PUT /assets/{asset_id}, DELETE /assets/{asset_id}, GET /assets/{asset_id}/features,
POST /features, POST /features/search, GET /features/{feature_id}, PUT /features/{feature_id},
DELETE /features/{feature_id}, POST /features/search/interactions,
GET /features/search/interactions, GET /features/search/interactions/{interaction_id},
DELETE /features/search/interactions/{interaction_id}, POST /features/extractors/embed,
GET /collections, POST /collections, GET /collections/{collection}, PUT /collections/{collection},
DELETE /collections/{collection}, GET /namespaces, POST /namespaces, GET /namespaces/indexes,
GET /namespaces/{namespace}, PUT /namespaces/{namespace}, DELETE /namespaces/{namespace},
GET /organizations, GET /organizations/usage, POST /organizations/users,
GET /organizations/users/{user_email}, DELETE /organizations/users/{user_email},
POST /organizations/users/{user_email}/api-keys,
PATCH /organizations/users/{user_email}/api-keys/{key_name},
DELETE /organizations/users/{user_email}/api-keys/{key_name}, GET /healthcheck
"""


def read(method: str, path: str, body: str = "", query: str = "") -> Reading:
    """How the contract understands a request with a key."""
    lines = [("authorization", "Bearer k"), ("content-type", "application/json")]
    reading = CONTRACT.read(Request(method, path, query, Headers(lines), body.encode()))
    assert isinstance(reading, Reading)
    return reading


def test_surface__is_whole() -> None:
    """Every operation of the two SDKs, and the paths of November; no others."""
    stated = {f"{each.method} {each.template}" for each in CONTRACT.operations.values()}
    assert stated == {line.strip() for line in SURFACE.split(",")}


@pytest.mark.parametrize("field", ["collection", "collection_id"])
@pytest.mark.parametrize("family", ["ingest", "index"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_spellings__are_both_taken(field: str, family: str, slash: str) -> None:
    """Paths, fields, and a slash at the end."""
    body = f'{{"url": "video.mp4", "{field}": "example"}}'
    assert read("POST", f"/{family}/videos/url{slash}", body).violations == ()
    assert read("POST", f"/{family}/videos/url{slash}", '{"url": "video.mp4"}').violations


@pytest.mark.parametrize("flag", ["include_vectors", "return_vectors"])
@pytest.mark.parametrize("said", ["true", "True", "1"])
def test_flags__are_both_taken(flag: str, said: str) -> None:
    """Both names, and true as Python spells it."""
    reading = read("GET", "/features/x", query=f"{flag}={said}")
    assert reading.violations == ()
    assert reading.query[flag] is True


def test_get__may_carry_a_body() -> None:
    """The guide sends one; whatever it holds is not read."""
    assert read("GET", "/assets/x/features", '{"url": "video.mp4"}').violations == ()


def test_status__is_the_lifecycles() -> None:
    """The document and the lifecycle know the same statuses, but for PENDING of SDK 0.15."""
    known = set(DOCUMENT["components"]["schemas"]["Status"]["enum"])
    lifecycle = load_lifecycles("mixpeek")["ingestion"]
    assert known - {"PENDING"} == set(lifecycle.statuses)
    order = [stage.status for stage in lifecycle.stages]
    assert order == ["INITIALIZING", "QUEUED", "DOWNLOADING", "PROCESSING", "UPLOADING"]
    assert lifecycle.polls <= set(CONTRACT.operations)
    assert DOCUMENT["x-resources"]["tasks"]["lifecycle"] == lifecycle.name
