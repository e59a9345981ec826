"""Entities begin: one by one, or many at once, where each stands for itself."""

from collections.abc import Iterable, Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import SLOW
from understudy.mocks.generate.medium import outcome_of
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.assets.asset import ready_asset
from understudy.mocks.providers.twelvelabs.entities.collection import collection_of
from understudy.mocks.providers.twelvelabs.entities.entity import KIND, shown
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import picked
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource
from understudy.mocks.task import Outcome, Plan, Task


def create_entity(call: Call) -> Answer:
    """A new entity of ready pictures, on its way."""
    collection = collection_of(call)
    return Answer(201, shown(created(call, collection, call.body)))


def create_in_bulk(call: Call) -> Answer:
    """Each entity that can be is created; what is wrong with the others is told by place."""
    collection = collection_of(call)
    made: list[Json] = []
    errors: list[Json] = []
    for place, each in enumerate(elements(call.body.get("entities"))):
        body = mapping(each)
        try:
            entity = created(call, collection, body)
        except Refusal as refusal:
            name = text(body.get("name"))
            why: Json = {
                "entity_index": place,
                "entity_name": name,
                "error_reason": refusal.message,
            }
            errors.append(why)
        else:
            made.append(picked(entity.fields, "_id", "name", "status"))
    answer: dict[str, Json] = {
        "success_count": len(made),
        "failed_count": len(errors),
        "entities": made,
        "errors": errors,
    }
    return Answer(201, answer)


def created(call: Call, collection: Resource, body: Mapping[str, Json]) -> Resource:
    """An entity of that body, stored and on its way; refused before anything is stored."""
    if not text(body.get("name")):
        raise refuse("parameter_invalid", "name is empty, expected at least one character")
    check_metadata(mapping(body.get("metadata")))
    fields = picked(body, "name", "description", "metadata")
    fields["asset_ids"] = list(pictures(call, texts(body.get("asset_ids"))))
    fields["status"] = "processing"
    kind = call.edition.cast.kinds[KIND]
    entity = prepared(call, kind, fields, collection.id)
    call.collection(KIND).add(entity)
    begin(call, entity)
    return entity


def pictures(call: Call, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, each once, of assets that are ready images; refused if one is not, or none came.

    An unknown one is a 400: what the body names is not what was not found (assumed; the vendor
    declares no 404 here at all).
    """
    wanted = tuple(dict.fromkeys(ids))
    if not wanted:
        raise refuse("parameter_invalid", "asset_ids is empty, expected at least one id")
    try:
        return tuple(ready_asset(call, each, "asset_ids", ("image",)).id for each in wanted)
    except Refusal as refusal:
        if refusal.reason is not Reason.UNKNOWN:
            raise
        raise refuse("resource_not_exists", refusal.message) from None


def check_metadata(metadata: Mapping[str, Json]) -> None:
    """Refuses what is no plain value: lists and objects have to be written as text."""
    for name, value in metadata.items():
        if not isinstance(value, str | int | float | bool):
            message = f"metadata.{name} is {value!r:.80}, expected a string, number or boolean"
            raise refuse("parameter_invalid", message)


def begin(call: Call, entity: Resource) -> None:
    """Let the entity's pictures be looked at, for the first time or anew.

    `understudy-slow` and `understudy-stuck` in its name have the usual effect; an entity cannot
    fail.
    """
    if entity.task is not None:
        entity.task.cancel()
    word = outcome_of(text(entity.fields.get("name")))
    outcome = Outcome(stuck=word == "stuck", slow=SLOW if word == "slow" else 1.0)
    plan = Plan.of(
        call.provider.lifecycles["entity"], speed=call.tenant.clock.speed, outcome=outcome
    )
    agenda = call.tenant.agenda
    Task.begin(entity, plan, collection=call.collection(KIND), agenda=agenda, at=call.now)
