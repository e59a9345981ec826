"""The analysis of a medium: begun by an upload, or anew; at its end somebody may be told."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import ending, known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import text
from understudy.mocks.provider import Hook
from understudy.mocks.store import Resource
from understudy.mocks.task import Plan, Task
from understudy.mocks.tenant import Tenant

NAME = "imentiv"
LIFECYCLES: Mapping[str, str] = {
    "videos": "video-analysis",
    "audios": "audio-analysis",
    "texts": "text-analysis",
    "images": "image-analysis",
}
JOBS = "jobs"
EDITS = ("edits", "names", "notes", "segments", "speakers", "links")
"""What callers have changed of an analysis, by its name in `hidden`."""


def begin(call: Call, resource: Resource) -> None:
    """Start the analysis of a stored medium."""
    kind = resource.kind
    lifecycle = call.provider.lifecycles[LIFECYCLES[kind]]
    medium = known(resource.hidden)
    seconds = medium.duration
    if kind == "texts":
        seconds = float(str(resource.hidden["seconds"]))
    plan = Plan.of(
        lifecycle,
        seconds,
        speed=call.tenant.clock.speed,
        outcome=ending(medium, lifecycle),
    )
    Task.begin(
        resource,
        plan,
        collection=call.collection(kind),
        agenda=call.tenant.agenda,
        on_enter=partial(entered, call.tenant),
        at=call.now,
    )


def again(call: Call, resource: Resource, callback: str) -> None:
    """Analyse a medium anew under its id: edits are lost, and whatever was derived goes."""
    forget_jobs(call, resource.id)
    for name in EDITS:
        resource.hidden.pop(name, None)
    resource.hidden["seed"] = int(str(resource.hidden["seed"])) + 1_000_003
    resource.hidden["callback"] = callback
    for owned in owned_by(call.tenant, resource, alone=True):
        if owned.task is not None:  # it was analysed by itself before
            owned.task.cancel()
            owned.task = None
        drop = ("text", "word_count") if owned.kind == "texts" else ()
        call.collection(owned.kind).change(owned, {"status": "queue"}, drop=drop)
        owned.hidden["seed"] = resource.hidden["seed"]
        for name in EDITS:
            owned.hidden.pop(name, None)
    if resource.task is not None:
        resource.task.cancel()
    begin(call, resource)


def forget_jobs(call: Call, medium: str) -> None:
    """Reports, highlights and the like about a medium go; running ones are told to nobody."""
    jobs = call.tenant.collection(NAME, JOBS, filters=("medium",))
    for job in jobs.page(where={"medium": medium}).items:
        jobs.remove(job)


def entered(tenant: Tenant, resource: Resource, status: str, at: float) -> None:
    """When an analysis enters a status: what a video owns follows it, and the end is told."""
    for owned in owned_by(tenant, resource):
        tenant.collection(NAME, owned.kind).change(owned, {"status": status}, at=at)
    if status in ("completed", "failed"):
        told = {**resource.fields, "status": status}
        tell(tenant, resource, "analysis", told, at)


def tell(
    tenant: Tenant, resource: Resource, event: str, content: Mapping[str, Json], at: float
) -> None:
    """Send what has happened to the address that the caller gave, if one was given."""
    url = text(resource.hidden.get("callback"))
    if url:
        shown = dict(content)
        tenant.deliveries.queue(NAME, url, shown, event=event, about=resource.id, at=at)


def owned_by(tenant: Tenant, resource: Resource, *, alone: bool = False) -> list[Resource]:
    """The sound of a video and its text, the text of a sound: what has no task of its own.

    With `alone` those too that were analysed anew by themselves, and so have one.
    """
    found: list[Resource] = []
    for kind, name in (("audios", "audio_id"), ("texts", "text_id")):
        owned = tenant.collection(NAME, kind).get(text(resource.hidden.get(name)))
        if owned is not None and (alone or owned.task is None):
            found.append(owned)
            found.extend(owned_by(tenant, owned, alone=alone) if kind == "audios" else ())
    return found


def stored(
    call: Call, kind: str, fields: Mapping[str, Json], medium: Medium, hidden: Mapping[str, Json]
) -> Resource:
    """A new medium in the store, not yet on its way; stamped with now."""
    identity = call.tenant.ids.uuid()
    shown: dict[str, Json] = {
        "id": identity,
        "status": "queue",
        **fields,
        "user_id": user_of(call),
        "created_at": stamp(call.now),
    }
    resource = Resource(kind, identity, shown, call.now)
    resource.hidden.update({"medium": asdict(medium), "seed": call.seed, **hidden})
    call.collection(kind).add(resource)
    return resource


def user_of(call: Call) -> str:
    """The name of the account, the same for all its media."""
    return f"user_{call.tenant.name}"


HOOKS: Mapping[str, Hook] = dict.fromkeys(LIFECYCLES.values(), entered)
