"""Knowledge stores: made, changed, counted, and deleted with all that is in them."""

import re
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from knowledge_stage import (
    KS,
    SESS,
    ask,
    good,
    last,
    new_collection,
    new_item,
    new_store,
    question,
    ready_asset,
    ready_item,
)
from stage import ONE_FAKE, client_of, refused

from understudy.mocks import Fake

BIG = 2**53 - 1


def with_schema(**properties: object) -> dict[str, Any]:
    """A body whose items are enriched by a schema of these properties."""
    schema = {"type": "object", "properties": properties}
    return with_config({"type": "json_schema", "json_schema": schema})


def with_config(config: object) -> dict[str, Any]:
    return {"name": "x", "ingestion_config": {"enrichment_config": config}}


def test_store__is_what_was_said_and_an_id_that_tells_the_time(
    fake: Fake, api: httpx2.Client
) -> None:
    """The id is `ks_` and a UUID of version 7, made of the tenant's clock."""
    config = {"enrichment_config": {"type": "description", "description": "Each ship."}}
    sent = {"name": "a", "description": "b", "metadata": {"k": "v"}, "ingestion_config": config}
    made = good(api.post("/knowledge-stores", json=sent), 201)
    assert {name: made[name] for name in sent} == sent
    assert made["item_count"] == 0
    assert re.fullmatch(
        r"ks_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}", made["_id"]
    )
    assert int(made["_id"][3:].replace("-", "")[:12], 16) == fake.clock.now() * 1000
    assert good(api.get(f"/knowledge-stores/{made['_id']}")) == made


def test_store__only_its_own_fields_are_kept(api: httpx2.Client) -> None:
    """A caller neither chooses ids, counts and stamps nor adds fields."""
    more = {"_id": KS, "item_count": 9, "created_at": "2000-01-01T00:00:00Z", "colour": "red"}
    made = good(api.post("/knowledge-stores", json={"name": "a", **more}), 201)
    assert made["_id"] != KS
    assert made["item_count"] == 0
    assert set(made) == {"_id", "name", "metadata", "item_count", "created_at", "updated_at"}
    changed = good(api.patch(f"/knowledge-stores/{made['_id']}", json={"name": "b", **more}))
    assert changed == {**made, "name": "b", "updated_at": changed["updated_at"]}


VALUES = st.one_of(
    st.text("abc é\u2028", max_size=8),
    st.booleans(),
    st.integers(-BIG, BIG),
    st.floats(-1e9, 1e9),
    st.lists(st.text(max_size=3), max_size=3),
)


@given(st.dictionaries(st.text("abcé.$", min_size=1, max_size=5), VALUES, max_size=10))
@settings(suppress_health_check=ONE_FAKE)
def test_trap__metadata_keeps_its_types(api: httpx2.Client, metadata: dict[str, Any]) -> None:
    """Trap: booleans, whole numbers and fractions come back as what they were."""
    made = good(api.post("/knowledge-stores", json={"name": "x", "metadata": metadata}), 201)
    read = good(api.get(f"/knowledge-stores/{made['_id']}"))["metadata"]
    assert read == metadata
    assert {k: type(v) for k, v in read.items()} == {k: type(v) for k, v in metadata.items()}


@pytest.mark.parametrize(
    "metadata",
    [
        {str(number): "" for number in range(11)},
        {"k" * 129: ""},
        {"k": "v" * 2049},
        {"k": None},
        {"k": {}},
        {"k": [1]},
        {"k": BIG + 1},
        {"k": -BIG - 1},
        [],
        None,
    ],
)
def test_metadata__beyond_its_bounds_is_refused(
    fake: Fake, api: httpx2.Client, metadata: object
) -> None:
    """Ten pairs, keys of 128, texts of 2,048, no null, nothing nested, 53 bits."""
    store = new_store(api, metadata={"k": 1})
    before = shown(fake)
    sent = {"name": "x", "metadata": metadata}
    refused(api.post("/knowledge-stores", json=sent), 400, "parameter_invalid")
    refused(api.patch(store, json=sent), 400, "parameter_invalid")
    refused(api.post(f"{store}/item-collections", json=sent), 400, "parameter_invalid")
    assert shown(fake) == before


