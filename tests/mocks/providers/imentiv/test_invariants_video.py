"""Invariants 14 to 34: a completed video, whose frames, faces and analytics agree.

The numbered invariants stand in the modules test_invariants_upload (1-13), _video (14-34),
_lists (43-50), _jobs (51-60), _audio (61-69), _text_image (70-76), _people (77-87),
_insights (88-93) and _rest (94-98).
"""

from itertools import pairwise

import pytest
from imentiv_stage import FACE, NOBODY, Api, dominant, is_one, mean, near

FACED = ("", "/dominant_emotion", "/valence_arousal")


def test_video__owns_completed_audio_and_text(api: Api, video: str) -> None:
    """14. A completed video names a sound and a text, which are completed too."""
    shown = api.get(f"/v1/videos/{video}")
    assert api.get(f"/v1/audios/{shown['audio_id']}")["status"] == "completed"
    assert api.get(f"/v1/texts/{shown['text_id']}")["status"] == "completed"


def test_text__names_the_audio_as_parent(api: Api, video: str) -> None:
    """15. The text of a video belongs to the video's sound."""
    shown = api.get(f"/v1/videos/{video}")
    assert api.get(f"/v1/texts/{shown['text_id']}")["parent_id"] == shown["audio_id"]


def test_frames__are_unique_ordered_and_within_the_count(api: Api, video: str) -> None:
    """16. Frame ids and instants rise, and there are no more than the video tells of."""
    frames = api.frames(video)
    total = api.get(f"/v1/videos/{video}")["total_frames_count"]
    assert 20 <= len(frames) <= total
    assert all(a["frame_id"] + 1 == b["frame_id"] for a, b in pairwise(frames))
    assert all(a["timestamp"] < b["timestamp"] for a, b in pairwise(frames))
    assert frames[0]["timestamp"] >= 0 and frames[-1]["timestamp"] < 32_000


def test_frame__alone_is_as_in_the_list(api: Api, video: str) -> None:
    """17. A single frame is the element of the list."""
    for frame in api.frames(video):
        assert api.get(f"/v1/videos/{video}/frames/{frame['frame_id']}") == frame


def test_frame__finds_the_faces_it_shows(api: Api, video: str) -> None:
    """18. `found_faces` are the ids in `faces`, each once."""
    for frame in api.frames(video):
        ids = [face["face_id"] for face in frame["faces"]]
        assert frame["found_faces"] == ids and len(set(ids)) == len(ids)


def test_faces__are_those_found_in_frames(api: Api, video: str) -> None:
    """19. The face list is the union of `found_faces`: three at least, from 1, unevenly spread."""
    frames = api.frames(video)
    union = {face for frame in frames for face in frame["found_faces"]}
    assert set(api.faces(video)) == union and min(union) >= 1 and len(union) >= 3
    spread = [sum(face in frame["found_faces"] for frame in frames) for face in union]
    assert len(set(spread)) > 1
    assert any(len(frame["found_faces"]) == 1 for frame in frames)


def test_detection__has_eight_scores_that_sum_to_one(api: Api, video: str) -> None:
    """20. Every detection scores the eight emotions of the video's list."""
    assert set(api.get(f"/v1/videos/{video}")["emotions_list"]) == FACE
    for frame in api.frames(video):
        for face in frame["faces"]:
            assert set(face["emotions"]) == FACE and is_one(face["emotions"])
            assert min(face["emotions"].values()) >= 0


def test_average__is_the_mean_of_all_detections(api: Api, video: str) -> None:
    """21. The overall average is the mean over detections and sums to one."""
    average = api.get(f"/v2/videos/{video}/emotions/average")
    scores = [face["emotions"] for frame in api.frames(video) for face in frame["faces"]]
    assert near(average, mean(scores)) and is_one(average)


def test_average__of_a_face_is_the_mean_of_its_detections(api: Api, video: str) -> None:
    """22. So is the average of each face, over that face alone."""
    frames = api.frames(video)
    for face in api.faces(video):
        scores = [f["emotions"] for frame in frames for f in frame["faces"] if f["face_id"] == face]
        assert near(api.get(f"/v2/videos/{video}/emotions/average", face_id=face), mean(scores))


