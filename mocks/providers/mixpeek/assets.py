"""Assets: what was ingested at once, with the user's fields and where its task stands."""

from collections.abc import Sequence

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.footage import still
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.words import words
from understudy.mocks.kind import mapping, text, texts
from understudy.mocks.listing import values
from understudy.mocks.polling import polled
from understudy.mocks.providers.mixpeek.features import addresses, described
from understudy.mocks.providers.mixpeek.filters import passes
from understudy.mocks.providers.mixpeek.moments import zoneless
from understudy.mocks.providers.mixpeek.ordering import Told, grouped, selected, sorted_by
from understudy.mocks.providers.mixpeek.pages import numbered
from understudy.mocks.providers.mixpeek.scope import collections_of, member
from understudy.mocks.store import Resource

MODALITIES = ("video", "image", "text", "audio")
_MOST_ASSETS = 10
_OWN = ("asset", "preview_url")


def read_asset(call: Call) -> Answer:
    """One asset; with its address unless the caller does without."""
    asset = member(call, "assets", call.path("asset_id"))
    with polled(call, _tasks(call, [asset])):
        return Answer(200, shown(call, asset, urls=call.query("return_url") is not False))


def read_asset_features(call: Call) -> Answer:
    """An asset and its features by modality."""
    asset = member(call, "assets", call.path("asset_id"))
    urls = call.query("return_url") is True
    groups: dict[str, list[Json]] = {modality: [] for modality in MODALITIES}
    with polled(call, _tasks(call, [asset])):
        for feature in features_of(call, asset):
            more = addresses(call, feature) if urls else {}
            groups[text(feature.fields["modality"])].append({**described(call, feature), **more})
        return Answer(200, {"asset": shown(call, asset, urls=urls), "features": dict(groups)})


def list_assets(call: Call) -> Answer:
    """One page of the assets of some collections, or of groups of them."""
    return _listed(call, ())


def search_assets(call: Call) -> Answer:
    """One page of the assets that have all the words in one of the fields."""
    query = mapping(call.body.get("query"))
    return _listed(call, texts(query.get("key")))


def merge_metadata(call: Call) -> Answer:
    """PATCH: the body's entries join the ones that are there."""
    return _changed(call, merge=True)


def replace_metadata(call: Call) -> Answer:
    """PUT: the metadata becomes what the body says."""
    return _changed(call, merge=False)


def delete_asset(call: Call) -> Answer:
    """Removes an asset with its features."""
    asset = member(call, "assets", call.path("asset_id"))
    discard_asset(call, asset)
    message = f"Asset {asset.id} was deleted"
    return Answer(200, {"message": message, "asset_id": asset.id})


def discard_asset(call: Call, asset: Resource) -> None:
    """Removes an asset and its features, and cancels a task that still works on it."""
    for feature in features_of(call, asset):
        call.collection("features").remove(feature)
    call.collection("assets").remove(asset)
    for resource in call.collection("tasks").page(where={"asset_id": asset.id}).items:
        if resource.task is not None and not resource.task.finished:
            resource.task.end("CANCELLED", call.now)


def features_of(call: Call, asset: Resource) -> tuple[Resource, ...]:
    """The features of an asset, the oldest first."""
    return call.collection("features").page(where={"asset_id": asset.id}).items


def shown(call: Call, asset: Resource, *, urls: bool) -> dict[str, Json]:
    """An asset's fields; its metadata stand between two of the service's own (recorded)."""
    hidden = ("identity", "url", "metadata")
    fields = {name: value for name, value in asset.fields.items() if name not in hidden}
    url = asset.fields["url"] if urls else None
    preview = _preview(call, asset) if urls and url else None
    return {
        **fields,
        "url": url,
        "preview_url": preview,
        "metadata": {"asset": {}, "preview_url": None, **mapping(asset.fields["metadata"])},
        "created_at": zoneless(asset.created),
        "updated_at": zoneless(asset.updated),
    }


def _listed(call: Call, keys: Sequence[str]) -> Answer:
    ids = collections_of(call)
    stored = call.collection("assets").page(where={"parent": ids}).items
    urls = call.body.get("return_url") is True
    with polled(call, _tasks(call, stored)):
        told: list[Told] = [(asset, shown(call, asset, urls=urls)) for asset in stored]
        found = [each for each in told if passes(each[1], call.body.get("filters"))]
        if call.body.get("query") is not None:
            wanted = text(mapping(call.body["query"]).get("value"))
            found = [each for each in found if _speaks(each, keys, wanted)]
        results, pagination = _paged(call, sorted_by(found, call.body.get("sort")))
    return Answer(200, {"results": results, "pagination": pagination})


def _paged(call: Call, found: Sequence[Told]) -> tuple[list[Json], Json]:
    group_by = mapping(call.body.get("group_by"))
    field = text(group_by.get("field"))
    if not field:
        page, pagination = numbered(call, found)
        return [selected(fields, call.body) for _, fields in page], pagination
    most = group_by.get("max_assets")
    limit = most if isinstance(most, int) else _MOST_ASSETS
    groups, pagination = numbered(call, grouped(found, field))
    results: list[Json] = []
    for value, members in groups:
        inside = sorted_by(members, group_by.get("sort"))[:limit]
        assets: list[Json] = [selected(fields, call.body) for _, fields in inside]
        results.append({"group": value, "count": len(members), "assets": assets})
    return results, pagination


def _speaks(told: Told, keys: Sequence[str], wanted: str) -> bool:
    asked = set(words(wanted))
    for key in keys:
        for value in values(told[1], key):
            if isinstance(value, str) and (
                wanted.lower() in value.lower() or (asked and asked <= set(words(value)))
            ):
                return True
    return False


def _changed(call: Call, *, merge: bool) -> Answer:
    asset = member(call, "assets", call.path("asset_id"))
    said = {
        name: value
        for name, value in mapping(call.body.get("metadata")).items()
        if name not in _OWN
    }
    if "metadata" in call.body:
        _write(call, "assets", asset, said, merge=merge)
        if call.body.get("propagate_features") is True:
            for feature in features_of(call, asset):
                _write(call, "features", feature, said, merge=merge)
    return Answer(200, shown(call, asset, urls=True))


def _write(
    call: Call, kind: str, resource: Resource, said: dict[str, Json], *, merge: bool
) -> None:
    kept = mapping(resource.fields["metadata"]) if merge else {}
    call.collection(kind).change(resource, {"metadata": {**kept, **said}}, at=call.now)


def _tasks(call: Call, assets: Sequence[Resource]) -> list[Resource]:
    """The tasks that the assets were made or changed by last."""
    named = (text(asset.fields["task_id"]) for asset in assets)
    found = (call.collection("tasks").get(name) for name in named)
    return [task for task in found if task is not None]


def _preview(call: Call, asset: Resource) -> str:
    name = f"{asset.id}.png"
    return call.link(name, "image/png", lambda: still(Seeded(asset.fields["identity"])))
