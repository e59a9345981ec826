"""Interactions: what somebody did with what a search had found."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.providers.mixpeek.errors import unknown
from understudy.mocks.providers.mixpeek.pages import numbered
from understudy.mocks.providers.mixpeek.scope import member, scope
from understudy.mocks.store import Resource

_SAID = ("feature_id", "interaction_type", "search_request", "position", "metadata", "session_id")
_NARROW = ("feature_id", "interaction_type", "session_id")


def create_interaction(call: Call) -> Answer:
    """Notes what was done; the feature must exist."""
    member(call, "features", call.field("feature_id"))
    identity = call.tenant.ids.uuid()
    fields: dict[str, Json] = {name: call.body.get(name) for name in _SAID}
    fields["interaction_id"] = identity
    made = Resource("interactions", identity, fields, call.now, scope(call))
    call.collection("interactions").add(made)
    return Answer(200, made.fields)


def list_interactions(call: Call) -> Answer:
    """One page of them, the oldest first; a bare list."""
    asked = {name: call.query(name) for name in _NARROW if call.query(name) is not None}
    stored = call.collection("interactions").page(where={"parent": scope(call), **asked}).items
    page, _ = numbered(call, [each.fields for each in stored])
    return Answer(200, list(page))


def read_interaction(call: Call) -> Answer:
    """One of them."""
    return Answer(200, _found(call).fields)


def delete_interaction(call: Call) -> Answer:
    """Removes one."""
    interaction = _found(call)
    call.collection("interactions").remove(interaction)
    return Answer(200, {"message": f"Interaction {interaction.id} was deleted"})


def _found(call: Call) -> Resource:
    namespace, identity = scope(call), call.path("interaction_id")
    interaction = call.collection("interactions").get(identity)
    if interaction is None or interaction.parent != namespace:
        raise unknown(f"there is no interaction with the interaction_id {identity!r}")
    return interaction
