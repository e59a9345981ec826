"""Where parts of Imentiv meet: what is owned, analysed by itself, renamed alike, or moved away."""

import httpx2
import pytest
from imentiv_film import check_audio
from imentiv_stage import Api, near

from understudy.mocks import Fake


def test_names__that_collide_stay_apart(api: Api, video: str) -> None:
    """Every face has a key of its own, also where a name looks like another's with its id."""
    names = ["A", "A_3", "A"]
    body = [{"face_id": face, "name": name} for face, name in enumerate(names, start=1)]
    api.put(f"/v1/videos/{video}/faces/names", json=body)
    shown = api.analytics(video)["emotion_analysis"]["faces"]
    assert len(shown) == len(api.faces(video))
    for face, key in enumerate(["A", "A_3", "A_3_3"], start=1):
        assert shown[key] == api.get(f"/v2/videos/{video}/emotions/average", face_id=face)


def test_speakers__of_one_name_stay_apart(api: Api, audio: str) -> None:
    """So has every speaker."""
    body = [{"speaker_id": speaker, "name": "Ada"} for speaker in (0, 1)]
    api.put(f"/v1/audios/{audio}/speakers/names", json=body)
    told = api.analytics(audio, "audios")
    assert list(told["emotion_analysis"]["speakers"]) == ["Ada", "Ada_1"]
    check_audio(api, audio)


def test_note__goes_with_its_detection(api: Api, video: str) -> None:
    """Moved or merged, a note stays with the scores; with a face that goes, it goes."""
    frame = next(f for f in api.frames(video) if f["found_faces"] == [1])["frame_id"]
    path = f"/v1/videos/{video}/frames"
    api.put(f"{path}/{frame}/faces/1/note", {"note": "Laughs."})
    form = {"frame_ids": str(frame), "current_face_id": 1, "new_face_id": 9}
    api.put(f"{path}/faces", form)
    assert [f["note"] for f in api.get(f"{path}/{frame}")["faces"]] == ["Laughs."]
    api.put(f"/v1/videos/{video}/faces", {"selected_face_id": 2, "merge_face_id": "9"})
    [face] = api.get(f"{path}/{frame}")["faces"]
    assert (face["face_id"], face["note"]) == (2, "Laughs.")


def test_name__of_a_face_that_has_gone_goes_too(api: Api, video: str) -> None:
    """A face that comes to be under an old id is nobody yet."""
    api.put(f"/v1/videos/{video}/faces/names", json=[{"face_id": 3, "name": "Ada"}])
    api.delete(f"/v1/videos/{video}/faces", {"face_ids": "3"})
    form = {"frame_ids": "1", "current_face_id": 1, "new_face_id": 3}
    api.put(f"/v1/videos/{video}/frames/faces", form)
    assert api.get(f"/v1/videos/{video}/frames/1")["faces"][0]["name"] is None


def test_text__of_a_sound_may_be_another(fake: Fake, api: Api, audio: str) -> None:
    """What is written in a sound's text is what its analytics tell; none while it is judged."""
    words = api.analytics(audio, "audios")["text_id"]
    api.put(f"/v1/texts/{words}/emotions", {"text": "I am so glad."})
    overall = api.analytics(audio, "audios")["emotion_analysis"]["overall"]
    assert overall["text"] == {} != overall["audio"]
    fake.clock.advance(1e5)
    overall = api.analytics(audio, "audios")["emotion_analysis"]["overall"]
    assert near(overall["text"], api.get(f"/v1/texts/{words}")["emotions"])
    body = [{"start_millis": 0, "end_millis": 900, "segment": "No.", "speaker_id": 0}]
    api.put(f"/v1/audios/{audio}/transcript", json=body)
    assert api.get(f"/v1/texts/{words}")["text"] == "No."
    check_audio(api, audio)


def test_sound__of_a_video_may_be_analysed_alone(fake: Fake, api: Api, video: str) -> None:
    """Meanwhile the video tells nothing of it; afterwards the video can be analysed with it."""
    audio = api.get(f"/v1/videos/{video}")["audio_id"]
    assert api.put(f"/v1/audios/{audio}", {"reprocess": "true"})["status"] == "queue"
    told = api.analytics(video)
    assert (told["status"], told["audio_id"], told["speaker_count"]) == ("completed", audio, 0)
    assert told["emotion_analysis"]["overall"]["audio"] == {}
    match = f"/v2/videos/{video}/speaker-face-match"
    pair = [{"speaker_id": 0, "face_id": 1, "name": None}]
    assert "queue" in api.refused(422, "PUT", match, json=pair)
    assert "queue" in api.refused(409, "POST", match)
    api.put(f"/v1/videos/{video}", {"reprocess": "true"})
    for _ in range(40):
        statuses = {api.get(f"/v1/{kind}/{id}")["status"] for kind, id in
                    (("videos", video), ("audios", audio), ("texts", told["text_id"]))}  # fmt: skip
        assert len(statuses) == 1
        fake.clock.advance(5)
    assert statuses == {"completed"}
    check_audio(api, audio)


