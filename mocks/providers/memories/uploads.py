"""Uploads: a video by its address or as a file, on its way to being parsed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial

from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle, load_lifecycles
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.errors import FakeError
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.memories.account import client_id
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.folders import folder
from understudy.mocks.providers.memories.moments import lasting
from understudy.mocks.providers.memories.scope import scope
from understudy.mocks.providers.memories.tags import tags
from understudy.mocks.providers.memories.taken import taken
from understudy.mocks.providers.memories.videos import DELETIONS, FAILED, KIND, PARSED
from understudy.mocks.store import Collection, Resource
from understudy.mocks.task import Plan, Task
from understudy.mocks.tenant import Tenant

NOTHING = "null"
"""How the service writes an absent cause: as text (recorded)."""

DEFAULT_FOLDER = "-1"
PROVIDER = "memories"


def upload_url(call: Call) -> Answer:
    """Takes in the video behind an address; what is no video fails later, once it was fetched."""
    medium = medium_of_url(call.field("url"))
    if medium.kind not in ("video", "audio"):
        medium = replace(medium, outcome="fail")
    return _taken(call, medium)


def upload(call: Call) -> Answer:
    """Takes in a video file, refused when it is none."""
    part = call.file("file")
    if part is None:
        raise wrong("file is required, and no file part of that name came")
    medium = medium_of_part(part)
    if medium.kind not in ("video", "audio") or medium.size == 0:
        raise wrong(f"file {medium.name[:80]!r} is no video that can be read")
    return _taken(call, medium)


def _taken(call: Call, medium: Medium) -> Answer:
    settled: dict[str, Json] = {
        "unique_id": scope(call),
        "folder_id": folder(call) or DEFAULT_FOLDER,
        "tags": tags(call),
        "camera_model": call.field("camera_model") or None,
        "datetime_taken": taken(call),
    }
    prepared(call)
    video = begin(call.tenant, medium, settled, call.now, heard=_listener(call))
    return success(
        {
            "videoNo": video.id,
            "videoName": video.fields["video_name"],
            "videoStatus": video.fields["status"],
            "uploadTime": video.fields["create_time"],
        }
    )


def prepared(call: Call) -> None:
    """Makes the collections that a video needs, which only a call can."""
    for kind in (KIND, DELETIONS):
        call.collection(kind)


def begin(
    tenant: Tenant,
    medium: Medium,
    settled: dict[str, Json],
    at: float,
    *,
    heard: Json = None,
) -> Resource:
    """Stores a video and starts it on its way at that instant; who listens hears of it."""
    videos = held(tenant, KIND)
    number = _number(tenant, at)
    fields: dict[str, Json] = {
        **settled,
        "video_no": number,
        "video_name": base_name(medium.name),
        "status": "",
        "cause": NOTHING,
        "size": str(medium.size),
        "duration": "0",
        "create_time": str(round(at * 1000)),
    }
    video = Resource(KIND, number, fields, at)
    video.hidden.update({"medium": kept(medium), "heard": heard})
    lifecycle = lifecycles()["parsing"]
    speed, agenda = tenant.clock.speed, tenant.agenda
    plan = Plan.of(lifecycle, medium.duration, speed=speed, outcome=ending(medium, lifecycle))
    enter = partial(entered, tenant)
    Task.begin(videos.add(video), plan, collection=videos, agenda=agenda, on_enter=enter)
    _tell(tenant, video, lifecycle.initial, at)
    return video


def entered(tenant: Tenant, video: Resource, status: str, at: float) -> None:
    """What is known of a video once it is parsed, or has failed; who listens hears of it."""
    videos = held(tenant, KIND)
    if status == PARSED:
        videos.change(video, {"duration": str(lasting(known(video.hidden)))})
    if status == FAILED and video.task is not None:
        videos.change(video, {"cause": video.task.reason})
    _tell(tenant, video, status, at)


def held(tenant: Tenant, kind: str) -> Collection:
    """What a tenant holds of a kind that was asked for before."""
    collection = tenant.store.held(PROVIDER, kind)
    if collection is None:
        raise FakeError(f"nothing has asked for {kind!r} of {PROVIDER} yet")
    return collection


@cache
def lifecycles() -> Mapping[str, Lifecycle]:
    """The lifecycles of the provider."""
    return load_lifecycles(PROVIDER)


def base_name(name: str) -> str:
    """The name of a file without its ending, as recorded."""
    return name.rpartition(".")[0] or name


def _number(tenant: Tenant, at: float) -> str:
    while True:
        number = f"VI{tenant.ids.snowflake(at)}"
        if number not in held(tenant, KIND) and number not in held(tenant, DELETIONS):
            return number


def _listener(call: Call) -> Json:
    """Whom to tell of each status, and as which client; None when nobody wants to know."""
    callback = call.field("callback")
    return {"url": with_scheme(callback), "client": client_id(call)} if callback else None


def _tell(tenant: Tenant, video: Resource, status: str, at: float) -> None:
    listener = mapping(video.hidden.get("heard"))
    if not listener:
        return
    content: Json = {"videoNo": video.id, "clientId": listener["client"], "status": status}
    url = text(listener["url"])
    tenant.deliveries.queue(PROVIDER, url, content, event="callback", about=video.id, at=at)


def with_scheme(url: str) -> str:
    """The address of a callback; one without a scheme, as a page of the docs shows, is http."""
    return url if "://" in url else f"http://{url}"
