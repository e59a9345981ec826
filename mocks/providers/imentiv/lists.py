"""Lists of media: the page after the one that is named, or the page before it."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.listing import beside
from understudy.mocks.polling import polled
from understudy.mocks.providers.imentiv.subject import watched
from understudy.mocks.store import Resource

_SHOWN: Mapping[str, tuple[str, ...]] = {
    "videos": ("description", "duration", "media_source", "media_source_url"),
    "audios": (
        "description", "duration", "media_source", "media_source_url", "media_source_type",
    ),
    "texts": ("word_count",),
    "images": ("description", "media_source", "media_source_url", "media_source_type"),
}  # fmt: skip


def list_media(call: Call) -> Answer:
    """A page of the account's videos, sounds, texts or images, and how many there are in all.

    The oldest upload comes first. Texts of sounds are left out: they are read with their sounds.
    """
    role = call.edition.cast.roles[call.operation.id]
    every = [each for each in call.collection(role.kind) if "audio_id_of" not in each.hidden]
    page = beside(call, role.paging, every).items
    seen = list(dict.fromkeys(each for medium in page for each in watched(call, medium)))
    with polled(call, seen):
        documents: list[Json] = [_summary(each) for each in page]
    return Answer(200, {"documents": documents, "count": len(every)})


def _summary(medium: Resource) -> Json:
    names = ("id", "title", "status", *_SHOWN[medium.kind], "user_id", "created_at")
    return {name: medium.fields[name] for name in names if name in medium.fields}
