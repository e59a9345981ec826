"""The webhooks of the tenants: read, and sent once more."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.contracts.redaction import redact_headers, redact_url
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.control.scope import Scope, names, page
from understudy.mocks.delivery import Attempt, Delivery
from understudy.mocks.provider import Behaviour
from understudy.mocks.refusal import Reason, Refusal


class Deliveries:
    """What was or will be sent to URLs of the callers'."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {"list-deliveries": self.deliveries, "redeliver": self.redeliver}

    def deliveries(self, call: Call) -> Answer:
        """A page of deliveries, oldest first."""
        touched = self._scope.meant(call)
        wanted = {name: call.query(name) for name in ("provider", "event", "about", "state")}
        asked = {name: None if value is None else str(value) for name, value in wanted.items()}
        found: list[Delivery] = []
        for tenant in touched:
            with tenant.lock:
                tenant.settle()
                found += tenant.deliveries.find(**asked)
        if len(touched) > 1:
            found.sort(key=lambda each: each.at)
        shown: list[Json] = [_delivery(each) for each in page(call, found)]
        content: dict[str, Json] = {
            "tenants": names(touched),
            "total": len(found),
            "dropped": sum(tenant.deliveries.dropped for tenant in touched),
            "deliveries": shown,
        }
        return Answer(200, content)

    def redeliver(self, call: Call) -> Answer:
        """The one delivery of that id, due once more at once."""
        wanted = call.path("id")
        touched = self._scope.meant(call)
        for tenant in touched:
            with tenant.lock:
                if wanted in tenant.deliveries:
                    made = tenant.deliveries.redeliver(wanted)
                    tenant.settle()
                    return Answer(200, {"tenants": [tenant.name], "delivery": _delivery(made)})
        told = ", ".join(repr(tenant.name) for tenant in touched) or "any tenant"
        raise Refusal(Reason.UNKNOWN, f"There is no delivery {wanted!r} in {told}.")


def _delivery(made: Delivery) -> dict[str, Json]:
    return {
        "id": made.id,
        "tenant": made.tenant,
        "provider": made.provider,
        "event": made.event,
        "about": made.about,
        "url": redact_url(made.url),
        "at": stamp(made.at),
        "state": made.state,
        "content": made.content,
        "attempts": [_attempt(each) for each in made.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Json]:
    return {
        "number": attempt.number,
        "at": stamp(attempt.at),
        "ended": attempt.ended,
        "headers": dict(redact_headers(attempt.headers)),
        "status": attempt.status,
        "body": attempt.body,
        "error": attempt.error,
    }
