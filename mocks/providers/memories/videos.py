"""Videos of an account: found by number, listed, deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.filter import Wanted
from understudy.mocks.kind import elements, text, texts
from understudy.mocks.polling import polled
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.folders import folder
from understudy.mocks.providers.memories.scope import scope
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Page, Resource

KIND = "videos"
DELETIONS = "deletions"
PARSED = "PARSE"
FAILED = "FAIL"
FAILURES = (FAILED, "FAILED", "PARSE_ERROR")
"""What pages of the docs call a failure; the recorded word comes first."""

SHOWN = ("duration", "size", "status", "cause", "video_no", "video_name", "create_time")
SIZE = 200

Keep = Callable[[Resource], bool]


def list_videos(call: Call) -> Answer:
    """One page of the scope's videos that fit, the newest first."""
    asked = Asked.of(call)
    page = asked.page(call)
    watched = page.items if asked.status is None else asked.page(call, any_status=True).items
    with polled(call, watched) as moved:
        if moved:
            page = asked.page(call)
        content: Json = {
            "videos": [entry(video) for video in page.items],
            "current_page": asked.number,
            "page_size": asked.size,
            "total_count": str(page.total),
        }
    return success(content)


def delete_videos(call: Call) -> Answer:
    """Removes each video that is named, or none where one of them cannot go."""
    numbers = dict.fromkeys(texts(call.reading.body))
    gone = call.collection(DELETIONS)
    for number in numbers:
        if number in gone:
            raise Refusal(Reason.CONFLICT, f"video {number!r} was deleted before")
    videos = [named(call, number) for number in numbers]
    for video in videos:
        call.collection(KIND).remove(video)
        gone.add(Resource(DELETIONS, video.id, {"video_no": video.id}, call.now))
    return success(None)


def named(call: Call, number: str) -> Resource:
    """The video of that number in the call's scope, in whatever status; refused when unknown."""
    video = call.collection(KIND).get(number)
    if video is None or video.fields["unique_id"] != scope(call):
        raise Refusal(Reason.UNKNOWN, f"video not found: there is no {_cut(number)}")
    return video


def parsed(call: Call, number: str) -> Resource:
    """The video of that number, refused when it cannot be used yet, or has failed."""
    video = named(call, number)
    if video.fields["status"] != PARSED:
        raise Refusal(
            Reason.RULE,
            f"Video is not parsed: {video.id} is {video.fields['status']};"
            f" list_videos tells when it is {PARSED}",
        )
    return video


def entry(video: Resource) -> dict[str, Json]:
    """A video as lists show it: everything is text (recorded)."""
    return {name: video.fields[name] for name in SHOWN}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is to show."""

    number: int
    size: int
    status: str | None
    where: Mapping[str, Wanted]
    keep: Keep | None

    @classmethod
    def of(cls, call: Call) -> "Asked":
        """Page, size and filters of a body; all of them may be missing."""
        body = call.body
        status = text(body.get("status")) or None
        where: dict[str, Wanted] = {"unique_id": scope(call)}
        if number := call.field("video_no"):
            where["video_no"] = number
        return cls(
            number=_whole(body.get("page"), 1),
            size=_whole(body.get("size"), SIZE),
            status=FAILED if status in FAILURES else status,
            where=where,
            keep=_keep(call),
        )

    def page(self, call: Call, *, any_status: bool = False) -> Page:
        """The page; with `any_status` every video that fits but for its status."""
        held = call.collection(KIND)
        if any_status:
            return held.page(where=self.where, keep=self.keep)
        where = self.where if self.status is None else {**self.where, "status": self.status}
        offset = (self.number - 1) * self.size
        return held.page(
            descending=True, where=where, keep=self.keep, offset=offset, limit=self.size
        )


def _keep(call: Call) -> Keep | None:
    """A test for the filters that no index answers; None without any."""
    tests: list[Keep] = []
    body = call.body
    if name := call.field("video_name"):
        tests.append(lambda video: name.lower() in text(video.fields["video_name"]).lower())
    if numbers := texts(body.get("video_nos")):
        tests.append(lambda video: video.id in numbers)
    if camera := call.field("camera_model"):
        tests.append(lambda video: video.fields["camera_model"] == camera)
    tests += placed(call)
    return (lambda video: all(test(video) for test in tests)) if tests else None


def placed(call: Call) -> list[Keep]:
    """Tests for folder and tag, which lists and searches share."""
    tests: list[Keep] = []
    place = folder(call)
    if place is not None:
        tests.append(lambda video: video.fields["folder_id"] == place)
    if tag := call.field("tag"):
        tests.append(lambda video: tag in elements(video.fields["tags"]))
    return tests


def _whole(value: Json, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) else otherwise


def _cut(number: str) -> str:
    return repr(number if len(number) <= 80 else f"{number[:77]}...")


def numbers_of(call: Call, name: str) -> tuple[str, ...]:
    """The video numbers in a field of the body, each once; refused when there are none."""
    found = tuple(dict.fromkeys(texts(call.body.get(name))))
    if not found:
        raise wrong(f"{name} names no video")
    return found
