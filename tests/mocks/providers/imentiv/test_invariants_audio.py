"""Invariants 61 to 69: sounds, their segments, speakers and transcript."""

from itertools import pairwise
from typing import Any

import pytest
from imentiv_stage import VOICE, WORDS, Api, Seen, is_one, mean, near
from media import wav


def segments(api: Api, audio: str) -> tuple[list[Seen], list[Seen]]:
    """How the segments sound, and what they say."""
    shown = api.get(f"/v1/audios/{audio}")
    return shown["segment_audio_emotions"], shown["segment_text_emotions"]


def agrees(api: Api, audio: str) -> None:
    """Averages, speakers and text follow from the segments."""
    shown, told = api.get(f"/v1/audios/{audio}"), api.analytics(audio, "audios")
    sounds, says = segments(api, audio)
    assert [s["index"] for s in sounds] == [s["index"] for s in says] == list(range(len(sounds)))
    if sounds:
        assert near(shown["average_audio_emotions"], mean([s["emotions"] for s in sounds]))
    assert told["emotion_analysis"]["overall"]["audio"] == shown["average_audio_emotions"]
    assert told["detected_speakers"] == shown["speakers"]
    words = api.get(f"/v1/texts/{told['text_id']}")
    assert [part["segment"] for part in words["segments"]] == [s["sentence"] for s in says]
    assert [part["speaker_id"] for part in words["segments"]] == [s["speaker_id"] for s in says]


def test_audio__has_segments_and_speakers_within_range(api: Api, audio: str) -> None:
    """61. Two speakers and three segments at least, within the duration, in order."""
    shown = api.get(f"/v1/audios/{audio}")
    sounds, says = segments(api, audio)
    assert len(sounds) == len(says) >= 3 and len(shown["speakers"]) >= 2
    assert [s["speaker_id"] for s in shown["speakers"]] == list(range(len(shown["speakers"])))
    assert {s["speaker_id"] for s in sounds} == {s["speaker_id"] for s in shown["speakers"]}
    for sound, say in zip(sounds, says, strict=True):
        assert set(sound["emotions"]) == VOICE and is_one(sound["emotions"])
        assert set(say["emotions"]) == WORDS and is_one(say["emotions"]) and say["sentence"]
        best = say["dominant_emotion"]["label"]
        assert say["emotions"][best] == max(say["emotions"].values())
        assert 0 <= sound["start_millis"] < sound["end_millis"] <= 21_000
        for name in ("start_millis", "end_millis", "speaker_id"):
            assert sound[name] == say[name]
    assert all(a["end_millis"] <= b["start_millis"] for a, b in pairwise(sounds))
    assert set(shown["average_audio_emotions"]) == VOICE and is_one(shown["average_audio_emotions"])
    agrees(api, audio)


@pytest.mark.parametrize("seconds", [3.0, 47.5])
def test_duration__follows_the_file(api: Api, seconds: float) -> None:
    """62. The duration is read from the WAV."""
    parts: Any = {
        "title": (None, "x"),
        "audio_file": ("a.wav", wav(duration=seconds), "audio/wav"),
    }
    made = api.call("POST", "/v2/audios", files=parts).json()
    api.fake.clock.advance(1e6)
    assert made["duration"] == int(seconds)
    assert api.get(f"/v1/audios/{made['id']}")["audio_duration"] == pytest.approx(seconds)
    assert api.analytics(made["id"], "audios")["duration"] == pytest.approx(seconds)


def test_multimodal__agrees_and_has_no_faces(api: Api, audio: str) -> None:
    """63. No pictures, no faces; the text is that of the text document."""
    told = api.analytics(audio, "audios")
    analysis = told["emotion_analysis"]
    assert "video" not in analysis["overall"] and not analysis.get("faces")
    assert (told["audio_id"], told["media_type"]) == (audio, "audio")
    assert told["speaker_count"] == len(told["detected_speakers"]) == len(analysis["speakers"])
    words = api.get(f"/v1/texts/{told['text_id']}")
    assert near(analysis["overall"]["text"], words["emotions"])
    sounds, says = segments(api, audio)
    for speaker in told["detected_speakers"]:
        own = analysis["speakers"][speaker["name"]]
        for part, every in (("audio", sounds), ("text", says)):
            mine = [s["emotions"] for s in every if s["speaker_id"] == speaker["speaker_id"]]
            assert near(own[part], mean(mine))


def test_speaker__renamed_is_seen_everywhere(api: Api, video: str) -> None:
    """64. In the sound, in its analytics and in those of its video."""
    audio = api.get(f"/v1/videos/{video}")["audio_id"]
    api.put(f"/v1/audios/{audio}/speakers/names", json=[{"speaker_id": 0, "name": "Ada"}])
    assert {"speaker_id": 0, "name": "Ada"} in api.get(f"/v1/audios/{audio}")["speakers"]
    for told in (api.analytics(audio, "audios"), api.analytics(video)):
        assert {"speaker_id": 0, "name": "Ada"} in told["detected_speakers"]
        assert "Ada" in told["emotion_analysis"]["speakers"]
    before = api.get(f"/v1/audios/{audio}")
    names = [{"speaker_id": 1, "name": "Bo"}, {"speaker_id": 99, "name": "Cy"}]
    api.refused(404, "PUT", f"/v1/audios/{audio}/speakers/names", json=names)
    assert api.get(f"/v1/audios/{audio}") == before


