"""Laws of assets in an index: how they get there, what they are then, and how they go."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest
from assets_stage import fetched, new_asset, read, sent
from hypothesis import given, settings
from hypothesis import strategies as st
from media import mp4, png, wav
from stage import LONG, MODELS, NOBODY, client_of, new_index, refused

from understudy.mocks import Fake
from understudy.mocks.clock import stamp
from understudy.mocks.generate.medium import medium_of_url
from understudy.mocks.providers.twelvelabs.media import check_indexable
from understudy.mocks.refusal import Refusal

ORDER = ["pending", "queued", "validating", "indexing", "ready"]
NOTES = {"category": "boats", "take": 3, "grade": 4.5, "kept": True, "tags": ["dog", "sea"]}


@pytest.fixture
def asset(fake: Fake, api: httpx2.Client) -> str:
    """An asset that is ready."""
    return new_asset(fake, api)


def put_in(api: httpx2.Client, index: str, asset: str, **more: Any) -> httpx2.Response:
    """Ask for an asset to be indexed."""
    return api.post(f"/indexes/{index}/indexed-assets", json={"asset_id": asset, **more})


def new_indexed(fake: Fake, api: httpx2.Client, index: str, asset: str, **more: Any) -> str:
    """Index it, let it become what it will, and answer its id."""
    response = put_in(api, index, asset, **more)
    assert response.status_code == 202, response.text
    assert response.json()["asset_id"] == asset
    fake.clock.advance(LONG)
    return str(response.json()["_id"])


def shown(api: httpx2.Client, index: str, indexed: str, query: str = "") -> dict[str, Any]:
    response = api.get(f"/indexes/{index}/indexed-assets/{indexed}{query}")
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_indexed__goes_through_its_statuses_in_order(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """Each once, and `updated_at` moves with it; `indexed_at` is there from ready on."""
    made = put_in(api, index, asset).json()["_id"]
    seen: dict[str, str] = {}
    told: dict[str, Any] = {}
    for _ in range(200):
        told = shown(api, index, made)
        assert ("indexed_at" in told) == (told["status"] == "ready")
        seen.setdefault(told["status"], told["updated_at"])
        fake.clock.advance(1)
    assert list(seen) == ORDER
    assert sorted(seen.values()) == list(seen.values())
    assert told["system_metadata"]["duration"] == 31.2
    assert type(told["system_metadata"]["width"]) is int


def test_indexed__takes_a_minute_at_least(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """No test passes by being lucky with time."""
    made = put_in(api, index, asset).json()["_id"]
    fake.clock.advance(59)
    assert shown(api, index, made)["status"] == "indexing"


def test_indexed__is_a_video_of_its_index_too(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """From ready on, under the same id, with its asset; the index counts it."""
    made = put_in(api, index, asset, user_metadata=NOTES).json()["_id"]
    assert api.get(f"/indexes/{index}/videos").json()["data"] == []
    assert api.get(f"/indexes/{index}").json()["video_count"] == 0
    fake.clock.advance(LONG)
    [video] = api.get(f"/indexes/{index}/videos").json()["data"]
    assert (video["_id"], video["asset_id"]) == (made, asset)
    assert api.get(f"/indexes/{index}/videos/{made}").json()["user_metadata"] == NOTES
    told = api.get(f"/indexes/{index}").json()
    assert (told["video_count"], told["total_duration"]) == (1, 31.2)


@pytest.mark.parametrize("kind", ["videos", "indexed-assets"])
def test_indexed__goes_together_with_its_video(
    fake: Fake, api: httpx2.Client, index: str, asset: str, kind: str
) -> None:
    """Whichever is deleted, both are gone; the asset stays."""
    made = new_indexed(fake, api, index, asset)
    assert api.delete(f"/indexes/{index}/{kind}/{made}").status_code == 204
    for each in ("videos", "indexed-assets"):
        assert api.get(f"/indexes/{index}/{each}/{made}").status_code == 404
        assert api.get(f"/indexes/{index}/{each}").json()["data"] == []
    assert api.get(f"/indexes/{index}").json()["video_count"] == 0
    assert read(api, asset)["status"] == "ready"


@pytest.mark.parametrize("version", ["v1.3", "v1.2"])
def test_indexed__goes_with_its_index(
    fake: Fake, api: httpx2.Client, index: str, asset: str, version: str
) -> None:
    """Through either version; nothing refers to the asset any more."""
    new_indexed(fake, api, index, asset)
    url = f"https://api.twelvelabs.io/{version}/indexes/{index}"
    assert api.delete(url).status_code == 204
    assert api.get(f"/assets/{asset}/indexed-assets").json()["data"] == []
    assert api.delete(f"/assets/{asset}").status_code == 204


@pytest.mark.parametrize("kind", ["videos", "indexed-assets"])
def test_indexed__shares_its_metadata_with_its_video(
    fake: Fake, api: httpx2.Client, index: str, asset: str, kind: str
) -> None:
    """A change of one is a change of both; null takes a key away."""
    made = new_indexed(fake, api, index, asset, user_metadata=NOTES)
    body = {"user_metadata": {"category": "ferries", "take": None}}
    assert api.patch(f"/indexes/{index}/{kind}/{made}", json=body).status_code == 204
    wanted = {**NOTES, "category": "ferries"}
    del wanted["take"]
    for each in ("videos", "indexed-assets"):
        told = api.get(f"/indexes/{index}/{each}/{made}").json()
        assert told["user_metadata"] == wanted


@pytest.mark.parametrize(
    ("version", "field", "wanted"),
    [("v1.3", "user_metadata", {"place": "quay"}), ("v1.2", "metadata", {"place": "quay"})],
)
def test_indexed__is_changed_by_older_calls_too(
    fake: Fake,
    api: httpx2.Client,
    index: str,
    asset: str,
    version: str,
    field: str,
    wanted: dict[str, str],
) -> None:
    """PUT on the video, which today's document has no more, replaces the metadata of both."""
    made = new_indexed(fake, api, index, asset, user_metadata=NOTES)
    url = f"https://api.twelvelabs.io/{version}/indexes/{index}/videos/{made}"
    assert api.put(url, json={field: wanted}).status_code == 204
    assert shown(api, index, made)["user_metadata"] == wanted


