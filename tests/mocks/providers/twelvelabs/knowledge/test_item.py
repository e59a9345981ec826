"""Items: assets that are ready are taken in, processed on the clock, listed and deleted."""

import re
from typing import Any

import httpx2
import pytest
from junk import shown
from knowledge_stage import (
    KSI,
    SOON,
    ask,
    good,
    new_asset,
    new_collection,
    new_item,
    new_store,
    ready_asset,
    ready_item,
)
from stage import NOBODY, client_of, refused

from understudy.contracts.lifecycle import load_lifecycles
from understudy.mocks import Fake

ORDER = ["queued", "pending", "processing", "ready", "failed"]
LIFECYCLE = load_lifecycles("twelvelabs")["knowledge-store-item"]


def status_of(api: httpx2.Client, store: str, item: str) -> str:
    return str(good(api.get(f"{store}/items/{item}"))["status"])


def ids(api: httpx2.Client, store: str, **query: Any) -> list[str]:
    page = good(api.get(f"{store}/items", params=query))
    return [each["_id"] for each in page["data"]]


def test_item__is_queued_and_tells_of_its_file(fake: Fake, api: httpx2.Client) -> None:
    """A 202 with the whole item; what was measured is told apart by `asset_type`."""
    store = new_store(api)
    film = ready_asset(fake, api, "red-fox.mp4?duration=40")
    picture = ready_asset(fake, api, "fox.jpeg")
    made = good(api.post(f"{store}/items", json={"asset_id": film, "metadata": {"a": True}}), 202)
    assert (made["status"], made["asset_type"], made["asset_id"]) == ("queued", "video", film)
    assert made["metadata"] == {"a": True}
    assert made["system_metadata"] == {
        "asset_type": "video", "filename": "red-fox.mp4", "duration": 40.0, "fps": 30.0,
        "width": 1280, "height": 720, "codec_name": "h264", "size": 10_000_000,
    }  # fmt: skip
    assert re.fullmatch(
        r"ksi_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", made["_id"]
    )
    assert good(api.get(f"{store}/items/{made['_id']}")) == made
    image = good(api.post(f"{store}/items", json={"asset_id": picture}), 202)
    assert image["asset_type"] == image["system_metadata"]["asset_type"] == "image"
    assert set(image["system_metadata"]) == {
        "asset_type", "filename", "width", "height", "codec_name", "size"}  # fmt: skip
    assert image["metadata"] == {}


def test_item__goes_through_its_statuses_on_the_clock(fake: Fake, api: httpx2.Client) -> None:
    """In the documented order, a minute at least, longer for a longer video; the stamps grow."""
    store = new_store(api)
    short = new_item(api, store, ready_asset(fake, api, "a.mp4?duration=2"))
    seen, stamps = [], []
    for _ in range(100):
        item = good(api.get(f"{store}/items/{short}"))
        seen.append(item["status"])
        stamps.append(item["updated_at"])
        fake.clock.advance(1)
    assert list(dict.fromkeys(seen)) == ORDER[:4]
    assert 60 <= seen.index("ready") < 90
    assert stamps == sorted(stamps)
    long = new_item(api, store, ready_asset(fake, api, "b.mp4?duration=3600"))
    fake.clock.advance(600)
    assert status_of(api, store, long) == "processing"
    fake.clock.advance(SOON)
    assert status_of(api, store, long) == "ready"


def test_item__fails_where_a_fault_says_so(fake: Fake, api: httpx2.Client) -> None:
    """A failed item stays in the store and is neither found nor talked about."""
    store = new_store(api)
    asset = ready_asset(fake, api, "fox.mp4")
    fake.faults.add("fail", operation="create-knowledge-store-item")
    made = new_item(api, store, asset)
    fake.clock.advance(SOON)
    assert status_of(api, store, made) == "failed"
    assert ids(api, store, status="failed") == [made]
    assert ids(api, store, status=["ready", "queued"]) == []
    assert good(api.post(f"{store}/search", json={"query": {"text": "fox"}}))["data"] == []
    [message] = ask(api, store, "A fox?")["output"]
    assert message["content"][0]["annotations"] == []


def test_trap__asset_must_be_ready(fake: Fake, api: httpx2.Client) -> None:
    """Trap: every upload is processed first; an asset that is not ready, or never will be, is no
    item."""
    store = new_store(api)
    early = new_asset(api, "fox.mp4")
    before = shown(fake)
    sent = {"asset_id": early}
    assert "processing" in refused(api.post(f"{store}/items", json=sent), 400, "parameter_invalid")
    assert shown(fake) == before
    failed = ready_asset(fake, api, "understudy-fail.mp4")
    sent = {"asset_id": failed}
    assert "failed" in refused(api.post(f"{store}/items", json=sent), 400, "parameter_invalid")
    assert good(api.get(store))["item_count"] == 0


def test_asset__of_other_kinds_is_refused(fake: Fake, api: httpx2.Client) -> None:
    """Only videos and images are items; a type that is said is that of the asset."""
    store = new_store(api)
    for name in ("song.mp3", "paper.pdf"):
        sent = {"asset_id": ready_asset(fake, api, name)}
        message = refused(api.post(f"{store}/items", json=sent), 400, "parameter_invalid")
        assert "image or video" in message
    film = ready_asset(fake, api, "fox.mp4")
    wrong = {"asset_id": film, "asset_type": "image"}
    assert "asset_type" in refused(api.post(f"{store}/items", json=wrong), 400, "parameter_invalid")
    good(api.post(f"{store}/items", json={"asset_id": film, "asset_type": "video"}), 202)


