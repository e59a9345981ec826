"""Tasks as the control API shows them, and other endings for those that still run."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.clock import stamp
from understudy.mocks.fault import Fault
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.task import GONE, Outcome, Task, TaskError


def described(tenant: str, provider: str, task: Task) -> dict[str, Json]:
    """A task as values: where it stands, how it will end, and its next step."""
    resource = task.resource
    following = task.next
    return {
        "id": resource.id,
        "tenant": tenant,
        "provider": provider,
        "resource": resource.kind,
        "lifecycle": task.lifecycle.name,
        "status": task.status,
        "finished": task.finished,
        "outcome": _ending(task),
        "created_at": stamp(resource.created),
        "updated_at": stamp(resource.updated),
        "next": {"status": following[0], "at": stamp(following[1])} if following else None,
    }


def change_outcome(task: Task, wanted: Mapping[str, Json], now: float) -> None:
    """Give a running task the ending of a control request's body, read and checked already.

    A finished task is a conflict; a status that no longer lies ahead breaks a rule.
    """
    if task.finished:
        raise Refusal(
            Reason.CONFLICT, f"The task {task.resource.id!r} has finished as {task.status!r}."
        )
    at = wanted.get("status")
    stage = str(at) if at is not None else None
    reason = str(wanted.get("reason", ""))
    try:
        _replan(task, str(wanted["outcome"]), stage, reason, wanted.get("factor"), now)
    except TaskError as error:
        raise Refusal(Reason.RULE, str(error)) from None
    if wanted.get("now") is True and wanted["outcome"] in ("ok", "fail"):
        while task.skip(now):
            pass


def replan(task: Task, fault: Fault, now: float) -> None:
    """Lay a fault of a task's course down in its plan; TaskError where it does not fit in."""
    at = fault.at or None
    if fault.kind == "stuck":
        outcome = Outcome(at=at, stuck=True)
    elif fault.kind == "vanish":
        outcome = Outcome(at=at, vanish=True)
    elif fault.kind == "slow":
        outcome = _same_ending(task, 10.0 if fault.factor is None else fault.factor)
    else:
        share = None if fault.percent is None else fault.percent / 100
        first = task.lifecycle.failure().status
        outcome = Outcome(first, at, share=share, reason=fault.reason, code=fault.code)
    task.replan(outcome, now)


def _replan(
    task: Task, outcome: str, stage: str | None, reason: str, factor: Json, now: float
) -> None:
    lifecycle = task.lifecycle
    if outcome == "ok":
        task.set_outcome(lifecycle.success, now)
    elif outcome == "fail" and stage is None:
        task.set_outcome(lifecycle.failure().status, now, reason=reason)
    elif outcome == "fail":
        task.replan(Outcome(at=stage, reason=reason), now)
    elif outcome == "stuck":
        task.replan(Outcome(at=stage or task.status, stuck=True), now)
    else:
        slow = float(factor) if isinstance(factor, int | float) else 10.0
        task.replan(_same_ending(task, slow), now)


def _same_ending(task: Task, slow: float) -> Outcome:
    """The outcome that the task has now, more slowly."""
    plan = task.plan
    end = plan.statuses[-1]
    if end == GONE:
        return Outcome(at=plan.statuses[-2], vanish=True, slow=slow)
    if not task.lifecycle.finished(end):
        return Outcome(at=end, stuck=True, slow=slow)
    if end == task.lifecycle.success:
        return Outcome(slow=slow)
    return Outcome(end, plan.statuses[-2], slow=slow, reason=plan.reason, code=plan.code)


def _ending(task: Task) -> str:
    end = task.plan.statuses[-1]
    if not task.lifecycle.finished(end):
        return "stuck"
    return "ok" if end == task.lifecycle.success else "fail"