def test_link__to_a_speaker_who_is_no_more_is_none(api: Api, video: str) -> None:
    """After another transcript a face may be linked to nobody."""
    pair = [{"speaker_id": 1, "face_id": 1, "name": None}]
    api.put(f"/v2/videos/{video}/speaker-face-match", json=pair)
    form = {"face_id": 1}
    told = api.post(f"/v2/videos/{video}/personality/analyze", form)
    assert told["speaker_id"] == 1
    audio = api.get(f"/v1/videos/{video}")["audio_id"]
    api.put(f"/v1/audios/{audio}/transcript/replace", json={"transcript": "Just me."})
    told = api.post(f"/v2/videos/{video}/personality/analyze", form)
    assert told["speaker_id"] is None


def test_elsewhere__is_told_only_where_the_document_says(fake: Fake, api: Api, video: str) -> None:
    """Another account's video is 404, but 401 for highlights and auto match, 403 for a match."""
    other = Api(fake, "imk_other")
    pair = [{"speaker_id": 0, "face_id": 1, "name": None}]
    match = f"/v2/videos/{video}/speaker-face-match"
    span = [{"start_millis": 0, "end_millis": 1000}]
    other.refused(403, "PUT", match, json=pair)
    other.refused(401, "POST", match)
    other.refused(401, "POST", "/v1/videos/highlights", data={"video_id": video})
    other.refused(401, "PUT", f"/v1/videos/{video}/highlights", json=span)
    before = api.everything(video)
    for method, path, sent in (
        ("GET", f"/v1/videos/{video}/highlights", {}),
        ("PUT", f"/v1/videos/{video}/faces", {"selected_face_id": "1", "merge_face_id": "2"}),
        ("PUT", f"/v1/videos/{video}/metadata", {"title": "Mine"}),
        ("PUT", f"/v1/videos/{video}", {"reprocess": "true"}),
        ("POST", f"/v1/videos/{video}/report", {}),
        ("POST", f"/v2/videos/{video}/personality/analyze", {"face_id": "1"}),
        ("DELETE", f"/v1/videos/{video}/faces", {"face_ids": "1"}),
        ("DELETE", f"/v1/videos/{video}", {}),
    ):
        assert other.refused(404, method, path, data=sent) == "Video not found"
    other.refused(404, "POST", f"/v2/video/{video}/ai-insights", json={"message": "Who?"})
    assert api.everything(video) == before


@pytest.mark.parametrize("word", ["fail", "stuck", "slow"])
def test_words__of_a_title_decide_of_jobs_as_well(fake: Fake, api: Api, word: str) -> None:
    """A title that is given after the analysis marks nothing; of an address it marks both."""
    video = api.upload("videos", video_url=f"https://cdn.example/understudy-{word}.mp4")["id"]
    fake.clock.advance(1e4)
    shown = api.get(f"/v1/videos/{video}")["status"]
    assert shown == {"fail": "failed", "stuck": "processing", "slow": "completed"}[word]
    if word == "slow":
        api.post(f"/v1/videos/{video}/report")
        fake.clock.advance(300)
        api.call("GET", f"/v1/videos/{video}/report", 202)
        fake.clock.advance(3_000)
        api.call("GET", f"/v1/videos/{video}/report")


@pytest.mark.parametrize("lifecycle", ["csv-report", "highlights", "video-analysis"])
def test_control__decides_of_jobs(fake: Fake, api: Api, video: str, lifecycle: str) -> None:
    """The control API lists every job with its lifecycle, and can have it fail."""
    other = api.upload("videos")["id"]
    api.post(f"/v1/videos/{video}/report")
    api.post("/v1/videos/highlights", {"video_id": video})
    with httpx2.Client(base_url=f"{fake.serve()}/_understudy") as control:
        tasks = control.get("/tasks").json()["tasks"]
        [task] = [t["id"] for t in tasks if t["lifecycle"] == lifecycle and not t["finished"]]
        told = control.post(f"/tasks/{task}/outcome", json={"outcome": "fail"})
        assert told.status_code == 200, told.text
    fake.clock.advance(1e5)
    report = api.client.get(f"/v1/videos/{video}/report").status_code
    statuses = {
        "csv-report": {409: "failed"}.get(report, "completed"),
        "highlights": api.get(f"/v1/videos/{video}/highlights")["highlight_status"],
        "video-analysis": api.get(f"/v1/videos/{other}")["status"],
    }
    expected = dict.fromkeys(statuses, "completed") | {lifecycle: "failed"}
    assert statuses == expected