def test_segment__deleted_closes_up(api: Api, audio: str) -> None:
    """65. Both lists lose it, and later segments move up by one."""
    sounds, says = segments(api, audio)
    assert api.delete(f"/v1/audios/{audio}/1")["segment_id"] == 1
    for old, new in zip((sounds, says), segments(api, audio), strict=True):
        left = old[:1] + old[2:]
        assert [{**each, "index": place} for place, each in enumerate(left)] == new
    agrees(api, audio)


@pytest.mark.parametrize(("index", "status"), [("999", 404), ("-1", 404), ("one", 422)])
def test_segment__that_is_none_is_refused(api: Api, audio: str, index: str, status: int) -> None:
    """66. Beyond the end, below 0, and no number."""
    before = segments(api, audio)
    response = api.client.delete(f"/v1/audios/{audio}/{index}")
    assert response.status_code in (status, 422), response.text
    assert segments(api, audio) == before


def test_transcript__update_is_stored(api: Api, audio: str) -> None:
    """67. The array that is sent becomes the segments, and the averages follow."""
    sent = [
        {"start_millis": 0, "end_millis": 4000, "segment": "Good morning.", "speaker_id": 1},
        {"start_millis": 4000, "end_millis": 9000, "segment": "And to you.", "speaker_id": 0},
    ]
    assert api.put(f"/v1/audios/{audio}/transcript", json=sent) == sent
    _, says = segments(api, audio)
    assert [
        {"segment": s["sentence"], **{n: s[n] for n in sent[0] if n != "segment"}} for s in says
    ] == sent
    agrees(api, audio)


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (422, {"start_millis": 5000, "end_millis": 4000}),
        (422, {"start_millis": -1}),
        (422, {"end_millis": "late"}),
        (404, {"speaker_id": 99}),
    ],
)
def test_transcript__with_bad_times_is_refused(
    api: Api, audio: str, status: int, changes: Seen
) -> None:
    """67. An end before its start, a negative start, no number, an unknown speaker: all or none."""
    good = {"start_millis": 0, "end_millis": 4000, "segment": "One.", "speaker_id": 0}
    before = segments(api, audio)
    sent = [good, {**good, "start_millis": 4000, "end_millis": 5000, **changes}]
    api.call("PUT", f"/v1/audios/{audio}/transcript", status, json=sent)
    assert segments(api, audio) == before


def test_transcript__replaced_counts_agree(api: Api, audio: str) -> None:
    """68. Lines become segments, names before a colon speakers; the text is the new one."""
    sent = {"transcript": "Ada: We did it.\nBo: At last!\n\nAda: Yes."}
    told = api.put(f"/v1/audios/{audio}/transcript/replace", json=sent)
    shown = api.get(f"/v1/audios/{audio}")
    assert told["segments_count"] == len(shown["segment_audio_emotions"]) == 3
    assert [speaker["name"] for speaker in told["speakers"]] == ["Ada", "Bo"]
    assert told["speakers"] == shown["speakers"] and told["status"] == "completed"
    _, says = segments(api, audio)
    assert [s["sentence"] for s in says] == ["We did it.", "At last!", "Yes."]
    assert says[-1]["end_millis"] <= 21_000
    agrees(api, audio)
    path = f"/v1/audios/{audio}/transcript/replace"
    api.unread("PUT", path, json={"transcript": ""})
    api.unread("PUT", path, json={"transcript": "x", "format": "srt"})


def test_flags__are_honoured(api: Api) -> None:
    """69. Without diarization one speaker; without text emotions nothing is said of the words."""
    alone = api.made("audios", speaker_diarization="false")
    assert len(api.get(f"/v1/audios/{alone}")["speakers"]) == 1
    mute = api.made("audios", text_emotion_analysis="false")
    shown, told = api.get(f"/v1/audios/{mute}"), api.analytics(mute, "audios")
    assert not shown["segment_text_emotions"] and shown["segment_audio_emotions"]
    assert told["emotion_analysis"]["overall"]["text"] == {}


def test_unfinished_audio__refuses_edits(api: Api) -> None:
    """A transcript cannot be edited before there is one."""
    audio = api.upload("audios")["id"]
    api.refused(409, "DELETE", f"/v1/audios/{audio}/0")
    api.refused(409, "PUT", f"/v1/audios/{audio}/transcript", json=[])
    api.refused(409, "PUT", f"/v1/audios/{audio}/transcript/replace", json={"transcript": "x"})
