"""Sounds: segments, speakers and what is said; and the ways to put a transcript right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.polling import polled
from understudy.mocks.providers.imentiv.paragraphs import paragraphs_of
from understudy.mocks.providers.imentiv.scores import VOICE, WORDS, Scores, dominant, shown
from understudy.mocks.providers.imentiv.subject import (
    completed,
    distinct,
    found,
    is_completed,
    keep_segments,
    medium_of,
    seed_of,
    text_of,
    voices_in,
    watched,
)
from understudy.mocks.providers.imentiv.voices import Segment, Voices
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

MODEL = "imentiv-audio-1"
_NAMED_LINE = re.compile(r"^\s*([^:\n]{1,40}):\s*(\S.*)$")


def read_audio(call: Call) -> Answer:
    """A sound in any status; what the analysis finds is there once it is completed."""
    audio = found(call, "audios")
    with polled(call, watched(call, audio)):
        return Answer(200, _shown(call, audio))


def _shown(call: Call, audio: Resource) -> dict[str, Json]:
    fields = audio.fields
    names = ("id", "status", "user_id", "title", "created_at")
    told: dict[str, Json] = {name: fields[name] for name in names}
    told["url"] = text(fields["media_source_url"])
    task = audio.task
    if not is_completed(audio):
        progress = round(100 * task.progress(call.now)) if task is not None else 0
        return {**told, "audio_duration": 0, "task_completion_status": min(99, progress)}
    voices, judged = voices_in(audio), audio.hidden.get("judged") is not False
    best = dominant(shown(VOICE, voices.tones()))
    return {
        **told,
        "audio_duration": medium_of(audio).duration,
        "task_completion_status": 100,
        "model_id": MODEL,
        "average_audio_emotions": dict(shown(VOICE, voices.tones())),
        "segment_audio_emotions": _segments(voices, VOICE),
        "segment_text_emotions": _segments(voices, WORDS) if judged else [],
        "summary": f"{fields['title']}: {len(voices.names)} speakers, who sound mostly {best}.",
        "speakers": shown_speakers(audio),
    }


def _segments(voices: Voices, names: Sequence[str]) -> list[Json]:
    """Every segment with how it sounds, or with what its words say."""
    made: list[Json] = []
    for index, each in enumerate(voices.segments):
        scores = voices.tone(each) if names is VOICE else voices.mood(each)
        told: dict[str, Json] = {
            "index": index,
            "start_millis": each.start,
            "end_millis": each.end,
            "speaker_id": each.speaker,
            "speaker_name": voices.speakers.get(each.speaker),
            "sentence": each.words,
            **_judged(names, scores),
        }
        made.append(told)
    return made


def _judged(names: Sequence[str], scores: Scores) -> dict[str, Json]:
    named = shown(names, scores)
    best = dominant(named)
    return {"emotions": dict(named), "dominant_emotion": {"label": best, "score": named[best]}}


def shown_speakers(audio: Resource) -> list[Json]:
    """The speakers of a completed sound, by id."""
    return [{"speaker_id": id, "name": name} for id, name in voices_in(audio).names]


def heard_overall(call: Call, audio: Resource) -> Mapping[str, Json]:
    """How a sound sounds as a whole, and what its words say, where somebody has judged them."""
    return {
        "audio": dict(shown(VOICE, voices_in(audio).tones())),
        "text": _said_overall(audio, text_of(call, audio)),
    }


def _said_overall(audio: Resource, words: Resource | None) -> dict[str, Json]:
    """What the text of a sound tells itself: nothing while it is judged anew."""
    if words is None or not is_completed(words):
        return {}
    if "text" in words.fields:  # somebody has written another one
        return dict(shown(WORDS, paragraphs_of(text(words.fields["text"]), seed_of(words)).mood))
    judged = audio.hidden.get("judged") is not False
    return dict(shown(WORDS, voices_in(audio).moods())) if judged else {}


def heard_speakers(audio: Resource) -> dict[str, Json]:
    """The same for each speaker, by name."""
    voices, judged = voices_in(audio), audio.hidden.get("judged") is not False
    keys = distinct({speaker: name or f"speaker_{speaker}" for speaker, name in voices.names})
    return {
        key: {
            "audio": dict(shown(VOICE, voices.tones(speaker))),
            "text": dict(shown(WORDS, voices.moods(speaker))) if judged else {},
        }
        for speaker, key in keys.items()
    }


def read_audio_analytics(call: Call) -> Answer:
    """Speakers and words together; before the analysis is completed, its status."""
    audio = found(call, "audios")
    with polled(call, watched(call, audio)):
        return Answer(200, _analytics(call, audio))


def _analytics(call: Call, audio: Resource) -> dict[str, Json]:
    fields, medium = audio.fields, medium_of(audio)
    url = text(fields["media_source_url"])
    told: dict[str, Json] = {
        **{name: fields[name] for name in ("title", "status", "description", "created_at")},
        "media_type": "audio",
        "audio_id": audio.id,
        "duration": medium.duration,
        "media_source_url": url,
        "youtube_url": url if fields["media_source"] == "youtube" else None,
        "emotion_analysis": {"overall": {"audio": {}, "text": {}}, "speakers": {}},
    }
    if is_completed(audio):
        words = text_of(call, audio)
        speakers = shown_speakers(audio)
        told |= {
            "text_id": words.id if words else "",
            "speaker_count": len(speakers),
            "detected_speakers": speakers,
            "emotion_analysis": {
                "overall": dict(heard_overall(call, audio)),
                "speakers": heard_speakers(audio),
            },
        }
    return told


def delete_segment(call: Call) -> Answer:
    """A segment goes, and those behind it close up."""
    audio = completed(call, "audios")
    voices, index = voices_in(audio), int(str(call.reading.path["segment_index"]))
    if not 0 <= index < len(voices.segments):
        last = len(voices.segments) - 1
        raise Refusal(Reason.UNKNOWN, f"Segment {index} not found; there are segments 0 to {last}")
    left = (*voices.segments[:index], *voices.segments[index + 1 :])
    _keep(call, audio, replace(voices, segments=left))
    told = f"Segment {index} is deleted; {len(left)} are left."
    return Answer(200, {"id": audio.id, "segment_id": index, "message": told})


def _keep(call: Call, audio: Resource, voices: Voices) -> None:
    """Have a sound say this from now on, and its text with it, whatever was written there."""
    keep_segments(audio, voices)
    words = text_of(call, audio)
    if words is not None and "text" in words.fields:
        call.collection("texts").change(words, drop=("text", "word_count"))


def update_transcript(call: Call) -> Answer:
    """These segments from now on, in the order of their times."""
    audio = completed(call, "audios")
    voices = voices_in(audio)
    given = [mapping(each) for each in elements(call.reading.body)]
    segments: list[Segment] = []
    for place, each in enumerate(given):
        start, end = float(str(each["start_millis"])), float(str(each["end_millis"]))
        speaker = int(str(each["speaker_id"]))
        if end < start:
            raise Refusal(
                Reason.RULE, f"Segment {place} ends at {end:g}, before it starts at {start:g}."
            )
        if speaker not in voices.speakers:
            known = ", ".join(map(str, voices.speakers))
            raise Refusal(Reason.UNKNOWN, f"Speaker {speaker} not found; there are {known}")
        segments.append(Segment(round(start), round(end), speaker, text(each["segment"])))
    segments.sort(key=lambda each: (each.start, each.end))
    _keep(call, audio, replace(voices, segments=tuple(segments)))
    return Answer(200, [dict(each) for each in given])


def replace_transcript(call: Call) -> Answer:
    """A new text of what is said: each line a segment, `Name:` before it the speaker."""
    audio = completed(call, "audios")
    lines = [line.strip() for line in call.field("transcript").splitlines() if line.strip()]
    if not lines:
        raise Refusal(Reason.RULE, "transcript is blank; it has one line at least.")
    speakers: dict[str, int] = {}
    told: list[tuple[int, str]] = []
    for line in lines:
        matched = _NAMED_LINE.match(line)
        name, words = (matched[1].strip(), matched[2]) if matched else ("", line)
        if name:
            told.append((speakers.setdefault(name, len(speakers)), words))
        else:
            before = told[-1][0] if told else speakers.setdefault("Speaker 0", 0)
            told.append((before, words))
    step = medium_of(audio).duration * 1000 / len(told)
    segments = tuple(
        Segment(round(at * step), round((at + 1) * step), speaker, words)
        for at, (speaker, words) in enumerate(told)
    )
    names = tuple((id, name) for name, id in speakers.items())
    _keep(call, audio, replace(voices_in(audio), segments=segments, names=names))
    shown_names: list[Json] = [{"speaker_id": id, "name": name} for id, name in names]
    return Answer(
        200,
        {
            "id": audio.id,
            "status": audio.fields["status"],
            "segments_count": len(segments),
            "speakers": shown_names,
        },
    )


def rename_speakers(call: Call) -> Answer:
    """Names for speakers, all of them or none."""
    audio = completed(call, "audios")
    known = voices_in(audio).speakers
    given: dict[int, str] = {}
    for each in elements(call.reading.body):
        speaker = int(str(mapping(each)["speaker_id"]))
        if speaker not in known:
            listed = ", ".join(map(str, known))
            raise Refusal(Reason.UNKNOWN, f"Speaker {speaker} not found; there are {listed}")
        given[speaker] = text(mapping(each)["name"])
    name_speakers(audio, given)
    return Answer(200, {"speakers": shown_speakers(audio)})


def name_speakers(audio: Resource, names: Mapping[int, str]) -> None:
    """Call speakers by these names from now on."""
    kept = {**mapping(audio.hidden.get("names")), **{str(id): name for id, name in names.items()}}
    audio.hidden["names"] = kept
