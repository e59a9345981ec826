"""A user's consent: asked for by an address, given or refused by opening it, once.

The fake plays the user and the drive. Whoever opens the address is sent on by a Location
header alone; nothing is opened from here.
"""

from functools import partial
from typing import cast
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from understudy.contracts.exchange import Request
from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import outcome_of
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import text
from understudy.mocks.links import Door
from understudy.mocks.provider import Provider
from understudy.mocks.providers.twelvelabs.connections.connection import KIND, begin
from understudy.mocks.providers.twelvelabs.connections.redirect_uri import check_registered
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource
from understudy.mocks.tenant import Tenant

CONSENTS = "consents"
LASTS = 600.0
"""Seconds for which the address can be opened; assumed."""

SCOPES = ("https://www.googleapis.com/auth/drive.readonly",)
NAMES = ("ada", "bo", "cleo", "dan", "eve", "finn", "gil", "hana")


def authorize(call: Call) -> Answer:
    """The address that asks a user for access to a drive; nobody is connected yet."""
    uri = call.field("redirect_uri")
    check_registered(call, uri)
    consent = prepared(call, call.edition.cast.kinds[CONSENTS], {}, None)
    provider, custom_id = call.field("provider"), call.field("custom_id")
    consent.hidden.update(redirect_uri=uri, custom_id=custom_id, provider=provider, used=False)
    consent.hidden["expires"] = call.now + LASTS
    call.collection(CONSENTS).add(consent)
    call.collection(KIND)
    [door] = doors(call.provider, consent)
    url = call.door(door)
    shown: dict[str, Json] = {
        "authorize_url": f"{url}?{urlencode({'state': consent.id})}",
        "state": consent.id,
    }
    return Answer(200, shown)


def doors(provider: Provider, consent: Resource) -> list[Door]:
    """The address of a consent."""
    visit = partial(opened, provider.lifecycles["connection"], consent.id)
    return [Door(f"consent {consent.id}", visit, float(cast(float, consent.hidden["expires"])))]


def opened(lifecycle: Lifecycle, state: str, tenant: Tenant, request: Request) -> Answer:
    """What happens when the address is opened: the user agrees, unless told to refuse.

    `error=WORD` in the query refuses with that word, `understudy-fail` in the label with
    `access_denied`. Refused are another method than GET, a wrong state, and a second time.
    """
    if request.method != "GET":
        allow = (("allow", "GET"),)
        raise Refusal(Reason.NO_METHOD, "a consent is opened with GET", headers=allow)
    held = tenant.store.held("twelvelabs", CONSENTS)
    consent = held.get(state) if held is not None else None
    if consent is None:
        raise Refusal(Reason.UNKNOWN, f"nobody waits for the consent {state!r}")
    query = parse_qs(request.query, keep_blank_values=True, errors="replace")
    if query.get("state") != [state]:
        raise Refusal(Reason.RULE, "the state is not that of the address", status=400)
    if consent.hidden["used"]:
        raise Refusal(Reason.RULE, f"the consent {state!r} was answered already", status=403)
    consent.hidden["used"] = True
    uri, custom_id = (text(consent.hidden[name]) for name in ("redirect_uri", "custom_id"))
    if "error" in query or outcome_of(custom_id) == "fail":
        word = query.get("error", [""])[0] or "access_denied"
        return _back(uri, {"error": word})
    made = _connected(tenant, lifecycle, text(consent.hidden["provider"]), custom_id)
    told = {"connection_id": made.id, "status": "ok"}
    return _back(uri, {**told, "custom_id": custom_id} if custom_id else told)


def _connected(tenant: Tenant, lifecycle: Lifecycle, provider: str, custom_id: str) -> Resource:
    """A new connection; the same label always stands for the same user's account."""
    draw = Seeded("drive account", provider, custom_id)
    name = f"{draw.choice(NAMES)}.{draw.choice(NAMES)}"
    digits = "".join(str(draw.integer(0, 9)) for _ in range(18))
    now = tenant.clock.now()
    identity = tenant.ids.object_id(now)
    fields: dict[str, Json] = {"_id": identity, "provider": provider, "status": "active"}
    if custom_id:
        fields["custom_id"] = custom_id
    fields["account"] = {"external_id": f"104{digits}", "display_name": f"{name}@drive.example"}
    fields["scopes"] = list(SCOPES)
    made = Resource(KIND, identity, fields, now)
    begin(tenant, lifecycle, made)
    return made


def _back(uri: str, more: dict[str, str]) -> Answer:
    """Sends the user back, with what came of it behind the URI's own query."""
    split = urlsplit(uri)
    query = "&".join(part for part in (split.query, urlencode(more)) if part)
    return nothing(302, (("location", urlunsplit(split._replace(query=query))),))
