"""Entities of today, over Python SDK 1.3.6: collections, people with pictures, many at once."""

import time
from pathlib import Path
from typing import Any

from journey import INTERVAL, NOBODY, quick, refused, step
from twelvelabs.core.api_error import ApiError
from twelvelabs.entity_collections.entities import EntitiesCreateBulkRequestEntitiesItem as Item
from twelvelabs.errors import BadRequestError

Client = Any
METADATA = {"role": "pilot", "years": 12, "rating": 4.5, "on_duty": True}
ADA, BO = "https://media.example/ada.jpg", "https://media.example/bo.jpg"


def steps(client: Client, folder: Path) -> None:
    """Everything about entities, in the order in which a customer takes it."""
    staff = collections(client)
    pictures = [picture(client, url) for url in (ADA, BO)]
    ada = entities(client, staff, pictures)
    assets(client, staff, ada, pictures)
    bulk(client, staff, pictures)
    farewell(client, staff, ada, pictures)


def picture(client: Client, url: str) -> str:
    """A picture that is ready."""
    asset = client.assets.create(method="url", url=url)
    with quick():
        while client.assets.retrieve(asset.id).status == "processing":
            time.sleep(INTERVAL)
    return str(asset.id)


def ready(client: Client, collection: str, entity: str) -> Any:
    """The entity, once it is ready; the SDK has no function that waits."""
    there = client.entity_collections.entities
    with quick():
        while (found := there.retrieve(collection, entity)).status == "processing":
            time.sleep(INTERVAL)
    assert found.status == "ready", found
    return found


def collections(client: Client) -> str:
    """Collections come, are changed, found and sorted; answers the id of one."""

    with step("create, change and find entity collections"):
        made = client.entity_collections.create(name="staff", description="at the quay")
        other = client.entity_collections.create(name="crew")
        assert other.description is None
        changed = client.entity_collections.update(made.id, name="harbour staff")
        assert (changed.name, changed.description) == ("harbour staff", "at the quay")
        assert changed.updated_at >= changed.created_at == made.created_at
        assert client.entity_collections.retrieve(made.id) == changed
        found = client.entity_collections.list(name="harbour staff")
        assert [each.id for each in found] == [made.id]
        named = client.entity_collections.list(sort_by="name", sort_option="asc", page_limit=1)
        assert [each.name for each in named] == ["crew", "harbour staff"]

    with step("delete an entity collection, and be refused for one that is not there"):
        client.entity_collections.delete(other.id)
        refused(
            lambda: client.entity_collections.retrieve(other.id),
            ApiError,
            404,
            "resource_not_exists",
        )
        refused(
            lambda: client.entity_collections.create(name=""),
            BadRequestError,
            400,
            "parameter_invalid",
        )
    return str(made.id)


def entities(client: Client, collection: str, pictures: list[str]) -> str:
    """An entity comes, gets ready and is changed; answers its id."""
    there = client.entity_collections.entities

    with step("create an entity, and see it get ready"):
        made = there.create(collection, name="Ada", asset_ids=pictures[:1], metadata=METADATA)
        assert (made.status, made.entity_collection_id) == ("processing", collection)
        found = ready(client, collection, made.id)
        assert found.metadata == METADATA
        assert {name: type(value) for name, value in found.metadata.items()} == {
            name: type(value) for name, value in METADATA.items()
        }

    with step("change an entity: metadata is replaced, all else stays"):
        changed = there.update(collection, made.id, metadata={"role": "captain"})
        assert (changed.metadata, changed.name) == ({"role": "captain"}, "Ada")
        assert changed.asset_ids == pictures[:1]
        changed = there.update(collection, made.id, name="Ada L.", description="A pilot.")
        assert (changed.metadata, changed.description) == ({"role": "captain"}, "A pilot.")

    with step("list entities by name and status, and those of an asset"):
        assert [each.id for each in there.list(collection, name="Ada L.")] == [made.id]
        assert [each.id for each in there.list(collection, status="ready")] == [made.id]
        assert list(there.list(collection, status="processing", sort_by="updated_at")) == []
        assert [each.id for each in there.list_by_asset(pictures[0])] == [made.id]

    with step("be refused for an entity without pictures, or of unknown ones"):
        for assets, code in (
            ([], "parameter_invalid"),
            (["x"], "parameter_invalid"),
            ([NOBODY], "resource_not_exists"),
        ):
            refused(
                lambda assets=assets: there.create(collection, name="Cy", asset_ids=assets),  # type: ignore[misc]
                BadRequestError,
                400,
                code,
            )
    return str(made.id)


def assets(client: Client, collection: str, entity: str, pictures: list[str]) -> None:
    """Pictures come and go; each time the entity is processing for a while."""
    there = client.entity_collections.entities

    with step("give an entity another picture"):
        more = there.create_assets(collection, entity, asset_ids=pictures)
        assert (more.asset_ids, more.status) == (pictures, "processing")
        ready(client, collection, entity)

    with step("take a picture away, by a DELETE with a body; the last one stays"):
        less = there.delete_assets(collection, entity, asset_ids=pictures[:1])
        assert (less.asset_ids, less.status) == (pictures[1:], "processing")
        refused(
            lambda: there.delete_assets(collection, entity, asset_ids=pictures[1:]),
            BadRequestError,
            400,
            "parameter_invalid",
        )
        assert ready(client, collection, entity).asset_ids == pictures[1:]


def bulk(client: Client, collection: str, pictures: list[str]) -> None:
    """Many entities at once, of which some cannot be."""

    with step("create entities in bulk, with partial success"):
        wanted = [("Bo", pictures[:1]), ("lost", [NOBODY]), ("Cy", pictures)]
        told = client.entity_collections.entities.create_bulk(
            collection, entities=[Item(name=name, asset_ids=ids) for name, ids in wanted]
        )
        assert (told.success_count, told.failed_count) == (2, 1)
        assert [each.name for each in told.entities] == ["Bo", "Cy"]
        assert [(each.entity_index, each.entity_name) for each in told.errors] == [(1, "lost")]
        assert NOBODY in told.errors[0].error_reason
        for each in told.entities:
            ready(client, collection, each.id)


def farewell(client: Client, collection: str, entity: str, pictures: list[str]) -> None:
    """Entities go, by themselves and with their collection; pictures stay."""
    there = client.entity_collections.entities

    with step("delete an entity, then the collection with the others"):
        there.delete(collection, entity)
        refused(lambda: there.retrieve(collection, entity), ApiError, 404, "resource_not_exists")
        client.entity_collections.delete(collection)
        refused(lambda: there.list(collection), ApiError, 404, "resource_not_exists")
        assert client.assets.retrieve(pictures[0]).status == "ready"
        assert list(there.list_by_asset(pictures[1])) == []
