"""Cloud imports: the files of an integration become indexing tasks without an upload.

The log of an import keeps what became of each of its files, so that it can still be read when
tasks and videos are gone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.polling import polled
from understudy.mocks.providers.twelvelabs import tasks as indexing
from understudy.mocks.providers.twelvelabs.buckets import connected, files
from understudy.mocks.providers.twelvelabs.indexes import has_family
from understudy.mocks.providers.twelvelabs.media import check_limits
from understudy.mocks.providers.twelvelabs.metadata import checked
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.providers.twelvelabs.tasks import begin, planned
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import new_id, prepared
from understudy.mocks.store import Resource
from understudy.mocks.tenant import Tenant

RUNNING = ("validating", "pending", "queued", "indexing")
COUNTED = ("ready", *RUNNING, "failed")


@dataclass(frozen=True, slots=True)
class File:
    """What became of one file; `id` is that of its task and video, empty for one not taken."""

    id: str
    name: str
    status: str
    created_at: str
    at: float
    error: str = ""


def start_import(call: Call) -> Answer:
    """Starts a task for each file that is wanted; everything is checked before the first."""
    integration = _integration(call)
    index = named(call, "indexes", "index_id", call.field("index_id"))
    sent = call.body.get("user_metadata")
    metadata = None if sent is None else checked(sent)
    _refuse_second(call)
    taken: list[tuple[Resource, Medium]] = []
    failed: list[Json] = []
    for medium in _wanted(call, integration, index):
        try:
            check_limits(medium, pegasus=has_family(index, "pegasus"))
        except Refusal as refusal:
            failed.append({"filename": medium.name, "error_message": refusal.message})
            continue
        ids = _one_id(call)
        taken.append((planned(call, index, medium, ids, metadata), medium))
    _log(call, integration, index, [task for task, _ in taken], failed)
    for task, medium in taken:
        begin(call, task, medium, "cloud-import", entered)
    videos: list[Json] = [{"video_id": task.id, "filename": medium.name} for task, medium in taken]
    return Answer(201, {"videos": videos, "failed_files": failed})


def import_status(call: Call) -> Answer:
    """The files of an integration by where they are on their way into one index."""
    integration = _integration(call)
    index = named(call, "indexes", "index_id", text(call.query("index_id")))
    logs = _logs(call, integration, index.id)
    with polled(call, _tasks(call, logs)):
        present = _present(call, logs)
        names = {file.name for file in present}
        groups: dict[str, Json] = {
            "not_imported": [each.name for each in files(integration) if each.name not in names]
        }
        for status in (*RUNNING, "ready"):
            groups[status] = [_shown(file) for file in present if file.status == status]
        groups["failed"] = [_shown_failed(file) for file in present if file.status == "failed"]
    return Answer(200, groups)


def import_logs(call: Call) -> Answer:
    """Every import of an integration, the oldest first."""
    logs = _logs(call, _integration(call))
    with polled(call, _tasks(call, logs)):
        return Answer(200, {"data": [_entry(call, log) for log in logs]})


def _integration(call: Call) -> str:
    """The integration that the path names; refused where its id says that there is none."""
    integration = call.path("integration-id")
    if not connected(integration):
        message = f"there is no integration with the integration-id {integration[:80]!r}"
        raise Refusal(Reason.UNKNOWN, message)
    return integration


def _refuse_second(call: Call) -> None:
    """One import runs at a time, so only the latest can still be running."""
    latest = call.collection("imports").page(descending=True, limit=1).items
    for log in latest:
        for file in _files(log):
            if file.status in RUNNING and file.id in call.collection("tasks"):
                message = (
                    f"the import of integration-id {text(log.fields['integration_id'])!r} is still"
                    f" running; one import runs at a time"
                )
                raise Refusal(Reason.CONFLICT, message)


def _wanted(call: Call, integration: str, index: Resource) -> Iterator[Medium]:
    """The files that the request asks for: all, or those that are not there yet."""
    incremental = call.body.get("incremental_import") is not False
    retry = call.body.get("retry_failed") is True
    present = {file.name: file for file in _present(call, _logs(call, integration, index.id))}
    for medium in files(integration):
        earlier = present.get(medium.name)
        again = earlier is None or (earlier.status == "failed" and retry)
        if again or not incremental:
            yield medium


def _one_id(call: Call) -> dict[str, Json]:
    """An id that serves both a task and its video."""
    kinds = call.edition.cast.kinds
    while True:
        made = new_id(call, kinds["tasks"])
        if str(made) not in call.collection("videos"):
            return {"_id": made, "video_id": made}


def _log(
    call: Call, integration: str, index: Resource, tasks: list[Resource], failed: list[Json]
) -> None:
    fields: dict[str, Json] = {
        "integration_id": integration,
        "index_id": index.id,
        "failed_files": failed,
    }
    log = prepared(call, call.edition.cast.kinds["imports"], fields, index.id)
    kept: dict[str, Json] = {
        task.id: {
            "name": task.field("system_metadata.filename"),
            "status": RUNNING[0],
            "created_at": stamp(call.now),
            "at": call.now,
            "error": "",
        }
        for task in tasks
    }
    log.hidden["files"] = kept
    call.collection("imports").add(log)


def entered(tenant: Tenant, task: Resource, status: str, at: float) -> None:
    """What any indexing task does, and the status of an import's task stands in its log."""
    indexing.entered(tenant, task, status, at)
    error = task.task.reason if task.task is not None else ""
    logs = tenant.collection("twelvelabs", "imports")
    for log in logs.page(where={"parent": task.parent}, descending=True).items:
        taken = _kept(log)
        if task.id in taken:
            changed: dict[str, Json] = {"status": status, "at": at, "error": error}
            log.hidden["files"] = {**taken, task.id: {**mapping(taken[task.id]), **changed}}
            return


