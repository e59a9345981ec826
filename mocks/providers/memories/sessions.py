"""Chat sessions: begun by a question, grown by each further one, listed and read."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.scope import scope
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import new_id
from understudy.mocks.store import Resource

KIND = "sessions"
PAGE = 20
MOST_MESSAGES = 1000
LONGEST_TITLE = 60


def list_sessions(call: Call) -> Answer:
    """One page of the scope's sessions, the newest first."""
    asked = call.query("page")
    number = asked if isinstance(asked, int) else 1
    page = call.collection(KIND).page(
        descending=True,
        where={"unique_id": scope(call)},
        offset=(number - 1) * PAGE,
        limit=PAGE,
    )
    sessions: list[Json] = [
        {"sessionId": session.id, "title": session.fields["title"]} for session in page.items
    ]
    return success(
        {
            "sessions": sessions,
            "current_page": number,
            "page_size": PAGE,
            "total_count": str(page.total),
        }
    )


def get_session_detail(call: Call) -> Answer:
    """Every message of a session, in order."""
    number = call.query("sessionId") or call.query("session_id")
    if not number:
        raise wrong("sessionId is required, and neither it nor session_id came")
    session = _named(call, str(number))
    shown = {name: session.fields[name] for name in ("title", "messages", "session_id")}
    return success(shown)


def resumed(call: Call) -> Resource | None:
    """The session that a question goes on with; None for a new one, refused when unknown."""
    asked = call.body.get("session_id")
    if asked is None or asked == "":
        return None
    session = _named(call, str(asked))
    if len(elements(session.fields["messages"])) + 2 > MOST_MESSAGES:
        message = f"session {session.id} has {MOST_MESSAGES} messages, the most; begin another"
        raise Refusal(Reason.RULE, message)
    return session


def begun(call: Call, prompt: str) -> Resource:
    """A new session, titled by its first question; not stored before it is answered."""
    number = str(new_id(call, call.edition.cast.kinds[KIND]))
    title = " ".join(prompt.split())
    fields: dict[str, Json] = {
        "session_id": number,
        "title": title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 3]}...",
        "messages": [],
        "unique_id": scope(call),
    }
    return Resource(KIND, number, fields, call.now)


def note(call: Call, session: Resource, prompt: str, answer: Mapping[str, Json]) -> None:
    """Adds a question and its answer; stores the session if it is new."""
    said: Json = {
        "role": "assistant",
        "content": answer["content"],
        "thinkings": answer["thinkings"],
        "refs": answer["refs"],
    }
    messages: list[Json] = [*elements(session.fields["messages"])]
    messages += [{"role": "user", "content": prompt}, said]
    held = call.collection(KIND)
    if session.id not in held:
        held.add(session)
    held.change(session, {"messages": messages}, at=call.now)


def _named(call: Call, number: str) -> Resource:
    session = call.collection(KIND).get(number)
    if session is None or session.fields["unique_id"] != scope(call):
        raise Refusal(Reason.UNKNOWN, f"there is no session {number[:80]!r}")
    return session