def test_metadata__at_its_bounds_is_taken(api: httpx2.Client) -> None:
    """The bounds themselves are within."""
    most = {f"{number}" * 128: "v" * 2048 for number in range(10)}
    new_store(api, metadata=most)
    new_store(api, metadata={"least": -BIG, "most": BIG})


def test_change__replaces_metadata_whole(fake: Fake, api: httpx2.Client) -> None:
    """What is not named stays; metadata is replaced, and cleared by an empty object."""
    store = new_store(api, description="d", metadata={"a": 1, "b": 2})
    made = good(api.get(store))
    fake.clock.advance(5)
    changed = good(api.patch(store, json={"metadata": {"b": 3}}))
    assert changed["metadata"] == {"b": 3}
    assert changed["updated_at"] > changed["created_at"] == made["created_at"]
    cleared = good(api.patch(store, json={"metadata": {}, "name": "n"}))
    assert (cleared["name"], cleared["description"], cleared["metadata"]) == ("n", "d", {})


def test_trap__ingestion_config_is_fixed_for_ever(fake: Fake, api: httpx2.Client) -> None:
    """Trap: it cannot be given to a store that has none, nor changed, nor sent along."""
    for more in (
        {},
        {
            "ingestion_config": with_config({"type": "description", "description": "a"})[
                "ingestion_config"
            ]
        },
    ):
        store = new_store(api, **more)
        before = shown(fake)
        sent = with_config({"type": "description", "description": "b"})
        assert "fixed" in refused(api.patch(store, json=sent), 400, "parameter_invalid")
        assert shown(fake) == before


def test_enrichment__takes_what_is_documented(api: httpx2.Client) -> None:
    """Every keyword of the list, nested ones too, and properties that are called like keywords."""
    const = {"type": "string", "description": "A property, no keyword.", "format": "date"}
    inner = {"type": "object", "description": "d", "properties": {"const": const}}
    body = with_schema(
        kind={"type": "string", "title": "t", "description": "d", "enum": ["a"]},
        many={"type": "array", "description": "d", "items": inner, "minItems": 0, "maxItems": 9},
        pair={"type": "array", "description": "d", "prefixItems": [inner]},
        size={"type": "number", "description": "d", "minimum": 0, "maximum": 9},
        inner={**inner, "required": ["const"], "additionalProperties": False},
    )
    made = good(api.post("/knowledge-stores", json=body), 201)
    assert made["ingestion_config"] == body["ingestion_config"]


OFF = {
    "no description": {"type": "string"},
    "an empty one": {"type": "string", "description": ""},
    "none in a nested one": {"type": "object", "description": "d", "properties": {"b": {}}},
    "none in an element": {
        "type": "array", "description": "d", "items": {"type": "object", "properties": {"b": {}}}},
    "anyOf": {"description": "d", "anyOf": [{"type": "string"}]},
    "pattern": {"type": "string", "description": "d", "pattern": "a"},
    "const": {"type": "string", "description": "d", "const": "a"},
    "default": {"type": "string", "description": "d", "default": "a"},
    "reference": {"description": "d", "$ref": "#/properties/a"},
    "nullable": {"type": "string", "description": "d", "nullable": True},
    "types": {"type": ["string", "null"], "description": "d"},
    "null": {"type": "null", "description": "d"},
    "a schema of others": {"type": "object", "description": "d", "additionalProperties": {}},
    "no type": {"type": "text", "description": "d"},
    "a bad keyword": {"type": "array", "description": "d", "minItems": -1},
    "no schema": 7,
    "a text": "string",
    "prefixItems": {"type": "array", "description": "d", "prefixItems": [{"pattern": "a"}]},
}  # fmt: skip


@pytest.mark.parametrize("off", OFF.values(), ids=OFF)
def test_trap__enrichment_beyond_the_keywords_is_a_422(
    fake: Fake, api: httpx2.Client, off: object
) -> None:
    """Trap: other keywords are not ignored; flat, and nothing is made."""
    before = shown(fake)
    message = refused(
        api.post("/knowledge-stores", json=with_schema(a=off)), 422, "parameter_invalid"
    )
    assert "ingestion_config.enrichment_config.json_schema" in message
    assert shown(fake) == before


