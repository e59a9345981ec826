"""A session in which a file comes in piece by piece: begun, continued, read, ended.

A resource of the kind `uploads`, owned by its asset. What it has heard of its chunks stands in
`hidden` as plain values, so that a snapshot keeps it.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import get_args

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.generate.media import Kind, kind_of_name
from understudy.mocks.generate.medium import Medium, outcome_of
from understudy.mocks.generate.words import name_title
from understudy.mocks.kind import text
from understudy.mocks.links import Door
from understudy.mocks.provider import Provider
from understudy.mocks.providers.twelvelabs.assets import metadata
from understudy.mocks.providers.twelvelabs.assets.acceptance import check_size, unsupported
from understudy.mocks.providers.twelvelabs.assets.chunks import Chunks
from understudy.mocks.providers.twelvelabs.assets.creation import new_asset
from understudy.mocks.providers.twelvelabs.assets.inlet import put
from understudy.mocks.providers.twelvelabs.assets.window import Window
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.number import whole
from understudy.mocks.resource import found, prepared
from understudy.mocks.store import Resource
from understudy.mocks.task import Outcome, Plan, Task
from understudy.mocks.tenant import Tenant

LIFECYCLE = "multipart-upload"
CHUNK = 5 * 1024**2
"""Bytes in a chunk; the vendor does not tell, five MiB is the least of what it builds upon."""
FIRST_URLS = 10
URL_LASTS = 3600.0
INCOMPLETE = ("active", "failed", "expired")
HEADERS = {"Content-Type": "application/octet-stream"}


def create_upload(call: Call) -> Answer:
    """Reserves an asset, and begins the session that is to fill it."""
    name, kind, size = (
        call.field("filename"),
        call.field("type"),
        whole(call.body.get("total_size")),
    )
    _check_name(name, kind)
    check_size(size, "image" if kind == "image" else "video", size)
    written = metadata.told(metadata.checked(call.body.get("user_metadata")))
    title = name_title(name) or name
    awaited = Medium("", _kind(kind), name, title, size=size, outcome=outcome_of(name))
    asset = new_asset(
        call,
        awaited,
        "multipart",
        written,
        hls=call.body.get("enable_hls") is True,
        thumbnail=call.body.get("enable_thumbnail") is True,
    )
    for part in ("hls", "thumbnail"):
        if part in asset.fields:
            asset.fields[part] = {"status": "pending"}
    call.collection("assets").add(asset)
    upload = _begun(call, asset, size)
    last = min(FIRST_URLS, Chunks(upload).total)
    fields = upload.fields
    content: dict[str, Json] = {
        "upload_id": upload.id,
        "asset_id": asset.id,
        "upload_urls": _urls(call, upload, range(1, last + 1)),
        "upload_headers": dict(HEADERS),
        **{name: fields[name] for name in ("chunk_size", "total_chunks", "expires_at")},
    }
    return Answer(201, content)


def request_urls(call: Call) -> Answer:
    """Fresh URLs for a range of chunks, as far as the file goes; older ones stay good."""
    upload = upload_of(call)
    refuse_ended(upload)
    start, count = whole(call.body.get("start")), whole(call.body.get("count"))
    total = Chunks(upload).total
    if start > total:
        message = f"start is {start}, but the upload has {total} chunks"
        raise refuse("parameter_invalid", message)
    urls = _urls(call, upload, range(start, min(start + count - 1, total) + 1))
    content: dict[str, Json] = {
        "upload_id": upload.id,
        "start_index": start,
        "count": len(urls),
        "upload_urls": urls,
        "generated_at": stamp(call.now),
        "expires_at": stamp(call.now + URL_LASTS),
    }
    return Answer(200, content)


def read_upload(call: Call) -> Answer:
    """The session with a page of all its chunks, those that nobody has reported as pending."""
    upload, window = upload_of(call), Window.of(call)
    chunks = Chunks(upload)
    shown = ("upload_id", "status", "total_size", "created_at", "updated_at")
    first = window.offset + 1
    indices = range(first, min(window.offset + window.limit, chunks.total) + 1)
    content: dict[str, Json] = {
        **{name: upload.fields[name] for name in shown},
        **chunks.tally(),
        "uploaded_chunks": [chunks.shown(index) for index in indices],
        "page_info": window.info(chunks.total),
    }
    return Answer(200, content)


def list_incomplete(call: Call) -> Answer:
    """A page of the sessions that did not complete, the newest first."""
    window = Window.of(call)
    page = call.collection("uploads").page(
        where={"status": INCOMPLETE}, descending=True, offset=window.offset, limit=window.limit
    )
    hidden = ("asset_id", "updated_at")
    data: list[Json] = [
        {name: value for name, value in upload.fields.items() if name not in hidden}
        for upload in page.items
    ]
    return Answer(200, {"data": data, "page_info": window.info(page.total)})


def upload_of(call: Call) -> Resource:
    """The session that the path names; refused when there is none."""
    return found(call, call.edition.cast.kinds["uploads"], call.path("upload_id"))


def refuse_ended(upload: Resource) -> None:
    """Refuses what only an active session takes."""
    status = text(upload.fields.get("status"))
    if status != "active":
        message = f"the upload {upload.id!r} is {status}; only an active one takes chunks"
        raise refuse("parameter_invalid", message)


def entered(tenant: Tenant, upload: Resource, status: str, at: float) -> None:
    """When a session ends without its file, its asset fails for the same reason."""
    assets = tenant.collection("twelvelabs", "assets")
    asset = assets.get(upload.parent or "")
    if status == "completed" or asset is None or upload.task is None:
        return
    changes: dict[str, Json] = {
        f"{part}.status": "error" for part in ("hls", "thumbnail") if part in asset.fields
    }
    changes |= {"status": "failed", "error": {"message": upload.task.reason}}
    assets.change(asset, changes, at=at)


def doors(_: Provider, upload: Resource) -> Iterator[Door]:
    """The URLs of a session's chunks that were given out."""
    return (_door(upload, *issued) for issued in Chunks(upload).issued())


