"""Videos: what their analysis says as a whole, and the few things that can be changed."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import text
from understudy.mocks.polling import polled
from understudy.mocks.providers.imentiv.analysis import again, forget_jobs
from understudy.mocks.providers.imentiv.audios import heard_overall, heard_speakers, shown_speakers
from understudy.mocks.providers.imentiv.faces import Cast, frame_count
from understudy.mocks.providers.imentiv.jobs import finished_job
from understudy.mocks.providers.imentiv.pictures import folder_of
from understudy.mocks.providers.imentiv.scores import FACE, dominant, shown
from understudy.mocks.providers.imentiv.subject import (
    audio_of,
    cast_in,
    completed,
    distinct,
    ended,
    face_names,
    found,
    is_completed,
    medium_of,
    text_of,
)
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

MODEL = "imentiv-video-1"


def read_video(call: Call) -> Answer:
    """A video in any status; what the analysis finds is there once it is completed."""
    video = found(call, "videos")
    with polled(call, [video]):
        return Answer(200, _shown(call, video))


def _shown(call: Call, video: Resource) -> dict[str, Json]:
    fields = video.fields
    names = ("id", "status", "title", "description", "created_at")
    told: dict[str, Json] = {name: fields[name] for name in names}
    told["url"] = text(fields["media_source_url"])
    if not is_completed(video):
        return told
    medium, folder = medium_of(video), folder_of(call, video)
    cast = cast_in(video)
    job = finished_job(call, video, "annotated-video")
    audio = audio_of(call, video)
    words = audio and text_of(call, audio)
    return {
        **told,
        "url": told["url"] or f"{folder}/original/1.png",
        "audio_id": audio.id if audio else "",
        "text_id": words.id if words else "",
        "model_id": MODEL,
        "emotions_list": list(FACE),
        "faces": {"faces": _faces(video, cast, folder)},
        "annotated_video_mp4": job.fields.get("url") if job else None,
        "summary": _summary(video, cast),
        "total_frames_count": frame_count(medium.duration, medium.fps)[0],
        "fps": medium.fps,
        "height": medium.height,
        "width": medium.width,
        "thumbnail_image": f"{folder}/thumbnail.png",
    }


def _faces(video: Resource, cast: Cast, folder: str) -> list[Json]:
    names = face_names(video)
    return [
        {"face_id": face, "name": names.get(face), "image": f"{folder}/face/{face}.png"}
        for face in cast.faces
    ]


def _summary(video: Resource, cast: Cast) -> str:
    """A sentence that agrees with the numbers."""
    best = dominant(shown(FACE, cast.average()))
    count = len(cast.faces)
    return f"{video.fields['title']} shows {count} faces, which are mostly {best}."


def read_analytics(call: Call) -> Answer:
    """Faces, speakers and words together; before the analysis is completed, its status."""
    video = found(call, "videos")
    with polled(call, [video]):
        return Answer(200, _analytics(call, video))


def _analytics(call: Call, video: Resource) -> dict[str, Json]:
    fields, medium = video.fields, medium_of(video)
    url = text(fields["media_source_url"])
    told: dict[str, Json] = {
        **{name: fields[name] for name in ("title", "status", "description", "created_at")},
        "media_type": "video",
        "video_id": video.id,
        "duration": medium.duration,
        "media_source_url": url,
        "youtube_url": url if fields["media_source"] == "youtube" else None,
    }
    if not is_completed(video):
        return {**told, "emotion_analysis": {"overall": {"audio": {}, "text": {}}, "speakers": {}}}
    audio = audio_of(call, video)
    words = audio and text_of(call, audio)
    cast = cast_in(video)
    job = finished_job(call, video, "annotated-video")
    heard = audio if audio and is_completed(audio) else None  # it may be analysed anew by itself
    speakers = shown_speakers(heard) if heard else []
    overall: Mapping[str, Json] = heard_overall(call, heard) if heard else {"audio": {}, "text": {}}
    return {
        **told,
        "audio_id": audio.id if audio else "",
        "text_id": words.id if words else "",
        "total_frames_count": frame_count(medium.duration, medium.fps)[0],
        "frame_rate": medium.fps,
        "frame_height": medium.height,
        "frame_width": medium.width,
        "face_count": len(cast.faces),
        "speaker_count": len(speakers),
        "annotated_video_url": text(job.fields.get("url")) if job else "",
        "detected_faces": _faces(video, cast, folder_of(call, video)),
        "detected_speakers": speakers,
        "emotion_analysis": {
            "overall": {"video": dict(shown(FACE, cast.average())), **overall},
            "faces": {
                key: dict(shown(FACE, cast.average(face)))
                for face, key in keys_of(face_names(video), cast).items()
            },
            "speakers": heard_speakers(heard) if heard else {},
        },
    }


def keys_of(names: Mapping[int, str], cast: Cast) -> dict[int, str]:
    """What each face is called: its name, else `face_ID`; a later one of a name gets its id too."""
    return distinct({face: names.get(face) or f"face_{face}" for face in cast.faces})


def read_average(call: Call) -> Answer:
    """The mean of all detections, or of those of one face."""
    cast = cast_in(completed(call, "videos"))
    face = call.query("face_id")
    if not isinstance(face, int):
        return Answer(200, dict(shown(FACE, cast.average())))
    if face not in cast.faces:
        raise Refusal(Reason.UNKNOWN, f"Face {face} not found in any frame")
    return Answer(200, dict(shown(FACE, cast.average(face))))


def edit_video(call: Call) -> Answer:
    """Another title or description; what is not sent stays."""
    return edit_metadata(call, found(call, "videos"))


def edit_metadata(call: Call, medium: Resource, *, blank: bool = True) -> Answer:
    """Another title or description of any medium; with `blank` an empty one counts."""
    told: dict[str, Json] = {}
    for name in ("title", "description"):
        value = call.body.get(name)
        if isinstance(value, str) and (value or blank):
            told[name] = value
    call.collection(medium.kind).change(medium, told)
    return Answer(200, {name: medium.fields[name] for name in ("title", "description")})


def delete_video(call: Call) -> Answer:
    """A video goes with its sound, its text, its jobs and what was said about it."""
    video = found(call, "videos")
    audio = audio_of(call, video)
    if audio is not None:
        remove_audio(call, audio)
    forget(call, video)
    return Answer(200, {"id": video.id, "status": "deleted"})


def remove_audio(call: Call, audio: Resource) -> None:
    """A sound goes with its text; a video that owned it has none any more."""
    words = text_of(call, audio)
    if words is not None:
        forget(call, words)
    forget(call, audio)


def forget(call: Call, medium: Resource) -> None:
    """A medium goes, with its jobs and conversation."""
    forget_jobs(call, medium.id)
    talks = call.tenant.collection("imentiv", "conversations", filters=("medium",))
    for talk in talks.page(where={"medium": medium.id}).items:
        talks.remove(talk)
    call.collection(medium.kind).remove(medium)


def reprocess(call: Call, kind: str) -> Answer:
    """Analyse a medium anew, if that is asked for."""
    medium = found(call, kind)
    if not wanted(call.body.get("reprocess")):
        told = "Nothing was to be done: reprocess is false."
        return Answer(200, {"id": medium.id, "status": medium.fields["status"], "message": told})
    if not ended(medium):
        status = medium.fields["status"]
        raise Refusal(Reason.CONFLICT, f"The analysis still runs; it is {status}.")
    again(call, medium, call.field("callback_url"))
    told = "The analysis begins anew."
    return Answer(200, {"id": medium.id, "status": "queue", "message": told})


def wanted(value: Json) -> bool:
    """Whether a flag says yes, which for images may be any of several words."""
    return value is True or str(value).lower() in ("true", "1", "yes", "on")


def reprocess_video(call: Call) -> Answer:
    """A video anew."""
    return reprocess(call, "videos")
