"""Invariants 35 to 42: what callers put right in a video, and what every reading says then."""

from typing import Any

import pytest
from imentiv_stage import FACE, Api, Seen, dominant, mean, near


def shared(frames: list[Seen]) -> Seen:
    """The first frame that shows two faces."""
    return next(frame for frame in frames if len(frame["found_faces"]) > 1)


def agrees(api: Api, video: str) -> None:
    """Everything derived still follows from the frames."""
    frames = api.frames(video)
    every = [face for frame in frames for face in frame["faces"]]
    told = api.analytics(video)
    ids = sorted({face["face_id"] for face in every})
    assert api.faces(video) == ids == [face["face_id"] for face in told["detected_faces"]]
    assert told["face_count"] == len(ids) == len(told["emotion_analysis"]["faces"])
    average = api.get(f"/v2/videos/{video}/emotions/average")
    assert near(average, mean([face["emotions"] for face in every]))
    assert told["emotion_analysis"]["overall"]["video"] == average
    for face in ids:
        alone = api.get(f"/v2/videos/{video}/emotions/average", face_id=face)
        assert near(alone, mean([f["emotions"] for f in every if f["face_id"] == face]))
        assert alone in told["emotion_analysis"]["faces"].values()


def test_scores__move_everything_that_follows(api: Api, video: str) -> None:
    """35. New scores show in frame, dominant emotion, averages, valence and analytics."""
    before = api.everything(video)
    axes = api.get(f"/v1/videos/{video}/valence_arousal")
    form = {"happy": 0.1, "sad": 0.9}
    told = api.put(f"/v1/videos/{video}/frames/1/faces/1/emotions", form)
    assert (told["frame_id"], told["face_id"]) == ("1", 1)
    frame = api.get(f"/v1/videos/{video}/frames/1")
    assert frame["faces"][0]["emotions"] == told["emotions"] == dict.fromkeys(FACE, 0.0) | form
    assert frame["faces"][0]["dominant_emotion"] == "sad"
    path = f"/v1/videos/{video}/frames/1/dominant_emotion"
    assert api.get(path, face_id=1)["dominant_emotion"] == "sad"
    after = api.everything(video)
    assert after[2] != before[2] and after[3] != before[3] and after[1][1:] == before[1][1:]
    assert api.get(f"/v1/videos/{video}/valence_arousal") != axes
    agrees(api, video)


def test_scores__that_are_missing_are_zero(api: Api, video: str) -> None:
    """36. What is not sent, or empty, is 0; nothing is set right silently."""
    path = f"/v1/videos/{video}/frames/1/faces/1/emotions"
    assert api.put(path, {"fear": 0.25, "angry": ""})["emotions"] == {
        **dict.fromkeys(FACE, 0.0),
        "fear": 0.25,
    }


@pytest.mark.parametrize("form", [{"happy": "-0.1"}, {"happy": "much"}, {"happy": "0"}, {}])
def test_scores__that_are_none_are_refused(api: Api, video: str, form: Seen) -> None:
    """36. Negative, no number, or all of them zero: nothing changes."""
    before = api.everything(video)
    api.call("PUT", f"/v1/videos/{video}/frames/1/faces/1/emotions", 422, data=form)
    assert api.everything(video) == before


def test_scores__of_an_unknown_face_are_not_found(api: Api, video: str) -> None:
    """36. A face that the frame does not show has no scores to change."""
    api.refused(404, "PUT", f"/v1/videos/{video}/frames/1/faces/999/emotions", data={"sad": 1})


def test_notes__stand_on_faces_and_frames(api: Api, video: str) -> None:
    """37. A note on a face stands there, one on face 0 on the frame itself."""
    base = f"/v1/videos/{video}/frames/1"
    api.put(f"{base}/faces/1/note", {"note": "smiles at the camera"})
    api.put(f"{base}/faces/0/note", {"note": "the door opens"})
    frame = api.get(base)
    assert (frame["note"], frame["faces"][0]["note"]) == ("the door opens", "smiles at the camera")
    assert not any(each["note"] for each in api.frames(video)[1:])
    api.refused(404, "PUT", f"{base}/faces/999/note", data={"note": "x"})
    api.unread("PUT", f"{base}/faces/1/note", data={})


