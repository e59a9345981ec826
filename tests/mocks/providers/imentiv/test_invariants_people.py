"""Invariants 77 to 87: which speaker is which face, and the personality of a face."""

from itertools import pairwise
from typing import Any

import pytest
from imentiv_stage import NOBODY, Api, Seen

from understudy.mocks import Fake

TRAITS = {"agreeableness", "conscientiousness", "extraversion", "neuroticism", "openness"}


def pair(speaker: int = 0, face: int = 1, name: str | None = "Ada") -> Seen:
    """One element of a match."""
    return {"speaker_id": speaker, "face_id": face, "name": name}


def names(api: Api, video: str) -> tuple[dict[int, Any], dict[int, Any]]:
    """The names of speakers and faces, by id."""
    told = api.analytics(video)
    speakers = {each["speaker_id"]: each["name"] for each in told["detected_speakers"]}
    return speakers, {each["face_id"]: each["name"] for each in told["detected_faces"]}


def matching(video: str) -> str:
    """The path of matching."""
    return f"/v2/videos/{video}/speaker-face-match"


def personality(api: Api, video: str, face: int = 1) -> Seen:
    """What is known of a face's personality."""
    return dict(api.get(f"/v2/videos/{video}/faces/{face}/personality-analysis"))


def analyze(api: Api, video: str, face: int = 1, kind: str = "overall") -> Seen:
    """Have it judged."""
    form = {"face_id": face, "analysis_type": kind}
    return dict(api.post(f"/v2/videos/{video}/personality/analyze", form))


def test_match__names_both(api: Api, video: str) -> None:
    """77. The name that is given is the face's and the speaker's from then on."""
    assert api.put(matching(video), json=[pair()])["status"] == "completed"
    speakers, faces = names(api, video)
    assert speakers[0] == faces[1] == "Ada"
    audio = api.get(f"/v1/videos/{video}")["audio_id"]
    assert {"speaker_id": 0, "name": "Ada"} in api.get(f"/v1/audios/{audio}")["speakers"]


@pytest.mark.parametrize("name", ["", None])
def test_match__without_a_name_takes_the_speakers(api: Api, video: str, name: str | None) -> None:
    """78. The face gets the speaker's name; doing it again changes nothing."""
    for _ in range(2):
        api.put(matching(video), json=[pair(name=name)])
        speakers, faces = names(api, video)
        assert speakers[0] == faces[1] == "Speaker 0"


def test_match__is_refused_whole(fake: Fake, api: Api, video: str) -> None:
    """79. Empty, twice the same, unknown, or without a needed field: nothing changes."""
    before, path = api.everything(video), matching(video)
    for status, pairs in (
        (400, []),
        (400, [pair(0, 1), pair(0, 2)]),
        (400, [pair(0, 1), pair(1, 1)]),
        (404, [pair(0, 1), pair(1, 999)]),
        (404, [pair(0, 1), pair(999, 2)]),
    ):
        api.refused(status, "PUT", path, json=pairs)
    api.unread("PUT", path, json=[{"speaker_id": 0, "face_id": 1}])
    assert api.everything(video) == before
    api.delete(f"/v1/audios/{api.get(f'/v1/videos/{video}')['audio_id']}")
    api.refused(400, "PUT", path, json=[pair()])
    api.refused(400, "POST", path)


def test_match__waits_for_the_analysis(api: Api) -> None:
    """80. Unfinished: 422 for a match that is told, 409 for one that is to be found."""
    video = api.upload("videos")["id"]
    api.refused(422, "PUT", matching(video), json=[pair()])
    api.refused(409, "POST", matching(video))
    api.refused(404, "POST", matching(NOBODY))


def test_match__found_by_a_job_pairs_names(fake: Fake, api: Api, video: str) -> None:
    """81. Once it has ended every speaker shares a name with one face."""
    told = api.post(matching(video))
    assert (told["video_id"], told["status"]) == (video, "processing")
    assert told["audio_id"] == api.get(f"/v1/videos/{video}")["audio_id"]
    assert api.post(matching(video))["status"] == "processing"
    assert set(names(api, video)[1].values()) == {None}
    fake.clock.advance(1e5)
    speakers, faces = names(api, video)
    for name in speakers.values():
        assert list(faces.values()).count(name) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_others__are_shut_out(fake: Fake, api: Api, video: str, method: str) -> None:
    """82. Another account gets the promised refusal at every path below the video."""
    before, other = api.everything(video), Api(fake, "imk_other")
    paths = {
        "GET": (
            f"/v1/videos/{video}",
            f"/v1/videos/{video}/frames",
            f"/v2/video/{video}/ai-insights",
        ),
        "PUT": (matching(video), f"/v1/videos/{video}/metadata"),
        "POST": (matching(video), f"/v1/videos/{video}/report"),
        "DELETE": (f"/v1/videos/{video}",),
    }
    for path in paths[method]:
        json = [pair()] if (method, path) == ("PUT", matching(video)) else None
        response = other.client.request(method, path, json=json)
        assert response.status_code in (401, 403, 404), response.text
        if json:
            assert response.status_code == 403
    assert api.everything(video) == before


