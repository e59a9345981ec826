"""Assets, uploads in pieces and assets in an index."""

from collections.abc import Mapping

import httpx2
from assets_stage import UPLOADS, WALK, entry, etag
from stage import LONG, NOBODY, client_of, new_index
from twelvelabs_stage import KEY, Call, Calls, Ids, Stage

from understudy.mocks import Fake

BYTES = b"0123456789"
PIECE = entry(1, etag(BYTES), len(BYTES))
UPLOAD = {"filename": "walk.mp4", "type": "video", "total_size": len(BYTES)}
NOTES = {"user_metadata": {"category": "boats"}}


def asset(stage: Stage) -> str:
    """One that is ready."""
    made = stage.form("/assets", method="url", url=WALK).json()["_id"]
    stage.fake.clock.advance(LONG)
    return str(made)


def upload(stage: Stage) -> str:
    """The path to an upload of which nothing has come."""
    return f"{UPLOADS}/{stage.post(UPLOADS, **UPLOAD).json()['upload_id']}"


def indexed(stage: Stage) -> str:
    """The path to an asset that is on its way into an index."""
    home = f"/indexes/{stage.index}/indexed-assets"
    made = stage.post(home, asset_id=stage.once("asset", asset)).json()
    return f"{home}/{made['_id']}"


def not_enabled(operation: str, call: Call) -> Call:
    """The call where the account may not upload in pieces, which is a fault of the test's."""

    def refused(stage: Stage) -> httpx2.Response:
        stage.fake.faults.add("status", operation=operation, status=403, times=1)
        return call(stage)

    return refused


def on(noun: str, good: str = "", bad: str = "?page=0") -> Calls:
    """The calls of an operation that reads something of an asset."""
    return {
        200: lambda s: s.api.get(f"/assets/{s.once('asset', asset)}{noun}{good}"),
        400: lambda s: s.api.get(f"/assets/{s.once('asset', asset)}{noun}{bad}"),
        404: lambda s: s.api.get(f"/assets/{NOBODY}{noun}"),
    }


def on_metadata(method: str) -> Calls:
    """The calls of an operation that changes the metadata of an asset."""
    noun, wrong = "user-metadata", {"user_metadata": {"id": 2**53}}
    return {
        204: lambda s: s.send(method, f"/assets/{s.once('asset', asset)}/{noun}", **NOTES),
        400: lambda s: s.send(method, f"/assets/{s.once('asset', asset)}/{noun}", **wrong),
        404: lambda s: s.send(method, f"/assets/{NOBODY}/{noun}", **NOTES),
    }


def of_upload(operation: str, calls: Calls) -> Calls:
    """Those calls and one of an account that may not; the first succeeds."""
    good = calls[min(calls)]
    return {**calls, 403: not_enabled(operation, good)}


def in_use(stage: Stage) -> httpx2.Response:
    """Delete an asset that stands in an index."""
    assert indexed(stage)
    return stage.api.delete(f"/assets/{stage.once('asset', asset)}")


