"""Conversations about one medium: the answer comes piece by piece, or whole."""

from collections.abc import Iterator, Mapping

import orjson

from understudy.contracts.json import Json
from understudy.contracts.media import negotiate
from understudy.mocks.answer import JSON, Answer, Chunk, Stream
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.generate import tokens
from understudy.mocks.kind import elements, text
from understudy.mocks.lines import EVENTS
from understudy.mocks.providers.imentiv.analysis import NAME, user_of
from understudy.mocks.providers.imentiv.images import portraits
from understudy.mocks.providers.imentiv.paragraphs import paragraphs_of
from understudy.mocks.providers.imentiv.scores import FACE, VOICE, WORDS, added, mean, shown
from understudy.mocks.providers.imentiv.subject import (
    NOUNS,
    cast_in,
    face_names,
    is_completed,
    seed_of,
    voices_in,
)
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Collection, Resource

TALKS = "conversations"
PIECE = 24
FIRST, PER_PIECE = 0.8, 0.05
"""Seconds until an answer begins, and between its pieces."""
_KINDS: Mapping[str, str] = {
    "video": "videos",
    "audio": "audios",
    "image": "images",
    "text": "texts",
}
NOT_THERE = 1601


def ask(call: Call) -> Answer:
    """One question; the exchange is remembered once its answer is complete."""
    medium = _medium(call)
    if not is_completed(medium):
        status = medium.fields["status"]
        raise Refusal(
            Reason.RULE, f"The analysis is not completed; the current status is {status}."
        )
    facts = _facts(call, medium)
    if facts is None:
        told: dict[str, Json] = {
            "error_id": NOT_THERE,
            "message": "The data that an answer is made from are not there yet.",
            "timestamp": _time(call.now),
        }
        return Answer(400, told)
    question = call.field("message")
    response = _response(medium, question, facts)
    talk = _talk(call, medium)
    number = len(elements(talk.fields["messages"])) // 2 + 1
    usage: dict[str, Json] = {
        "input_tokens": tokens.count(question) + 40 * len(facts),
        "output_tokens": tokens.count(response),
    }
    if not _wants_stream(call):
        _remember(talk, question, response, number, call.now, call.now)
        return Answer(
            200,
            {
                "conversation_id": talk.id,
                "message_id": number,
                "response": response,
                "token_usage": usage,
                "is_quota_exceeded": False,
            },
        )
    return Answer(
        200,
        None,
        EVENTS,
        raw=Stream(_events(call, talk, question, response, number, usage)),
    )


def history(call: Call) -> Answer:
    """What was said about a medium, oldest first."""
    talk = _talk(call, _medium(call))
    return Answer(200, {"conversation_id": talk.id, "messages": talk.fields["messages"]})


def _wants_stream(call: Call) -> bool:
    """A stream unless `stream` is false; without it, what the caller accepts decides."""
    asked = call.query("stream")
    if asked is None and "accept" in call.request.headers:
        accepted = call.request.headers.get("accept")
        return negotiate(accepted, (EVENTS, JSON)) != JSON
    return asked is not False


def _medium(call: Call) -> Resource:
    kind = _KINDS[call.path("media_type")]
    resource = call.collection(kind).get(call.path("media_id"))
    if resource is None:
        raise Refusal(Reason.UNKNOWN, f"{NOUNS[kind]} not found")
    return resource


def _talk(call: Call, medium: Resource) -> Resource:
    """The one conversation about a medium; its id is there before the first question."""
    talks: Collection = call.tenant.collection(NAME, TALKS, filters=("medium",))
    known = talks.first({"medium": medium.id})
    if known is not None:
        return known
    number = int(str(call.tenant.ids.integer()))
    identity = f"{user_of(call)}_{number:02d}"
    fields: dict[str, Json] = {"medium": medium.id, "messages": []}
    return talks.add(Resource(TALKS, identity, fields, call.now))


