"""Embedding tasks of version 2: recordings, documents and images, embedded while one polls."""

from collections.abc import Mapping
from functools import partial
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate.media import Kind
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.tokens import count
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.twelvelabs.embedding_tasks import WEEK, listed, read
from understudy.mocks.providers.twelvelabs.vectors.document import (
    Document,
    allowance,
    document_of,
    document_pieces,
)
from understudy.mocks.providers.twelvelabs.vectors.once import about, origin
from understudy.mocks.providers.twelvelabs.vectors.piece import Wishes
from understudy.mocks.providers.twelvelabs.vectors.recording import (
    HEARD,
    Recording,
    pieces,
    recording_of,
)
from understudy.mocks.providers.twelvelabs.vectors.source import is_pdf, source_of
from understudy.mocks.providers.twelvelabs.vectors.tally import IMAGE, tokens_of, usage
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource
from understudy.mocks.task import Outcome, Plan, Task
from understudy.mocks.tenant import Tenant

KIND = "embed-v2-tasks"
LIFECYCLE = "embed-v2-task"
LONGEST = 14_400.0
"""Seconds of a sound or video (assumed: what the model is said to take)."""

PAGES_PER_MEGABYTE = 64


def create_task(call: Call) -> Answer:
    """Takes a medium in; everything but a PDF's pages is checked before the task exists."""
    wishes = Wishes.of(call)
    name = cast(Kind, call.field("input_type"))
    said = mapping(call.body.get(name))
    source = source_of(
        call, mapping(said.get("media_source")), kinds=(name,), name=f"{name}.media_source"
    )
    medium, problem, seconds, plan = source.medium, "", 0.0, dict[str, Json]()
    metadata: dict[str, Json] = {"input_type": name, **origin(said, medium)}
    if name == "document":
        document = document_of(said, source, wishes)
        plan, problem = document.kept(), _unallowed(medium, document)
        metadata["embedding_options"] = list(document.options)
        metadata["embedding_scopes"] = list(document.scopes)
    elif name == "image":
        metadata.update({"embedding_options": ["visual"], "embedding_scopes": ["asset"]})
    else:
        recording, medium = recording_of(said, medium, name, wishes, longest=LONGEST)
        plan, seconds = recording.kept(), recording.end - recording.start
        metadata = about(name, said, medium, recording, wishes)
    if wishes.latest:
        metadata["embedding_dimension"] = wishes.length
    task = prepared(call, call.edition.cast.kinds[KIND], {"metadata": metadata}, None)
    task.fields["model_name"] = wishes.model
    task.hidden.update({"medium": kept(medium), "plan": plan})
    task.hidden["wishes"] = [wishes.dimension, wishes.uncertainty]
    _begin(call, task, medium, seconds, problem)
    shown: dict[str, Json] = {"_id": task.id, "status": task.fields["status"]}
    if wishes.latest:
        shown["metadata"] = {"embedding_dimension": wishes.length}
    return Answer(202, shown)


def list_tasks(call: Call) -> Answer:
    """A page of tasks, newest first; without dates those of the last seven days."""
    return listed(call, _shown, KIND)


def read_task(call: Call) -> Answer:
    """A task with its vectors, once it is ready and for seven days."""

    def show(task: Resource) -> Json:
        shown = {name: value for name, value in task.fields.items() if name != "model_name"}
        shown["data"] = None
        if task.fields["status"] == "ready" and call.now < task.updated + WEEK:
            shown["data"] = _pieces(task)
        if task.fields["status"] == "ready" and _wishes(task).latest:
            shown["usage"] = usage(_tokens(task))
        return shown

    return read(call, show, KIND)


def entered(tenant: Tenant, task: Resource, status: str, at: float) -> None:
    """A failed task says why."""
    if status == "failed" and task.task is not None:
        tasks = tenant.collection("twelvelabs", KIND)
        tasks.change(task, {"error": {"message": task.task.reason}})


def _begin(call: Call, task: Resource, medium: Medium, seconds: float, problem: str) -> None:
    lifecycle = call.provider.lifecycles[LIFECYCLE]
    tasks = call.collection(KIND)
    outcome = ending(medium, lifecycle)
    if problem:
        outcome = Outcome(status=lifecycle.failure().status, reason=problem)
    plan = Plan.of(lifecycle, seconds, speed=call.tenant.clock.speed, outcome=outcome)
    enter = partial(entered, call.tenant)
    agenda = call.tenant.agenda
    Task.begin(tasks.add(task), plan, collection=tasks, agenda=agenda, on_enter=enter)


def _unallowed(medium: Medium, document: Document) -> str:
    """Why a PDF with that many pages fails; empty where it does not."""
    most = allowance(medium, PAGES_PER_MEGABYTE)
    if not is_pdf(medium) or document.looks <= most:
        return ""
    times = ", which count five times," if document.quarters else ""
    return f"The file has {document.pages} pages{times} and may have {most} for its size."


def _wishes(task: Resource) -> Wishes:
    dimension, uncertainty = cast("list[Json]", task.hidden["wishes"])
    model = text(task.fields["model_name"])
    return Wishes(model, cast("int | None", dimension), uncertainty is True)


def _pieces(task: Resource) -> list[Json]:
    wishes, medium = _wishes(task), known(task.hidden)
    plan = mapping(task.hidden["plan"])
    name = task.field("metadata.input_type")
    if name == "document":
        return document_pieces(wishes, medium, Document.known(plan))
    if name == "image":
        return [wishes.piece(wishes.space.medium(medium), "visual", "asset")]
    return pieces(wishes, medium, Recording.known(plan))


def _tokens(task: Resource) -> dict[str, int]:
    medium, plan = known(task.hidden), mapping(task.hidden["plan"])
    name = task.field("metadata.input_type")
    if name == "document":
        document = Document.known(plan)
        return {"document" if document.pages else "text": document.tokens}
    if name == "image":
        return {"image": IMAGE}
    recording = Recording.known(plan)
    seconds = recording.end - recording.start
    tokens = {"video": tokens_of(medium, seconds)} if name == "video" else {}
    if HEARD.intersection(recording.options) and medium.has_audio:
        tokens["audio"] = tokens_of(medium, seconds)
    tokens["text"] = sum(count(note) for _, _, note in recording.notes)
    return tokens


def _shown(task: Resource) -> Json:
    """A task in a list: what it embeds is told under the name of its kind."""
    metadata = mapping(task.fields["metadata"])
    name = text(metadata["input_type"])
    shared = ("input_url", "input_filename", "duration")
    told = {key: metadata[key] for key in shared if key in metadata}
    told[f"{name}_embedding_option"] = metadata["embedding_options"]
    told[f"{name}_embedding_scope"] = metadata["embedding_scopes"]
    if "clip_length" in metadata:
        told["video_clip_length"] = metadata["clip_length"]
    if name == "audio":
        told.update({key: metadata[key] for key in ("start_offset_sec", "end_offset_sec")})
    listed_fields = ("_id", "model_name", "status", "created_at", "updated_at")
    shown: Mapping[str, Json] = {key: task.fields[key] for key in listed_fields}
    return {**shown, f"{name}_embedding": {"metadata": told}}
