"""Texts: one's own, and those that sounds own."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import text
from understudy.mocks.polling import polled
from understudy.mocks.providers.imentiv.analysis import again
from understudy.mocks.providers.imentiv.paragraphs import paragraphs_of, word_count
from understudy.mocks.providers.imentiv.scores import WORDS, dominant, shown
from understudy.mocks.providers.imentiv.subject import (
    found,
    is_completed,
    seed_of,
    voices_in,
    watched,
)
from understudy.mocks.providers.imentiv.uploads import PACE
from understudy.mocks.providers.imentiv.videos import forget, wanted
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

MODEL = "imentiv-text-1"


def read_text(call: Call) -> Answer:
    """A text in any status; what the analysis finds is there once it is completed."""
    words = found(call, "texts")
    with polled(call, watched(call, words)):
        return Answer(200, _shown(call, words))


def _owner(call: Call, words: Resource) -> list[Resource]:
    """The sound that a text belongs to, unless it was deleted."""
    audio = call.collection("audios").get(text(words.hidden.get("audio_id_of")))
    return [audio] if audio is not None else []


def _shown(call: Call, words: Resource) -> dict[str, Json]:
    names = ("id", "status", "title", "user_id", "created_at")
    told: dict[str, Json] = {name: words.fields[name] for name in names}
    owner = _owner(call, words)
    said = text(words.fields.get("text")) or None
    if owner:
        told["parent_id"] = owner[0].id
        told["document_type"] = "transcript"
        if is_completed(words):
            voices = voices_in(owner[0])
            said = said or voices.transcript
            own = "text" in words.fields
            told |= _own(words, said) if own else _transcript(owner[0])
    else:
        told["document_type"] = "text"
        if is_completed(words) and said is not None:
            told |= _own(words, said)
    if said is not None:
        told |= {"text": said, "word_count": word_count(said)}
    return told


def _own(words: Resource, said: str) -> dict[str, Json]:
    """Paragraphs, whose scores are numbers."""
    analysed = paragraphs_of(said, seed_of(words))
    segments: list[Json] = [
        {"sentence": part, "emotions": dict(shown(WORDS, scores))}
        for part, scores in analysed.parts
    ]
    mood: Mapping[str, Json] = shown(WORDS, analysed.mood)
    return {"model_id": MODEL, "segments": segments, "emotions": dict(mood)}


def _transcript(audio: Resource) -> dict[str, Json]:
    """Segments of speech, whose scores are numbers spelt as text."""
    voices = voices_in(audio)
    segments: list[Json] = []
    for each in voices.segments:
        scores = shown(WORDS, voices.mood(each))
        best = dominant(scores)
        segments.append(
            {
                "emotions": {name: f"{score:.6f}" for name, score in scores.items()},
                "start_time": each.start,
                "end_time": each.end,
                "speaker_id": each.speaker,
                "name": voices.speakers.get(each.speaker),
                "max_emotion": {"label": best, "score": scores[best]},
                "segment": each.words,
            }
        )
    judged = audio.hidden.get("judged") is not False
    mood: Mapping[str, Json] = shown(WORDS, voices.moods())
    told: dict[str, Json] = {"model_id": MODEL, "segments": segments if judged else []}
    return {**told, "emotions": dict(mood) if judged else {}}


def edit_text(call: Call) -> Answer:
    """Another text under the same id, judged anew."""
    words = found(call, "texts")
    said = call.field("text")
    if not said.strip():
        raise Refusal(Reason.RULE, f"text is {said[:40]!r}; a text has one word at least.")
    if words.fields["status"] not in ("completed", "failed"):
        status = words.fields["status"]
        raise Refusal(Reason.CONFLICT, f"The analysis still runs; it is {status}.")
    words.hidden["seconds"] = word_count(said) / PACE
    changes: dict[str, Json] = {"text": said, "word_count": word_count(said)}
    call.collection("texts").change(words, changes)
    again(call, words, call.field("callback_url"))
    told = "The new text is being analysed."
    return Answer(200, {"id": words.id, "status": "queue", "message": told})


def reprocess_text(call: Call) -> Answer:
    """A text anew; one that belongs to a sound is judged with it, and refused alone while that
    still runs."""
    words = found(call, "texts")
    if not wanted(call.body.get("reprocess")):
        told = "Nothing was to be done: reprocess is false."
        return Answer(200, {"id": words.id, "status": words.fields["status"], "message": told})
    if words.fields["status"] not in ("completed", "failed"):
        status = words.fields["status"]
        raise Refusal(Reason.CONFLICT, f"The analysis still runs; it is {status}.")
    words.hidden.setdefault("seconds", 60.0)
    again(call, words, call.field("callback_url"))
    told = "The analysis begins anew."
    return Answer(200, {"id": words.id, "status": "queue", "message": told})


def delete_text(call: Call) -> Answer:
    """A text goes; the sound that owned it has none any more."""
    words = found(call, "texts")
    forget(call, words)
    return Answer(200, {"id": words.id, "status": "deleted"})