def test_average__of_an_absent_face_is_refused(api: Api, video: str) -> None:
    """23. A face that no frame shows has no average; no whole number is no face."""
    path = f"/v2/videos/{video}/emotions/average"
    api.refused(404, "GET", path, params={"face_id": 999})
    api.unread("GET", path, params={"face_id": "first"})


def test_multimodal__repeats_the_average(api: Api, video: str) -> None:
    """24. The analytics' overall of the pictures is the average."""
    overall = api.analytics(video)["emotion_analysis"]["overall"]
    assert overall["video"] == api.get(f"/v2/videos/{video}/emotions/average")


def test_multimodal__keys_faces_by_name_or_id(api: Api, video: str) -> None:
    """25. Each face stands under `face_ID` with its own average, later under its name."""
    ids = api.faces(video)
    averages = {f: api.get(f"/v2/videos/{video}/emotions/average", face_id=f) for f in ids}
    shown = api.analytics(video)["emotion_analysis"]["faces"]
    assert shown == {f"face_{face}": average for face, average in averages.items()}
    api.put(f"/v1/videos/{video}/faces/names", json=[{"face_id": ids[0], "name": "Ada"}])
    shown = api.analytics(video)["emotion_analysis"]["faces"]
    assert shown["Ada"] == averages[ids[0]] and f"face_{ids[0]}" not in shown


def test_dominant__of_a_face_is_its_highest_score(api: Api, video: str) -> None:
    """26. In the frame, and asked for by id."""
    for frame in api.frames(video, length=10):
        for face in frame["faces"]:
            assert face["dominant_emotion"] in dominant(face["emotions"])
            path = f"/v1/videos/{video}/frames/{frame['frame_id']}/dominant_emotion"
            told = api.get(path, face_id=face["face_id"])
            assert told["dominant_emotion"] == face["dominant_emotion"]
            assert (told["frame_id"], told["face_id"]) == (str(frame["frame_id"]), face["face_id"])


def test_dominant__of_a_frame_is_that_of_its_mean(api: Api, video: str) -> None:
    """27. Without a face, the highest of the mean over the frame's faces; `face_id` is null."""
    for frame in api.frames(video):
        told = api.get(f"/v1/videos/{video}/frames/{frame['frame_id']}/dominant_emotion")
        overall = mean([face["emotions"] for face in frame["faces"]])
        assert told["face_id"] is None and told["dominant_emotion"] in dominant(overall)


def test_dominant__of_an_absent_face_is_null_with_a_message(api: Api, video: str) -> None:
    """28. A face that the frame does not show has no dominant emotion there, and no valence."""
    path = f"/v1/videos/{video}/frames/1"
    told = api.get(f"{path}/dominant_emotion", face_id=999)
    assert told["dominant_emotion"] is None and told["message"]
    api.refused(404, "GET", f"{path}/valence_arousal", params={"face_id": 999})


def test_valence__lies_in_range_and_among_its_parts(api: Api, video: str) -> None:
    """29. Valence lies from -1 to 1, the others from 0 to 1; a whole within its parts."""
    frames = api.frames(video)
    whole = api.get(f"/v1/videos/{video}/valence_arousal")
    for axis, low in (("valence", -1), ("arousal", 0), ("intensity", 0)):
        parts = [face[axis] for frame in frames for face in frame["faces"]]
        assert low <= min(parts) - 1e-9 <= whole[axis] <= max(parts) + 1e-9 <= 1 + 1e-9
        assert abs(whole[axis] - sum(parts) / len(parts)) < 1e-6
    for frame in frames[:10]:
        path = f"/v1/videos/{video}/frames/{frame['frame_id']}/valence_arousal"
        told = api.get(path)
        for axis in ("valence", "arousal", "intensity"):
            parts = [face[axis] for face in frame["faces"]]
            assert min(parts) - 1e-9 <= told[axis] <= max(parts) + 1e-9
        first = frame["faces"][0]
        alone = api.get(path, face_id=first["face_id"])
        assert all(abs(alone[axis] - first[axis]) < 1e-9 for axis in alone)