def test_indexed__deleted_on_its_way_makes_no_video(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """What is gone does not come back as a video."""
    made = put_in(api, index, asset).json()["_id"]
    fake.clock.advance(10)
    assert api.delete(f"/indexes/{index}/indexed-assets/{made}").status_code == 204
    fake.clock.advance(LONG)
    assert api.get(f"/indexes/{index}/videos").json()["data"] == []


def test_indexed__is_found_by_search(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """A hit's `video_id` is its id."""
    made = new_indexed(fake, api, index, asset)
    fields = {"index_id": index, "query_text": "morning walk", "search_options": "visual"}
    found = api.post("/search", files={name: (None, value) for name, value in fields.items()})
    assert {hit["video_id"] for hit in found.json()["data"]} == {made}


def test_indexed__twice_is_two(fake: Fake, api: httpx2.Client, index: str, asset: str) -> None:
    """One asset may stand in several indexes, and in one more than once."""
    other = new_index(api, "other")
    made = [new_indexed(fake, api, each, asset) for each in (index, index, other)]
    page = api.get(f"/assets/{asset}/indexed-assets").json()
    assert page["data"] == [
        {"_id": made[2], "index": {"_id": other, "name": "other"}},
        {"_id": made[1], "index": {"_id": index, "name": "films"}},
        {"_id": made[0], "index": {"_id": index, "name": "films"}},
    ]


def test_indexed__needs_a_ready_asset(fake: Fake, api: httpx2.Client, index: str) -> None:
    """The trap of asynchronous uploads: what is processing cannot be indexed, nor what failed."""
    asset = fetched(api).json()["_id"]
    assert "processing" in refused(put_in(api, index, asset), 400, "parameter_invalid")
    failed = new_asset(fake, api, "https://m.example/understudy-fail.mp4")
    assert "failed" in refused(put_in(api, index, failed), 400, "parameter_invalid")
    assert put_in(api, index, asset).status_code == 202


@pytest.mark.parametrize(("name", "content"), [("a.png", png()), ("a.txt", b"words")])
def test_indexed__needs_something_that_plays(
    fake: Fake, api: httpx2.Client, index: str, name: str, content: bytes
) -> None:
    """Images and documents are no videos of an index."""
    asset = sent(api, content, name).json()["_id"]
    fake.clock.advance(LONG)
    refused(put_in(api, index, asset), 400, "parameter_invalid")


def test_indexed__needs_a_marengo_model(fake: Fake, api: httpx2.Client, asset: str) -> None:
    """The trap of 2026: nothing can be added to an index of Pegasus alone."""
    body = {"index_name": "texts", "models": MODELS[1:]}
    pegasus = api.post("/indexes", json=body).json()["_id"]
    assert "Marengo" in refused(put_in(api, pegasus, asset), 400, "parameter_invalid")


def test_indexed__beyond_the_limits_fails_when_it_is_validated(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """Too short, too small: accepted, validated, failed; there is no video."""
    for content in (mp4(2.0), mp4(9.0, width=200, height=150)):
        asset = sent(api, content, "a.mp4").json()["_id"]
        fake.clock.advance(LONG)
        made = put_in(api, index, asset).json()["_id"]
        seen = []
        for _ in range(30):
            seen.append(shown(api, index, made)["status"])
            fake.clock.advance(1)
        assert list(dict.fromkeys(seen)) == ["pending", "queued", "validating", "failed"]
        assert shown(api, index, made)["hls"]["status"] == "CANCELED"
    assert api.get(f"/indexes/{index}/videos").json()["data"] == []


@pytest.mark.parametrize(("width", "height"), [(2560, 1080), (1080, 2560), (4096, 2160)])
def test_indexed__takes_the_shapes_of_today(
    fake: Fake, api: httpx2.Client, index: str, width: int, height: int
) -> None:
    """Up to 2.4:1 and 5184x2160, which tasks of 2025 refuse."""
    content = mp4(9.0, width=width, height=height)
    asset = sent(api, content, "wide.mp4").json()["_id"]
    fake.clock.advance(LONG)
    made = new_indexed(fake, api, index, asset)
    assert shown(api, index, made)["status"] == "ready"


def test_indexed__takes_what_could_be_uploaded() -> None:
    """Two gigabytes bound an upload to /tasks; larger files come in pieces and are indexed."""
    check_indexable(replace(medium_of_url("https://m.example/a.mp4"), size=9 * 1024**3))
    with pytest.raises(Refusal):
        check_indexable(replace(medium_of_url("https://m.example/a.mp4"), width=5200))


def test_indexed__has_no_vectors_of_what_is_not_there(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """A silent video has no sound, a sound has no pictures; neither is found by them."""
    query = "?embedding_option=visual&embedding_option=audio&embedding_option=transcription"
    for name, content, there in (
        ("a.mp4", mp4(9.0, audio=False), {"visual"}),
        ("a.wav", wav(9.0), {"audio", "transcription"}),
    ):
        asset = sent(api, content, name).json()["_id"]
        fake.clock.advance(LONG)
        made = new_indexed(fake, api, index, asset)
        told = shown(api, index, made, query)["embedding"]["video_embedding"]["segments"]
        assert {each["embedding_option"] for each in told} == there
        for option in ("visual", "audio", "transcription"):
            asked = {"index_id": index, "search_options": option, "query_text": "a"}
            form = {key: (None, value) for key, value in asked.items()}
            hits = api.post("/search", files=form).json()["data"]
            assert any(hit["video_id"] == made for hit in hits) == (option in there)


def test_indexed__is_told_of_where_its_video_is_not_there_yet(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """Whoever names the video too early hears what becomes it, and how far that is."""
    made = put_in(api, index, asset).json()["_id"]
    body = {"video_id": made, "types": ["title"]}
    message = refused(api.post("/gist", json=body), 404, "resource_not_exists")
    assert f"indexed asset {made} is pending, wait" in message
    fake.clock.advance(LONG)
    assert api.post("/gist", json=body).status_code == 200


def test_indexed__streams_unless_nobody_wants_it(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """The states are in capitals, as with videos, unlike those of an asset."""
    made = put_in(api, index, asset).json()["_id"]
    assert shown(api, index, made)["hls"]["status"] == "PROCESSING"
    fake.clock.advance(LONG)
    assert shown(api, index, made)["hls"]["status"] == "COMPLETE"
    bare = new_indexed(fake, api, index, asset, enable_video_stream=False)
    assert "hls" not in shown(api, index, bare)


def test_indexed__tells_vectors_and_speech_on_request(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """From ready on; the options of today and the old word for visual."""
    query = "?embedding_option=visual&embedding_option=audio&transcription=true"
    made = put_in(api, index, asset).json()["_id"]
    assert not {"embedding", "transcription"} & set(shown(api, index, made, query))
    fake.clock.advance(LONG)
    told = shown(api, index, made, query)
    segments = told["embedding"]["video_embedding"]["segments"]
    assert {each["embedding_option"] for each in segments} == {"visual", "audio"}
    assert {len(each["float"]) for each in segments} == {512}
    assert told["transcription"]
    told = shown(api, index, made, "?embedding_option=visual-text,transcription")
    segments = told["embedding"]["video_embedding"]["segments"]
    assert {each["embedding_option"] for each in segments} == {"visual-text", "transcription"}
    assert not {"embedding", "transcription"} & set(shown(api, index, made))


def test_indexed__has_only_vectors_of_its_models_options(
    fake: Fake, api: httpx2.Client, asset: str
) -> None:
    """An index that does not listen has no vectors of sound."""
    models = [{"model_name": "marengo3.0", "model_options": ["visual"]}]
    index = api.post("/indexes", json={"index_name": "deaf", "models": models}).json()["_id"]
    made = new_indexed(fake, api, index, asset)
    path = f"/indexes/{index}/indexed-assets/{made}"
    refused(api.get(f"{path}?embedding_option=audio"), 400, "parameter_invalid")
    assert api.get(f"{path}?embedding_option=visual").status_code == 200


def found(api: httpx2.Client, index: str, query: str) -> list[str]:
    response = api.get(f"/indexes/{index}/indexed-assets?{query}")
    assert response.status_code == 200, response.text
    return [each["_id"] for each in response.json()["data"]]


def test_indexed__list_takes_metadata_in_both_forms(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """The trap: the text shows keys alone, the SDK sends them in brackets; values by their type."""
    boats = new_indexed(fake, api, index, asset, user_metadata=NOTES)
    cars = new_indexed(fake, api, index, asset, user_metadata={"category": "cars", "take": 3})
    for form in ("{}={}", "user_metadata[{}]={}"):
        assert found(api, index, form.format("category", "boats")) == [boats]
        assert found(api, index, form.format("take", "3")) == [cars, boats]
        assert found(api, index, form.format("kept", "true")) == [boats]
        assert found(api, index, form.format("grade", "4.5")) == [boats]
        assert found(api, index, form.format("category", "trains")) == []
    assert found(api, index, "take=3&user_metadata[category]=cars") == [cars]


@settings(max_examples=25)
@given(
    durations=st.lists(st.integers(4, 400), min_size=1, max_size=4),
    low=st.integers(0, 400),
    high=st.integers(0, 400),
)
def test_indexed__list_by_bounds(durations: list[int], low: int, high: int) -> None:
    """What lies within both, newest first; one bound alone leaves the other open."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        index = new_index(api, "films")
        made = []
        for seconds in durations:
            asset = new_asset(fake, api, f"https://m.example/a.mp4?duration={seconds}")
            made.append((new_indexed(fake, api, index, asset), seconds))
        made.reverse()
        within = [each for each, seconds in made if low <= seconds <= high]
        assert found(api, index, f"duration[gte]={low}&duration[lte]={high}") == within
        above = [each for each, seconds in made if seconds >= low]
        assert found(api, index, f"duration[gte]={low}") == above


def test_indexed__list_narrows_and_sorts(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """By status, by name and by the instant of creation and change, in both orders."""
    old = new_indexed(fake, api, index, asset)
    noon = stamp(fake.clock.now())
    fake.clock.advance(10)
    small = sent(api, mp4(8.0, width=640, height=480, fps=25.0), "small.mp4").json()["_id"]
    fake.clock.advance(60)
    new = new_indexed(fake, api, index, small)
    running = put_in(api, index, asset).json()["_id"]
    assert found(api, index, "") == [running, new, old]
    assert found(api, index, "sort_option=asc") == [old, new, running]
    assert found(api, index, "status=ready") == [new, old]
    assert found(api, index, "status=ready&status=pending") == [running, new, old]
    assert found(api, index, "filename=small.mp4") == [new]
    assert found(api, index, "width[lte]=640&height[lte]=480&fps[lte]=25") == [new]
    assert found(api, index, f"created_at={noon}") == [running, new]
    fake.clock.advance(1)
    body = {"user_metadata": {"a": 1}}
    api.patch(f"/indexes/{index}/indexed-assets/{old}", json=body)
    assert found(api, index, "sort_by=updated_at")[0] == old
    assert found(api, index, "page=2&page_limit=2") == [old]
    assert found(api, index, "page=3&page_limit=2") == []


@pytest.mark.parametrize(
    "query", ["user_metadata=boats", "user_metadata[a", "duration[gt]=3", "duration[foo]=3"]
)
def test_indexed__list_passes_over_no_bracket(api: httpx2.Client, index: str, query: str) -> None:
    """A filter that is written wrongly narrows nothing, so it is refused and not ignored."""
    reply = api.get(f"/indexes/{index}/indexed-assets?{query}")
    assert refused(reply, 400, "parameter_invalid")
    name = "user_metadata[category]"
    assert refused(api.get(f"/indexes/{index}/videos?{name}=boats"), 400, "parameter_invalid")


def test_indexed__is_unknown(api: httpx2.Client, index: str) -> None:
    """404 for what is not there, or not there in this index; 400 for what is no id."""
    for path in (f"{index}/indexed-assets/{NOBODY}", f"{NOBODY}/indexed-assets/{NOBODY}"):
        refused(api.get(f"/indexes/{path}"), 404, "resource_not_exists")
        refused(api.delete(f"/indexes/{path}"), 404, "resource_not_exists")
        refused(api.patch(f"/indexes/{path}", json={}), 404, "resource_not_exists")
    refused(put_in(api, index, NOBODY), 404, "resource_not_exists")
    refused(put_in(api, NOBODY, NOBODY), 404, "resource_not_exists")
    refused(put_in(api, index, "walk"), 400, "parameter_invalid")


def test_indexed__belongs_to_its_index(
    fake: Fake, api: httpx2.Client, index: str, asset: str
) -> None:
    """Another index does not show it."""
    made = new_indexed(fake, api, index, asset)
    other = new_index(api, "other")
    response = api.get(f"/indexes/{other}/indexed-assets/{made}")
    refused(response, 404, "resource_not_exists")


def test_indexed__metadata_are_checked(api: httpx2.Client, index: str, asset: str) -> None:
    """As those of assets: typed, 53 bits, nothing nested; empty ones are left out."""
    for wrong in ({"a": 2**53}, {"a": {"b": 1}}, {"a": [1]}):
        refused(put_in(api, index, asset, user_metadata=wrong), 400, "parameter_invalid")
    assert found(api, index, "") == []
    made = put_in(api, index, asset, user_metadata={"a": None, "b": "", "c": 1}).json()["_id"]
    assert shown(api, index, made)["user_metadata"] == {"c": 1}
