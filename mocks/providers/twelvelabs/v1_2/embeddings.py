"""Vectors in v1.2: of one text at once, and of a video's clips, one vector for each."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import mapping
from understudy.mocks.providers.twelvelabs.embedding_tasks import begun, listed, read, segments
from understudy.mocks.providers.twelvelabs.embeddings import text_vector
from understudy.mocks.store import Resource

OPTION = "visual-text"
"""The kind of vector that v1.3 tells apart and v1.2 does not."""


def embed(call: Call) -> Answer:
    """The vector of a text."""
    engine = call.field("engine_name")
    vector: Json = {"float": text_vector(call, engine)}
    return Answer(200, {"engine_name": engine, "text_embedding": vector})


def create_embedding_task(call: Call) -> Answer:
    """Takes a video in; everything is checked before the task exists."""
    return begun(call, call.field("engine_name"))


def list_embedding_tasks(call: Call) -> Answer:
    """A page of tasks, newest first."""
    return listed(call, _task)


def read_status(call: Call) -> Answer:
    """A task without its vectors."""
    return read(call, _task)


def read_embedding(call: Call) -> Answer:
    """A task with its vectors, once it is ready and for seven days."""

    def show(task: Resource) -> Json:
        found = segments(call, task, (OPTION,))
        vectors: Json = None if found is None else [_embedding(each) for each in found]
        return {**_task(task), "video_embeddings": vectors}

    return read(call, show)


def _task(task: Resource) -> dict[str, Json]:
    return {
        "_id": task.id,
        "engine_name": task.fields["model_name"],
        "status": task.fields["status"],
        "created_at": task.fields["created_at"],
    }


def _embedding(segment: Json) -> Json:
    fields = mapping(segment)
    told = ("start_offset_sec", "end_offset_sec", "embedding_scope")
    return {**{name: fields[name] for name in told}, "embedding": {"float": fields["float"]}}
