"""Item collections: names that are unique in a store, and members that are its items."""

import httpx2
import pytest
from junk import shown
from knowledge_stage import (
    KSI,
    KSIC,
    good,
    last,
    new_collection,
    new_item,
    new_store,
    ready_asset,
)
from stage import refused

from understudy.mocks import Fake


@pytest.fixture
def store(api: httpx2.Client) -> str:
    return new_store(api)


@pytest.fixture
def items(fake: Fake, api: httpx2.Client, store: str) -> list[str]:
    asset = ready_asset(fake, api, "fox.mp4")
    return [new_item(api, store, asset) for _ in range(4)]


def members(api: httpx2.Client, collection: str, **query: int) -> list[str]:
    page = good(api.get(f"{collection}/items", params=query))
    assert page["page_info"]["total_results"] == good(api.get(collection))["member_count"]
    return [each["_id"] for each in page["data"]]


def test_collection__created_and_read(api: httpx2.Client, store: str) -> None:
    """It begins without members, and says which store it is of."""
    sent = {"name": "Foxes", "description": "red", "metadata": {"n": 1.5}}
    made = good(api.post(f"{store}/item-collections", json={**sent, "member_count": 7}), 201)
    assert {name: made[name] for name in sent} == sent
    assert (made["member_count"], made["knowledge_store_id"]) == (0, last(store))
    assert made["_id"].startswith("ksic_")
    assert good(api.get(f"{store}/item-collections/{made['_id']}")) == made


def test_trap__name_is_unique_in_the_store_alone(
    fake: Fake, api: httpx2.Client, store: str
) -> None:
    """Trap: the same name in another store is fine; in this one it is refused, changed or new.

    The status is assumed: only 400 is declared, and a 409 would make the vendor's client retry.
    """
    foxes, owls = (new_collection(api, store, name) for name in ("foxes", "owls"))
    new_collection(api, new_store(api, "other"), "foxes")
    before = shown(fake)
    sent = {"name": "foxes"}
    assert last(foxes) in refused(
        api.post(f"{store}/item-collections", json=sent), 400, "parameter_invalid"
    )
    refused(api.patch(owls, json=sent), 400, "parameter_invalid")
    assert shown(fake) == before
    good(api.patch(foxes, json=sent))
    good(api.patch(foxes, json={"name": "Foxes"}))
    good(api.patch(owls, json=sent))
    api.delete(owls)
    new_collection(api, store, "foxes")


def test_collection__changed(fake: Fake, api: httpx2.Client, store: str) -> None:
    """What is named changes, metadata as a whole; the rest stays."""
    path = new_collection(api, store, "foxes")
    good(api.patch(path, json={"description": "d", "metadata": {"a": 1}}))
    fake.clock.advance(1)
    changed = good(api.patch(path, json={"metadata": {"b": ["x"]}}))
    assert (changed["name"], changed["description"]) == ("foxes", "d")
    assert changed["metadata"] == {"b": ["x"]}
    assert changed["updated_at"] > changed["created_at"]
    refused(api.patch(path, json={"name": ""}), 400, "parameter_invalid")


def test_collections__listed_by_name_too(fake: Fake, api: httpx2.Client, store: str) -> None:
    """By creation, change or name; only those of the store."""
    for name in ("b", "c", "a"):
        fake.clock.advance(1)
        new_collection(api, store, name)
    new_collection(api, new_store(api, "other"), "z")

    def names(**query: str | int) -> str:
        page = good(api.get(f"{store}/item-collections", params=query))
        return "".join(each["name"] for each in page["data"])

    assert names() == "acb"
    assert names(sort_by="name", sort_option="asc") == "abc"
    assert names(sort_by="name") == "cba"
    assert names(page=2, page_limit=2) == "b"
    assert names(page=3) == ""


def test_members__added_once(api: httpx2.Client, store: str, items: list[str]) -> None:
    """Trap: adding is idempotent: known members, and ids said twice, are skipped."""
    path = new_collection(api, store, "foxes", items[0], items[0])
    added = good(api.post(f"{path}/items/add", json={"item_ids": [items[0], items[1]]}))
    assert added["member_count"] == 2
    assert sorted(members(api, path)) == sorted(items[:2])


def test_trap__unknown_item_adds_nothing(
    fake: Fake, api: httpx2.Client, store: str, items: list[str]
) -> None:
    """Trap: one id that is no item of the store, and none of them is added."""
    path = new_collection(api, store, "foxes", items[0])
    other = new_store(api, "other")
    foreign = new_item(api, other, ready_asset(fake, api, "owl.mp4"))
    before = shown(fake)
    for stranger in (KSI, foreign):
        sent = {"item_ids": [items[1], stranger]}
        message = refused(api.post(f"{path}/items/add", json=sent), 400, "parameter_invalid")
        assert stranger in message
    refused(api.post(f"{path}/items/add", json={"item_ids": ["x"]}), 400, "parameter_invalid")
    assert shown(fake) == before


def test_members__at_most_500_at_once(api: httpx2.Client, store: str, items: list[str]) -> None:
    """The bound of one call; none is too few."""
    path = new_collection(api, store, "foxes")
    good(api.post(f"{path}/items/add", json={"item_ids": items[:1] * 500}))
    for ids in (items[:1] * 501, []):
        for what in ("add", "remove"):
            sent = {"item_ids": ids}
            refused(api.post(f"{path}/items/{what}", json=sent), 400, "parameter_invalid")


def test_members__removed_and_strangers_ignored(
    api: httpx2.Client, store: str, items: list[str]
) -> None:
    """Trap: 204 without a body, also where nothing was a member; the items stay in the store."""
    path = new_collection(api, store, "foxes", *items)
    sent = {"item_ids": [items[1], KSI, items[1]]}
    for _ in range(2):
        response = api.post(f"{path}/items/remove", json=sent)
        assert (response.status_code, response.content) == (204, b"")
    assert members(api, path) == [items[3], items[2], items[0]]
    assert good(api.get(store))["item_count"] == 4


def test_members__in_pages(api: httpx2.Client, store: str, items: list[str]) -> None:
    """The newest item first; past the end the page is empty."""
    path = new_collection(api, store, "foxes", *items)
    pages = [members(api, path, page=page, page_limit=3) for page in (1, 2, 3)]
    assert pages == [items[:0:-1], items[:1], []]


def test_members__of_several_collections(api: httpx2.Client, store: str, items: list[str]) -> None:
    """An item may be in many; deleting one collection leaves item and others alone."""
    one, two = (new_collection(api, store, name, items[0]) for name in "ab")
    assert api.delete(one).status_code == 204
    refused(api.get(one), 404, "resource_not_exists")
    refused(api.get(f"{one}/items"), 404, "resource_not_exists")
    assert members(api, two) == items[:1]
    good(api.get(f"{store}/items/{items[0]}"))


def test_collection__unknown(api: httpx2.Client, store: str) -> None:
    """Below another store, or nowhere: 404 at every operation of it."""
    path = new_collection(api, new_store(api, "other"), "foxes")
    sent = {"item_ids": [KSI]}
    for each in (f"{store}/item-collections/{last(path)}", f"{store}/item-collections/{KSIC}"):
        for response in (
            api.get(each), api.patch(each, json={}), api.delete(each), api.get(f"{each}/items"),
            api.post(f"{each}/items/add", json=sent), api.post(f"{each}/items/remove", json=sent),
        ):  # fmt: skip
            refused(response, 404, "resource_not_exists")
    refused(api.get(f"{store}/item-collections/{KSI}"), 400, "parameter_invalid")
