"""What Twelve Labs does that its documents cannot say: the provider, assembled."""

from collections.abc import Mapping

from understudy.contracts.contract import Contract
from understudy.contracts.lifecycle import load_lifecycles
from understudy.mocks.provider import Behaviour, Provider, edition
from understudy.mocks.providers.twelvelabs import embedding_tasks, imports, tasks, today
from understudy.mocks.providers.twelvelabs.analysis import analyze
from understudy.mocks.providers.twelvelabs.embedding_tasks import (
    create_embedding_task,
    list_embedding_tasks,
    read_embedding,
)
from understudy.mocks.providers.twelvelabs.embeddings import embed
from understudy.mocks.providers.twelvelabs.errors import Errors
from understudy.mocks.providers.twelvelabs.gist import gist
from understudy.mocks.providers.twelvelabs.imports import (
    import_logs,
    import_status,
    start_import,
)
from understudy.mocks.providers.twelvelabs.indexes import counted, create_index
from understudy.mocks.providers.twelvelabs.search import search, search_page
from understudy.mocks.providers.twelvelabs.streams import streamed
from understudy.mocks.providers.twelvelabs.summaries import summarize
from understudy.mocks.providers.twelvelabs.tasks import count_tasks, create_task, delete_task
from understudy.mocks.providers.twelvelabs.v1_2.behaviour import v1_2
from understudy.mocks.providers.twelvelabs.videos import (
    delete_video,
    merge_metadata,
    read_video,
    replace_metadata,
)
from understudy.mocks.resource import generic

SPECIAL: Mapping[str, Behaviour] = {
    "create-index": create_index,
    "create-video-indexing-task": create_task,
    "delete-video-indexing-task": delete_task,
    "count-video-indexing-tasks": count_tasks,
    "retrieve-video-information": read_video,
    "update-video-information": replace_metadata,
    "patch-video-information": merge_metadata,
    "delete-video-information": delete_video,
    "any-to-video-search": search,
    "any-to-video--retrieve-specific-page": search_page,
    "gist": gist,
    "summarize": summarize,
    "generate-text-representation": analyze,
    "analyze": analyze,
    "cloud-to-cloud-import-videos": start_import,
    "cloud-to-cloud-retrieve-status": import_status,
    "cloud-to-cloud-retrieve-import-logs": import_logs,
    "create-text-image-audio-embedding": embed,
    "create-video-embedding-task": create_embedding_task,
    "list-video-embedding-tasks": list_embedding_tasks,
    "retrieve-video-embedding": read_embedding,
}


def provider() -> Provider:
    """Twelve Labs: v1.3 as it is today and was in mid 2025, and v1.2, over one store."""
    old = Contract.load("twelvelabs/v1.3-2025")
    headers = [("x-api-version", "1.3")]
    return Provider(
        name="twelvelabs",
        editions=(
            today.today(SPECIAL),
            edition(old, SPECIAL, generic, headers=headers, retired=True),
            v1_2(),
        ),
        envelope=Errors(),
        lifecycles=load_lifecycles("twelvelabs"),
        hooks={
            "indexing-task": tasks.entered,
            "cloud-import": imports.entered,
            "embedding-task": embedding_tasks.entered,
            **today.HOOKS,
        },
        doors=today.DOORS,
        views={"indexes": counted, "tasks": streamed, "videos": streamed, **today.VIEWS},
    )
