"""Ingestion: both families and spellings, statuses in order, endings, and what features follow."""

from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mixpeek_stage import LONG, VIDEO, client_of, features_of, good, ingest, new_asset, refused

from understudy.mocks import Fake

ORDER = ["INITIALIZING", "QUEUED", "DOWNLOADING", "PROCESSING", "UPLOADING", "DONE"]


def statuses(fake: Fake, api: httpx2.Client, task: str) -> list[str]:
    """The statuses that a poller sees, each once."""
    seen: list[str] = []
    for _ in range(200):
        status = good(api.get(f"/tasks/{task}"))["status"]
        if not seen or seen[-1] != status:
            seen.append(status)
        fake.clock.advance(1)
    return seen


@pytest.mark.parametrize("family", ["ingest", "index"])
@pytest.mark.parametrize("spelling", ["collection", "collection_id"])
def test_spellings__are_one(fake: Fake, api: httpx2.Client, family: str, spelling: str) -> None:
    """Both paths and both names of the field, with a slash at the end or without."""
    for slash in ("", "/"):
        body = {"url": "video.mp4", spelling: "example"}
        made = good(api.post(f"/{family}/videos/url{slash}", json=body))
        assert made["message"] == "Video URL processing queued"
    fake.clock.advance(LONG)
    for name in ("collections", "collection_ids"):
        page = good(api.post("/assets", json={name: ["example"]}))
        assert [each["collection_id"] for each in page["results"]] == ["example"] * 2


def test_statuses__come_in_order_and_the_asset_follows(fake: Fake, api: httpx2.Client) -> None:
    """Six statuses; the asset says the same, and its hash is known after the download."""
    made = ingest(api)
    assert (made["status"], made["outputs"]) == ("INITIALIZING", [])
    asset = good(api.get(f"/assets/{made['asset_id']}"))
    assert (asset["status"], asset["file_hash"]) == ("INITIALIZING", None)
    assert statuses(fake, api, made["task_id"]) == ORDER
    asset = good(api.get(f"/assets/{made['asset_id']}"))
    assert asset["status"] == "DONE"
    assert asset["file_hash"] == asset["unique_hash"] is not None
    done = good(api.get(f"/tasks/{made['task_id']}"))
    assert done["outputs"] == [made["asset_id"]] == [done["asset_id"]]


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("https://media.example/understudy-fail.mp4", "FAILED"),
        ("https://media.example/no-video.pdf", "FAILED"),
        ("https://media.example/understudy-stuck.mp4", "UPLOADING"),
    ],
)
def test_magic_words__choose_the_end(fake: Fake, api: httpx2.Client, url: str, end: str) -> None:
    """As with every provider; what is no video fails too, with a reason at task and asset."""
    made = ingest(api, url)
    fake.clock.advance(LONG)
    task = good(api.get(f"/tasks/{made['task_id']}"))
    asset = good(api.get(f"/assets/{made['asset_id']}"))
    assert task["status"] == asset["status"] == end
    assert (task["error"] is not None) == (asset["error"] is not None) == (end == "FAILED")
    assert features_of(api, made["asset_id"]) == []


@pytest.mark.parametrize("flag", ["skip_duplicate", "prevent_duplicate"])
def test_duplicate__is_skipped(fake: Fake, api: httpx2.Client, flag: str) -> None:
    """The task ends as SKIPPED and names the older asset; in another collection nothing is."""
    first = new_asset(fake, api)
    again = ingest(api, **{flag: True})
    assert statuses(fake, api, again["task_id"]) == [*ORDER[:3], "SKIPPED"]
    assert again["asset_id"] == first
    assert good(api.get(f"/assets/{first}"))["status"] == "DONE"
    other = ingest(api, collection="other", **{flag: True})
    assert statuses(fake, api, other["task_id"]) == ORDER
    twin = new_asset(fake, api)
    assert good(api.get(f"/assets/{twin}"))["duplicate_of"] == first


def test_cancelled__stays_so(fake: Fake, api: httpx2.Client) -> None:
    """DELETE ends a running task at once; one that has ended stays as it is."""
    made = ingest(api)
    fake.clock.advance(6)
    assert good(api.delete(f"/tasks/{made['task_id']}"))["status"] == "CANCELLED"
    fake.clock.advance(LONG)
    assert good(api.get(f"/tasks/{made['task_id']}"))["status"] == "CANCELLED"
    assert good(api.get(f"/assets/{made['asset_id']}"))["status"] == "CANCELLED"
    done = ingest(api, "https://media.example/other.mp4")
    fake.clock.advance(LONG)
    assert good(api.delete(f"/tasks/{done['task_id']}"))["status"] == "DONE"


