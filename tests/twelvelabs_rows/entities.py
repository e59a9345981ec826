"""Entity collections and the entities in them."""

from collections.abc import Mapping

from entities_stage import new_collection, new_entity, new_pictures, place_of
from stage import NOBODY, client_of
from twelvelabs_stage import KEY, Calls, Ids, Stage

from understudy.mocks import Fake

ALL = "/entity-collections"
LOST = f"{ALL}/{NOBODY}"


def picture(stage: Stage) -> str:
    """A picture that is ready."""
    return new_pictures(stage.fake, stage.api, "ada")[0]


def another(stage: Stage) -> str:
    return new_pictures(stage.fake, stage.api, "bo")[0]


def collection(stage: Stage) -> str:
    """The path of a collection."""
    return f"{ALL}/{new_collection(stage.api)}"


def entity(stage: Stage) -> str:
    """The path of an entity with two pictures."""
    home = stage.once("collection", collection).rpartition("/")[2]
    pictures = [stage.once("picture", picture), stage.once("another", another)]
    return place_of(new_entity(stage.api, home, pictures))


def home(stage: Stage) -> str:
    return stage.once("collection", collection)


def one(stage: Stage) -> str:
    return stage.once("entity", entity)


def body(stage: Stage) -> dict[str, object]:
    """An entity to be."""
    return {"name": "Ada", "asset_ids": [stage.once("picture", picture)]}


def on_assets(method: str) -> Calls:
    """The calls of an operation on an entity's pictures."""
    return {
        200: lambda s: s.send(method, f"{one(s)}/assets", asset_ids=body(s)["asset_ids"]),
        400: lambda s: s.send(method, f"{one(s)}/assets", asset_ids=[]),
        404: lambda s: s.send(method, f"{home(s)}/entities/{NOBODY}/assets", **body(s)),
    }


STATUSES: Mapping[str, Calls] = {
    "list-entity-collections": {
        200: lambda s: s.get(ALL, name=home(s)),
        400: lambda s: s.get(ALL, sort_by="colour"),
    },
    "create-entity-collection": {
        201: lambda s: s.post(ALL, name="staff"),
        400: lambda s: s.post(ALL),
    },
    "retrieve-entity-collection": {
        200: lambda s: s.get(home(s)),
        400: lambda s: s.get(f"{ALL}/staff"),
        404: lambda s: s.get(LOST),
    },
    "update-entity-collection": {
        200: lambda s: s.send("PATCH", home(s), name="crew"),
        400: lambda s: s.send("PATCH", home(s), name=""),
        404: lambda s: s.send("PATCH", LOST, name="crew"),
    },
    "delete-entity-collection": {
        204: lambda s: s.api.delete(home(s)),
        400: lambda s: s.api.delete(f"{ALL}/staff"),
        404: lambda s: s.api.delete(LOST),
    },
    "list-entities": {
        200: lambda s: s.get(f"{home(s)}/entities", status="processing"),
        400: lambda s: s.get(f"{home(s)}/entities", status="failed"),
        404: lambda s: s.get(f"{LOST}/entities"),
    },
    "create-entity": {
        201: lambda s: s.post(f"{home(s)}/entities", **body(s)),
        400: lambda s: s.post(f"{home(s)}/entities", name="Ada"),
        404: lambda s: s.post(f"{LOST}/entities", **body(s)),
    },
    "create-entities-in-bulk": {
        201: lambda s: s.post(f"{home(s)}/entities/bulk", entities=[body(s)]),
        400: lambda s: s.post(f"{home(s)}/entities/bulk", entities=[]),
        404: lambda s: s.post(f"{LOST}/entities/bulk", entities=[body(s)]),
    },
    "retrieve-entity": {
        200: lambda s: s.get(one(s)),
        400: lambda s: s.get(f"{home(s)}/entities/ada"),
        404: lambda s: s.get(f"{home(s)}/entities/{NOBODY}"),
    },
    "update-entity": {
        200: lambda s: s.send("PATCH", one(s), metadata={"role": "pilot"}),
        400: lambda s: s.send("PATCH", one(s), metadata={"role": None}),
        404: lambda s: s.send("PATCH", f"{home(s)}/entities/{NOBODY}", name="Bo"),
    },
    "delete-entity": {
        204: lambda s: s.api.delete(one(s)),
        400: lambda s: s.api.delete(f"{home(s)}/entities/ada"),
        404: lambda s: s.api.delete(f"{home(s)}/entities/{NOBODY}"),
    },
    "add-entity-assets": on_assets("POST"),
    "remove-entity-assets": on_assets("DELETE"),
}


def stock(fake: Fake) -> Ids:
    """An entity of one picture that is ready, in a collection."""
    with client_of(fake, KEY) as api:
        home = new_collection(api)
        made = new_entity(api, home, new_pictures(fake, api, "ada"))
        fake.clock.advance(60)
    return {"entity_collection_id": home, "entity_id": made["_id"]}
