"""Sessions: what earlier turns of a conversation about a store leave to the later ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.knowledge import item_collections, items
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource

KIND = "response-sessions"
KINDS = {"item": items.KIND, "collection": item_collections.KIND}
"""What each kind of selection is stored as."""


@dataclass(frozen=True, slots=True)
class Selection:
    """An item or a collection that a question is about."""

    kind: str
    chosen: Resource


def session_of(call: Call, store: Resource) -> Resource | None:
    """The session that a request goes on with; refused when unknown, or one of another store."""
    asked = call.body.get("session_id")
    if asked is None:
        return None
    session = call.collection(KIND).get(str(asked))
    if session is None:
        raise Refusal(Reason.UNKNOWN, f"there is no session with the session_id {asked!r}")
    if session.parent != store.id:
        message = f"session_id {asked!r} is of the knowledge store {session.parent}, not {store.id}"
        raise refuse("parameter_invalid", message)
    return session


def begun(call: Call, store: Resource) -> Resource:
    """A new session, which is not stored before it has a turn."""
    return prepared(call, call.edition.cast.kinds[KIND], {}, store.id)


def selected(call: Call, store: Resource) -> list[Selection]:
    """What a request selects, in its order; refused where the store has nothing of the kind."""
    found: list[Selection] = []
    for place, each in enumerate(elements(call.body.get("selections"))):
        kind, identity = (text(mapping(each).get(name)) for name in ("kind", "id"))
        chosen = call.collection(KINDS[kind]).get(identity)
        if chosen is None or chosen.parent != store.id:
            message = f"selections.{place} is {identity!r}, and the store has no such {kind}"
            raise Refusal(Reason.UNKNOWN, message)
        found.append(Selection(kind, chosen))
    return found


def remembered(call: Call, session: Resource | None) -> list[Selection]:
    """What earlier turns selected and is still there."""
    found: list[Selection] = []
    for each in elements(session.hidden.get("selections")) if session else ():
        kind, identity = (text(mapping(each).get(name)) for name in ("kind", "id"))
        chosen = call.collection(KINDS[kind]).get(identity)
        if chosen is not None:
            found.append(Selection(kind, chosen))
    return found


def number(session: Resource, name: str) -> int:
    """How many `outputs` a session has had, or `tokens`."""
    return cast(int, session.hidden.get(name, 0))


def note(
    call: Call, session: Resource, chosen: Iterable[Selection], outputs: int, tokens: int
) -> None:
    """Adds a turn to a session, and stores it if it is new."""
    held = call.collection(KIND)
    if session.id not in held:
        held.add(session)
    kept = {each.chosen.id: each for each in (*remembered(call, session), *chosen)}
    selections: list[Json] = [{"kind": each.kind, "id": name} for name, each in kept.items()]
    session.hidden["selections"] = selections
    session.hidden["outputs"] = number(session, "outputs") + outputs
    session.hidden["tokens"] = number(session, "tokens") + tokens
