"""Entity collections and the entities in them: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View
from understudy.mocks.providers.twelvelabs.entities.change import (
    add_assets,
    remove_assets,
    update_entity,
)
from understudy.mocks.providers.twelvelabs.entities.collection import (
    create_collection,
    update_collection,
)
from understudy.mocks.providers.twelvelabs.entities.creation import create_entity, create_in_bulk

SPECIAL: Mapping[str, Behaviour] = {
    "create-entity-collection": create_collection,
    "update-entity-collection": update_collection,
    "create-entity": create_entity,
    "create-entities-in-bulk": create_in_bulk,
    "update-entity": update_entity,
    "add-entity-assets": add_assets,
    "remove-entity-assets": remove_assets,
}
HOOKS: Mapping[str, Hook] = {}
VIEWS: Mapping[str, View] = {}
