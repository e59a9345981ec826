"""Embed v2: vectors at once, and tasks that make them: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View
from understudy.mocks.providers.twelvelabs.vectors import tasks
from understudy.mocks.providers.twelvelabs.vectors.once import create_embeddings

SPECIAL: Mapping[str, Behaviour] = {
    "create-embeddings-v2": create_embeddings,
    "create-embed-v2-task": tasks.create_task,
    "list-embed-v2-tasks": tasks.list_tasks,
    "retrieve-embed-v2-task": tasks.read_task,
}
HOOKS: Mapping[str, Hook] = {tasks.LIFECYCLE: tasks.entered}
VIEWS: Mapping[str, View] = {}