def _logs(call: Call, integration: str, index: str = "") -> tuple[Resource, ...]:
    where = {"integration_id": integration, **({"index_id": index} if index else {})}
    return call.collection("imports").page(where=where).items


def _tasks(call: Call, logs: Iterable[Resource]) -> list[Resource]:
    tasks = call.collection("tasks")
    found = (tasks.get(file.id) for log in logs for file in _files(log))
    return [task for task in found if task is not None]


def _files(log: Resource) -> list[File]:
    """What became of the files that an import took."""
    return [
        File(
            id=identity,
            name=text(kept.get("name")),
            status=text(kept.get("status")),
            created_at=text(kept.get("created_at")),
            at=at if isinstance(at := kept.get("at"), int | float) else log.created,
            error=text(kept.get("error")),
        )
        for identity, kept in ((key, mapping(one)) for key, one in _kept(log).items())
    ]


def _kept(log: Resource) -> Mapping[str, Json]:
    return mapping(log.hidden.get("files"))


def _present(call: Call, logs: Iterable[Resource]) -> list[File]:
    """The files that are in an index or on their way, and those whose last try failed.

    What is ready counts for as long as its video is there.
    """
    found: dict[str, File] = {}
    failed: dict[str, File] = {}
    for log in logs:
        for file in (*_files(log), *_refused(log)):
            failed.pop(file.name, None)
            if file.status == "failed":
                failed[file.name] = file
            elif file.status != "ready" or file.id in call.collection("videos"):
                found[file.id] = file
    taken = {file.name for file in found.values()}
    return [*found.values(), *(file for file in failed.values() if file.name not in taken)]


def _refused(log: Resource) -> Iterator[File]:
    """The files that an import did not take at all."""
    for each in elements(log.fields.get("failed_files")):
        name, error = mapping(each).get("filename"), mapping(each).get("error_message")
        created = stamp(log.created)
        yield File("", text(name), "failed", created, log.created, text(error))


def _shown(file: File) -> Json:
    return {"video_id": file.id, "filename": file.name, "created_at": file.created_at}


def _shown_failed(file: File) -> Json:
    return {"filename": file.name, "created_at": file.created_at, "error_message": file.error}


def _entry(call: Call, log: Resource) -> Json:
    index = call.collection("indexes").get(log.parent or "")
    taken = _files(log)
    counts = Counter(file.status for file in taken)
    refused = list(elements(log.fields.get("failed_files")))
    failed: list[Json] = [
        {"filename": file.name, "error_message": file.error}
        for file in taken
        if file.status == "failed"
    ]
    status: dict[str, Json] = {name: counts[name] for name in COUNTED}
    status["failed"] = len(failed) + len(refused)
    shown: dict[str, Json] = {
        "index_id": log.fields["index_id"],
        "index_name": text(index.fields.get("index_name")) if index else "",
        "created_at": stamp(log.created),
        "video_status": status,
        "failed_files": [*refused, *failed],
    }
    if not any(counts[name] for name in RUNNING):
        shown["ended_at"] = stamp(max((file.at for file in taken), default=log.created))
    return shown
