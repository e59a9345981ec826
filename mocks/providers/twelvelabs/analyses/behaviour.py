"""Analysis of today: at once, as tasks, and in batches: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View
from understudy.mocks.providers.twelvelabs.analyses import batch, batches, tasks
from understudy.mocks.providers.twelvelabs.analyses.answer import analyze

SPECIAL: Mapping[str, Behaviour] = {
    "analyze-media": analyze,
    "create-analysis-task": tasks.create_task,
    "cancel-analysis-task": tasks.cancel_task,
    "delete-analysis-task": tasks.delete_task,
    "create-analysis-batch": batches.create_batch,
    "list-analysis-batches": batches.list_batches,
    "retrieve-analysis-batch": batches.read_batch,
    "retrieve-analysis-batch-results": batches.batch_results,
    "cancel-analysis-batch": batches.cancel_batch,
    "delete-analysis-batch": batches.delete_batch,
}
HOOKS: Mapping[str, Hook] = {tasks.LIFECYCLE: tasks.entered, batches.LIFECYCLE: batch.entered}
VIEWS: Mapping[str, View] = {tasks.KIND: tasks.viewed}
