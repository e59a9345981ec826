"""What a call is about: the medium that a path names, ready or refused, and what was derived."""

from collections.abc import Mapping
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.imentiv.faces import (
    Cast,
    Drop,
    Edit,
    Merge,
    Move,
    Rescore,
    Shots,
    cast_of,
    frame_count,
)
from understudy.mocks.providers.imentiv.voices import Segment, Voices, voices_of
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

NOUNS: Mapping[str, str] = {
    "videos": "Video",
    "audios": "Audio",
    "texts": "Text",
    "images": "Image",
}


def found(call: Call, kind: str, id: str | None = None) -> Resource:
    """The medium of that kind which the path names, or `id`; refused when there is none."""
    name = call.path(f"{kind[:-1]}_id") if id is None else id
    resource = call.collection(kind).get(name)
    if resource is None:
        raise Refusal(Reason.UNKNOWN, f"{NOUNS[kind]} not found")
    return resource


def own(call: Call, kind: str, status: int) -> Resource:
    """The same; somebody else's is refused with the status that the document promises."""
    name = call.path(f"{kind[:-1]}_id")
    if name not in call.collection(kind) and call.elsewhere(kind, name):
        message = f"The {NOUNS[kind].lower()} belongs to somebody else."
        raise Refusal(Reason.RULE, message, status=status)
    return found(call, kind)


def completed(call: Call, kind: str, id: str | None = None) -> Resource:
    """The same, refused while its analysis has not been completed."""
    resource = found(call, kind, id)
    if not is_completed(resource):
        status = resource.fields["status"]
        raise Refusal(Reason.CONFLICT, f"The analysis is not completed; it is {status}.")
    return resource


def is_completed(resource: Resource) -> bool:
    """Whether the analysis has ended well."""
    return resource.fields["status"] == "completed"


def ended(resource: Resource) -> bool:
    """Whether the analysis has ended, well or badly."""
    return resource.fields["status"] in ("completed", "failed")


def medium_of(resource: Resource) -> Medium:
    """What was handed in."""
    return known(resource.hidden)


def seed_of(resource: Resource) -> int:
    """What its content is drawn from: the fake's seed, and how often it was analysed anew."""
    return cast(int, resource.hidden["seed"])


def cast_in(video: Resource) -> Cast:
    """The faces of a completed video, after all edits."""
    edits = tuple(_edit(each) for each in elements(video.hidden.get("edits")))
    return cast_of(_shots(video), edits)


def _shots(video: Resource) -> Shots:
    medium = medium_of(video)
    frames = frame_count(medium.duration, medium.fps)[1]
    return Shots(medium.identity, seed_of(video), frames)


def step_of(video: Resource) -> float:
    """Milliseconds from one analysed frame to the next."""
    medium = medium_of(video)
    return medium.duration * 1000 / frame_count(medium.duration, medium.fps)[1]


def kept(edit: Edit) -> Json:
    """An edit as a plain value, as `hidden["edits"]` holds it."""
    match edit:
        case Move(frames, face, to):
            return ["move", list(frames), face, to]
        case Merge(face, merged):
            return ["merge", face, list(merged)]
        case Drop(faces):
            return ["drop", list(faces)]
        case Rescore(frame, face, scores):
            return ["rescore", frame, face, list(scores)]


def _edit(value: Json) -> Edit:
    what, *told = cast("list[object]", value)
    match what:
        case "move":
            frames, face, to = cast("tuple[list[int], int, int]", told)
            return Move(tuple(frames), face, to)
        case "merge":
            one, merged = cast("tuple[int, list[int]]", told)
            return Merge(one, tuple(merged))
        case "drop":
            return Drop(tuple(cast("list[list[int]]", told)[0]))
    frame, whose, scores = cast("tuple[int, int, list[float]]", told)
    return Rescore(frame, whose, tuple(scores))


def voices_in(audio: Resource) -> Voices:
    """The speech of a completed sound, after all edits."""
    hidden = audio.hidden
    base = voices_of(medium_of(audio), seed_of(audio), apart=hidden.get("apart") is not False)
    names = {int(id): text(name) for id, name in mapping(hidden.get("names")).items()}
    if "segments" in hidden:
        segments = tuple(
            Segment(*cast("tuple[int, int, int, str]", tuple(elements(each))))
            for each in elements(hidden["segments"])
        )
        speakers = {int(id): text(name) for id, name in mapping(hidden["speakers"]).items()}
        base = Voices(base.identity, base.seed, segments, tuple(sorted(speakers.items())))
    renamed = tuple((id, names.get(id, name)) for id, name in base.names)
    return Voices(base.identity, base.seed, base.segments, renamed)


def keep_segments(audio: Resource, voices: Voices) -> None:
    """Have a sound say this from now on."""
    audio.hidden["segments"] = [
        [each.start, each.end, each.speaker, each.words] for each in voices.segments
    ]
    audio.hidden["speakers"] = {str(id): name for id, name in voices.names}
    audio.hidden["names"] = {}


def face_names(video: Resource) -> Mapping[int, str]:
    """The names that faces were given."""
    return {int(id): text(name) for id, name in mapping(video.hidden.get("names")).items()}


def distinct(keys: Mapping[int, str]) -> dict[int, str]:
    """The same keys, of which a later one that is taken gets its id behind it."""
    told: dict[int, str] = {}
    for id, key in keys.items():
        free = key
        while free in told.values():
            free = f"{free}_{id}"
        told[id] = free
    return told


def watched(call: Call, medium: Resource) -> list[Resource]:
    """Whose tasks a look at a medium polls: its own, and those of what owns it."""
    seen = [medium]
    for kind, name in (("audios", "audio_id_of"), ("videos", "video_id")):
        owner = call.collection(kind).get(text(seen[-1].hidden.get(name)))
        if owner is not None:
            seen.append(owner)
    return seen


def audio_of(call: Call, video: Resource) -> Resource | None:
    """The sound that a video owns, unless it was deleted."""
    return call.collection("audios").get(text(video.hidden.get("audio_id")))


def text_of(call: Call, audio: Resource) -> Resource | None:
    """The text of a sound, unless it was deleted."""
    return call.collection("texts").get(text(audio.hidden.get("text_id")))
