"""Lists of media: the page after the one that is named, or the page before it."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.polling import polled
from understudy.mocks.providers.imentiv.subject import NOUNS, watched
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

_SHOWN: Mapping[str, tuple[str, ...]] = {
    "videos": ("description", "duration", "media_source", "media_source_url"),
    "audios": (
        "description", "duration", "media_source", "media_source_url", "media_source_type",
    ),
    "texts": ("word_count",),
    "images": ("description", "media_source", "media_source_url", "media_source_type"),
}  # fmt: skip


def list_videos(call: Call) -> Answer:
    """The account's videos."""
    return _listed(call, "videos", "offset_video_id")


def list_audios(call: Call) -> Answer:
    """The account's sounds, those of its videos too."""
    return _listed(call, "audios", "offset_audio_id")


def list_texts(call: Call) -> Answer:
    """The texts that were sent; those of sounds are read with their sounds."""
    return _listed(call, "texts", "start_after")


def list_images(call: Call) -> Answer:
    """The account's images."""
    return _listed(call, "images", "start_after")


def _listed(call: Call, kind: str, offset: str) -> Answer:
    """A page in the order of upload, oldest first, and how many there are in all.

    A page is found by the id of a medium, so that it stays where it is while others are added.
    """
    every = [each for each in call.collection(kind) if "audio_id_of" not in each.hidden]
    size = call.query("page_size", 10)
    limit = size if isinstance(size, int) else 10
    named = call.query(offset)
    forward = call.query("direction", "forward") != "backward"
    begin = 0 if forward else len(every)
    if isinstance(named, str) and named:
        place = next((at for at, each in enumerate(every) if each.id == named), None)
        if place is None:
            message = f"{offset} {named!r} is no {NOUNS[kind].lower()} of this account."
            raise Refusal(Reason.UNKNOWN, message)
        begin = place + 1 if forward else place
    page = every[begin : begin + limit] if forward else every[max(0, begin - limit) : begin]
    seen = list(dict.fromkeys(each for medium in page for each in watched(call, medium)))
    with polled(call, seen):
        documents: list[Json] = [_summary(each) for each in page]
    return Answer(200, {"documents": documents, "count": len(every)})


def _summary(medium: Resource) -> Json:
    names = ("id", "title", "status", *_SHOWN[medium.kind], "user_id", "created_at")
    return {name: medium.fields[name] for name in names if name in medium.fields}