def test_personality__overall_alone(fake: Fake, api: Api, video: str) -> None:
    """83. Pending, processing with a rising percentage, completed with five traits."""
    told = analyze(api, video)
    assert (told["face_id"], told["analysis_type"], told["status"]) == (1, "overall", "processing")
    seen: list[str] = []
    shares: list[int] = []
    for _ in range(60):
        shown = personality(api, video)
        assert set(shown["analysis_status"]) == {"overall"}
        state = shown["analysis_status"]["overall"]
        assert (state.get("percentage") is not None) == (state["status"] == "processing")
        shares += [state["percentage"]] if state["status"] == "processing" else []
        assert bool(shown.get("overall")) == (state["status"] == "completed")
        if state["status"] not in seen:
            seen.append(state["status"])
        fake.clock.advance(3)
    assert seen == ["pending", "processing", "completed"]
    assert shares == sorted(shares) and len(set(shares)) > 3 and max(shares) <= 100
    shown = personality(api, video)
    metrics = shown["overall"]["ocean_metrics"]
    assert set(metrics) == TRAITS and all(0 <= value <= 1 for value in metrics.values())
    assert not shown.get("by_segment")


def test_personality__by_segment_is_independent(fake: Fake, api: Api, video: str) -> None:
    """84. Segments follow each other from 0, ids from 1; the other part keeps what it had."""
    analyze(api, video)
    fake.clock.advance(1e5)
    before = personality(api, video)["overall"]
    analyze(api, video, kind="by_segment")
    fake.clock.advance(1e5)
    shown = personality(api, video)
    assert shown["overall"] == before
    told = shown["by_segment"]
    segments = told["segments"]
    assert [each["segment_id"] for each in segments] == list(range(1, len(segments) + 1))
    assert segments[0]["start_millis"] == 0 and told["segment_interval_millis"] > 0
    assert all(a["end_millis"] == b["start_millis"] for a, b in pairwise(segments))
    assert segments[-1]["end_millis"] == 32_000
    assert all(set(each["ocean_metrics"]) == TRAITS for each in segments)


def test_personality__combined_is_both(fake: Fake, api: Api, video: str) -> None:
    """85. Both parts are there from the start, and both have results at the end."""
    analyze(api, video, kind="combined")
    assert set(personality(api, video)["analysis_status"]) == {"overall", "by_segment"}
    fake.clock.advance(1e5)
    shown = personality(api, video)
    assert {s["status"] for s in shown["analysis_status"].values()} == {"completed"}
    assert shown["overall"] and shown["by_segment"]


def test_personality__needs_a_face_of_a_completed_video(api: Api, video: str) -> None:
    """86. Nothing before a trigger; unknown face, unfinished video and unknown type are refused."""
    shown = personality(api, video)
    assert (shown["video_id"], shown["face_id"]) == (video, 1)
    assert not any(shown.get(name) for name in ("analysis_status", "overall", "by_segment"))
    path = f"/v2/videos/{video}/personality/analyze"
    api.refused(404, "POST", path, data={"face_id": 999})
    api.unread("POST", path, data={"face_id": 1, "analysis_type": "deep"})
    api.unread("POST", path, data={})
    unfinished = api.upload("videos")["id"]
    api.refused(409, "POST", f"/v2/videos/{unfinished}/personality/analyze", data={"face_id": 1})
    read = f"/v2/videos/{video}/faces/{{}}/personality-analysis"
    api.refused(404, "GET", read.format(999))
    api.unread("GET", read.format(0))
    poor = api.made("videos", title="understudy-no-credit")
    response = api.client.post(f"/v2/videos/{poor}/personality/analyze", data={"face_id": 1})
    assert response.status_code == 402


def test_personality__follows_the_match(fake: Fake, api: Api, video: str) -> None:
    """87. The linked speaker is told; a new match clears the results of its faces alone."""
    assert analyze(api, video).get("speaker_id") is None
    analyze(api, video, face=2)
    fake.clock.advance(1e5)
    assert personality(api, video)["overall"]
    api.put(matching(video), json=[pair(1, 1)])
    assert personality(api, video).get("analysis_status") is None
    assert personality(api, video, 2)["overall"]
    assert analyze(api, video)["speaker_id"] == 1


def test_merge__takes_the_personality_with_it(fake: Fake, api: Api, video: str) -> None:
    """A merged face is no more, and neither is what was known of it."""
    analyze(api, video, face=2)
    fake.clock.advance(1e5)
    api.put(f"/v1/videos/{video}/faces", {"selected_face_id": 1, "merge_face_id": "2"})
    api.refused(404, "GET", f"/v2/videos/{video}/faces/2/personality-analysis")