STATUSES: Mapping[str, Calls] = {
    "list-assets": {
        200: lambda s: s.get("/assets", asset_ids=s.once("asset", asset), filename="WALK"),
        400: lambda s: s.get("/assets", asset_types="smell"),
    },
    "create-asset": {
        201: lambda s: s.form("/assets", method="url", url=WALK),
        400: lambda s: s.form("/assets", method="direct"),
    },
    "retrieve-asset": on("", bad="x"),
    "delete-asset": {
        204: lambda s: s.api.delete(f"/assets/{s.once('asset', asset)}"),
        400: lambda s: s.api.delete("/assets/walk"),
        404: lambda s: s.api.delete(f"/assets/{NOBODY}"),
        409: in_use,
    },
    "list-entities-of-asset": on("/entities"),
    "list-indexed-assets-of-asset": on("/indexed-assets"),
    "retrieve-asset-transcription": on("/transcription", "?include=words", "?include=letters"),
    "merge-asset-metadata": on_metadata("PATCH"),
    "replace-asset-metadata": on_metadata("PUT"),
    "clear-asset-metadata": {
        204: lambda s: s.api.delete(f"/assets/{s.once('asset', asset)}/user-metadata"),
        400: lambda s: s.api.delete("/assets/walk/user-metadata"),
        404: lambda s: s.api.delete(f"/assets/{NOBODY}/user-metadata"),
    },
    "list-incomplete-uploads": of_upload(
        "list-incomplete-uploads",
        {
            200: lambda s: s.get(UPLOADS, page_limit=s.once("upload", upload) and 3),
            400: lambda s: s.get(UPLOADS, page=0),
        },
    ),
    "create-upload": of_upload(
        "create-upload",
        {
            201: lambda s: s.post(UPLOADS, **UPLOAD),
            400: lambda s: s.post(UPLOADS, **{**UPLOAD, "filename": "a.exe"}),
        },
    ),
    "retrieve-upload": of_upload(
        "retrieve-upload",
        {
            200: lambda s: s.get(s.once("upload", upload)),
            400: lambda s: s.get(f"{UPLOADS}/first"),
            404: lambda s: s.get(f"{UPLOADS}/{NOBODY}"),
        },
    ),
    "report-uploaded-chunks": of_upload(
        "report-uploaded-chunks",
        {
            200: lambda s: s.post(s.once("upload", upload), completed_chunks=[PIECE]),
            400: lambda s: s.post(s.once("upload", upload), completed_chunks=[]),
            404: lambda s: s.post(f"{UPLOADS}/{NOBODY}", completed_chunks=[PIECE]),
        },
    ),
    "request-upload-urls": of_upload(
        "request-upload-urls",
        {
            200: lambda s: s.post(f"{s.once('upload', upload)}/presigned-urls", start=1, count=1),
            400: lambda s: s.post(f"{s.once('upload', upload)}/presigned-urls", start=2, count=1),
            404: lambda s: s.post(f"{UPLOADS}/{NOBODY}/presigned-urls", start=1, count=1),
        },
    ),
    "list-indexed-assets": {
        200: lambda s: s.get(f"/indexes/{s.index}/indexed-assets", status="ready"),
        400: lambda s: s.get(f"/indexes/{s.index}/indexed-assets", status="asleep"),
        404: lambda s: s.get(f"/indexes/{NOBODY}/indexed-assets"),
    },
    "create-indexed-asset": {
        202: lambda s: s.post(f"/indexes/{s.index}/indexed-assets", asset_id=asset(s)),
        400: lambda s: s.post(f"/indexes/{s.index}/indexed-assets", asset_id="walk"),
        404: lambda s: s.post(f"/indexes/{s.index}/indexed-assets", asset_id=NOBODY),
    },
    "retrieve-indexed-asset": {
        200: lambda s: s.get(s.once("indexed", indexed), embedding_option="visual"),
        400: lambda s: s.get(s.once("indexed", indexed), embedding_option="smell"),
        404: lambda s: s.get(f"/indexes/{s.index}/indexed-assets/{NOBODY}"),
    },
    "update-indexed-asset": {
        204: lambda s: s.send("PATCH", s.once("indexed", indexed), **NOTES),
        400: lambda s: s.send("PATCH", s.once("indexed", indexed), user_metadata=1),
        404: lambda s: s.send("PATCH", f"/indexes/{s.index}/indexed-assets/{NOBODY}", **NOTES),
    },
    "delete-indexed-asset": {
        204: lambda s: s.api.delete(s.once("indexed", indexed)),
        400: lambda s: s.api.delete(f"/indexes/{s.index}/indexed-assets/walk"),
        404: lambda s: s.api.delete(f"/indexes/{s.index}/indexed-assets/{NOBODY}"),
    },
}


def stock(fake: Fake) -> Ids:
    """An asset, the upload of another, and one on its way into an index."""
    with client_of(fake, KEY) as api:
        stage = Stage(fake, api, {})
        ready, begun = asset(stage), upload(stage)
        home = f"/indexes/{new_index(api, 'walks')}/indexed-assets"
        made = stage.post(home, asset_id=ready).json()["_id"]
        return {
            "asset_id": ready,
            "upload_id": begun.rpartition("/")[2],
            "indexed_asset_id": str(made),
        }
