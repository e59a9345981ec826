"""What Twelve Labs does that its documents cannot say: the provider, assembled."""

from collections.abc import Mapping

from understudy.contracts.contract import Contract
from understudy.contracts.lifecycle import load_lifecycles
from understudy.mocks.provider import Behaviour, Provider, edition
from understudy.mocks.providers.twelvelabs.errors import Errors
from understudy.mocks.providers.twelvelabs.indexes import counted, create_index
from understudy.mocks.providers.twelvelabs.tasks import count_tasks, create_task, delete_task
from understudy.mocks.providers.twelvelabs.videos import (
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
}


def provider() -> Provider:
    """Twelve Labs, v1.3 of mid 2025."""
    contract = Contract.load("twelvelabs/v1.3-2025")
    return Provider(
        name="twelvelabs",
        editions=(edition(contract, SPECIAL, generic),),
        envelope=Errors(),
        lifecycles=load_lifecycles("twelvelabs"),
        views={"indexes": counted},
        headers=(("x-api-version", "1.3"),),
    )
