"""Which speaker is which face: told by a caller, or found by a job."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.imentiv.audios import name_speakers
from understudy.mocks.providers.imentiv.edits import name_faces
from understudy.mocks.providers.imentiv.jobs import job_of, start
from understudy.mocks.providers.imentiv.personality import forget_personality
from understudy.mocks.providers.imentiv.subject import (
    audio_of,
    cast_in,
    face_names,
    is_completed,
    own,
    voices_in,
)
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource
from understudy.mocks.tenant import Tenant

LIFECYCLE = "speaker-face-match"


def match(call: Call) -> Answer:
    """These faces are these speakers: both get the name, or the face the speaker's; all or none."""
    video = own(call, "videos", 403)
    if not is_completed(video):
        raise Refusal(
            Reason.RULE, f"The video is not completed; its status is {video.fields['status']}."
        )
    body = call.reading.body
    pairs = [mapping(each) for each in elements(mapping(body).get("mappings", body))]
    if not pairs:
        raise _bad("The list is empty; it has one pair at least.")
    audio = audio_of(call, video)
    if audio is None:
        raise _bad("The video has no audio id.")
    if not is_completed(audio):
        status = audio.fields["status"]
        raise Refusal(Reason.RULE, f"The audio is not completed; its status is {status}.")
    links = {int(str(each["face_id"])): int(str(each["speaker_id"])) for each in pairs}
    if len(links) < len(pairs) or len(set(links.values())) < len(pairs):
        raise _bad("A face or a speaker stands in the list twice.")
    faces, speakers = cast_in(video).faces, voices_in(audio).speakers
    for face, speaker in links.items():
        if face not in faces:
            raise Refusal(Reason.UNKNOWN, f"Face {face} not found")
        if speaker not in speakers:
            raise Refusal(Reason.UNKNOWN, f"Speaker {speaker} not found")
    names = {
        face: text(each.get("name")) or speakers[speaker]
        for each, (face, speaker) in zip(pairs, links.items(), strict=True)
    }
    _link(video, audio, links, names)
    forget_personality(call, video, lambda face: face in links)
    told = f"{len(links)} speakers and faces are matched."
    return Answer(200, {"status": "completed", "message": told})


def match_automatically(call: Call) -> Answer:
    """Have a job find the pairs; names and links show when it has ended."""
    video = own(call, "videos", 401)
    if not is_completed(video):
        status = video.fields["status"]
        raise Refusal(Reason.CONFLICT, f"The video is not completed; it is {status}.")
    audio = audio_of(call, video)
    if audio is None:
        raise _bad("The video has no audio id.")
    if not is_completed(audio):
        status = audio.fields["status"]
        raise Refusal(Reason.CONFLICT, f"The audio is not completed; it is {status}.")
    job = job_of(call, video, LIFECYCLE)
    if job is None or job.task is None or job.task.finished:
        start(call, video, LIFECYCLE, matched)
    told: dict[str, Json] = {
        "video_id": video.id,
        "audio_id": audio.id,
        "status": "processing",
        "message": "Faces and speakers are being matched.",
    }
    return Answer(200, told)


def matched(tenant: Tenant, job: Resource, status: str, at: float) -> None:
    """At its end each speaker is the face that is seen most among those not yet matched."""
    video = tenant.collection("imentiv", "videos").get(text(job.fields["medium"]))
    if status != "completed" or video is None:
        return
    audio = tenant.collection("imentiv", "audios").get(text(video.hidden.get("audio_id")))
    if audio is None or not (is_completed(video) and is_completed(audio)):
        return
    cast, speakers = cast_in(video), voices_in(audio).speakers
    seen = sorted(cast.faces, key=lambda face: -sum(run.count for run in cast.faces[face]))
    links = dict(zip(seen, speakers, strict=False))
    named = face_names(video)
    names = {face: named.get(face) or speakers[speaker] for face, speaker in links.items()}
    _link(video, audio, links, names)


def _link(
    video: Resource, audio: Resource, links: "dict[int, int]", names: "dict[int, str]"
) -> None:
    """A face and a speaker belong to one person: older links of either go."""
    known = {
        face: speaker
        for face, speaker in mapping(video.hidden.get("links")).items()
        if int(face) not in links and speaker not in links.values()
    }
    video.hidden["links"] = {**known, **{str(face): who for face, who in links.items()}}
    name_faces(video, names)
    name_speakers(audio, {speaker: names[face] for face, speaker in links.items()})


def _bad(message: str) -> Refusal:
    return Refusal(Reason.RULE, message, status=400)
