"""Embedding tasks: a video that is turned into vectors, clip by clip, while the caller polls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.timeline import Span, clips
from understudy.mocks.kind import mapping, text, texts
from understudy.mocks.listing import instant
from understudy.mocks.polling import polled
from understudy.mocks.providers.twelvelabs.assets.window import Window
from understudy.mocks.providers.twelvelabs.clips import has
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.media import check_limits, sent_video
from understudy.mocks.providers.twelvelabs.number import number
from understudy.mocks.providers.twelvelabs.spaces import space_of
from understudy.mocks.resource import found, prepared
from understudy.mocks.store import Collection, Page, Resource
from understudy.mocks.task import Plan, Task
from understudy.mocks.tenant import Tenant

KIND = "embedding-tasks"
WEEK = 7 * 24 * 3600.0
"""Seconds that a list without dates looks back, and that vectors can be read for."""

CLIP = 6.0
RETIRED = frozenset({"Marengo-retrieval-2.6", "Marengo-retrieval-2.7"})
OPTIONS = ("visual-text", "audio")
LATER_OPTIONS = ("visual", "audio", "transcription")
"""What is embedded: by the models that the vendor has retired, and by those after them."""

ALIASES = {"visual-text": "visual"}
"""What a later model calls the same."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a video is embedded, and in clips of how many seconds."""

    start: float
    end: float
    length: float


def create_embedding_task(call: Call) -> Answer:
    """Takes a video in; everything is checked before the task exists."""
    return begun(call, call.field("model_name"))


def begun(call: Call, model: str) -> Answer:
    """Starts the task of the video that was sent, for vectors of that model."""
    medium = sent_video(call)
    check_limits(medium, pegasus=False)
    piece = _piece(call, medium)
    scopes = list(texts(call.body.get("video_embedding_scope"))) or ["clip"]
    source: dict[str, Json] = (
        {"input_url": medium.url} if medium.url else {"input_filename": medium.name}
    )
    metadata: dict[str, Json] = {
        **source,
        "video_clip_length": call.body.get("video_clip_length", CLIP),
        "video_embedding_scope": scopes,
        "video_embedding_option": list(options_of(model)),
        "duration": medium.duration,
    }
    fields: dict[str, Json] = {
        "model_name": model,
        "video_embedding": {"metadata": metadata},
    }
    task = prepared(call, call.edition.cast.kinds[KIND], fields, None)
    task.hidden["medium"] = kept(medium)
    task.hidden["piece"] = [piece.start, piece.end, piece.length]
    tasks = call.collection(KIND)
    plan = Plan.of(
        call.provider.lifecycles["embedding-task"],
        piece.end - piece.start,
        speed=call.tenant.clock.speed,
        outcome=ending(medium, call.provider.lifecycles["embedding-task"]),
    )
    Task.begin(
        tasks.add(task),
        plan,
        collection=tasks,
        agenda=call.tenant.agenda,
        on_enter=partial(entered, call.tenant),
    )
    return Answer(200, {"_id": task.id})


def list_embedding_tasks(call: Call) -> Answer:
    """A page of tasks, newest first; without dates those of the last seven days."""
    return listed(call, lambda task: {**task.fields, "updated_at": stamp(task.updated)})


def listed(call: Call, show: Callable[[Resource], Json], name: str = KIND) -> Answer:
    """The page of tasks of that kind that the query asks for, each as `show` tells of it."""
    tasks = call.collection(name)
    window = Window.of(call)
    members = _page(call, tasks, window)
    watched = _watched(call, tasks, members)
    with polled(call, watched) as moved:
        if moved:
            members = _page(call, tasks, window)
        shown: list[Json] = [show(task) for task in members.items]
    return Answer(200, {"data": shown, "page_info": window.info(members.total)})


def read_embedding(call: Call) -> Answer:
    """A task with its vectors, once it is ready and for seven days."""
    asked = texts(call.query("embedding_option"))

    def show(task: Resource) -> Json:
        shown = {**task.fields, "updated_at": stamp(task.updated)}
        found = segments(call, task, asked)
        if found is None:
            return shown
        embedding = mapping(task.fields["video_embedding"])
        return {**shown, "video_embedding": {**embedding, "segments": found}}

    return read(call, show)


def read(call: Call, show: Callable[[Resource], Json], name: str = KIND) -> Answer:
    """The task of that kind that the path names, as `show` tells of it."""
    task = found(call, call.edition.cast.kinds[name], call.path("task_id"))
    with polled(call, (task,)):
        return Answer(200, show(task))