def _begun(call: Call, asset: Resource, size: int) -> Resource:
    """The session, stored; its plan is to expire, and a last report ends it before."""
    chunk = min(CHUNK, call.tenant.limits.body)
    lifecycle = call.provider.lifecycles[LIFECYCLE]
    plan = Plan.of(lifecycle, outcome=Outcome(status="expired"))
    fields: dict[str, Json] = {
        "status": "active",
        "total_size": size,
        "chunk_size": chunk,
        "total_chunks": -(-size // chunk),
        "expires_at": stamp(call.now + plan.total),
    }
    upload = prepared(call, call.edition.cast.kinds["uploads"], fields, asset.id)
    uploads = call.collection("uploads")
    uploads.add(upload)
    enter = partial(entered, call.tenant)
    Task.begin(upload, plan, collection=uploads, agenda=call.tenant.agenda, on_enter=enter)
    return upload


def _urls(call: Call, upload: Resource, indices: Iterable[int]) -> list[Json]:
    """A URL for each of the chunks, never given out before."""
    chunks, made, expires = Chunks(upload), list[Json](), call.now + URL_LASTS
    for index in indices:
        url = call.door(_door(upload, chunks.issue(index, expires), index, expires))
        made.append({"chunk_index": index, "url": url, "expires_at": stamp(expires)})
    return made


def _door(upload: Resource, serial: int, index: int, expires: float) -> Door:
    take = partial(put, upload.id, index, serial)
    return Door(f"{upload.id}/chunk/{index}/{serial}", take, expires)


def _kind(said: str) -> Kind:
    return next((kind for kind in get_args(Kind) if kind == said), "unknown")


def _check_name(name: str, kind: str) -> None:
    promised = kind_of_name(name)
    if promised == "text":
        raise unsupported(name)
    plays = {"video", "audio"}
    fits = promised in ("unknown", kind) or {promised, kind} == plays
    if not fits:
        message = f"filename {name!r} is of the kind {promised}, but type is {kind}"
        raise refuse("parameter_invalid", message)