@pytest.mark.parametrize("length", [1, 7, 1000])
def test_frames__in_pages_are_the_list(api: Api, video: str, length: int) -> None:
    """30. Pages by `start_frame` and `length` put together are the whole list, the default."""
    whole, parts = api.frames(video), list[dict[str, object]]()
    while page := api.frames(video, start_frame=len(parts) + 1, length=length):
        assert len(page) <= length
        parts += page
    assert parts == whole


def test_frames__have_defaults_each_for_itself(api: Api, video: str) -> None:
    """30. Without a start from the first, without a length to the last."""
    whole = api.frames(video)
    assert api.frames(video, start_frame=5) == whole[4:]
    assert api.frames(video, length=5) == whole[:5]
    assert api.frames(video, start_frame="", length="") == whole


def test_frames__of_faces_are_those_that_show_one(api: Api, video: str) -> None:
    """31. `face_ids` keeps the frames that show one of them; empty is no filter."""
    whole = api.frames(video)
    for wanted in ({1}, {2, 3}):
        asked = ",".join(map(str, sorted(wanted)))
        kept = [frame for frame in whole if wanted & set(frame["found_faces"])]
        assert api.frames(video, face_ids=asked) == kept != whole
    assert api.frames(video, face_ids="") == whole
    assert api.frames(video, face_ids="999") == []


@pytest.mark.parametrize("name", ["start_frame", "length", "face_ids"])
def test_frames__by_no_number_are_refused(api: Api, video: str, name: str) -> None:
    """32. What is no whole number is refused in a list that names the parameter."""
    unread = api.unread("GET", f"/v1/videos/{video}/frames", params={name: "first"})
    assert unread[0]["loc"] == ["query", name]


@pytest.mark.parametrize("frame", ["0", "999999"])
def test_frame__that_is_none_is_not_found_anywhere(api: Api, video: str, frame: str) -> None:
    """33. Reads and edits below an unknown frame are refused with 404."""
    path = f"/v1/videos/{video}/frames/{frame}"
    for below in FACED:
        api.refused(404, "GET", f"{path}{below}")
    api.refused(404, "PUT", f"{path}/faces/1/emotions", data={"happy": 1})
    api.refused(404, "PUT", f"{path}/faces/0/note", data={"note": "x"})
    form = {"frame_ids": f"1,{frame}", "current_face_id": 1, "new_face_id": 2}
    api.refused(404, "PUT", f"/v1/videos/{video}/frames/faces", data=form)


def test_multimodal__repeats_what_the_video_says(api: Api, video: str) -> None:
    """34. Ids, words, geometry and counts are the video's; sound and text are the sound's own."""
    shown, told = api.get(f"/v1/videos/{video}"), api.analytics(video)
    assert told["video_id"] == video and told["media_type"] == "video"
    for name in ("audio_id", "text_id", "title", "description", "created_at", "status"):
        assert told[name] == shown[name]
    assert told["total_frames_count"] == shown["total_frames_count"]
    geometry = told["frame_rate"], told["frame_height"], told["frame_width"]
    assert geometry == (shown["fps"], shown["height"], shown["width"]) == (30, 720, 1280)
    assert told["face_count"] == len(told["detected_faces"]) == len(api.faces(video))
    assert told["speaker_count"] == len(told["detected_speakers"]) >= 2
    sound = api.analytics(shown["audio_id"], "audios")
    overall = sound["emotion_analysis"]["overall"]
    for part in ("audio", "text"):
        assert told["emotion_analysis"]["overall"][part] == overall[part]
    assert told["emotion_analysis"]["speakers"] == sound["emotion_analysis"]["speakers"]


def test_completed_only__derived_reads_wait(api: Api) -> None:
    """What follows from the analysis is refused until it is completed."""
    video = api.upload("videos")["id"]
    for path in ("frames", "frames/1", "frames/1/dominant_emotion", "valence_arousal"):
        assert "queue" in api.refused(409, "GET", f"/v1/videos/{video}/{path}")
    api.refused(409, "GET", f"/v2/videos/{video}/emotions/average")
    api.refused(404, "GET", f"/v1/videos/{NOBODY}/frames")
