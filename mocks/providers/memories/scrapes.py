"""Uploads from pages of a platform: a task fetches the videos, which are then uploads like any."""

from collections.abc import Mapping
from functools import partial

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import ending, known
from understudy.mocks.generate.medium import Medium, medium_of_url, outcome_of
from understudy.mocks.generate.words import split_url
from understudy.mocks.kind import elements, text, texts
from understudy.mocks.polling import polled
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.scope import scope
from understudy.mocks.providers.memories.tags import ADDED
from understudy.mocks.providers.memories.uploads import (
    DEFAULT_FOLDER,
    PROVIDER,
    begin,
    held,
    prepared,
    with_scheme,
)
from understudy.mocks.providers.memories.videos import KIND as VIDEOS
from understudy.mocks.providers.memories.videos import entry
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import new_id
from understudy.mocks.store import Resource
from understudy.mocks.task import Plan, Task
from understudy.mocks.tenant import Tenant

KIND = "scrapes"
PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "TikTok": ("tiktok.com",),
    "YouTube": ("youtube.com", "youtu.be"),
    "Instagram": ("instagram.com",),
}


def scraper_url(call: Call) -> Answer:
    """Begins the task; magic words in any of the addresses choose how it ends."""
    urls = texts(call.body.get("video_urls"))
    _platform(urls)
    task = Resource(KIND, str(new_id(call, call.edition.cast.kinds[KIND])), {}, call.now)
    task.fields = {
        "taskId": task.id,
        "status": "",
        "unique_id": scope(call),
        "urls": list(urls),
        "videos": [],
    }
    _begin(call, task, [medium_of_url(url) for url in urls])
    return success({"taskId": task.id})


def get_video_ids_by_task_id(call: Call) -> Answer:
    """The task's videos that are still there; none while they are being fetched."""
    number = str(call.query("task_id"))
    task = call.collection(KIND).get(number)
    if task is None or task.fields["unique_id"] != scope(call):
        raise Refusal(Reason.UNKNOWN, f"there is no task {number[:80]!r}")
    with polled(call, (task,)):
        videos = _videos(call, task)
        with polled(call, videos):
            return success({"videos": [_shown(video) for video in videos]})


def _platform(urls: tuple[str, ...]) -> str:
    """The one platform that every address is of; refused when there is no such."""
    found: set[str] = set()
    for url in urls:
        host = (split_url(url).hostname or "").lower()
        named = [
            name
            for name, hosts in PLATFORMS.items()
            if any(host == each or host.endswith(f".{each}") for each in hosts)
        ]
        if not named:
            known_ones = ", ".join(PLATFORMS)
            raise wrong(f"video_urls has {url[:80]!r}, which is of none of {known_ones}")
        found.add(named[0])
    if len(found) != 1:
        raise wrong(f"video_urls is of {' and '.join(sorted(found))}; one platform is taken")
    return found.pop()


def _begin(call: Call, task: Resource, media: list[Medium]) -> None:
    lifecycle = call.provider.lifecycles["scraping"]
    urls = " ".join(medium.url for medium in media)
    magic = next((medium for medium in media if medium.outcome == outcome_of(urls)), media[0])
    plan = Plan.of(
        lifecycle,
        sum(medium.duration for medium in media),
        speed=call.tenant.clock.speed,
        outcome=ending(magic, lifecycle),
    )
    prepared(call)
    task.hidden["callback"] = call.field("callback_url")
    tasks, agenda = call.collection(KIND), call.tenant.agenda
    enter = partial(fetched, call.tenant)
    Task.begin(tasks.add(task), plan, collection=tasks, agenda=agenda, on_enter=enter)


def fetched(tenant: Tenant, task: Resource, status: str, at: float) -> None:
    """What happens at the end: the videos are uploads, and a callback tells of it."""
    if status == "SUCCEEDED":
        numbers = [
            begin(tenant, medium_of_url(str(url)), _settled(task, url), at).id
            for url in elements(task.fields["urls"])
        ]
        held(tenant, KIND).change(task, {"videos": [*numbers]})
    callback = text(task.hidden.get("callback"))
    if callback:
        content: Json = {"taskId": task.id, "status": status}
        url = with_scheme(callback)
        tenant.deliveries.queue(PROVIDER, url, content, event="scraped", about=task.id, at=at)


def _settled(task: Resource, url: Json) -> dict[str, Json]:
    return {
        "unique_id": task.fields["unique_id"],
        "folder_id": DEFAULT_FOLDER,
        "tags": [ADDED],
        "camera_model": None,
        "source": url,
    }


def _videos(call: Call, task: Resource) -> list[Resource]:
    stored = call.collection(VIDEOS)
    found = (stored.get(str(number)) for number in elements(task.fields["videos"]))
    return [video for video in found if video is not None]


def _shown(video: Resource) -> Json:
    medium = known(video.hidden)
    told = entry(video)
    del told["cause"]
    return {
        **told,
        "video_url": video.fields["source"],
        "fps": str(round(medium.fps)),
        "width": str(medium.width),
        "height": str(medium.height),
        "resolution_label": f"{medium.height}p",
    }