def _piece(call: Call, medium: Medium) -> Piece:
    """What is embedded, refused when offsets and clip length do not fit the video."""
    offsets = ("video_start_offset_sec", "video_end_offset_sec")
    missing = [name for name in offsets if call.body.get(name) is None]
    length = number(call, "video_clip_length", CLIP)
    if len(missing) == 1:
        message = f"{missing[0]} is missing; {' and '.join(offsets)} come together or not at all"
        raise refuse("parameter_not_provided", message)
    if missing:
        if "video_clip_length" in call.body:
            _check_length(length, medium.duration)
        return Piece(0.0, medium.duration, length)
    start, end = (number(call, name, 0.0) for name in offsets)
    if end <= start:
        message = f"video_end_offset_sec is {end:g}, expected more than the start, {start:g}"
        raise refuse("parameter_invalid", message)
    if end > medium.duration:
        message = f"video_end_offset_sec is {end:g}; the video lasts {medium.duration:g} s"
        raise refuse("parameter_invalid", message)
    _check_length(length, end - start)
    return Piece(start, end, length)


def _check_length(length: float, interval: float) -> None:
    """The start then leaves room for a clip as well, because the end lies within the video."""
    if length > interval:
        message = f"video_clip_length is {length:g}, longer than the {interval:g} s to be embedded"
        raise refuse("parameter_invalid", message)


def entered(tenant: Tenant, resource: Resource, status: str, at: float) -> None:
    """A failed task says why."""
    if status == "failed" and resource.task is not None:
        tasks = tenant.collection("twelvelabs", KIND)
        tasks.change(resource, {"video_embedding.error_message": resource.task.reason})


def segments(call: Call, task: Resource, asked: tuple[str, ...]) -> list[Json] | None:
    """For each option the clips in order, and then the whole, as the scopes ask.

    All options, unless some were asked for. None until the task is ready, and when its vectors
    are no longer kept.
    """
    if task.fields["status"] != "ready" or call.now >= task.updated + WEEK:
        return None
    medium = known(task.hidden)
    space = space_of(text(task.fields["model_name"]))
    options = options_of(space.name)
    wanted = {name if name in options else ALIASES.get(name, "") for name in asked or options}
    scopes = texts(task.field("video_embedding.metadata.video_embedding_scope"))
    return [
        {
            "start_offset_sec": start,
            "end_offset_sec": end,
            "embedding_option": option,
            "embedding_scope": scope,
            "float": space.segment(medium, start, end, option),
        }
        for option in options
        if option in wanted and has(medium, option)
        for scope in ("clip", "video")
        if scope in scopes
        for start, end in _spans(task, scope)
    ]


def options_of(model: str) -> tuple[str, ...]:
    """What a model embeds of a video."""
    return OPTIONS if model in RETIRED else LATER_OPTIONS


def _spans(task: Resource, scope: str) -> list[Span]:
    start, end, length = cast("list[float]", task.hidden["piece"])
    return clips(start, end, length) if scope == "clip" else [(start, end)]


def _page(call: Call, tasks: Collection, window: Window) -> Page:
    since, until = _window(call)
    status = call.query("status")
    where: Mapping[str, Json] = {} if status is None else {"status": status}
    oldest = tasks.first({})
    bounded = until is not None or (oldest is not None and oldest.created < since)

    def inside(task: Resource) -> bool:
        return since <= task.created and (until is None or task.created <= until)

    return tasks.page(
        descending=True,
        where=where,
        # Without anything outside the window the index answers alone, at any size.
        keep=inside if bounded else None,
        offset=window.offset,
        limit=window.limit,
    )


def _watched(call: Call, tasks: Collection, members: Page) -> tuple[Resource, ...]:
    """What a poll of this list waits for: with a status, what is still on its way to it."""
    if call.tenant.clock.mode != "auto" or call.query("status") is None:
        return members.items
    return tasks.page(where={"status": "processing"}).items


def _window(call: Call) -> tuple[float, float | None]:
    """The instants between which tasks were created; no end when it lies open."""
    started, ended = call.query("started_at"), call.query("ended_at")
    until = None if ended is None else instant("ended_at", ended)
    if started is not None:
        return instant("started_at", started), until
    return (call.now - WEEK if ended is None else float("-inf")), until