def _events(
    call: Call,
    talk: Resource,
    question: str,
    response: str,
    number: int,
    usage: Mapping[str, Json],
) -> Iterator[Chunk]:
    """Start, metadata, pieces, end, done; a stream that is cut before its end leaves no trace."""
    asked = call.now
    yield _event(0.0, "stream_start", {"status": "initializing"})
    yield _event(0.0, "metadata", {"message_id": number, "conversation_id": talk.id})
    delay = FIRST
    for at in range(0, len(response), PIECE):
        yield _event(delay, "stream_chunk", {"text": response[at : at + PIECE]})
        delay = PER_PIECE
    ended: dict[str, Json] = {
        "message_id": number,
        "full_text": response,
        "token_usage": dict(usage),
    }
    with call.tenant.lock:
        _remember(talk, question, response, number, asked, call.now)
    yield _event(0.0, "stream_end", ended)
    yield _event(0.0, "done", {})


def _event(delay: float, name: str, content: Mapping[str, Json]) -> Chunk:
    return Chunk(delay, b"event: " + name.encode() + b"\ndata: " + orjson.dumps(content) + b"\n\n")


def _remember(
    talk: Resource, question: str, response: str, number: int, asked: float, answered: float
) -> None:
    talk.fields["messages"] = [
        *elements(talk.fields["messages"]),
        {"role": "user", "text": question, "message_id": number, "timestamp": _time(asked)},
        {
            "role": "ai_assistant",
            "text": response,
            "message_id": number,
            "timestamp": _time(answered),
        },
    ]


def _time(instant: float) -> str:
    """As the document's examples write it: microseconds, and no zone."""
    return stamp(instant).removesuffix("Z") + "000"


def _facts(call: Call, medium: Resource) -> "dict[str, Mapping[str, float]] | None":
    """Whom an answer can speak of, and how they feel; None where nothing is left to speak of."""
    told: dict[str, Mapping[str, float]] = {}
    if medium.kind == "videos":
        cast, names = cast_in(medium), face_names(medium)
        told["all faces together"] = shown(FACE, cast.average())
        for face in cast.faces:
            told[names.get(face) or f"face {face}"] = shown(FACE, cast.average(face))
        return told
    if medium.kind == "audios":
        voices = voices_in(medium)
        if not voices.segments:
            return None
        told["all voices together"] = shown(VOICE, voices.tones())
        told |= {name: shown(VOICE, voices.tones(speaker)) for speaker, name in voices.names}
        return told
    if medium.kind == "images":
        faces = portraits(medium)
        whole = mean(added((each.scores for each in faces), len(FACE)), len(faces))
        told["all faces together"] = shown(FACE, whole)
        return told | {f"face {each.face}": shown(FACE, each.scores) for each in faces}
    audio = call.collection("audios").get(text(medium.hidden.get("audio_id_of")))
    if audio is not None and "text" not in medium.fields:
        voices = voices_in(audio)
        return {"the text": shown(WORDS, voices.moods())} if voices.segments else None
    said = text(medium.fields.get("text"))
    return {"the text": shown(WORDS, paragraphs_of(said, seed_of(medium)).mood)} if said else None


def _response(medium: Resource, question: str, facts: Mapping[str, Mapping[str, float]]) -> str:
    """An answer from the numbers: of whom and of which emotions the question asks, else the
    strongest three of all."""
    lowered = question.lower()
    subjects = [name for name in facts if name.lower() in lowered] or list(facts)[:1]
    told = [f"About {text(medium.fields['title'])}:"]
    for name in subjects:
        shares = facts[name]
        asked = [emotion for emotion in shares if emotion in lowered]
        best = sorted(shares, key=shares.__getitem__, reverse=True)
        chosen = ", ".join(f"{each} {shares[each]:.0%}" for each in asked or best[:3])
        told.append(f"{name} shows {chosen}.")
    if len(facts) > 1 and any(word in lowered for word in ("most", "happiest", "who", "which")):
        emotion = next((each for each in facts[subjects[0]] if each[:4] in lowered), "happy")
        people = list(facts)[1:]
        if people:
            top = max(people, key=lambda name: facts[name].get(emotion, 0.0))
            told.append(f"The highest share of {emotion} has {top}.")
    return " ".join(told)
