"""Uploads: a video by its address or as a file, on its way to being parsed."""

from dataclasses import replace

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.providers.memories.account import client_id
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.folders import folder
from understudy.mocks.providers.memories.moments import lasting
from understudy.mocks.providers.memories.scope import scope
from understudy.mocks.providers.memories.tags import tags
from understudy.mocks.providers.memories.videos import FAILED, KIND, PARSED
from understudy.mocks.store import Collection, Resource
from understudy.mocks.task import Enter, Plan, Task

NOTHING = "null"
"""How the service writes an absent cause: as text (recorded)."""

DEFAULT_FOLDER = "-1"


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
        "folder_id": folder(call) or DEFAULT_FOLDER,
        "tags": tags(call),
        "camera_model": call.field("camera_model") or None,
    }
    callback = call.field("callback")
    video = begin(call, medium, scope(call), call.now, settled, callback)
    return success(
        {
            "videoNo": video.id,
            "videoName": video.fields["video_name"],
            "videoStatus": video.fields["status"],
            "uploadTime": video.fields["create_time"],
        }
    )


def begin(
    call: Call,
    medium: Medium,
    unique_id: str,
    at: float,
    settled: dict[str, Json],
    callback: str = "",
) -> Resource:
    """Stores a video and starts it on its way at that instant; `callback` hears of each status."""
    videos = call.collection(KIND)
    number = _number(call, videos, at)
    fields: dict[str, Json] = {
        **settled,
        "video_no": number,
        "unique_id": unique_id,
        "video_name": base_name(medium.name),
        "status": "",
        "cause": NOTHING,
        "size": str(medium.size),
        "duration": "0",
        "create_time": str(round(at * 1000)),
    }
    video = Resource(KIND, number, fields, at)
    video.hidden["medium"] = kept(medium)
    note = _noting(call, callback)
    lifecycle = call.provider.lifecycles["parsing"]
    speed = call.tenant.clock.speed
    plan = Plan.of(lifecycle, medium.duration, speed=speed, outcome=ending(medium, lifecycle))
    enter = _entering(videos, note)
    agenda = call.tenant.agenda
    Task.begin(videos.add(video), plan, collection=videos, agenda=agenda, on_enter=enter)
    if note is not None:
        note(video, lifecycle.initial, at)
    return video


def base_name(name: str) -> str:
    """The name of a file without its ending, as recorded."""
    return name.rpartition(".")[0] or name


def _number(call: Call, videos: Collection, at: float) -> str:
    prefix = call.edition.cast.kinds[KIND].id_prefix
    gone = call.collection("deletions")
    while True:
        number = prefix + call.tenant.ids.snowflake(at)
        if number not in videos and number not in gone:
            return number


def _entering(videos: Collection, note: Enter | None) -> Enter:
    """What is known of a video once it is parsed, or has failed."""

    def enter(video: Resource, status: str, at: float) -> None:
        if status == PARSED:
            videos.change(video, {"duration": str(lasting(known(video.hidden)))})
        if status == FAILED and video.task is not None:
            videos.change(video, {"cause": video.task.reason})
        if note is not None:
            note(video, status, at)

    return enter


def _noting(call: Call, callback: str) -> Enter | None:
    """What queues a callback for each status; None when nobody wants one."""
    if not callback:
        return None
    url = with_scheme(callback)
    client, name = client_id(call), call.provider.name
    deliveries = call.tenant.deliveries

    def note(video: Resource, status: str, at: float) -> None:
        content: Json = {"videoNo": video.id, "clientId": client, "status": status}
        deliveries.queue(name, url, content, event="callback", about=video.id, at=at)

    return note


def with_scheme(url: str) -> str:
    """The address of a callback; one without a scheme, as a page of the docs shows, is http."""
    return url if "://" in url else f"http://{url}"
