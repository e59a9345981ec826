"""Uploads to v1.2: by form, from a video site, and by a file that lists videos in a bucket."""

from collections.abc import Mapping

import orjson

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium, medium_of_url
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.indexes import has_family
from understudy.mocks.providers.twelvelabs.media import check_limits, sent_video
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.providers.twelvelabs.tasks import started
from understudy.mocks.store import Resource

MOST = 1000
"""How many videos a file may list."""


def create_task(call: Call) -> Answer:
    """Takes a video in; everything is checked before the task exists."""
    index = named(call, "indexes", "index_id", call.field("index_id"))
    medium = sent_video(call)
    check_limits(medium, pegasus=has_family(index, "pegasus"))
    streamed = call.body.get("disable_video_stream") is not True
    return started(call, index, medium, None, streamed=streamed)


def index_external(call: Call) -> Answer:
    """Takes in the video that an address shows."""
    index = named(call, "indexes", "index_id", call.field("index_id"))
    medium = medium_of_url(call.field("url"))
    check_limits(medium, pegasus=has_family(index, "pegasus"))
    return started(call, index, medium, None, streamed=True)


def transfer_videos(call: Call) -> Answer:
    """Starts a task for each video that the file lists; everything is checked before the first."""
    taken = [_listed(call, entry) for entry in _entries(call)]
    for index, medium in taken:
        started(call, index, medium, None, streamed=True)
    return nothing()


def _entries(call: Call) -> list[Mapping[str, Json]]:
    """The entries of the file, refused when it is no list of objects."""
    part = call.file("file")
    try:
        value: Json = orjson.loads(part.content if part is not None else b"")
    except orjson.JSONDecodeError:
        value = None
    entries = [mapping(each) for each in elements(value)]
    if not entries or not all(entries):
        message = "file is no list of videos: expected JSON such as"
        raise refuse("parameter_invalid", f'{message} [{{"index_id": ..., "object": ...}}]')
    if len(entries) > MOST:
        message = f"file lists {len(entries)} videos; the most accepted are {MOST}"
        raise refuse("parameter_invalid", message)
    return entries


def _listed(call: Call, entry: Mapping[str, Json]) -> tuple[Resource, Medium]:
    index = named(call, "indexes", "index_id", text(entry.get("index_id")))
    address = text(entry.get("object"))
    if "://" not in address:
        message = f"file has the object {address[:80]!r}, expected the address of a video"
        raise refuse("parameter_invalid", message)
    medium = medium_of_url(address)
    check_limits(medium, pegasus=has_family(index, "pegasus"))
    return index, medium
