"""Knowledge stores, their items and collections, and answers about them: what they do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View
from understudy.mocks.providers.twelvelabs.knowledge import (
    item_collections,
    items,
    responses,
    search,
    stores,
)

SPECIAL: Mapping[str, Behaviour] = {
    "create-knowledge-store": stores.create_store,
    "update-knowledge-store": stores.update_store,
    "create-knowledge-store-item": items.create_item,
    "create-item-collection": item_collections.create_collection,
    "update-item-collection": item_collections.update_collection,
    "list-item-collection-items": item_collections.list_items,
    "add-item-collection-items": item_collections.add_items,
    "remove-item-collection-items": item_collections.remove_items,
    "search-knowledge-store": search.search,
    "create-response": responses.create_response,
}
HOOKS: Mapping[str, Hook] = {}
VIEWS: Mapping[str, View] = {
    "knowledge-stores": stores.counted,
    "item-collections": item_collections.counted,
}
