"""Entities: made of ready pictures, ready after a while, changed, found, and taken away."""

from typing import Any

import httpx2
import pytest
from entities_stage import (
    SOON,
    asset_of,
    new_collection,
    new_entity,
    new_pictures,
    place_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from stage import NOBODY, ONE_FAKE, client_of, refused

from understudy.mocks import Fake
from understudy.mocks.snapshot import Snapshot

METADATA = {"role": "pilot", "years": 12, "rating": 4.0, "share": 0.25, "on_duty": True, "": ""}


@pytest.fixture
def pictures(fake: Fake, api: httpx2.Client) -> list[str]:
    return new_pictures(fake, api, "ada", "bo", "cy")


@pytest.fixture
def collection(api: httpx2.Client) -> str:
    return new_collection(api)


def test_entity__processing_then_ready(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """A new entity is processing; time alone makes it ready, stamped with that moment."""
    made = new_entity(api, collection, pictures[:1], description="A pilot.")
    assert made["status"] == "processing"
    assert made["entity_collection_id"] == collection
    assert api.get(place_of(made)).json() == made
    fake.clock.advance(14.9)
    assert api.get(place_of(made)).json() == made
    fake.clock.advance(0.1)
    ready = api.get(place_of(made)).json()
    assert ready == {**made, "status": "ready", "updated_at": ready["updated_at"]}
    assert ready["updated_at"] > made["updated_at"]


def test_entity__never_fails(fake: Fake, api: httpx2.Client, pictures: list[str]) -> None:
    """There is no failed status: the word that makes other things fail leaves it to get ready."""
    collection = new_collection(api)
    made = new_entity(api, collection, pictures, name="understudy-fail")
    slow = new_entity(api, collection, pictures, name="understudy-slow")
    stuck = new_entity(api, collection, pictures, name="understudy-stuck")
    fake.clock.advance(SOON)
    found = [api.get(place_of(each)).json()["status"] for each in (made, slow, stuck)]
    assert found == ["ready", "processing", "processing"]
    fake.clock.advance(10 * SOON)
    assert api.get(place_of(slow)).json()["status"] == "ready"


def test_entity__metadata_keeps_its_types(
    api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """Trap: booleans, integers, floats and texts come back as what they were."""
    made = new_entity(api, collection, pictures, metadata=METADATA)
    found = api.get(place_of(made)).json()["metadata"]
    assert found == METADATA
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in METADATA.items()
    }


def test_entity__patch_replaces_metadata(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """Trap: metadata that is sent takes the place of all that was there; other fields stay."""
    made = new_entity(api, collection, pictures[:1], metadata=METADATA, description="A pilot.")
    fake.clock.advance(1)
    changed = api.patch(place_of(made), json={"metadata": {"role": "captain"}}).json()
    assert changed["metadata"] == {"role": "captain"}
    assert (changed["name"], changed["description"]) == ("Ada", "A pilot.")
    assert api.patch(place_of(made), json={"metadata": {}}).json()["metadata"] == {}
    named = api.patch(place_of(made), json={"name": "Ada L."}).json()
    assert (named["name"], named["metadata"]) == ("Ada L.", {})


def test_entity__patch_leaves_assets_and_status(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """A change of words touches neither pictures nor status, whatever else is sent."""
    made = new_entity(api, collection, pictures[:1])
    fake.clock.advance(SOON)
    body = {"name": "Bo", "asset_ids": pictures, "status": "processing", "_id": NOBODY}
    changed = api.patch(place_of(made), json=body).json()
    assert (changed["asset_ids"], changed["status"]) == (pictures[:1], "ready")
    assert changed["_id"] == made["_id"]


def test_entity__assets_come_and_go(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """Pictures that come or go make it processing again, and ready after the same while."""
    made = new_entity(api, collection, pictures[:1])
    path = f"{place_of(made)}/assets"
    fake.clock.advance(SOON)
    added = api.post(path, json={"asset_ids": pictures}).json()
    assert (added["asset_ids"], added["status"]) == (pictures, "processing")
    fake.clock.advance(14)
    assert api.get(place_of(made)).json()["status"] == "processing"
    fake.clock.advance(1)
    assert api.get(place_of(made)).json()["status"] == "ready"
    left = api.request("DELETE", path, json={"asset_ids": [pictures[1]]}).json()
    assert (left["asset_ids"], left["status"]) == ([pictures[0], pictures[2]], "processing")
    assert api.get(f"/assets/{pictures[1]}").status_code == 200


def test_entity__known_assets_are_passed_over(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """What it has already changes nothing, and what is named twice counts once."""
    made = new_entity(api, collection, [pictures[0], pictures[1], pictures[0]])
    assert made["asset_ids"] == pictures[:2]
    fake.clock.advance(SOON)
    before = api.get(place_of(made)).json()
    same = api.post(f"{place_of(made)}/assets", json={"asset_ids": pictures[:2]})
    assert same.json() == before


def test_entity__change_while_processing_begins_anew(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """A picture that comes while others are looked at makes it last as long again."""
    made = new_entity(api, collection, pictures[:1])
    fake.clock.advance(10)
    api.post(f"{place_of(made)}/assets", json={"asset_ids": pictures[1:]})
    fake.clock.advance(10)
    assert api.get(place_of(made)).json()["status"] == "processing"
    fake.clock.advance(5)
    assert api.get(place_of(made)).json()["status"] == "ready"


def test_delete_assets__takes_a_body(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """Trap: this DELETE has a JSON body, on a port as well as in process."""
    made = new_entity(api, collection, pictures)
    path = f"{place_of(made)}/assets"
    with httpx2.Client(
        base_url=f"{fake.serve()}/twelvelabs/v1.3", headers={"x-api-key": "tlk_test"}
    ) as wired:
        gone = wired.request("DELETE", path, json={"asset_ids": [pictures[0]]})
        assert gone.status_code == 200, gone.text
        assert gone.json()["asset_ids"] == pictures[1:]
    gone = api.request("DELETE", path, json={"asset_ids": [pictures[1]]})
    assert gone.json()["asset_ids"] == pictures[2:]
    refused(api.delete(path), 400, "parameter_invalid")


def test_delete_assets__last_one_stays(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """Trap: an entity is never left without an asset: 400, and nothing has changed."""
    made = new_entity(api, collection, pictures[:2])
    before = shown(fake)
    path = f"{place_of(made)}/assets"
    refused(api.request("DELETE", path, json={"asset_ids": pictures[:2]}), 400, "parameter_invalid")
    refused(api.request("DELETE", path, json={"asset_ids": pictures}), 400, "parameter_invalid")
    assert shown(fake) == before


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_assets__unknown_ids_are_refused(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str], method: str
) -> None:
    """One wrong id among good ones: refused in words that name it, and nothing has changed."""
    made = new_entity(api, collection, pictures[:2])
    before = shown(fake)
    path = f"{place_of(made)}/assets"
    for wrong in (NOBODY, "x", made["_id"]):
        response = api.request(method, path, json={"asset_ids": [pictures[0], wrong]})
        assert response.status_code == 400
        assert wrong in response.json()["message"]
    assert shown(fake) == before


def test_entity__wants_ready_images(fake: Fake, api: httpx2.Client, collection: str) -> None:
    """An asset that is processing, has failed or is no image is refused, with its state."""
    film, sick = (
        asset_of(api, f"https://media.example/{name}")
        for name in ("film.mp4", "understudy-fail.jpg")
    )
    fake.clock.advance(SOON)
    fresh = asset_of(api, "https://media.example/fresh.jpg")
    before = shown(fake)
    for identity, word in ((film, "video"), (sick, "failed"), (fresh, "processing")):
        body = {"name": "Ada", "asset_ids": [identity]}
        response = api.post(f"/entity-collections/{collection}/entities", json=body)
        assert word in refused(response, 400, "parameter_invalid")
    assert shown(fake) == before


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Ada"},
        {"asset_ids": ["A"]},
        {"name": "Ada", "asset_ids": []},
        {"name": "", "asset_ids": ["A"]},
        {"name": "Ada", "asset_ids": "A"},
        {"name": "Ada", "asset_ids": ["x"]},
        {"name": "Ada", "asset_ids": ["A"], "metadata": {"a": None}},
        {"name": "Ada", "asset_ids": ["A"], "metadata": {"a": [1]}},
        {"name": "Ada", "asset_ids": ["A"], "metadata": {"a": {}}},
        {"name": "Ada", "asset_ids": ["A"], "metadata": []},
        {"name": "Ada", "asset_ids": ["A"], "description": None},
    ],
)
def test_entity__bad_creation(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str], body: dict[str, Any]
) -> None:
    """A creation that cannot be meant leaves nothing behind; A stands for a good picture."""
    if body.get("asset_ids") == ["A"]:
        body = body | {"asset_ids": pictures[:1]}
    before = shown(fake)
    response = api.post(f"/entity-collections/{collection}/entities", json=body)
    assert response.status_code == 400, response.text
    assert response.json()["code"].startswith("parameter_")
    assert shown(fake) == before


def test_entity__belongs_to_one_collection(
    api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """Below another collection it is not found, by any method."""
    made = new_entity(api, collection, pictures)
    other = new_collection(api, "other")
    path = f"/entity-collections/{other}/entities/{made['_id']}"
    for method, body in (("GET", None), ("PATCH", {"name": "Bo"}), ("DELETE", None)):
        refused(api.request(method, path, json=body), 404, "resource_not_exists")
    one = {"asset_ids": pictures[:1]}
    for method in ("POST", "DELETE"):
        refused(api.request(method, f"{path}/assets", json=one), 404, "resource_not_exists")
    assert api.get(f"/entity-collections/{other}/entities").json()["data"] == []


def test_entities__filtered_and_sorted(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """By name and status, in every order; both filters combine."""
    for name in ("b", "a", "c"):
        new_entity(api, collection, pictures[:1], name=name)
        fake.clock.advance(6)

    def found(**query: str) -> list[str]:
        page = api.get(f"/entity-collections/{collection}/entities", params=query)
        assert page.status_code == 200, page.text
        return [each["name"] for each in page.json()["data"]]

    assert found() == ["c", "a", "b"]
    assert found(sort_by="name", sort_option="asc") == ["a", "b", "c"]
    assert found(status="ready") == ["b"]
    assert found(status="processing", sort_option="asc") == ["a", "c"]
    assert found(name="c") == ["c"]
    assert found(name="c", status="ready") == []
    fake.clock.advance(SOON)
    assert found(name="c", status="ready") == ["c"]
    assert found(sort_by="updated_at", sort_option="asc") == ["b", "a", "c"]
    refused(
        api.get(f"/entity-collections/{collection}/entities", params={"status": "failed"}),
        400,
        "parameter_invalid",
    )


def test_entity__deleted(api: httpx2.Client, collection: str, pictures: list[str]) -> None:
    """It goes, its pictures stay."""
    made = new_entity(api, collection, pictures)
    assert api.delete(place_of(made)).status_code == 204
    refused(api.get(place_of(made)), 404, "resource_not_exists")
    refused(api.delete(place_of(made)), 404, "resource_not_exists")
    assert api.get(f"/assets/{pictures[0]}").status_code == 200


def test_entity__parted_from_a_deleted_asset(
    api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """A deleted asset is taken from every entity that had it."""
    one, two = (new_entity(api, collection, pictures[: n + 1]) for n in (0, 1))
    assert [each["_id"] for each in api.get(f"/assets/{pictures[0]}/entities").json()["data"]] == [
        two["_id"],
        one["_id"],
    ]
    assert api.delete(f"/assets/{pictures[0]}", params={"force": "true"}).status_code == 204
    assert api.get(place_of(one)).json()["asset_ids"] == []
    assert api.get(place_of(two)).json()["asset_ids"] == pictures[1:2]


def test_entity__snapshot_in_the_middle(
    fake: Fake, api: httpx2.Client, collection: str, pictures: list[str]
) -> None:
    """An entity that is processing for the second time goes on in another fake as in this one."""
    made = new_entity(api, collection, pictures[:1], metadata=METADATA)
    fake.clock.advance(SOON)
    api.post(f"{place_of(made)}/assets", json={"asset_ids": pictures[1:]})
    fake.clock.advance(7)
    snapshot = Snapshot.read(fake.snapshot().whole)
    with Fake("twelvelabs", time="manual") as other, client_of(other, "tlk_test") as elsewhere:
        other.restore(snapshot)
        assert elsewhere.get(place_of(made)).json() == api.get(place_of(made)).json()
        for each in (fake, other):
            each.clock.advance(8)
        ready = elsewhere.get(place_of(made)).json()
        assert ready == api.get(place_of(made)).json()
        assert ready["status"] == "ready"


PLAIN = st.one_of(
    st.text(max_size=20),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
)


@settings(suppress_health_check=ONE_FAKE, deadline=None)
@given(name=st.text(min_size=1, max_size=40), metadata=st.dictionaries(st.text(), PLAIN))
def test_entity__any_words(
    api: httpx2.Client, collection: str, pictures: list[str], name: str, metadata: dict[str, Any]
) -> None:
    """Any name and any plain metadata come back as they were sent, types and all."""
    made = new_entity(api, collection, pictures[:1], name=name, metadata=metadata)
    assert repr((made["name"], made["metadata"])) == repr((name, metadata))
    assert api.delete(place_of(made)).status_code == 204
