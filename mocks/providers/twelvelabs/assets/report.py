"""Reports of chunks: counted in any order, and the file is whole with the last one."""

from dataclasses import replace

from understudy.contracts.exchange import Part
from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import kept
from understudy.mocks.generate.footage import segment, still
from understudy.mocks.generate.medium import Medium, medium_of_part
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.assets import progress
from understudy.mocks.providers.twelvelabs.assets.asset import medium_of_asset
from understudy.mocks.providers.twelvelabs.assets.chunks import Chunks
from understudy.mocks.providers.twelvelabs.assets.creation import UNREADABLE
from understudy.mocks.providers.twelvelabs.assets.upload import refuse_ended, upload_of
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.number import whole
from understudy.mocks.store import Resource


def report_chunks(call: Call) -> Answer:
    """Notes which chunks are there; what was complete before is a duplicate and stays as it is.

    A report on a completed session is all duplicates: whoever lost a reply may ask again.
    """
    upload = upload_of(call)
    chunks = Chunks(upload)
    reports = [mapping(each) for each in elements(call.body.get("completed_chunks"))]
    beyond = [index for each in reports if (index := whole(each["chunk_index"])) > chunks.total]
    if beyond:
        message = f"chunk_index is {beyond[0]}, but the upload has {chunks.total} chunks"
        raise refuse("parameter_invalid", message)
    if upload.fields.get("status") != "completed":
        refuse_ended(upload)
    before, duplicates = chunks.completed, 0
    for each in reports:
        index = whole(each["chunk_index"])
        if chunks.status(index) == "completed":
            duplicates += 1
            continue
        chunks.report(index, text(each["proof"]), whole(each["chunk_size"]), stamp(call.now))
    call.collection("uploads").change(upload, {}, at=call.now)
    content: dict[str, Json] = {
        "asset_id": upload.parent,
        "processed_chunks": chunks.completed - before,
        "duplicate_chunks": duplicates,
        "total_completed": chunks.completed,
    }
    if chunks.completed == chunks.total > before:
        content["url"] = _completed(call, upload, chunks)
    return Answer(200, content)


def _completed(call: Call, upload: Resource, chunks: Chunks) -> str:
    """The file is whole: its session ends, its asset is prepared. Answers where it can be had."""
    assets = call.collection("assets")
    asset = assets.get(upload.parent or "")
    if asset is None or upload.task is None:  # neither outlives the other
        return ""
    medium, problem = _arrived(medium_of_asset(asset), chunks)
    asset.hidden["medium"] = kept(medium)
    for part in ("hls", "thumbnail"):
        if part in asset.fields:
            assets.change(asset, {f"{part}.status": "processing"})
    upload.task.end("completed", call.now)
    chunks.forget()
    plan = progress.planned(call, medium, problem)
    progress.begin(call.tenant, assets, asset, plan, at=call.now)
    return _link(call, asset, medium)


def _arrived(awaited: Medium, chunks: Chunks) -> tuple[Medium, str]:
    """The medium that came, and what is wrong with it: empty where nothing is."""
    facts, identity = chunks.facts(), chunks.identity()
    part = Part("file", b"", awaited.name, None, awaited.size, identity, facts)
    medium = medium_of_part(part)
    if medium.kind in ("unknown", "text"):
        return replace(medium, kind=awaited.kind), UNREADABLE
    plays = ("video", "audio")
    if medium.kind != awaited.kind and not (medium.kind in plays and awaited.kind in plays):
        problem = f"The file is of the kind {medium.kind}, but the upload said {awaited.kind}."
        return replace(medium, kind=awaited.kind), problem
    return replace(medium, kind=awaited.kind), ""


def _link(call: Call, asset: Resource, medium: Medium) -> str:
    """Where the asset's file can be fetched: a stand-in of its kind, for its bytes are not kept."""
    if medium.kind == "image":
        draw = Seeded(medium.identity, "file")
        return call.link(f"{asset.id}/file", "image/png", lambda: still(draw))
    return call.link(f"{asset.id}/file", "video/mp2t", segment)
