"""A video's HLS stream and stills: URLs on the host that the caller used, which can be fetched."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate.footage import playlist, segment, still
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import mapping
from understudy.mocks.store import Resource

THUMBNAIL_LASTS = 3600.0  # seconds; documented for the thumbnails of search


def streamed(call: Call, resource: Resource) -> Mapping[str, Json]:
    """The `hls` of a task or video, if it has one, with its URLs."""
    if "hls" not in resource.fields:
        return {}
    medium = known(resource.hidden)
    piece = call.link("segment", "video/mp2t", segment)
    video = call.link(
        f"{resource.id}/stream",
        "application/vnd.apple.mpegurl",
        lambda: playlist(medium.duration, piece),
    )
    shown: dict[str, Json] = {"video_url": video, "thumbnail_urls": [thumbnail(call, resource)]}
    return {"hls": {**shown, **mapping(resource.fields["hls"])}}


def thumbnail(call: Call, resource: Resource, second: float = 0.0) -> str:
    """A still of the video at that second; the link expires an hour from now."""
    identity = known(resource.hidden).identity
    return call.link(
        f"{resource.id}/{second:g}",
        "image/png",
        lambda: still(Seeded(identity, second)),
        THUMBNAIL_LASTS,
    )