def test_names__are_kept_told_and_used_as_keys(api: Api, video: str) -> None:
    """38. Names show in list, frames and analytics; two of one name are told apart."""
    names = [{"face_id": 1, "name": "Ada"}, {"face_id": 2, "name": "Ada"}]
    assert api.put(f"/v1/videos/{video}/faces/names", json=names) == names
    shown = {f["face_id"]: f["name"] for f in api.get(f"/v1/videos/{video}")["faces"]["faces"]}
    assert shown[1] == shown[2] == "Ada" and shown[3] is None
    for frame in api.frames(video):
        assert all(face["name"] == shown[face["face_id"]] for face in frame["faces"])
    keys = set(api.analytics(video)["emotion_analysis"]["faces"])
    assert {"Ada", "Ada_2", "face_3"} <= keys
    agrees(api, video)


def test_names__come_all_or_none(api: Api, video: str) -> None:
    """38. One unknown face refuses the batch."""
    before = api.everything(video)
    names = [{"face_id": 1, "name": "Ada"}, {"face_id": 999, "name": "Bo"}]
    api.refused(404, "PUT", f"/v1/videos/{video}/faces/names", json=names)
    assert api.everything(video) == before


def test_move__touches_the_chosen_frames_only(api: Api, video: str) -> None:
    """39. Detections become another face's in the frames that were named, with their scores."""
    before = api.frames(video)
    chosen = [f["frame_id"] for f in before if f["found_faces"] == [1]][:2]
    form = {"frame_ids": ",".join(map(str, chosen)), "current_face_id": 1, "new_face_id": 3}
    told = api.put(f"/v1/videos/{video}/frames/faces", form)
    assert told["updated_frames"] == chosen
    for old, new in zip(before, api.frames(video), strict=True):
        if old["frame_id"] in chosen:
            assert new["found_faces"] == [3]
            assert new["faces"][0]["emotions"] == old["faces"][0]["emotions"]
        else:
            assert new == old
    agrees(api, video)


def test_move__is_refused_whole(api: Api, video: str) -> None:
    """39. Onto a face that is there already, from one that is not, or below 1: nothing changes."""
    both = shared(api.frames(video))
    one, other = both["found_faces"][:2]
    before = api.everything(video)
    path = f"/v1/videos/{video}/frames/faces"
    for status, frames, face, to in (
        (409, f"{both['frame_id']}", one, other),
        (404, "1", 999, 2),
        (404, "1", 3, 2),
        (422, "1", 1, 0),
    ):
        form = {"frame_ids": frames, "current_face_id": face, "new_face_id": to}
        api.refused(status, "PUT", path, data=form)
    api.unread("PUT", path, data={"frame_ids": "1,x", "current_face_id": 1, "new_face_id": 2})
    assert api.everything(video) == before


def test_merge__removes_the_face_everywhere(api: Api, video: str) -> None:
    """40. The survivor is seen wherever either was; where both were, its own scores stay."""
    before = api.frames(video)
    count = api.analytics(video)["face_count"]
    api.put(f"/v1/videos/{video}/faces", {"selected_face_id": 1, "merge_face_id": "2"})
    for old, new in zip(before, api.frames(video), strict=True):
        wanted = sorted({1 if face == 2 else face for face in old["found_faces"]})
        assert new["found_faces"] == wanted
        if 1 in old["found_faces"]:
            mine = next(face for face in old["faces"] if face["face_id"] == 1)
            assert mine in new["faces"]
    assert 2 not in api.faces(video) and api.analytics(video)["face_count"] == count - 1
    api.refused(404, "GET", f"/v2/videos/{video}/emotions/average", params={"face_id": 2})
    agrees(api, video)


@pytest.mark.parametrize(
    ("status", "selected", "merged"),
    [(404, "1", "2,999"), (404, "999", "2"), (400, "1", "1"), (400, "1", "2,1"), (422, "1", "2;3")],
)
def test_merge__that_is_bad_changes_nothing(
    api: Api, video: str, status: int, selected: str, merged: str
) -> None:
    """41. Unknown faces, a face with itself, and no list of numbers."""
    before = api.everything(video)
    form = {"selected_face_id": selected, "merge_face_id": merged}
    api.call("PUT", f"/v1/videos/{video}/faces", status, data=form)
    assert api.everything(video) == before