def test_asset__unknown(api: httpx2.Client) -> None:
    """An asset that is not there is a 404, what is no id a 400."""
    store = new_store(api)
    refused(api.post(f"{store}/items", json={"asset_id": NOBODY}), 404, "resource_not_exists")
    refused(api.post(f"{store}/items", json={"asset_id": "fox"}), 400, "parameter_invalid")
    refused(api.post(f"{store}/items", json={}), 400, "parameter_not_provided")


@pytest.mark.parametrize(
    "metadata",
    [{str(n): "" for n in range(51)}, {"k" * 129: ""}, {"k": "v" * 8193}, {"k": None}, {"k": {}}],
)
def test_metadata__of_items_has_bounds_of_its_own(
    fake: Fake, api: httpx2.Client, metadata: object
) -> None:
    """Fifty pairs, texts of 8,192; one more is refused."""
    store = new_store(api)
    asset = ready_asset(fake, api, "fox.mp4")
    sent = {"asset_id": asset, "metadata": metadata}
    refused(api.post(f"{store}/items", json=sent), 400, "parameter_invalid")
    most: dict[str, Any] = {str(n): "v" for n in range(49)}
    new_item(api, store, asset, metadata={**most, "k" * 128: "v" * 8192})


def test_items__listed_by_status_and_time(fake: Fake, api: httpx2.Client) -> None:
    """Trap: `status` is repeated in the query; unknown ones are refused."""
    store, other = new_store(api), new_store(api, "other")
    first = ready_item(fake, api, store, "a.mp4")
    new_item(api, other, ready_asset(fake, api, "b.mp4"))
    asset = ready_asset(fake, api, "c.mp4")
    second = new_item(api, store, asset)
    fake.clock.advance(20)
    third = new_item(api, store, asset)
    assert ids(api, store) == [third, second, first]
    assert ids(api, store, sort_option="asc") == [first, second, third]
    assert ids(api, store, sort_by="updated_at") == [third, second, first]
    assert ids(api, store, status=["queued", "ready"]) == [third, first]
    assert ids(api, store, status="processing") == [second]
    assert ids(api, store, page=2, page_limit=2) == [first]
    assert ids(api, store, page=9) == []
    refused(api.get(f"{store}/items", params={"status": "asleep"}), 400, "parameter_invalid")


def test_item__deleted(fake: Fake, api: httpx2.Client) -> None:
    """It leaves its collections, a running one too; its asset stays."""
    store = new_store(api)
    asset = ready_asset(fake, api, "fox.mp4")
    stays, goes = new_item(api, store, asset), new_item(api, store, asset)
    collection = new_collection(api, store, "foxes", goes, stays)
    assert api.delete(f"{store}/items/{goes}").status_code == 204
    fake.clock.advance(SOON)
    refused(api.get(f"{store}/items/{goes}"), 404, "resource_not_exists")
    refused(api.delete(f"{store}/items/{goes}"), 404, "resource_not_exists")
    assert good(api.get(collection))["member_count"] == 1
    members = good(api.get(f"{collection}/items"))
    assert [each["_id"] for each in members["data"]] == [stays]
    assert good(api.get(f"/assets/{asset}"))["status"] == "ready"


def test_item__outlives_its_asset(fake: Fake, api: httpx2.Client) -> None:
    """An item keeps what it knows when its asset is deleted (assumed)."""
    store = new_store(api)
    item = ready_item(fake, api, store, "fox.mp4")
    asset = good(api.get(f"{store}/items/{item}"))["asset_id"]
    assert api.delete(f"/assets/{asset}").status_code == 204
    assert good(api.get(f"{store}/items/{item}"))["asset_id"] == asset
    [hit, *_] = good(api.post(f"{store}/search", json={"query": {"text": "fox"}}))["data"]
    assert hit["item_id"] == item


def test_item__of_another_store_is_unknown(fake: Fake, api: httpx2.Client) -> None:
    """An item is found below its own store only."""
    store, other = new_store(api), new_store(api, "other")
    item = ready_item(fake, api, store, "fox.mp4")
    refused(api.get(f"{other}/items/{item}"), 404, "resource_not_exists")
    refused(api.delete(f"{other}/items/{item}"), 404, "resource_not_exists")
    refused(api.get(f"{store}/items/{KSI}"), 404, "resource_not_exists")
    refused(api.get(f"{store}/items/{NOBODY}"), 400, "parameter_invalid")


def test_lifecycle__every_poll_moves_it_in_auto_time() -> None:
    """Reading one, the list and the members of a collection are polls: a loop of them ends."""
    with Fake("twelvelabs", time="auto") as fake, client_of(fake, "tlk_test") as api:
        store = new_store(api)
        asset = new_asset(api, "fox.mp4")
        while good(api.get(f"/assets/{asset}"))["status"] != "ready":
            pass
        item = new_item(api, store, asset)
        collection = new_collection(api, store, "foxes", item)
        for path in (f"{store}/items/{item}", f"{store}/items", f"{collection}/items"):
            seen = [good(api.get(path)) for _ in range(3)]
            assert seen
        assert status_of(api, store, item) == "ready"
        assert ids(api, store, status="ready") == [item]


def test_lifecycle__as_declared() -> None:
    """The statuses of the SDK, in their order, a minute at least."""
    assert [stage.status for stage in LIFECYCLE.stages] == ORDER[:3]
    assert set(LIFECYCLE.terminal) == set(ORDER[3:])
    assert sum(stage.duration() for stage in LIFECYCLE.stages) >= 60
