"""The tasks of the tenants, and how they are to end."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.control.scope import Scope, names, page
from understudy.mocks.outcomes import change_outcome, described
from understudy.mocks.provider import Behaviour
from understudy.mocks.refusal import Reason, Refusal


class Tasks:
    """Work in progress at every provider."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {"list-tasks": self.tasks, "set-task-outcome": self.set_outcome}

    def tasks(self, call: Call) -> Answer:
        """A page of tasks, newest first."""
        touched = self._scope.meant(call)
        wanted, status = call.query("provider"), call.query("status")
        found: list[tuple[float, int, Mapping[str, Json]]] = []
        for tenant in touched:
            with tenant.lock:
                tenant.settle()
                for provider, task in tenant.tasks():
                    if wanted in (None, provider) and status in (None, task.status):
                        made = task.resource
                        shown = described(tenant.name, provider, task)
                        found.append((made.created, made.sequence, shown))
        found.sort(key=lambda each: each[:2], reverse=True)
        shown_page = page(call, [shown for _, _, shown in found])
        return Answer(200, {"tenants": names(touched), "total": len(found), "tasks": shown_page})

    def set_outcome(self, call: Call) -> Answer:
        """Another ending for the one task of that id."""
        wanted = call.path("id")
        touched = self._scope.meant(call)
        found = [
            (tenant, provider, task)
            for tenant in touched
            for provider, task in tenant.tasks()
            if task.resource.id == wanted
        ]
        if not found:
            told = ", ".join(repr(tenant.name) for tenant in touched) or "any tenant"
            raise Refusal(Reason.UNKNOWN, f"There is no task {wanted!r} in {told}.")
        if len(found) > 1:
            told = ", ".join(repr(tenant.name) for tenant, _, _ in found)
            raise Refusal(
                Reason.CONFLICT,
                f"Several tenants have a task {wanted!r} ({told}); name one in"
                f" X-Understudy-Tenant.",
            )
        tenant, provider, task = found[0]
        with tenant.lock:
            tenant.settle()
            change_outcome(task, call.body, tenant.clock.now())
            tenant.settle()
            shown = described(tenant.name, provider, task)
        return Answer(200, {"tenants": [tenant.name], "task": shown})
