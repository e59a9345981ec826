"""An entity as other calls meet it: found by its id, and shown."""

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.providers.twelvelabs.fields import picked
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.store import Resource

KIND = "entities"
SHOWN = (
    "_id",
    "entity_collection_id",
    "name",
    "description",
    "metadata",
    "asset_ids",
    "status",
    "created_at",
    "updated_at",
)


def entity_of(call: Call, identity: str, name: str = "entity_id") -> Resource:
    """The entity of that id, in whatever collection and status it is.

    `name` is what the request calls it. Refusals: 400 for what is no id, 404 for an unknown one.
    """
    return named(call, KIND, name, identity)


def shown(entity: Resource) -> dict[str, Json]:
    """The entity as replies show it."""
    return picked(entity.fields, *SHOWN)
