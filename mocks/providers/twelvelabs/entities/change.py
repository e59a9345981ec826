"""Entities change: their words, and the pictures that they are known by."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import texts
from understudy.mocks.providers.twelvelabs.entities.collection import collection_of
from understudy.mocks.providers.twelvelabs.entities.creation import begin, pictures
from understudy.mocks.providers.twelvelabs.entities.entity import KIND, shown
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import picked
from understudy.mocks.resource import found
from understudy.mocks.store import Resource


def update_entity(call: Call) -> Answer:
    """The entity with other words; metadata takes the place of all that was there."""
    entity = _entity(call)
    changes = picked(call.body, "name", "description", "metadata")
    call.collection(KIND).change(entity, changes, at=call.now)
    return Answer(200, shown(entity))


def add_assets(call: Call) -> Answer:
    """The entity with more pictures, processing again; without new ones it stays as it is."""
    entity = _entity(call)
    held = texts(entity.fields.get("asset_ids"))
    wanted = pictures(call, texts(call.body.get("asset_ids")))
    return _with(call, entity, [*held, *(each for each in wanted if each not in held)])


def remove_assets(call: Call) -> Answer:
    """The entity with fewer pictures, processing again; one has to be left."""
    entity = _entity(call)
    held = texts(entity.fields.get("asset_ids"))
    unwanted = texts(call.body.get("asset_ids"))
    for each in unwanted:
        if each not in held:
            message = f"asset_ids has {each!r}, which entity {entity.id} does not have"
            raise refuse("parameter_invalid", message)
    left: list[Json] = [each for each in held if each not in unwanted]
    if not left:
        message = f"entity {entity.id} would be left without an asset; it needs one at least"
        raise refuse("parameter_invalid", message)
    return _with(call, entity, left)


def _entity(call: Call) -> Resource:
    kind = call.edition.cast.kinds[KIND]
    return found(call, kind, call.path("entity_id"), collection_of(call).id)


def _with(call: Call, entity: Resource, asset_ids: list[Json]) -> Answer:
    if asset_ids != entity.fields.get("asset_ids"):
        call.collection(KIND).change(entity, {"asset_ids": asset_ids}, at=call.now)
        begin(call, entity)
    return Answer(200, shown(entity))
