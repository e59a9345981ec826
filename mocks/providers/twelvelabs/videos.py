"""Videos of an index: their user metadata, and what a read adds on request."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.kind import mapping, texts
from understudy.mocks.providers.twelvelabs.clips import embedded
from understudy.mocks.providers.twelvelabs.metadata import changes, checked
from understudy.mocks.providers.twelvelabs.speech import transcription
from understudy.mocks.resource import discard, found, viewed
from understudy.mocks.store import Resource


def read_video(call: Call) -> Answer:
    """One video, with vectors and transcription when the query asks for them."""
    index, video = _found(call)
    shown = {name: value for name, value in viewed(call, video).items() if name != "index_id"}
    asked = texts(call.query("embedding_option"))
    if asked:
        shown["embedding"] = embedded(index, known(video.hidden), asked)
    if call.query("transcription") is True:
        shown["transcription"] = transcription(known(video.hidden))
    return Answer(200, shown)


def replace_metadata(call: Call) -> Answer:
    """PUT: the metadata becomes what the body says."""
    _, video = _found(call)
    change_metadata(call, video, checked(call.body.get("user_metadata")))
    return nothing()


def merge_metadata(call: Call) -> Answer:
    """PATCH: the body's entries join the ones that are there (assumed; the docs do not say).

    A null takes its entry away, as the text of the vendor's Python SDK 1.0.2 promises.
    """
    _, video = _found(call)
    laid = {**mapping(video.fields.get("user_metadata")), **changes(call.body.get("user_metadata"))}
    kept = {name: value for name, value in laid.items() if value is not None}
    change_metadata(call, video, kept)
    return nothing()


def change_metadata(call: Call, video: Resource, metadata: Mapping[str, Json]) -> None:
    """Writes the metadata of a video, which are those of its indexed asset too."""
    for each in twins(call, video.id):
        call.collection(each.kind).change(each, {"user_metadata": dict(metadata)}, at=call.now)


def delete_video(call: Call) -> Answer:
    """Takes a video out of its index, and with it the indexed asset that it is."""
    _, video = _found(call)
    for each in twins(call, video.id):
        discard(call, call.provider.kinds[each.kind], each, call.edition.cast)
    return nothing()


def twins(call: Call, identity: str) -> tuple[Resource, ...]:
    """The video and the indexed asset of one id, as far as there are both."""
    found = (call.collection(kind).get(identity) for kind in ("videos", "indexed-assets"))
    return tuple(resource for resource in found if resource is not None)


def _found(call: Call) -> tuple[Resource, Resource]:
    kinds = call.edition.cast.kinds
    index = found(call, kinds["indexes"], call.path("index-id"))
    return index, found(call, kinds["videos"], call.path("video-id"), index.id)
