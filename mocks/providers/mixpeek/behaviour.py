"""What Mixpeek does that its document cannot say: the provider, assembled."""

from collections.abc import Mapping

from understudy.contracts.contract import Contract
from understudy.contracts.lifecycle import load_lifecycles
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.provider import Behaviour, Provider, edition
from understudy.mocks.providers.mixpeek import (
    assets,
    collections,
    features,
    ingestion,
    interactions,
    namespaces,
    organization,
    tasks,
)
from understudy.mocks.providers.mixpeek.embeddings import embed
from understudy.mocks.providers.mixpeek.errors import Errors
from understudy.mocks.providers.mixpeek.search import search_features
from understudy.mocks.resource import generic


def healthcheck(call: Call) -> Answer:
    """The service answers."""
    return Answer(200, {"status": "ok"})


SPECIAL: Mapping[str, Behaviour] = {
    "ingest-video-url": ingestion.ingest_video,
    "ingest-image-url": ingestion.ingest_image,
    "ingest-text": ingestion.ingest_text,
    "index-video-url": ingestion.ingest_video,
    "index-image-url": ingestion.ingest_image,
    "index-text": ingestion.ingest_text,
    "read-task": tasks.read_task,
    "cancel-task": tasks.cancel_task,
    "list-assets": assets.list_assets,
    "search-assets": assets.search_assets,
    "read-asset": assets.read_asset,
    "patch-asset": assets.merge_metadata,
    "replace-asset": assets.replace_metadata,
    "delete-asset": assets.delete_asset,
    "read-asset-features": assets.read_asset_features,
    "list-features": features.list_features,
    "search-features": search_features,
    "read-feature": features.read_feature,
    "replace-feature": features.replace_feature,
    "delete-feature": features.delete_feature,
    "create-interaction": interactions.create_interaction,
    "list-interactions": interactions.list_interactions,
    "read-interaction": interactions.read_interaction,
    "delete-interaction": interactions.delete_interaction,
    "embed": embed,
    "list-collections": collections.list_collections,
    "create-collection": collections.create_collection,
    "read-collection": collections.read_collection,
    "update-collection": collections.update_collection,
    "delete-collection": collections.delete_collection,
    "list-namespaces": namespaces.list_namespaces,
    "create-namespace": namespaces.create_namespace,
    "list-indexes": namespaces.list_indexes,
    "read-namespace": namespaces.read_namespace,
    "update-namespace": namespaces.update_namespace,
    "delete-namespace": namespaces.delete_namespace,
    "read-organization": organization.read_organization,
    "read-usage": organization.read_usage,
    "add-user": organization.add_user,
    "read-user": organization.read_user,
    "delete-user": organization.delete_user,
    "create-api-key": organization.create_api_key,
    "update-api-key": organization.update_api_key,
    "delete-api-key": organization.delete_api_key,
    "healthcheck": healthcheck,
}


def provider() -> Provider:
    """Mixpeek, November 2024 to the first days of January 2025."""
    contract = Contract.load("mixpeek/2024-12")
    return Provider(
        name="mixpeek",
        editions=(edition(contract, SPECIAL, generic),),
        envelope=Errors(),
        lifecycles=load_lifecycles("mixpeek"),
        hooks={"ingestion": tasks.entered},
    )