def test_deletion__is_seen_everywhere(api: Api, video: str) -> None:
    """42. A deleted face is in no frame, list or average; the ids may stand in the query."""
    path = f"/v1/videos/{video}/faces"
    api.delete(path, {"face_ids": "2"})
    assert 2 not in api.faces(video)
    assert not any(2 in frame["found_faces"] for frame in api.frames(video))
    agrees(api, video)
    api.call("DELETE", path, params={"face_ids": "3"})
    assert not {2, 3} & set(api.faces(video))
    agrees(api, video)


def test_deletion__leaves_one_face(api: Api, video: str) -> None:
    """42. The last face stays, in a batch too; an unknown one refuses the batch."""
    path, every = f"/v1/videos/{video}/faces", api.faces(video)
    before = api.everything(video)
    api.refused(400, "DELETE", path, data={"face_ids": ",".join(map(str, every))})
    api.refused(404, "DELETE", path, data={"face_ids": "1,999"})
    api.call("DELETE", path, 422, data={"face_ids": "one"})
    assert api.everything(video) == before
    api.delete(path, {"face_ids": ",".join(map(str, every[1:]))})
    api.refused(400, "DELETE", path, data={"face_ids": str(every[0])})
    assert api.faces(video) == every[:1]


def test_dominant__follows_a_tie_of_edits(api: Api, video: str) -> None:
    """With two equal scores either is dominant, in the frame and alone alike."""
    path = f"/v1/videos/{video}/frames/1"
    api.put(f"{path}/faces/1/emotions", {"fear": 0.5, "angry": 0.5})
    told: dict[str, Any] = api.get(f"{path}/dominant_emotion", face_id=1)
    assert told["dominant_emotion"] in dominant({"fear": 0.5, "angry": 0.5})
    assert told["dominant_emotion"] == api.get(path)["faces"][0]["dominant_emotion"]


def test_note__goes_with_its_detection(api: Api, video: str) -> None:
    """A moved or merged detection keeps its note, unless the other face has one of its own."""
    frames = api.frames(video)
    alone = next(frame["frame_id"] for frame in frames if frame["found_faces"] == [3])
    both = next(frame["frame_id"] for frame in frames if frame["found_faces"] == [1, 2])
    for frame, face, note in ((alone, 3, "alone"), (both, 2, "other"), (both, 1, "mine")):
        api.put(f"/v1/videos/{video}/frames/{frame}/faces/{face}/note", {"note": note})
    form = {"frame_ids": f"{alone}", "current_face_id": 3, "new_face_id": 2}
    api.put(f"/v1/videos/{video}/frames/faces", form)
    moved = api.get(f"/v1/videos/{video}/frames/{alone}")["faces"]
    assert [(face["face_id"], face["note"]) for face in moved] == [(2, "alone")]
    api.put(f"/v1/videos/{video}/faces", {"selected_face_id": 1, "merge_face_id": "2,3"})
    assert api.get(f"/v1/videos/{video}/frames/{alone}")["faces"][0]["note"] == "alone"
    assert api.get(f"/v1/videos/{video}/frames/{both}")["faces"][0]["note"] == "mine"


def test_face__that_vanished_leaves_no_name(api: Api, video: str) -> None:
    """A face whose last detection moved away is no more; one of that id later is a new one."""
    names = [{"face_id": 2, "name": "Bo"}]
    api.put(f"/v1/videos/{video}/faces/names", json=names)
    api.put(
        f"/v2/videos/{video}/speaker-face-match",
        json=[{"speaker_id": 1, "face_id": 2, "name": None}],
    )
    shown = [f["frame_id"] for f in api.frames(video, face_ids="2")]
    path = f"/v1/videos/{video}/frames/faces"
    form = {"frame_ids": ",".join(map(str, shown)), "current_face_id": 2, "new_face_id": 9}
    api.put(path, form)
    assert 2 not in api.faces(video) and 9 in api.faces(video)
    api.refused(404, "PUT", f"/v1/videos/{video}/faces/names", json=names)
    api.put(path, {**form, "current_face_id": 9, "new_face_id": 2})
    listed = api.get(f"/v1/videos/{video}")["faces"]["faces"]
    assert {face["face_id"]: face["name"] for face in listed}[2] is None
    asked = api.post(f"/v2/videos/{video}/personality/analyze", {"face_id": 2})
    assert asked.get("speaker_id") is None
    agrees(api, video)
