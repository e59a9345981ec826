"""Assets that come in one piece: a file that comes along, or a URL."""

from dataclasses import replace

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import kept
from understudy.mocks.generate.media import Kind
from understudy.mocks.generate.medium import Medium, outcome_of
from understudy.mocks.generate.words import name_title
from understudy.mocks.providers.twelvelabs.assets import metadata, progress
from understudy.mocks.providers.twelvelabs.assets.acceptance import (
    LARGEST_FETCHED,
    fetched_file,
    mime_of,
    sent_file,
)
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource

SHOWN = ("_id", "method", "status", "filename", "file_type", "created_at", "user_metadata")
"""What the answer to an upload tells; the rest comes with reading."""

UNREADABLE = "The file could not be read. Check that it is whole and plays, then upload it again."


def create_asset(call: Call) -> Answer:
    """Takes a file or a URL; the asset is processing, whatever its size."""
    filename, method = call.field("filename"), call.field("method")
    written = metadata.parsed(call.field("user_metadata"))
    problem = ""
    if method == "url":
        url = call.field("url")
        if not url:
            raise refuse("parameter_not_provided", "method is url, so the field url is needed")
        medium, kind = fetched_file(url, filename)
        if medium.size > LARGEST_FETCHED[kind]:
            problem = f"The file has {medium.size} bytes; {LARGEST_FETCHED[kind]} are the limit."
    else:
        medium, kind = sent_file(call, filename)
        if medium.size == 0 or medium.kind in ("unknown", "text"):
            problem = UNREADABLE
    medium = called(replace(medium, kind=kind), filename)
    asset = new_asset(
        call,
        medium,
        method,
        written,
        hls=call.body.get("enable_hls") is not False,
        thumbnail=call.body.get("enable_thumbnail") is not False,
    )
    assets = call.collection("assets")
    assets.add(asset)
    progress.begin(call.tenant, assets, asset, progress.planned(call, medium, problem))
    return Answer(201, {name: asset.fields[name] for name in SHOWN if name in asset.fields})


def called(medium: Medium, filename: str) -> Medium:
    """The medium under the name that its sender gives it; magic words in the name count."""
    if not filename:
        return medium
    outcome = outcome_of(filename, medium.name, medium.url)
    return replace(medium, name=filename, title=name_title(filename) or filename, outcome=outcome)


def new_asset(
    call: Call,
    medium: Medium,
    method: str,
    written: dict[str, Json],
    *,
    hls: bool,
    thumbnail: bool,
) -> Resource:
    """An asset of a medium, not yet stored; `method` is how its file came."""
    kind: Kind = medium.kind
    name = medium.name or "file"
    fields: dict[str, Json] = {
        "method": method,
        "status": "processing",
        "filename": name,
        "file_type": mime_of(kind, name),
        "asset_type": kind,
        **progress.offered(kind, name, hls=hls, thumbnail=thumbnail),
    }
    if written:
        fields["user_metadata"] = written
    asset = prepared(call, call.edition.cast.kinds["assets"], fields, None)
    asset.hidden["medium"] = kept(medium)
    return asset
