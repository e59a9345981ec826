"""Imports: files of a drive become assets; what is one already is not fetched again."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.polling import polled
from understudy.mocks.providers.twelvelabs.assets import progress
from understudy.mocks.providers.twelvelabs.assets.asset import medium_of_asset
from understudy.mocks.providers.twelvelabs.assets.creation import new_asset
from understudy.mocks.providers.twelvelabs.connections.connection import (
    active_connection,
    connection_of,
    use,
)
from understudy.mocks.providers.twelvelabs.connections.drive import Unfit, file_of, page_of
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import picked
from understudy.mocks.resource import found, prepared
from understudy.mocks.store import Resource

KIND = "connection-imports"
ASSETS = "assets"


def import_files(call: Call) -> Answer:
    """Fetches each file that is not there yet, or failed before; the others stand as they are."""
    connection = active_connection(call)
    wanted = [text(mapping(each).get("source_id")) for each in elements(call.body.get("items"))]
    for source_id in wanted:
        if wanted.count(source_id) > 1:
            message = f"items has the source_id {source_id!r:.200} twice; each counts once"
            raise refuse("parameter_invalid", message)
    known = _fetched(call, connection)
    items: list[Json] = [_item(call, connection, each, known.get(each)) for each in wanted]
    fields = picked(connection.fields, "provider", "custom_id")
    fields["item_count"] = len(items)
    kind = call.edition.cast.kinds[KIND]
    made = prepared(call, kind, fields, connection.id)
    made.hidden["items"] = items
    call.collection(KIND).add(made)
    use(call, connection)
    answer: dict[str, Json] = {
        "_id": made.id,
        "has_failures": any("error" in mapping(each) for each in items),
        "items": [_current(call, mapping(each)) for each in items],
    }
    return Answer(202, answer)


def retrieve_import(call: Call) -> Answer:
    """An import with each file's asset as it is now; files whose asset is gone are left out."""
    connection = connection_of(call)
    one = found(call, call.edition.cast.kinds[KIND], call.path("import_id"), connection.id)
    items = [mapping(each) for each in elements(one.hidden["items"])]
    assets = call.collection(ASSETS)
    there = [asset for each in items if (asset := assets.get(text(each.get("asset_id"))))]
    with polled(call, there):
        shown: list[Json] = [
            _current(call, each)
            for each in items
            if "asset_id" not in each or text(each["asset_id"]) in assets
        ]
    names = ("_id", "connection_id", "provider", "custom_id", "item_count", "created_at")
    return Answer(200, {**picked(one.fields, *names), "items": shown})


def _fetched(call: Call, connection: Resource) -> dict[str, Resource]:
    """The assets that came in from the connection's account, by the ids of their files."""
    account = connection.field("account.external_id")
    return {
        text(asset.field("source.details.source_id")): asset
        for asset in call.collection(ASSETS)
        if asset.hidden.get("drive_account") == account
    }


def _item(call: Call, connection: Resource, source_id: str, known: Resource | None) -> Json:
    """What is done about one file, as the import remembers it."""
    item: dict[str, Json] = {"source_id": source_id}
    if known is not None:
        again = known.fields["status"] == "failed"
        if again:
            _retry(call, known)
        return {**item, "action": "retried" if again else "skipped", "asset_id": known.id}
    file = file_of(source_id)
    if isinstance(file, Unfit):
        error: Json = {"code": file.code, "message": file.message}
        return {**item, "action": "rejected", "error": error}
    return {**item, "action": "created", "asset_id": _create(call, connection, source_id, file).id}


def _create(call: Call, connection: Resource, source_id: str, file: Medium) -> Resource:
    asset = new_asset(call, file, "connector", {}, hls=True, thumbnail=True)
    details: dict[str, Json] = {
        "provider": connection.fields["provider"],
        "source_id": source_id,
        "original_filename": file.name,
        "source_link": page_of(source_id),
    }
    asset.fields["source"] = {"type": "connector", "details": details}
    asset.hidden["drive_account"] = connection.field("account.external_id")
    assets = call.collection(ASSETS)
    assets.add(asset)
    progress.begin(call.tenant, assets, asset, progress.planned(call, file))
    return asset


def _retry(call: Call, asset: Resource) -> None:
    """Fetches a file again whose first try failed: the asset goes its whole way anew."""
    assets = call.collection(ASSETS)
    pending = {f"{part}.status": "processing" for part in _parts(asset)}
    assets.change(asset, pending, drop=("error",))
    plan = progress.planned(call, medium_of_asset(asset))
    progress.begin(call.tenant, assets, asset, plan, at=call.now)


def _parts(asset: Resource) -> tuple[str, ...]:
    return tuple(part for part in ("hls", "thumbnail") if part in asset.fields)


def _current(call: Call, item: Mapping[str, Json]) -> Json:
    """An item with the status that its asset has now."""
    asset = call.collection(ASSETS).get(text(item.get("asset_id")))
    return dict(item) if asset is None else {**item, "status": asset.fields["status"]}
