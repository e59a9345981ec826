"""Assets, their uploads piece by piece, and assets in an index: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Doors, Hook, View
from understudy.mocks.providers.twelvelabs.assets import (
    indexed,
    metadata,
    progress,
    references,
    report,
    upload,
)
from understudy.mocks.providers.twelvelabs.assets.creation import create_asset
from understudy.mocks.providers.twelvelabs.assets.transcript import read_transcription
from understudy.mocks.providers.twelvelabs.streams import streamed

SPECIAL: Mapping[str, Behaviour] = {
    "create-asset": create_asset,
    "delete-asset": references.delete_asset,
    "list-entities-of-asset": references.list_entities,
    "list-indexed-assets-of-asset": references.list_indexed,
    "retrieve-asset-transcription": read_transcription,
    "merge-asset-metadata": metadata.merge_metadata,
    "replace-asset-metadata": metadata.replace_metadata,
    "clear-asset-metadata": metadata.clear_metadata,
    "create-upload": upload.create_upload,
    "list-incomplete-uploads": upload.list_incomplete,
    "retrieve-upload": upload.read_upload,
    "request-upload-urls": upload.request_urls,
    "report-uploaded-chunks": report.report_chunks,
    "create-indexed-asset": indexed.create_indexed,
    "retrieve-indexed-asset": indexed.read_indexed,
    "update-indexed-asset": indexed.update_indexed,
    "delete-indexed-asset": indexed.delete_indexed,
}
HOOKS: Mapping[str, Hook] = {
    "asset": progress.entered,
    "multipart-upload": upload.entered,
    "indexed-asset": indexed.entered,
}
DOORS: Mapping[str, Doors] = {"uploads": upload.doors}
VIEWS: Mapping[str, View] = {"assets": progress.prepared, "indexed-assets": streamed}
