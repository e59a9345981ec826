"""The journals of the tenants: read, and emptied."""

from collections.abc import Mapping
from dataclasses import asdict

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.control.scope import Scope, names, page
from understudy.mocks.journal import Entry
from understudy.mocks.provider import Behaviour


class Journals:
    """What was asked and what was answered."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {"list-journal": self.journal, "clear-journal": self.clear_journal}

    def journal(self, call: Call) -> Answer:
        """A page of exchanges, oldest first."""
        touched = self._scope.meant(call)
        provider, operation = call.query("provider"), call.query("operation")
        status = call.query("status")
        found = [
            entry
            for tenant in touched
            for entry in tenant.journal
            if provider in (None, entry.provider)
            and operation in (None, entry.operation)
            and status in (None, entry.status)
        ]
        if len(touched) > 1:
            found.sort(key=lambda entry: entry.at)
        entries: list[Json] = [_entry(entry) for entry in page(call, found)]
        content: dict[str, Json] = {
            "tenants": names(touched),
            "total": len(found),
            "dropped": sum(tenant.journal.dropped for tenant in touched),
            "entries": entries,
        }
        return Answer(200, content)

    def clear_journal(self, call: Call) -> Answer:
        """Empty journals, and how many entries they had."""
        touched = self._scope.meant(call)
        removed = sum(len(tenant.journal) for tenant in touched)
        for tenant in touched:
            with tenant.lock:
                tenant.journal.clear()
        return Answer(200, {"tenants": names(touched), "removed": removed})


def _entry(entry: Entry) -> dict[str, Json]:
    return {
        "sequence": entry.sequence,
        "at": stamp(entry.at),
        "tenant": entry.tenant,
        "provider": entry.provider,
        "operation": entry.operation or None,
        "request": {
            "method": entry.method,
            "path": entry.path,
            "query": entry.query,
            "headers": dict(reversed(entry.headers)),
        },
        "status": entry.status,
        "violations": [asdict(violation) for violation in entry.violations],
        "faults": list(entry.faults),
    }
