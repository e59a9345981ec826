"""What happens to an asset by and by: how it begins, and what it shows when it is over."""

from collections.abc import Mapping
from functools import partial

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.ending import ending, known
from understudy.mocks.generate.footage import playlist, segment, still
from understudy.mocks.generate.media import Kind
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.twelvelabs.assets.acceptance import mime_of
from understudy.mocks.providers.twelvelabs.assets.technical import technical_metadata
from understudy.mocks.store import Collection, Resource
from understudy.mocks.task import Outcome, Plan, Task
from understudy.mocks.tenant import Tenant

LIFECYCLE = "asset"
BYTES_PER_SECOND = 1_000_000
"""A file that does not play is read this fast."""

PREPARED: Mapping[str, str] = {"processing": "processing", "ready": "ready", "failed": "error"}
"""What a stream or a still is while its asset is that."""


def offered(kind: Kind, name: str, *, hls: bool, thumbnail: bool) -> dict[str, Json]:
    """The stream and the still that a new asset will have; texts have neither, pictures no stream.

    Both flags mean what they do in the request (field texts of Python SDK 1.3.6).
    """
    shown: dict[str, Json] = {}
    if hls and kind in ("video", "audio"):
        shown["hls"] = {"status": "processing"}
    if thumbnail and (kind != "document" or mime_of(kind, name) == "application/pdf"):
        shown["thumbnail"] = {"status": "processing"}
    return shown


def begin(
    tenant: Tenant, assets: Collection, asset: Resource, plan: Plan, *, at: float | None = None
) -> Task:
    """Start a stored asset on its way."""
    enter = partial(entered, tenant)
    return Task.begin(asset, plan, collection=assets, agenda=tenant.agenda, on_enter=enter, at=at)


def planned(call: Call, medium: Medium, problem: str = "") -> Plan:
    """How the asset of a medium will go; with a `problem` it fails for that reason."""
    lifecycle = call.provider.lifecycles[LIFECYCLE]
    outcome = ending(medium, lifecycle)
    if problem and outcome.status is None and not outcome.stuck:
        outcome = Outcome(status="failed", reason=problem, slow=outcome.slow)
    plays = medium.kind in ("video", "audio")
    seconds = medium.duration if plays else medium.size / BYTES_PER_SECOND
    return Plan.of(lifecycle, seconds, speed=call.tenant.clock.speed, outcome=outcome)


def entered(tenant: Tenant, asset: Resource, status: str, at: float) -> None:
    """When an asset is over it tells its size, duration and details, or why it failed."""
    medium = known(asset.hidden)
    changes: dict[str, Json] = {
        f"{part}.status": PREPARED[status] for part in ("hls", "thumbnail") if part in asset.fields
    }
    if status == "ready":
        changes["size"] = medium.size
        if medium.kind in ("video", "audio"):
            changes["duration"] = medium.duration
        changes["technical_metadata"] = technical_metadata(
            medium, text(asset.fields.get("file_type"))
        )
    elif status == "failed" and asset.task is not None:
        changes["error"] = {"message": asset.task.reason}
    tenant.collection("twelvelabs", "assets").change(asset, changes)


def prepared(call: Call, asset: Resource) -> Mapping[str, Json]:
    """The URLs of the stream and of the still, once there are any."""
    shown: dict[str, Json] = {}
    hls, thumbnail = (mapping(asset.fields.get(name)) for name in ("hls", "thumbnail"))
    medium = known(asset.hidden)
    if hls.get("status") == "ready":
        piece = call.link("segment", "video/mp2t", segment)
        manifest = call.link(
            f"{asset.id}/asset-stream",
            "application/vnd.apple.mpegurl",
            lambda: playlist(medium.duration, piece),
        )
        shown["hls"] = {**hls, "manifest_url": manifest}
    if thumbnail.get("status") == "ready":
        picture = call.link(
            f"{asset.id}/asset-still", "image/png", lambda: still(Seeded(medium.identity, "asset"))
        )
        shown["thumbnail"] = {**thumbnail, "representative_url": picture}
    return shown
