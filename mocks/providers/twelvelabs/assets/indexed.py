"""Assets in an index: on their way into it, then a video of it under the same id."""

from functools import partial

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import Kind, mapping, texts
from understudy.mocks.polling import polled
from understudy.mocks.providers.twelvelabs.assets import metadata
from understudy.mocks.providers.twelvelabs.assets.asset import medium_of_asset, ready_asset
from understudy.mocks.providers.twelvelabs.clips import checked, embedded
from understudy.mocks.providers.twelvelabs.indexes import need_marengo
from understudy.mocks.providers.twelvelabs.media import check_indexable
from understudy.mocks.providers.twelvelabs.speech import transcription
from understudy.mocks.providers.twelvelabs.videos import change_metadata, twins
from understudy.mocks.refusal import Refusal
from understudy.mocks.resource import discard, found, new_id, prepared, viewed
from understudy.mocks.store import Resource
from understudy.mocks.task import Outcome, Plan, Task
from understudy.mocks.tenant import Tenant

LIFECYCLE = "indexed-asset"


def create_indexed(call: Call) -> Answer:
    """Sends a ready asset on its way into an index; only Marengo indexes nowadays."""
    index = _index(call)
    asset = ready_asset(call, call.field("asset_id"), kinds=("video", "audio"))
    need_marengo(index)
    written = metadata.told(metadata.checked(call.body.get("user_metadata")))
    medium = medium_of_asset(asset)
    kind = _kind(call)
    fields: dict[str, Json] = {
        # A video of the index shall have this id as well.
        "_id": _free_id(call, kind),
        "asset_id": asset.id,
        "status": "pending",
        "system_metadata": _system(medium),
        "user_metadata": written or None,
    }
    if call.body.get("enable_video_stream") is not False:
        fields["hls"] = {"status": "PROCESSING", "updated_at": stamp(call.now)}
    indexed = prepared(call, kind, fields, index.id)
    indexed.hidden["medium"] = kept(medium)
    _begin(call, indexed, medium)
    return Answer(202, {"_id": indexed.id, "asset_id": asset.id})


def read_indexed(call: Call) -> Answer:
    """One indexed asset; vectors and transcription on request, once it is ready."""
    index = _index(call)
    indexed = found(call, _kind(call), call.path("indexed_asset_id"), index.id)
    asked = texts(call.query("embedding_option"))
    if asked:
        checked(index, asked)
    with polled(call, (indexed,)):
        shown = {name: value for name, value in viewed(call, indexed).items() if name != "index_id"}
        if indexed.fields.get("status") == "ready":
            if asked:
                shown["embedding"] = embedded(index, known(indexed.hidden), asked)
            if call.query("transcription") is True:
                shown["transcription"] = transcription(known(indexed.hidden))
    return Answer(200, shown)


def update_indexed(call: Call) -> Answer:
    """PATCH: entries that the body names change, here and at the video of the same id."""
    indexed = _found(call)
    changes = metadata.checked(call.body.get("user_metadata"))
    merged = metadata.merged(indexed.fields.get("user_metadata"), changes)
    change_metadata(call, indexed, merged)
    return nothing()


def delete_indexed(call: Call) -> Answer:
    """Takes the asset out of the index, and the video of the same id; the asset stays."""
    indexed = _found(call)
    for each in twins(call, indexed.id):
        discard(call, call.provider.kinds[each.kind], each, call.edition.cast)
    return nothing()


def entered(tenant: Tenant, indexed: Resource, status: str, at: float) -> None:
    """When an asset is indexed, its video appears; its stream ends with it either way."""
    held, videos = (tenant.collection("twelvelabs", kind) for kind in (indexed.kind, "videos"))
    if "hls" in indexed.fields and status in ("ready", "failed"):
        state = "COMPLETE" if status == "ready" else "CANCELED"
        held.change(indexed, {"hls.status": state, "hls.updated_at": stamp(at)})
    if status == "ready":
        held.change(indexed, {"indexed_at": stamp(at)})
        videos.add(_video(indexed, at))


def _video(indexed: Resource, at: float) -> Resource:
    names = ("_id", "asset_id", "indexed_at", "system_metadata", "user_metadata", "hls")
    fields = {name: indexed.fields[name] for name in names if name in indexed.fields}
    if "hls" in fields:
        fields["hls"] = dict(mapping(fields["hls"]))
    video = Resource("videos", indexed.id, fields, at, indexed.parent)
    video.hidden["medium"] = indexed.hidden["medium"]
    return video


def _begin(call: Call, indexed: Resource, medium: Medium) -> None:
    """Stores it and starts it; one beyond the model's limits fails when it is validated."""
    lifecycle = call.provider.lifecycles[LIFECYCLE]
    outcome = ending(medium, lifecycle)
    problem = _problem(medium)
    if problem and not outcome.stuck:
        outcome = Outcome(status="failed", at="validating", reason=problem, slow=outcome.slow)
    speed = call.tenant.clock.speed
    plan = Plan.of(lifecycle, medium.duration, speed=speed, outcome=outcome)
    held = call.collection(indexed.kind)
    call.collection("videos")
    held.add(indexed)
    enter = partial(entered, call.tenant)
    Task.begin(indexed, plan, collection=held, agenda=call.tenant.agenda, on_enter=enter)


def _problem(medium: Medium) -> str:
    try:
        check_indexable(medium)
    except Refusal as refusal:
        return refusal.message
    return ""


def _system(medium: Medium) -> dict[str, Json]:
    return {
        "filename": medium.name,
        "duration": medium.duration,
        "fps": medium.fps,
        "width": medium.width,
        "height": medium.height,
        "size": medium.size,
    }


def _free_id(call: Call, kind: Kind) -> Json:
    """An id that neither an indexed asset nor a video has."""
    videos = call.collection("videos")
    while (made := new_id(call, kind)) in videos:
        pass
    return made


def _index(call: Call) -> Resource:
    return found(call, call.edition.cast.kinds["indexes"], call.path("index-id"))


def _found(call: Call) -> Resource:
    return found(call, _kind(call), call.path("indexed_asset_id"), _index(call).id)


def _kind(call: Call) -> Kind:
    return call.edition.cast.kinds["indexed-assets"]
