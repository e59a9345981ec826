"""Laws of what refers to an asset: what forbids its deletion, and what loses it."""

import httpx2
import pytest
from assets_stage import new_asset, read
from stage import NOBODY, refused

from understudy.mocks import Fake


@pytest.fixture
def asset(fake: Fake, api: httpx2.Client) -> str:
    """A picture that is ready."""
    return new_asset(fake, api, "https://m.example/ada.png")


def new_entity(api: httpx2.Client, *assets: str) -> str:
    """An entity that these assets show; answers the path to it."""
    collection = api.post("/entity-collections", json={"name": "people"}).json()["_id"]
    path = f"/entity-collections/{collection}/entities"
    response = api.post(path, json={"name": "Ada", "asset_ids": list(assets)})
    assert response.status_code == 201, response.text
    return f"{path}/{response.json()['_id']}"


def test_deletion__is_refused_while_it_stands_in_an_index(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """409, whether that is ready or not; when the indexed asset is gone, the asset may go."""
    asset = new_asset(fake, api)
    path = f"/indexes/{index}/indexed-assets"
    indexed = api.post(path, json={"asset_id": asset}).json()["_id"]
    for query in ("", "?force=false"):
        message = refused(api.delete(f"/assets/{asset}{query}"), 409, "resource_conflict")
        assert "force=true" in message
    assert read(api, asset)["status"] == "ready"
    assert api.delete(f"{path}/{indexed}").status_code == 204
    assert api.delete(f"/assets/{asset}").status_code == 204
    refused(api.get(f"/assets/{asset}"), 404, "resource_not_exists")


def test_deletion__by_force_leaves_what_is_indexed(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """The asset goes, its videos stay (assumed)."""
    asset = new_asset(fake, api)
    path = f"/indexes/{index}/indexed-assets"
    indexed = api.post(path, json={"asset_id": asset}).json()["_id"]
    assert api.delete(f"/assets/{asset}?force=true").status_code == 204
    assert api.get(f"{path}/{indexed}").json()["asset_id"] == asset
    refused(api.get(f"/assets/{asset}/indexed-assets"), 404, "resource_not_exists")


def test_deletion__takes_the_asset_from_its_entities(api: httpx2.Client, fake: Fake) -> None:
    """Entities forbid nothing: they lose the asset."""
    one, two = (new_asset(fake, api, f"https://m.example/{n}.png") for n in ("one", "two"))
    entity = new_entity(api, one, two)
    assert api.delete(f"/assets/{one}").status_code == 204
    assert api.get(entity).json()["asset_ids"] == [two]


def test_entities__of_an_asset_are_listed_in_pages(api: httpx2.Client, asset: str) -> None:
    """The newest first, those of every collection, as entities show themselves."""
    paths = [new_entity(api, asset) for _ in range(3)]
    page = api.get(f"/assets/{asset}/entities", params={"page_limit": 2}).json()
    assert page["data"] == [api.get(path).json() for path in paths[:0:-1]]
    assert page["page_info"]["total_results"] == 3
    page = api.get(f"/assets/{asset}/entities", params={"page_limit": 2, "page": 3}).json()
    assert page["data"] == []


def test_references__of_an_unknown_asset(api: httpx2.Client) -> None:
    """404, and 400 for what is no id."""
    for noun in ("entities", "indexed-assets"):
        refused(api.get(f"/assets/{NOBODY}/{noun}"), 404, "resource_not_exists")
        refused(api.get(f"/assets/ada/{noun}"), 400, "parameter_invalid")
    refused(api.delete(f"/assets/{NOBODY}?force=true"), 404, "resource_not_exists")
