"""Ingestion: a video, an image or a text becomes an asset, and a task takes it apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import ending, kept, known
from understudy.mocks.generate.media import kind_of_name
from understudy.mocks.generate.medium import Medium, medium_of_url
from understudy.mocks.generate.words import split_url
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.mixpeek.collections import collection_for
from understudy.mocks.providers.mixpeek.errors import rule
from understudy.mocks.providers.mixpeek.extraction import BY_DEFAULT, TEXT_EMBED
from understudy.mocks.providers.mixpeek.scope import collection_of, member, scope
from understudy.mocks.providers.mixpeek.tasks import entered
from understudy.mocks.store import Resource
from understudy.mocks.task import Outcome, Plan, Task

_PICTURE_SIZE = 200_000

Entry = Mapping[str, Json]
"""One set of settings as it was sent; of a text also the text itself."""


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What was sent, understood: the medium, what it is to become, and how the task will end."""

    modality: str
    message: str
    medium: Medium
    sent: str
    entries: Sequence[Entry]
    readable: bool = True

    @property
    def url(self) -> Json:
        """The asset's address; a text has none."""
        return None if self.modality == "text" else self.sent


def ingest_video(call: Call) -> Answer:
    """Queues a video; each entry of the settings cuts it into segments of its own."""
    url = call.field("url")
    medium = _titled(call, medium_of_url(url))
    asked = call.body.get("feature_extractors") or call.body.get("video_settings")
    entries = [mapping(each) for each in elements(asked)] or [BY_DEFAULT]
    fits = kind_of_name(split_url(url).path) in ("video", "unknown")
    return _begun(call, Ingestion("video", "Video URL", medium, url, entries, fits))


def ingest_image(call: Call) -> Answer:
    """Queues an image."""
    url = call.field("url")
    medium = _titled(call, medium_of_url(url))
    still = replace(medium, kind="image", duration=0.0, size=_PICTURE_SIZE, has_audio=False)
    asked = call.body.get("feature_extractors") or call.body.get("image_settings")
    entries = [mapping(asked) or BY_DEFAULT]
    fits = kind_of_name(split_url(url).path) in ("image", "unknown")
    return _begun(call, Ingestion("image", "Image URL", still, url, entries, fits))


def ingest_text(call: Call) -> Answer:
    """Queues a text: each text among the embeddings becomes a feature with their vectors."""
    asked = call.body.get("feature_extractors") or call.body.get("text_settings")
    settings = mapping(asked)
    own = call.field("text")
    texts: dict[str, list[Json]] = {own: []} if own else {}
    for wish in elements(settings.get("embed")):
        value = text(mapping(wish).get("value")) or own
        if value:
            texts.setdefault(value, []).append(wish)
    if not texts:
        message = "no text came: it belongs in text or in feature_extractors.embed[].value"
        raise rule(message)
    sent = "\n".join(texts)
    medium = _titled(call, _of_text(sent))
    entries: list[Entry] = [
        {"value": value, "embed": wishes or TEXT_EMBED, "json_output": settings.get("json_output")}
        for value, wishes in texts.items()
    ]
    return _begun(call, Ingestion("text", "Text", medium, sent, entries))


def _of_text(sent: str) -> Medium:
    size = len(sent.encode("utf-8", "surrogatepass"))
    made = medium_of_url(sent)
    return replace(made, kind="text", title=sent[:200], name="", url="", duration=0.0, size=size)


def _titled(call: Call, medium: Medium) -> Medium:
    """The medium under the title that the user's metadata give it."""
    title = mapping(call.body.get("metadata")).get("title")
    return medium.titled(title) if isinstance(title, str) and title else medium


def _begun(call: Call, sent: Ingestion) -> Answer:
    """Stores task and asset and starts the task; everything is checked before."""
    namespace = scope(call)
    update = mapping(call.body.get("asset_update"))
    target = member(call, "assets", text(update.get("asset_id"))) if update else None
    name = call.field("collection") or call.field("collection_id")
    known = collection_of(call, namespace, name)
    twin = _twin(call, known, sent.medium.identity) if known is not None else None
    skips = True in (call.body.get("skip_duplicate"), call.body.get("prevent_duplicate"))
    home = known or collection_for(call, namespace, name)
    task = _task(call, namespace, sent)
    if skips and twin is not None and target is None:
        asset, outcome = twin, Outcome(status="SKIPPED")
    else:
        asset = target or _asset(call, home, name, sent, twin)
        outcome = ending(sent.medium, call.provider.lifecycles["ingestion"])
        if not sent.readable:
            outcome = Outcome(status="FAILED", reason=f"{sent.sent!r} is no {sent.modality}.")
        changes: dict[str, Json] = {"task_id": task.id, "status": "INITIALIZING", "error": None}
        if target is not None:
            changes["metadata"] = {**mapping(target.fields["metadata"]), **_metadata(call)}
        call.collection("assets").change(asset, changes, at=call.now)
    task.fields["asset_id"] = asset.id
    call.collection("tasks").add(task)
    task.hidden["replaces"] = update.get("mode") == "replace"
    _start(call, task, outcome)
    told = ("task_id", "asset_id", "status", "inputs", "outputs")
    shown = {name: task.fields[name] for name in told}
    return Answer(200, {"message": f"{sent.message} processing queued", **shown})


def _task(call: Call, namespace: str, sent: Ingestion) -> Resource:
    identity = call.tenant.ids.uuid()
    fields: dict[str, Json] = {
        "task_id": identity,
        "asset_id": None,
        "status": "INITIALIZING",
        "inputs": [sent.sent],
        "outputs": [],
        "error": None,
    }
    task = Resource("tasks", identity, fields, call.now, namespace)
    task.hidden.update({"action": f"ingest_{sent.modality}", "modality": sent.modality})
    task.hidden.update({"medium": kept(sent.medium), "entries": list(sent.entries)})
    return task


def _asset(
    call: Call, home: Resource, name: str, sent: Ingestion, twin: Resource | None
) -> Resource:
    identity = call.tenant.ids.uuid()
    fields: dict[str, Json] = {
        "asset_id": identity,
        "collection_id": name,
        "status": "INITIALIZING",
        "url": sent.url,
        "metadata": _metadata(call),
        "error": None,
        "modality": sent.modality,
        "task_id": None,
        "unique_hash": None,
        "file_hash": None,
        "file_data": None,
        "duplicate_of": twin.id if twin else None,
        "score": None,
        "identity": sent.medium.identity,
    }
    asset = Resource("assets", identity, fields, call.now, home.id)
    asset.hidden["size"] = sent.medium.size
    return call.collection("assets").add(asset)


def _metadata(call: Call) -> dict[str, Json]:
    return dict(mapping(call.body.get("metadata")))


def _twin(call: Call, home: Resource, identity: str) -> Resource | None:
    """The oldest asset of a collection with the same content that has not come to grief."""
    assets = call.collection("assets")
    found = assets.page(where={"identity": identity, "parent": home.id}).items
    lost = ("FAILED", "CANCELLED")
    return next((asset for asset in found if asset.fields["status"] not in lost), None)


def _start(call: Call, task: Resource, outcome: Outcome) -> None:
    lifecycle = call.provider.lifecycles["ingestion"]
    duration, speed = known(task.hidden).duration, call.tenant.clock.speed
    tenant = call.tenant
    call.collection("features")  # it is filled by the task, which has no call at hand
    Task.begin(
        task,
        Plan.of(lifecycle, duration, speed=speed, outcome=outcome),
        collection=call.collection("tasks"),
        agenda=tenant.agenda,
        on_enter=partial(entered, tenant),
    )
