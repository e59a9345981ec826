"""Entity collections: a name and a description, and the entities that go with them."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.providers.twelvelabs.fields import picked
from understudy.mocks.resource import found, prepared
from understudy.mocks.store import Resource

KIND = "entity-collections"
NAMES = ("name", "description")


def create_collection(call: Call) -> Answer:
    """A new collection; its name may be that of another (assumed)."""
    fields = picked(call.body, *NAMES)
    made = prepared(call, call.edition.cast.kinds[KIND], fields, None)
    call.collection(KIND).add(made)
    return Answer(201, shown(made))


def update_collection(call: Call) -> Answer:
    """The collection with another name or description; what is not sent stays."""
    collection = collection_of(call)
    call.collection(KIND).change(collection, picked(call.body, *NAMES), at=call.now)
    return Answer(200, shown(collection))


def collection_of(call: Call) -> Resource:
    """The collection that the path names; refused otherwise."""
    kind = call.edition.cast.kinds[KIND]
    return found(call, kind, call.path("entity_collection_id"))


def shown(collection: Resource) -> dict[str, Json]:
    """The collection as replies show it."""
    return picked(collection.fields, "_id", *NAMES, "created_at", "updated_at")
