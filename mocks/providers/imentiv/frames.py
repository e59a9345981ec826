"""Frames of a video: who is in them and how they feel."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.imentiv.faces import Cast
from understudy.mocks.providers.imentiv.pictures import folder_of, place_of
from understudy.mocks.providers.imentiv.runs import Run, showing
from understudy.mocks.providers.imentiv.scores import (
    FACE,
    Scores,
    arousal,
    dominant,
    intensity,
    shown,
    valence,
)
from understudy.mocks.providers.imentiv.subject import (
    cast_in,
    completed,
    face_names,
    medium_of,
    step_of,
)
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource


def list_frames(call: Call) -> Answer:
    """Frames from one on, so many of them, or only those that show certain faces."""
    video = completed(call, "videos")
    cast = cast_in(video)
    first = _number(call.query("start_frame"), 1)
    length = _number(call.query("length"), cast.frames)
    wanted = {int(face) for face in text(call.query("face_ids")).split(",") if face}
    last = min(cast.frames, first + length - 1)
    see = Seen(call, video, cast)
    frames: list[Json] = []
    for frame in range(max(1, first), last + 1):
        seen = cast.seen(frame)
        if not wanted or any(face in wanted for face, _ in seen):
            frames.append(see.frame(frame, seen))
    return Answer(200, {"processed_frames": frames})


def read_frame(call: Call) -> Answer:
    """One frame, as the list shows it."""
    video, cast, frame = framed(call)
    return Answer(200, Seen(call, video, cast).frame(frame, cast.seen(frame)))


def read_dominant(call: Call) -> Answer:
    """The strongest emotion of a frame, or of one face in it."""
    _, cast, frame = framed(call)
    asked = text(call.query("face_id"))
    told: dict[str, Json] = {"frame_id": str(frame)}
    if not asked:
        mood = shown(FACE, cast.mood(frame)) if cast.seen(frame) else None
        return Answer(200, {**told, "face_id": None, "dominant_emotion": mood and dominant(mood)})
    run = showing(cast.faces.get(int(asked), ()), frame)
    if run is None:
        message = f"Face {asked} is not in frame {frame}."
        missing: dict[str, Json] = {"dominant_emotion": None, "message": message}
        return Answer(200, {**told, "face_id": int(asked), **missing})
    best = dominant(shown(FACE, run.at(frame)))
    return Answer(200, {**told, "face_id": int(asked), "dominant_emotion": best})


def read_frame_valence(call: Call) -> Answer:
    """How pleasant, aroused and intense a frame is, or one face in it."""
    _, cast, frame = framed(call)
    asked = text(call.query("face_id"))
    if not asked:
        return Answer(200, feeling(cast.mood(frame)))
    return Answer(200, feeling(detected(cast, frame, int(asked)).at(frame)))


def read_valence(call: Call) -> Answer:
    """How pleasant, aroused and intense a video is: the mean over all detections."""
    return Answer(200, feeling(cast_in(completed(call, "videos")).average()))


def framed(call: Call) -> tuple[Resource, Cast, int]:
    """The completed video, its faces, and the frame that the path names."""
    video = completed(call, "videos")
    cast, frame = cast_in(video), int(call.path("frame_id"))
    if not 1 <= frame <= cast.frames:
        raise Refusal(
            Reason.UNKNOWN, f"Frame {frame} not found; the video has frames 1 to {cast.frames}"
        )
    return video, cast, frame


def detected(cast: Cast, frame: int, face: int) -> Run:
    """The run of a face in a frame; refused when the frame does not show it."""
    run = showing(cast.faces.get(face, ()), frame)
    if run is None:
        raise Refusal(Reason.UNKNOWN, f"Face {face} not found in frame {frame}")
    return run


def feeling(scores: Scores) -> dict[str, Json]:
    """The three axes of scores."""
    return {
        "valence": valence(FACE, scores),
        "arousal": arousal(FACE, scores),
        "intensity": intensity(FACE, scores),
    }


class Seen:
    """Frames as replies show them; one for each call, since it holds the call's own links."""

    def __init__(self, call: Call, video: Resource, cast: Cast) -> None:
        self._folder = folder_of(call, video)
        self._medium = medium_of(video)
        self._step = step_of(video)
        self._names = face_names(video)
        self._notes: Mapping[str, Json] = mapping(video.hidden.get("notes"))
        self._cast = cast

    def frame(self, frame: int, seen: list[tuple[int, Run]]) -> dict[str, Json]:
        """A frame with all that is known of it."""
        faces: list[Json] = [self._face(frame, face, run) for face, run in seen]
        found: list[Json] = [face for face, _ in seen]
        return {
            "original_frame_image": f"{self._folder}/original/{frame}.png",
            "frame_image": f"{self._folder}/frame/{frame}.png",
            "found_faces": found,
            "timestamp": round((frame - 1) * self._step),
            "faces": faces,
            "frame_id": frame,
            "note": text(self._notes.get(f"{frame} 0")),
        }

    def _face(self, frame: int, face: int, run: Run) -> dict[str, Json]:
        scores = run.at(frame)
        named = shown(FACE, scores)
        medium = self._medium
        place = place_of(medium.identity, run.origin, frame, medium.width, medium.height)
        return {
            "face_id": face,
            "name": self._names.get(face),
            "box": place.json,
            "emotions": dict(named),
            "dominant_emotion": dominant(named),
            **feeling(scores),
            "note": text(self._notes.get(f"{frame} {face}")),
        }


def _number(value: Json, default: int) -> int:
    return int(value) if isinstance(value, str) and value else default
