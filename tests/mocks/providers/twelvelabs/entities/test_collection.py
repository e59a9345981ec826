"""Entity collections: created, found, changed and deleted with all that is in them."""

from datetime import datetime

import httpx2
import pytest
from entities_stage import new_collection, new_entity, new_pictures, place_of
from junk import shown
from stage import NOBODY, refused

from understudy.mocks import Fake


def names(api: httpx2.Client, **query: str | int) -> list[str]:
    """The names of a page of collections."""
    page = api.get("/entity-collections", params=query)
    assert page.status_code == 200, page.text
    return [each["name"] for each in page.json()["data"]]


def test_collection__created_and_read(api: httpx2.Client) -> None:
    """A creation answers the whole collection, and reading it says the same."""
    made = api.post("/entity-collections", json={"name": "staff", "description": "at the quay"})
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["description"]) == ("staff", "at the quay")
    assert datetime.fromisoformat(body["created_at"]) == datetime.fromisoformat(body["updated_at"])
    assert api.get(f"/entity-collections/{body['_id']}").json() == body


def test_collection__without_description(api: httpx2.Client) -> None:
    """What was not given is not shown."""
    assert "description" not in api.post("/entity-collections", json={"name": "staff"}).json()


def test_collection__only_its_own_fields_are_kept(api: httpx2.Client) -> None:
    """A caller neither chooses ids and stamps nor adds fields, in a creation or a change."""
    more = {"_id": NOBODY, "created_at": "2000-01-01T00:00:00Z", "colour": "red"}
    made = api.post("/entity-collections", json={"name": "staff", **more}).json()
    assert made["_id"] != NOBODY
    assert set(made) == {"_id", "name", "created_at", "updated_at"}
    path = f"/entity-collections/{made['_id']}"
    changed = api.patch(path, json={"description": "quay", **more}).json()
    assert changed == {**made, "description": "quay", "updated_at": changed["updated_at"]}


def test_collection__names_repeat(api: httpx2.Client) -> None:
    """Two collections may have one name (assumed)."""
    assert new_collection(api) != new_collection(api)
    assert names(api, name="staff") == ["staff", "staff"]


def test_collection__patch_leaves_the_rest(fake: Fake, api: httpx2.Client) -> None:
    """A change by PATCH keeps what it does not name, and moves only `updated_at`."""
    identity = new_collection(api, description="quay")
    before = api.get(f"/entity-collections/{identity}").json()
    fake.clock.advance(10)
    after = api.patch(f"/entity-collections/{identity}", json={"name": "crew"}).json()
    assert after == {**before, "name": "crew", "updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]
    assert api.get(f"/entity-collections/{identity}").json() == after


def test_collection__sorted(fake: Fake, api: httpx2.Client) -> None:
    """By creation (the newest first unless told otherwise), change or name, both ways."""
    made = {}
    for name in ("b", "c", "a"):
        made[name] = new_collection(api, name)
        fake.clock.advance(1)
    api.patch(f"/entity-collections/{made['b']}", json={"description": "changed last"})
    assert names(api) == ["a", "c", "b"]
    assert names(api, sort_option="asc") == ["b", "c", "a"]
    assert names(api, sort_by="updated_at") == ["b", "a", "c"]
    assert names(api, sort_by="name") == ["c", "b", "a"]
    assert names(api, sort_by="name", sort_option="asc") == ["a", "b", "c"]


def test_collection__pages_end_empty(api: httpx2.Client) -> None:
    """Trap: pagers of both SDKs stop only at an empty page, so one past the end is empty."""
    for name in "abc":
        new_collection(api, name)
    assert names(api, page_limit=2) == ["c", "b"]
    assert names(api, page_limit=2, page=2) == ["a"]
    assert names(api, page_limit=2, page=3) == []
    info = api.get("/entity-collections", params={"page_limit": 2, "page": 3}).json()["page_info"]
    assert info == {"page": 3, "limit_per_page": 2, "total_page": 2, "total_results": 3}


def test_collection__deleted_with_its_entities(fake: Fake, api: httpx2.Client) -> None:
    """Entities go with their collection, in whatever status; assets stay."""
    [picture] = new_pictures(fake, api, "ada")
    collection = new_collection(api)
    entity = new_entity(api, collection, [picture])
    assert api.delete(f"/entity-collections/{collection}").status_code == 204
    assert api.get(place_of(entity)).status_code == 404
    assert api.get(f"/assets/{picture}/entities").json()["data"] == []
    assert api.get(f"/assets/{picture}").json()["status"] == "ready"
    fake.clock.advance(60)
    refused(api.get(f"/entity-collections/{collection}"), 404, "resource_not_exists")


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": None}, {"name": 3}, {"name": "a", "description": 3}, [], "staff"],
)
def test_collection__bad_creation(fake: Fake, api: httpx2.Client, body: object) -> None:
    """Without a proper name there is no collection, and nothing is changed."""
    new_collection(api)
    before = shown(fake)
    response = api.post("/entity-collections", json=body)
    assert response.status_code == 400
    assert response.json()["code"].startswith("parameter_")
    assert shown(fake) == before


@pytest.mark.parametrize("body", [{"name": ""}, {"description": None}, []])
def test_collection__bad_change(fake: Fake, api: httpx2.Client, body: object) -> None:
    """A change that cannot be meant changes nothing."""
    identity = new_collection(api)
    before = shown(fake)
    assert api.patch(f"/entity-collections/{identity}", json=body).status_code == 400
    assert shown(fake) == before
