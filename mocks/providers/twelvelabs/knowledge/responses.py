"""Answers about a knowledge store, whole or as a stream of events, turn by turn."""

import json
from collections.abc import Sequence

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.generate import tokens
from understudy.mocks.generate.medium import Outcome
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.lines import titled
from understudy.mocks.providers.twelvelabs.knowledge import sessions, stores
from understudy.mocks.providers.twelvelabs.knowledge.citing import Said, answer
from understudy.mocks.providers.twelvelabs.knowledge.events import events
from understudy.mocks.providers.twelvelabs.knowledge.items import medium_of
from understudy.mocks.providers.twelvelabs.knowledge.question import Question, question_of
from understudy.mocks.providers.twelvelabs.knowledge.relevance import Match, grouped, matches
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

CITED = 3
"""How many items an answer cites at the most."""

DONE = "[DONE]"
STATUSES: dict[Outcome, str] = {"fail": "failed", "stuck": "incomplete"}
"""How an answer ends by the magic words in its question; else it is complete."""

CUT = "max_output_tokens"


def create_response(call: Call) -> Answer:
    """The answer to a question; everything is checked before the session has another turn."""
    store = _store(call)
    session = sessions.session_of(call, store)
    question = question_of(call, store, session)
    found = matches(question.words or " ", question.items(call, store), ("visual", "audio"))
    sources = [group[0] for group in grouped(found)[:CITED]]
    said = answer(call, store, question, sources)
    session = session or sessions.begun(call, store)
    output = _output(session, question, said, sources)
    response = _response(call, store, session, question, said, output, sources)
    sessions.note(call, session, question.sent, len(output), _spoken(question, said))
    if call.body.get("stream") is not True:
        return Answer(200, response)
    draw = Seeded(call.seed, "pieces", session.id, question.words)
    return titled(tuple(events(response, draw, question.outcome)), end=DONE)


def _store(call: Call) -> Resource:
    identity = call.field("knowledge_store_id")
    store = call.collection(stores.KIND).get(identity)
    if store is None:
        message = f"there is no knowledge store with the knowledge_store_id {identity!r}"
        raise Refusal(Reason.UNKNOWN, message)
    return store


def _response(
    call: Call,
    store: Resource,
    session: Resource,
    question: Question,
    said: Said,
    output: list[Json],
    sources: Sequence[Match],
) -> dict[str, Json]:
    status = _status(question, said)
    read = sum(tokens.count(medium_of(match.item).title) for match in sources)
    heard = tokens.count(question.words) + tokens.count(question.instructions)
    return {
        "id": f"resp_{call.tenant.ids.uuid7(call.now)}",
        "type": "response",
        "object": "response",
        "status": status,
        "incomplete_details": {"reason": CUT} if status == "incomplete" else None,
        "session_id": session.id,
        "knowledge_store_id": store.id,
        "output": output,
        "usage": {
            "input_tokens": heard + read + sessions.number(session, "tokens"),
            "output_tokens": 0 if status == "failed" else tokens.count(said.text),
        },
        "created_at": stamp(call.now),
    }


def _status(question: Question, said: Said) -> str:
    return STATUSES.get(question.outcome, "incomplete" if said.cut else "completed")


def _spoken(question: Question, said: Said) -> int:
    return tokens.count(question.words) + tokens.count(said.text)


def _output(
    session: Resource, question: Question, said: Said, sources: Sequence[Match]
) -> list[Json]:
    """The answer, after the steps on the way to it if they are wanted; a failed one has none."""
    status = _status(question, said)
    made = _steps(session, question, sources) if question.steps else []
    if status != "failed":
        part: Json = {
            "type": "output_text",
            "text": said.text,
            "annotations": list(said.annotations),
        }
        made.append(_message(session, len(made), "final_answer", status, part))
    return made


def _steps(session: Resource, question: Question, sources: Sequence[Match]) -> list[Json]:
    plan = "I will look through the knowledge store for what fits the question."
    part: Json = {"type": "output_text", "text": plan, "annotations": []}
    name = _named(session, 1)
    hits: list[Json] = [_hit(match) for match in sources]
    return [
        _message(session, 0, "commentary", "completed", part),
        {
            "type": "function_call",
            "id": f"fc_{name}",
            "status": "completed",
            "name": "search_knowledge_store",
            "call_id": f"call_{name}",
            "arguments": json.dumps({"query": question.words, "page_size": CITED}),
        },
        {
            "type": "function_call_output",
            "id": f"fco_{_named(session, 2)}",
            "status": "completed",
            "output": json.dumps({"data": hits}),
        },
    ]


def _message(session: Resource, place: int, phase: str, status: str, part: Json) -> Json:
    return {
        "type": "message",
        "id": f"msg_{_named(session, place)}",
        "status": status,
        "role": "assistant",
        "phase": phase,
        "content": [part],
    }


def _named(session: Resource, place: int) -> str:
    """The session's id and the number of one of its outputs, counted over all turns."""
    return f"{session.id}_{sessions.number(session, 'outputs') + place}"


def _hit(match: Match) -> Json:
    span = match.span
    times: dict[str, Json] = {} if span is None else {"start_sec": span[0], "end_sec": span[1]}
    return {"item_id": match.item.id, **times}
