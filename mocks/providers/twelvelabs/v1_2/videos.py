"""Videos in v1.2: their title and metadata, what is heard and seen in them, and stills."""

from collections.abc import Callable
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import elements, mapping, texts
from understudy.mocks.providers.twelvelabs.captions import logos, readable
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.metadata import checked
from understudy.mocks.providers.twelvelabs.speech import transcription
from understudy.mocks.providers.twelvelabs.streams import thumbnail
from understudy.mocks.providers.twelvelabs.videos import change_metadata
from understudy.mocks.resource import found
from understudy.mocks.store import Resource


def change_video(call: Call) -> Answer:
    """A title, metadata that take the place of those there, or both."""
    _, video = _found(call)
    changes: dict[str, Json] = {}
    if call.body.get("video_title") is not None:
        changes["video_title"] = call.field("video_title")
    sent = call.body.get("metadata")
    metadata = None if sent is None else checked(sent, "metadata")
    call.collection("videos").change(video, changes, at=call.now)
    if metadata is not None:
        change_metadata(call, video, metadata)
    return nothing()


def read_transcription(call: Call) -> Answer:
    """What is said."""
    return _values(call, "conversation", transcription)


def read_text_in_video(call: Call) -> Answer:
    """What can be read."""
    return _values(call, "text_in_video", readable)


def read_logos(call: Call) -> Answer:
    """Whose logos are seen."""
    return _values(call, "logo", logos)


def read_thumbnail(call: Call) -> Answer:
    """Where a still can be fetched, refused when its time lies outside the video."""
    _, video = _found(call)
    second = _second(call, "time", 0.0)
    duration = known(video.hidden).duration
    if second > duration:
        message = f"time is {second:g}; the video lasts {duration:g} s"
        raise refuse("parameter_invalid", message)
    return Answer(200, {"thumbnail": thumbnail(call, video, second)})


def _found(call: Call) -> tuple[Resource, Resource]:
    kinds = call.edition.cast.kinds
    index = found(call, kinds["indexes"], call.path("index-id"))
    return index, found(call, kinds["videos"], call.path("video-id"), index.id)


def _values(call: Call, option: str, values: Callable[[Medium], Json]) -> Answer:
    """What is found between `start` and `end`; nothing where no engine looks for it."""
    index, video = _found(call)
    start, end = _second(call, "start", 0.0), _second(call, "end", float("inf"))
    if end < start:
        raise refuse("parameter_invalid", f"end is {end:g}, expected {start:g} (start) or more")
    engines = elements(index.fields.get("engines"))
    looked_for = any(option in texts(mapping(each).get("engine_options")) for each in engines)
    every = elements(values(known(video.hidden))) if looked_for else ()
    inside: list[Json] = [each for each in every if _between(each, start, end)]
    return Answer(200, {"id": video.id, "index_id": index.id, "data": inside})


def _between(value: Json, start: float, end: float) -> bool:
    span = cast("dict[str, float]", value)
    return span["end"] > start and span["start"] < end


def _second(call: Call, name: str, default: float) -> float:
    value = cast("int | float", call.query(name, default))
    return float("inf") if value > 1e300 else float(value)