def test_enrichment__very_deep_is_refused(api: httpx2.Client) -> None:
    """Depth has an end before Python's own."""
    deep: dict[str, Any] = {"type": "string", "description": "d"}
    for _ in range(40):
        deep = {"type": "array", "description": "d", "items": deep}
    refused(api.post("/knowledge-stores", json=with_schema(a=deep)), 422, "parameter_invalid")


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"type": "description"},
        {"type": "description", "description": ""},
        {"type": "json_schema"},
        {"type": "json_schema", "json_schema": {"type": "array", "properties": {}}},
        {"type": "json_schema", "json_schema": {"type": "object"}},
        {"type": "words", "description": "x"},
    ],
)
def test_enrichment__without_its_parts_is_a_400(api: httpx2.Client, config: object) -> None:
    """What the document says of the form is a 400 as everywhere."""
    response = api.post("/knowledge-stores", json=with_config(config))
    assert response.status_code == 400, response.text


def test_stores__listed_newest_first(fake: Fake, api: httpx2.Client) -> None:
    """By creation or change, in either direction; past the end comes an empty page."""
    stores = []
    for name in "abc":
        fake.clock.advance(1)
        stores.append(new_store(api, name))
    fake.clock.advance(1)
    good(api.patch(stores[1], json={"description": "changed"}))

    def names(**query: str | int) -> str:
        page = good(api.get("/knowledge-stores", params=query))
        assert page["page_info"]["total_results"] == 3
        return "".join(each["name"] for each in page["data"])

    assert names() == "cba"
    assert names(sort_option="asc") == "abc"
    assert names(sort_by="updated_at") == "bca"
    assert names(page=2, page_limit=2) == "a"
    assert names(page=3, page_limit=2) == ""
    refused(api.get("/knowledge-stores", params={"sort_by": "name"}), 400, "parameter_invalid")


def test_store__deleted_with_all_that_is_in_it(fake: Fake, api: httpx2.Client) -> None:
    """Items, collections and sessions go; assets stay, and so does another store."""
    store, other = new_store(api), new_store(api, "other")
    item = ready_item(fake, api, store, "fox.mp4")
    kept = ready_item(fake, api, other, "owl.mp4")
    asset = good(api.get(f"{store}/items/{item}"))["asset_id"]
    collection = new_collection(api, store, "foxes", item)
    session = ask(api, store, "A fox?")["session_id"]
    assert api.delete(store).status_code == 204
    for path in (store, f"{store}/items", f"{store}/items/{item}", collection):
        refused(api.get(path), 404, "resource_not_exists")
    refused(api.delete(store), 404, "resource_not_exists")
    sent = question(other, "An owl?", session_id=session)
    refused(api.post("/responses", json=sent), 400, "resource_not_exists")
    good(api.get(f"/assets/{asset}"))
    assert good(api.get(f"{other}/items"))["data"][0]["_id"] == kept


def test_store__counts_its_items(fake: Fake, api: httpx2.Client) -> None:
    """`item_count` is how many items there are, in whatever status."""
    store = new_store(api)
    asset = ready_asset(fake, api, "fox.mp4")
    first = new_item(api, store, asset)
    new_item(api, store, asset)
    assert good(api.get(store))["item_count"] == 2
    api.delete(f"{store}/items/{first}")
    assert good(api.get("/knowledge-stores"))["data"][0]["item_count"] == 1


def test_store__of_another_tenant_is_unknown(fake: Fake, api: httpx2.Client) -> None:
    """Keys do not see each other's stores, items and sessions."""
    store = new_store(api)
    ready_item(fake, api, store, "fox.mp4")
    session = ask(api, store, "A fox?")["session_id"]
    with client_of(fake, "tlk_other") as other:
        refused(other.get(store), 404, "resource_not_exists")
        sent = question(store, "A fox?")
        assert last(store) in refused(
            other.post("/responses", json=sent), 400, "resource_not_exists"
        )
        mine = question(new_store(other), "A fox?", session_id=session)
        refused(other.post("/responses", json=mine), 400, "resource_not_exists")


@pytest.mark.parametrize("identity", ["ks_1", "1", "0" * 24, KS.upper(), KS + "0", SESS])
def test_store__malformed_id(api: httpx2.Client, identity: str) -> None:
    """What is no id of a store is a 400, and names the parameter."""
    message = refused(api.get(f"/knowledge-stores/{identity}"), 400, "parameter_invalid")
    assert "knowledge_store_id" in message
