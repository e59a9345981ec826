"""A task as plain values, and back: its plan, and where it stands on it."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from itertools import pairwise

from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.mocks.clock import LATEST
from understudy.mocks.node import Node, nearest
from understudy.mocks.provider import Provider
from understudy.mocks.store import Collection, Resource
from understudy.mocks.task import GONE, Place, Plan, Task
from understudy.mocks.tenant import Tenant


def kept(task: Task) -> dict[str, Json]:
    """The task as values; an infinite time is null."""
    plan, place = task.plan, task.place
    return {
        "lifecycle": plan.lifecycle.name,
        "statuses": list(plan.statuses),
        "seconds": [_finite(each) for each in plan.seconds],
        "reason": plan.reason,
        "code": plan.code,
        "media_seconds": plan.media_seconds,
        "speed": plan.speed,
        "place": {**asdict(place), "due": _finite(place.due)},
    }


def unhooked(provider: Provider, task: Task) -> bool:
    """Whether nobody could say again what the task's next statuses cause."""
    waits = task.next is not None and task.place.hooked
    return waits and task.lifecycle.name not in provider.hooks


def resumed(
    node: Node,
    resource: Resource,
    *,
    provider: Provider,
    tenant: Tenant,
    collection: Collection,
) -> Task:
    """The task of a resource of a tenant, with its provider's own hook; `Unfit` if it cannot be."""
    plan = _plan(node, provider.lifecycles)
    place = _place(node.at("place"), plan)
    name = plan.lifecycle.name
    hook = provider.hooks.get(name) if place.hooked else None
    if place.hooked and hook is None and place.due != math.inf:
        end = nearest(name, tuple(provider.hooks))
        node.at("lifecycle").wrong(f"{provider.name} has no hook for {name!r}{end}")
    return Task.resume(
        resource,
        plan,
        place,
        collection=collection,
        agenda=tenant.agenda,
        on_enter=partial(hook, tenant) if hook is not None else None,
    )


def _plan(node: Node, lifecycles: Mapping[str, Lifecycle]) -> Plan:
    name = node.at("lifecycle").one_of(tuple(lifecycles))
    lifecycle = lifecycles[name]
    known = (*lifecycle.statuses, GONE)
    statuses = tuple(each.one_of(known) for each in node.at("statuses").items())
    stages = tuple(stage.status for stage in lifecycle.stages)
    if lifecycle.detours:
        off = [
            each for each in pairwise(statuses) if each[1] != GONE and not lifecycle.legal(*each)
        ]
        if off or statuses[:1] != stages[:1]:
            node.at("statuses").wrong(f"expected moves from {stages[0]!r} on that are allowed")
    elif statuses[:-1] != stages[: len(statuses) - 1]:
        node.at("statuses").wrong(f"before the last, expected the stages {', '.join(stages)}")
    seconds = tuple(_infinite(each) for each in node.at("seconds").items())
    if not statuses or len(statuses) != len(seconds):
        problem = f"expected as many as there are statuses, {len(statuses)}"
        node.at("seconds").wrong(f"{problem}, found {len(seconds)}")
    return Plan(
        lifecycle,
        statuses,
        seconds,
        reason=node.at("reason").text(),
        code=node.at("code").text(),
        media_seconds=node.at("media_seconds").number(),
        speed=node.at("speed").number(1e-12),
    )


def _place(node: Node, plan: Plan) -> Place:
    read_at = node.at("read_at")
    return Place(
        step=node.at("step").whole(0, len(plan.statuses) - 1),
        entered=node.at("entered").number(0, LATEST),
        skew=node.at("skew").number(0, LATEST),
        due=_infinite(node.at("due"), LATEST),
        read_at=None if read_at.value is None else read_at.number(0, LATEST),
        reason=node.at("reason").text(),
        code=node.at("code").text(),
        hooked=node.at("hooked").flag(),
    )


def _finite(seconds: float) -> float | None:
    return None if seconds == math.inf else seconds


def _infinite(node: Node, most: float = math.inf) -> float:
    return math.inf if node.value is None else node.number(0, most)
