"""What callers put right in a video: scores, notes, names, and which face is whose.

Each edit is checked whole before anything changes, so that a refused one leaves no trace.
"""

from collections.abc import Iterable

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.imentiv.faces import Cast, Drop, Edit, Merge, Move, Rescore
from understudy.mocks.providers.imentiv.frames import detected, framed
from understudy.mocks.providers.imentiv.personality import forget_personality
from understudy.mocks.providers.imentiv.runs import showing
from understudy.mocks.providers.imentiv.scores import FACE
from understudy.mocks.providers.imentiv.subject import cast_in, completed, face_names, kept
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

MOST_EDITS = 2_000
"""Edits that a video keeps: each is replayed when its faces are derived."""
_HIGHEST_FACE = 10**12 - 1
"""What still fits the paths in which a face is named."""


def update_scores(call: Call) -> Answer:
    """Another vector for one face in one frame; what is not sent is 0."""
    video, cast, frame = framed(call)
    face = int(call.path("face_id"))
    detected(cast, frame, face)
    scores = tuple(_score(call.body.get(name)) for name in FACE)
    if not any(scores):
        raise Refusal(Reason.RULE, "All eight scores are 0; one at least is above.")
    _edit(video, Rescore(frame, face, scores))
    emotions: dict[str, Json] = dict(zip(FACE, scores, strict=True))
    return Answer(200, {"frame_id": str(frame), "face_id": face, "emotions": emotions})


def _score(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def update_note(call: Call) -> Answer:
    """A note on a face in a frame, or on the frame itself (face 0)."""
    video, cast, frame = framed(call)
    face = int(call.path("face_id"))
    if face:
        detected(cast, frame, face)
    notes = dict(mapping(video.hidden.get("notes")))
    notes[f"{frame} {face}"] = call.field("note")
    video.hidden["notes"] = notes
    return Answer(200, {"id": video.id, "status": "updated"})


def move_faces(call: Call) -> Answer:
    """Detections of one face become another's, in the chosen frames only."""
    video = completed(call, "videos")
    cast = cast_in(video)
    face, to = (int(str(call.body[name])) for name in ("current_face_id", "new_face_id"))
    frames = _ids(call.field("frame_ids"))
    if not 1 <= to <= _HIGHEST_FACE:
        raise Refusal(
            Reason.RULE, f"new_face_id is {to}; ids of faces go from 1 to {_HIGHEST_FACE}."
        )
    if face not in cast.faces:
        raise Refusal(Reason.UNKNOWN, f"Face {face} not found")
    for frame in frames:
        if not 1 <= frame <= cast.frames:
            raise Refusal(Reason.UNKNOWN, f"Frame {frame} not found")
        if showing(cast.faces[face], frame) is None:
            raise Refusal(Reason.UNKNOWN, f"Face {face} not found in frame {frame}")
        if to != face and showing(cast.faces.get(to, ()), frame) is not None:
            raise Refusal(Reason.CONFLICT, f"Frame {frame} shows face {to} already.")
    if to != face:
        _edit(video, Move(tuple(frames), face, to))
        _move_notes(video, dict.fromkeys(frames, (face, to)))
        _tidy(call, video)
    message = f"Face {face} is face {to} in {len(frames)} frames now."
    return Answer(200, {"message": message, "updated_frames": list(frames)})


def merge_faces(call: Call) -> Answer:
    """Several faces become the selected one; in a frame that shows both, that one stays."""
    video = completed(call, "videos")
    cast = cast_in(video)
    face = int(str(call.body["selected_face_id"]))
    merged = _ids(call.field("merge_face_id"))
    _known(cast, [face, *merged])
    if face in merged:
        raise Refusal(Reason.RULE, f"Face {face} cannot be merged with itself.", status=400)
    shown = {each: list(cast.shows(each)) for each in merged}
    _edit(video, Merge(face, tuple(merged)))
    for each, frames in shown.items():
        _move_notes(video, dict.fromkeys(frames, (each, face)))
    _tidy(call, video)
    listed = ", ".join(map(str, merged))
    return Answer(200, {"message": f"Faces {listed} are face {face} now."})


def delete_faces(call: Call) -> Answer:
    """Faces go from every frame; one has to stay. The ids may stand in the query as well."""
    video = completed(call, "videos")
    cast = cast_in(video)
    given = call.field("face_ids") or text(call.query("face_ids"))
    if not given:
        raise Refusal(Reason.RULE, "face_ids is missing; name the faces in the form or the query.")
    faces = _ids(given)
    _known(cast, faces)
    if len(faces) == len(cast.faces):
        raise Refusal(Reason.RULE, "One face at least must stay.", status=400)
    _edit(video, Drop(tuple(faces)))
    _tidy(call, video)
    message = f"Faces {', '.join(map(str, faces))} are deleted."
    return Answer(200, {"id": video.id, "message": message})


def rename_faces(call: Call) -> Answer:
    """Names for faces, all of them or none."""
    video = completed(call, "videos")
    cast = cast_in(video)
    given = [mapping(each) for each in elements(call.reading.body)]
    named = {int(str(each.get("face_id", 0))): text(each["name"]) for each in given}
    _known(cast, named)
    name_faces(video, named)
    shown: list[Json] = [{"face_id": face, "name": name} for face, name in named.items()]
    return Answer(200, shown)


def name_faces(video: Resource, names: "dict[int, str]") -> None:
    """Call faces by these names from now on."""
    known = {**face_names(video), **names}
    video.hidden["names"] = {str(face): name for face, name in known.items()}


def _known(cast: Cast, faces: Iterable[int]) -> None:
    for face in faces:
        if face not in cast.faces:
            known = ", ".join(map(str, cast.faces))
            raise Refusal(Reason.UNKNOWN, f"Face {face} not found; the video has faces {known}")


def _ids(text: str) -> list[int]:
    """Each id of a comma list once, in the order they came."""
    return list(dict.fromkeys(int(part) for part in text.split(",")))


def _edit(video: Resource, edit: Edit) -> None:
    """Remember an edit; scores that it replaces are forgotten, unless faces changed since."""
    edits = elements(video.hidden.get("edits"))
    if isinstance(edit, Rescore):
        cell: Json = ["rescore", edit.frame, edit.face]
        for place in range(len(edits) - 1, -1, -1):
            before = elements(edits[place])
            if before[:3] == cell:
                edits = [*edits[:place], *edits[place + 1 :]]
            if before[0] != "rescore" or before[:3] == cell:
                break
    if len(edits) >= MOST_EDITS:
        raise Refusal(
            Reason.CONFLICT,
            f"This video has {len(edits)} edits, as many as are kept; analyse it anew (reprocess).",
        )
    video.hidden["edits"] = [*edits, kept(edit)]


def _move_notes(video: Resource, moved: "dict[int, tuple[int, int]]") -> None:
    """A note goes with its detection, unless the other face has one of its own there."""
    notes = dict(mapping(video.hidden.get("notes")))
    for frame, (face, to) in moved.items():
        note = notes.pop(f"{frame} {face}", None)
        if note is not None:
            notes.setdefault(f"{frame} {to}", note)
    video.hidden["notes"] = notes


def _tidy(call: Call, video: Resource) -> None:
    """Names, links and personality of faces that are no more go as well."""
    left = cast_in(video).faces
    names = face_names(video)
    video.hidden["names"] = {str(face): name for face, name in names.items() if face in left}
    links = mapping(video.hidden.get("links"))
    video.hidden["links"] = {face: who for face, who in links.items() if int(face) in left}
    forget_personality(call, video, lambda face: face not in left)
