"""Embed v2, at once and in tasks."""

from collections.abc import Mapping

from stage import NOBODY, client_of
from twelvelabs_stage import KEY, VIDEO, Calls, Ids, Stage

from understudy.mocks import Fake

WORDS = {"input_type": "text", "model_name": "marengo3.0", "text": {"input_text": "a ferry"}}
FILM = {
    "input_type": "video",
    "model_name": "marengo3.5",
    "video": {"media_source": {"url": VIDEO}},
}
TASKS = "/embed-v2/tasks"


def task(stage: Stage) -> str:
    """A task that is still running."""
    return str(stage.post(TASKS, **FILM).json()["_id"])


STATUSES: Mapping[str, Calls] = {
    "create-embeddings-v2": {
        200: lambda s: s.post("/embed-v2", **WORDS),
        400: lambda s: s.post("/embed-v2", **WORDS, embedding_dimension=8),
    },
    "list-embed-v2-tasks": {
        200: lambda s: s.get(TASKS, status=s.once("v2", task) and "processing"),
        400: lambda s: s.get(TASKS, status="asleep"),
    },
    "create-embed-v2-task": {
        202: lambda s: s.post(TASKS, **FILM),
        400: lambda s: s.post(TASKS, **{**FILM, "video": {}}),
    },
    "retrieve-embed-v2-task": {
        200: lambda s: s.get(f"{TASKS}/{s.once('v2', task)}"),
        400: lambda s: s.get(f"{TASKS}/first"),
        404: lambda s: s.get(f"{TASKS}/{NOBODY}"),
    },
}


def stock(fake: Fake) -> Ids:
    """A task that is still running."""
    with client_of(fake, KEY) as api:
        return {"task_id@/embed-v2/tasks": str(api.post(TASKS, json=FILM).json()["_id"])}
