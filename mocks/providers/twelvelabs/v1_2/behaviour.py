"""What v1.2 of Twelve Labs does in its own way, over the store that it shares with v1.3."""

from collections.abc import Mapping

from understudy.contracts.contract import Contract
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.provider import Behaviour, Edition, edition
from understudy.mocks.providers.twelvelabs.analysis import answer
from understudy.mocks.providers.twelvelabs.gist import gist
from understudy.mocks.providers.twelvelabs.imports import (
    import_logs,
    import_status,
    start_import,
)
from understudy.mocks.providers.twelvelabs.summaries import summarize
from understudy.mocks.providers.twelvelabs.tasks import count_tasks, delete_task
from understudy.mocks.providers.twelvelabs.v1_2 import views
from understudy.mocks.providers.twelvelabs.v1_2.classes import (
    classification_page,
    classify_index,
    classify_videos,
)
from understudy.mocks.providers.twelvelabs.v1_2.embeddings import (
    create_embedding_task,
    embed,
    list_embedding_tasks,
    read_embedding,
    read_status,
)
from understudy.mocks.providers.twelvelabs.v1_2.engines import list_engines, read_engine
from understudy.mocks.providers.twelvelabs.v1_2.indexes import create_index
from understudy.mocks.providers.twelvelabs.v1_2.search import (
    search_form,
    search_page,
    search_words,
)
from understudy.mocks.providers.twelvelabs.v1_2.tasks import (
    create_task,
    index_external,
    transfer_videos,
)
from understudy.mocks.providers.twelvelabs.v1_2.videos import (
    change_video,
    read_logos,
    read_text_in_video,
    read_thumbnail,
    read_transcription,
)
from understudy.mocks.providers.twelvelabs.videos import delete_video
from understudy.mocks.resource import generic


def generate(call: Call) -> Answer:
    """The answer to a prompt: one object, unless a stream is asked for."""
    return answer(call, in_pieces=call.body.get("stream") is True)


SPECIAL: Mapping[str, Behaviour] = {
    "list-engines": list_engines,
    "retrieve-engine": read_engine,
    "create-index": create_index,
    "update-video-information": change_video,
    "delete-video-information": delete_video,
    "retrieve-video-transcription": read_transcription,
    "retrieve-text-in-video": read_text_in_video,
    "retrieve-video-logos": read_logos,
    "retrieve-video-thumbnail": read_thumbnail,
    "create-video-indexing-task": create_task,
    "index-external-video": index_external,
    "transfer-videos": transfer_videos,
    "delete-video-indexing-task": delete_task,
    "count-video-indexing-tasks": count_tasks,
    "cloud-to-cloud-import-videos": start_import,
    "cloud-to-cloud-retrieve-status": import_status,
    "cloud-to-cloud-retrieve-import-logs": import_logs,
    "search-by-text": search_words,
    "search-by-combined-queries": search_words,
    "any-to-video-search": search_form,
    "retrieve-search-page": search_page,
    "retrieve-combined-page": search_page,
    "any-to-video--retrieve-specific-page": search_page,
    "classify-videos": classify_videos,
    "classify-index": classify_index,
    "retrieve-classification-page": classification_page,
    "gist": gist,
    "summarize": summarize,
    "generate": generate,
    "create-text-embedding": embed,
    "create-video-embedding-task": create_embedding_task,
    "list-video-embedding-tasks": list_embedding_tasks,
    "retrieve-video-embedding-task": read_status,
    "retrieve-video-embedding": read_embedding,
}


def v1_2() -> Edition:
    """Twelve Labs, v1.2."""
    return edition(
        Contract.load("twelvelabs/v1.2"),
        SPECIAL,
        generic,
        views={"tasks": views.task, "videos": views.video},
        headers=[("x-api-version", "1.2")],
    )
