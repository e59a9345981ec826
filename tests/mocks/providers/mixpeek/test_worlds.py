"""Namespaces, collections, the account, interactions and vectors; tenants do not meet."""

import httpx2
import pytest
from mixpeek_stage import FILMS, LONG, client_of, features_of, good, ingest, new_asset, refused

from understudy.mocks import Fake


def test_namespaces__keep_collections_apart(fake: Fake, api: httpx2.Client) -> None:
    """Assets, features, tasks, collections and searches of one are not there in another."""
    body = {"namespace_name": "apart", "vector_indexes": ["multimodal"]}
    namespace = good(api.post("/namespaces", json=body))
    assert namespace["embedding_models"] == ["multimodal"]
    for name in ("apart", namespace["namespace_id"]):
        with client_of(fake, **{"x-namespace": name}) as inside:
            made = ingest(inside)
            fake.clock.advance(LONG)
            feature = features_of(inside, made["asset_id"])[0]["feature_id"]
            for path in (
                f"/tasks/{made['task_id']}",
                f"/assets/{made['asset_id']}",
                f"/assets/{made['asset_id']}/features",
                f"/features/{feature}",
                f"/collections/{FILMS}",
            ):
                good(inside.get(path))
                refused(api.get(path), 404)
            assert good(api.post("/features", json={"collections": [FILMS]}))["results"] == []
    with client_of(fake, **{"x-namespace": "nowhere"}) as nowhere:
        assert "no such namespace" in refused(nowhere.get("/collections"), 404)
    taken = api.post("/namespaces", json=body)
    assert "is taken" in refused(taken, 400)
    good(api.delete("/namespaces/apart"))
    assert good(api.get("/namespaces")) == []


def test_collections__are_made_named_counted_and_deleted(fake: Fake, api: httpx2.Client) -> None:
    """By name or id; a name is taken once; with it go its assets, features and running tasks."""
    made = good(api.post("/collections", json={"collection_name": "drafts", "metadata": {"a": 1}}))
    assert made["collection_id"].startswith("col_")
    assert "is taken" in refused(api.post("/collections", json={"collection_name": "drafts"}), 400)
    asset = new_asset(fake, api, collection=made["collection_id"])
    running = ingest(api, collection="drafts")
    listed = good(api.get("/collections"))["results"]
    assert [(each["collection_name"], each["count"]) for each in listed] == [("drafts", 2)]
    assert listed[0]["size_bytes"] > 0
    renamed = good(api.put("/collections/drafts", json={"collection_name": "final"}))
    assert renamed["collection_id"] == made["collection_id"]
    refused(api.get("/collections/drafts"), 404)
    good(api.delete("/collections/final"))
    refused(api.get(f"/assets/{asset}"), 404)
    assert good(api.get(f"/tasks/{running['task_id']}"))["status"] == "CANCELLED"
    fake.clock.advance(LONG)
    assert good(api.get("/collections"))["results"] == []


def test_account__counts_and_keeps_users(fake: Fake, api: httpx2.Client) -> None:
    """A credit for each ingestion; users with keys, each name once."""
    for place in range(3):
        ingest(api, f"https://media.example/{place}.mp4")
    account = good(api.get("/organizations"))
    usage = good(api.get("/organizations/usage"))
    assert (account["credit_count"], usage["total_credits"]) == (997, 3)
    email = "ada@films.example"
    good(api.post("/organizations/users", json={"email": email}))
    assert "belongs" in refused(api.post("/organizations/users", json={"email": email}), 400)
    keys = f"/organizations/users/{email}/api-keys"
    first = good(api.post(keys))
    assert first["name"] == "default"
    assert "is taken" in refused(api.post(keys), 400)
    second = good(api.post(f"{keys}?key_name=ci"))
    assert first["key"] != second["key"]
    changed = good(api.patch(f"{keys}/ci", json={"name": "cd", "permissions": ["read"]}))
    assert changed == {**second, "name": "cd", "permissions": ["read"]}
    assert "is taken" in refused(api.patch(f"{keys}/cd", json={"name": "default"}), 400)
    good(api.delete(f"{keys}/default"))
    user = good(api.get(f"/organizations/users/{email}"))
    assert [key["name"] for key in user["api_keys"]] == ["cd"]


@pytest.mark.parametrize("key", ["vector_index", "embedding_model"])
@pytest.mark.parametrize(
    ("model", "length"),
    [("image", 512), ("baai-bge-m3", 1024), ("vertex-multimodal", 1408), ("video", 1408)],
)
def test_embed__has_the_length_of_the_model(
    api: httpx2.Client, key: str, model: str, length: int
) -> None:
    """Under both keys and all names; equal texts have equal vectors."""
    wish = {"type": "text", key: model, "value": "a ferry"}
    made = [good(api.post("/features/extractors/embed", json=wish))["embedding"] for _ in range(2)]
    assert made[0] == made[1]
    assert len(made[0]["vector"]) == length


def test_interactions__need_a_feature(fake: Fake, api: httpx2.Client) -> None:
    """They are noted, listed by what was done, and deleted."""
    note = {"feature_id": "x", "interaction_type": "click"}
    assert "no feature" in refused(api.post("/features/search/interactions", json=note), 404)
    feature = features_of(api, new_asset(fake, api))[0]["feature_id"]
    for kind in ("view", "click"):
        note = {"feature_id": feature, "interaction_type": kind, "session_id": "s"}
        good(api.post("/features/search/interactions", json=note))
    clicks = good(api.get("/features/search/interactions?interaction_type=click&session_id=s"))
    assert [each["interaction_type"] for each in clicks] == ["click"]
    path = f"/features/search/interactions/{clicks[0]['interaction_id']}"
    assert good(api.get(path)) == clicks[0]
    good(api.delete(path))
    refused(api.get(path), 404)


def test_tenants__do_not_meet(fake: Fake, api: httpx2.Client) -> None:
    """Another key sees nothing of it."""
    asset = new_asset(fake, api)
    with client_of(fake, "sk_other") as other:
        refused(other.get(f"/assets/{asset}"), 404)
        assert good(other.get("/collections"))["results"] == []


def test_same_seed__same_answers() -> None:
    """Ids, texts, vectors and times follow from seed and calls."""

    def told(seed: int) -> object:
        with Fake("mixpeek", time="manual", seed=seed) as fake, client_of(fake) as api:
            asset = new_asset(fake, api)
            feature = features_of(api, asset)[0]
            return api.get(f"/features/{feature['feature_id']}?return_vectors=true").json()

    assert told(1) == told(1) != told(2)
