"""Many entities at once: each is created, or told among the errors, for itself."""

import httpx2
import pytest
from entities_stage import SOON, new_collection, new_pictures
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from stage import NOBODY, ONE_FAKE, refused

from understudy.mocks import Fake


@pytest.fixture
def path(api: httpx2.Client) -> str:
    return f"/entity-collections/{new_collection(api)}/entities"


def test_bulk__partial_success(fake: Fake, api: httpx2.Client, path: str) -> None:
    """Trap: a 201 with errors in it: places count from 0, and the good ones are there."""
    [picture] = new_pictures(fake, api, "ada")
    entities = [
        {"name": "lost", "asset_ids": [NOBODY]},
        {"name": "Ada", "asset_ids": [picture], "metadata": {"n": 1}},
        {"name": "odd", "asset_ids": ["x"]},
        {"name": "none", "asset_ids": []},
        {"name": "", "asset_ids": [picture]},
        {"name": "deep", "asset_ids": [picture], "metadata": {"a": []}},
        {"name": "Bo", "asset_ids": [picture], "description": "A cook."},
    ]
    response = api.post(f"{path}/bulk", json={"entities": entities})
    assert response.status_code == 201
    told = response.json()
    assert (told["success_count"], told["failed_count"]) == (2, 5)
    assert [(each["name"], each["status"]) for each in told["entities"]] == [
        ("Ada", "processing"),
        ("Bo", "processing"),
    ]
    assert [(each["entity_index"], each["entity_name"]) for each in told["errors"]] == [
        (0, "lost"),
        (2, "odd"),
        (3, "none"),
        (4, ""),
        (5, "deep"),
    ]
    assert NOBODY in told["errors"][0]["error_reason"]
    fake.clock.advance(SOON)
    listed = api.get(path, params={"status": "ready"}).json()["data"]
    assert [each["_id"] for each in listed] == [each["_id"] for each in told["entities"]][::-1]
    assert listed[1]["metadata"] == {"n": 1}


def test_bulk__none_can_be(fake: Fake, api: httpx2.Client, path: str) -> None:
    """All may be refused, and the call succeeds all the same."""
    told = api.post(f"{path}/bulk", json={"entities": [{"name": "a", "asset_ids": [NOBODY]}]})
    assert told.status_code == 201
    assert (told.json()["success_count"], told.json()["entities"]) == (0, [])
    assert api.get(path).json()["data"] == []


@pytest.mark.parametrize(
    "body",
    [{}, {"entities": []}, {"entities": [{"name": "a"}]}, {"entities": [{"asset_ids": ["x"]}]}],
)
def test_bulk__bad_request(fake: Fake, api: httpx2.Client, path: str, body: object) -> None:
    """A request that lacks what every entity needs is refused as a whole."""
    before = shown(fake)
    assert api.post(f"{path}/bulk", json=body).status_code == 400
    assert shown(fake) == before


def test_bulk__unknown_collection(api: httpx2.Client) -> None:
    """Nothing is created in a collection that is not there."""
    body = {"entities": [{"name": "a", "asset_ids": [NOBODY]}]}
    path = f"/entity-collections/{NOBODY}/entities/bulk"
    refused(api.post(path, json=body), 404, "resource_not_exists")


@settings(suppress_health_check=ONE_FAKE, deadline=None)
@given(good=st.lists(st.booleans(), min_size=1, max_size=8))
def test_bulk__counts_agree(fake: Fake, good: list[bool]) -> None:
    """Whatever is good and bad: both counts are those of the lists, and the places are right."""
    fake.reset()
    with httpx2.Client(
        transport=fake.transport(),
        base_url="https://api.twelvelabs.io/v1.3",
        headers={"x-api-key": "tlk_bulk"},
    ) as api:
        [picture] = new_pictures(fake, api, "ada")
        path = f"/entity-collections/{new_collection(api)}/entities"
        entities = [
            {"name": f"n{at}", "asset_ids": [picture if fine else NOBODY]}
            for at, fine in enumerate(good)
        ]
        told = api.post(f"{path}/bulk", json={"entities": entities}).json()
        assert told["success_count"] == len(told["entities"]) == sum(good)
        assert told["failed_count"] == len(told["errors"]) == len(good) - sum(good)
        bad = [each["entity_index"] for each in told["errors"]]
        assert bad == [at for at, fine in enumerate(good) if not fine]
        assert api.get(path).json()["page_info"]["total_results"] == sum(good)