def test_defaults__describe_and_embed(fake: Fake, api: httpx2.Client) -> None:
    """Without extractors: segments of ten seconds, each told and with 1408 numbers."""
    asset = new_asset(fake, api, metadata={"author": "Ada"})
    found = features_of(api, asset)
    spans = [(each["start_time"], each["end_time"], each["interval_sec"]) for each in found]
    assert spans == [(0.0, 10.0, 10), (10.0, 20.0, 10), (20.0, 25.0, 10)]
    for feature in found:
        assert feature["description"]
        assert feature["metadata"] == {"author": "Ada"}
        assert not {"text", "transcription", "detect", "json_output", "vectors"} & set(feature)
        for flag in ("include_vectors", "return_vectors"):
            whole = good(api.get(f"/features/{feature['feature_id']}?{flag}=true"))
            assert list(whole["vectors"]) == ["multimodal"]
            assert len(whole["vectors"]["multimodal"]) == 1408
            assert abs(sum(x * x for x in whole["vectors"]["multimodal"]) - 1) < 1e-6
        assert "vectors" not in good(api.get(f"/features/{feature['feature_id']}"))


FIELDS = {"read": "text", "transcribe": "transcription", "describe": "description"}
MODELS = {"image": 512, "multimodal": 1408, "text": 1024, "baai-bge-m3": 1024, "keyword": 0}
ON = st.fixed_dictionaries(
    {"enabled": st.booleans()}, optional={"vector_index": st.sampled_from(list(MODELS))}
)
ASKED = st.fixed_dictionaries(
    {"interval_sec": st.integers(1, 60)},
    optional={
        **dict.fromkeys(FIELDS, ON),
        "detect": st.just({"faces": {"confidence_threshold": 0.6}, "logos": {"enabled": False}}),
        "embed": st.lists(
            st.builds(lambda model: {"type": "url", "embedding_model": model},
                      st.sampled_from(list(MODELS))), max_size=3, unique_by=str),
        "json_output": st.just({"response_shape": {"mood": "str"}}),
    },
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=ASKED, duration=st.integers(1, 90))
def test_features__follow_the_ask(asked: dict[str, Any], duration: int) -> None:
    """Segments cover the duration; fields and vectors are those asked for, and no others."""
    with Fake("mixpeek", time="manual") as fake, client_of(fake) as api:
        url = f"https://media.example/a-boat.mp4?duration={duration}"
        found = features_of(api, new_asset(fake, api, url, feature_extractors=[asked]))
        edges = [0.0, *(each["end_time"] for each in found)]
        assert [each["start_time"] for each in found] == edges[:-1]
        assert edges[-1] == duration
        assert len(found) == -(-duration // asked["interval_sec"])
        wanted = {FIELDS[name] for name in FIELDS if asked.get(name, {}).get("enabled")}
        wanted |= {name for name in ("detect", "json_output") if name in asked}
        every = {*FIELDS.values(), "detect", "json_output"}
        assert {name for name in every if name in found[0]} == wanted
        wishes = [asked[name] for name in FIELDS if asked.get(name, {}).get("enabled")]
        named = {wish["vector_index"] for wish in wishes if "vector_index" in wish}
        named |= {wish["embedding_model"] for wish in asked.get("embed", [])}
        short = {name.replace("baai-bge-m3", "text") for name in named}
        whole = good(api.get(f"/features/{found[0]['feature_id']}?return_vectors=true"))
        assert set(whole["vectors"]) == short
        for name in short - {"keyword"}:
            assert len(whole["vectors"][name]) == MODELS[name]
        if "keyword" in short:
            sparse = whole["vectors"]["keyword"]
            assert len(sparse["indices"]) == len(sparse["values"]) > 0


def test_texts__become_a_feature_each(fake: Fake, api: httpx2.Client) -> None:
    """Vectors of one text stand together; the wire of November has the text itself."""
    embed = [
        {"type": "text", "vector_index": "text", "value": "two people"},
        {"type": "text", "vector_index": "keyword", "value": "two people"},
        {"type": "text", "vector_index": "text", "value": "a car"},
    ]
    body = {"collection": "texts", "feature_extractors": {"embed": embed}}
    made = good(api.post("/ingest/text", json=body))
    fake.clock.advance(LONG)
    found = features_of(api, made["asset_id"], "text")
    assert [each["text"] for each in found] == ["two people", "a car"]
    first = good(api.get(f"/features/{found[0]['feature_id']}?return_vectors=1"))
    assert set(first["vectors"]) == {"text", "keyword"}
    assert good(api.get(f"/assets/{made['asset_id']}"))["unique_hash"] is None
    old = good(api.post("/index/text", json={"collection_id": "texts", "text": "a boat"}))
    fake.clock.advance(LONG)
    assert features_of(api, old["asset_id"], "text")[0]["text"] == "a boat"
    assert "no text came" in refused(api.post("/ingest/text", json={"collection": "t"}), 400)


def test_asset_update__appends_or_replaces(fake: Fake, api: httpx2.Client) -> None:
    """Features of a further ingestion join those of an asset, or take their place."""
    asset = new_asset(fake, api)
    for mode, count in (("append", 6), ("replace", 3)):
        made = ingest(api, asset_update={"asset_id": asset, "mode": mode})
        assert made["asset_id"] == asset
        fake.clock.advance(LONG)
        assert len(features_of(api, asset)) == count
    body = {
        "url": VIDEO,
        "collection": "films",
        "asset_update": {"asset_id": "x", "mode": "append"},
    }
    assert "no asset" in refused(api.post("/ingest/videos/url", json=body), 404)
