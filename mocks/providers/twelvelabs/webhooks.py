"""Webhooks of Twelve Labs: who is registered is told when a task has come to its end.

A URL is registered in the vendor's web console only; here `Dispatch.registered` says which are.
Header, types and the data of analyses are documented (webhooks page, types of Python SDK 1.3.6);
what exactly is signed, and the data of indexing tasks, are assumed.
"""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.clock import stamp
from understudy.mocks.tenant import Tenant

NAME = "twelvelabs"
SIGNATURE = "TL-Signature"


def announce(
    tenant: Tenant, event: str, data: Mapping[str, Json], *, about: str, at: float
) -> None:
    """Tell every registered URL of an event; each is told with the event's one id."""
    urls = tenant.outlet.dispatch.registered.get(NAME, ())
    if not urls:
        return
    content: dict[str, Json] = {
        "id": tenant.ids.object_id(at),
        "type": event,
        "created_at": stamp(at),
        "data": dict(data),
    }
    for url in urls:
        tenant.deliveries.queue(
            NAME, url, content, event=event, about=about, at=at, signature=SIGNATURE
        )


def notices(tenant: Tenant, about: str) -> list[Json]:
    """How the deliveries about something went: URL, whether it arrived, attempts, last error."""
    if not tenant.outlet.dispatch.registered.get(NAME):
        return []
    told: list[Json] = []
    for each in tenant.deliveries.find(provider=NAME, about=about):
        notice: dict[str, Json] = {
            "url": each.url,
            "delivered": each.state == "delivered",
            "attempts": len(each.attempts),
        }
        last = each.attempts[-1] if each.attempts else None
        if each.state != "delivered" and last is not None and last.ended:
            notice["last_error"] = last.error or f"answered with {last.status}"
        told.append(notice)
    return told
