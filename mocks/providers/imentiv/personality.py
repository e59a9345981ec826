"""Personality of a face: five traits overall and by segment, each part a job of its own."""

from collections.abc import Callable
from hashlib import blake2b

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.imentiv.credit import check_credit
from understudy.mocks.providers.imentiv.jobs import (
    job_of,
    jobs_of,
    start,
    status_of,
    tell,
)
from understudy.mocks.providers.imentiv.subject import (
    audio_of,
    cast_in,
    completed,
    found,
    is_completed,
    medium_of,
    seed_of,
    voices_in,
)
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource
from understudy.mocks.tenant import Tenant

LIFECYCLE = "personality"
PARTS = ("overall", "by_segment")
TRAITS = ("agreeableness", "conscientiousness", "extraversion", "neuroticism", "openness")
INTERVAL = 10_000
_MOST_SEGMENTS = 1_000


def analyze_personality(call: Call) -> Answer:
    """Begin one part for a face, or both."""
    video = completed(call, "videos")
    face = int(str(call.body["face_id"]))
    if face not in cast_in(video).faces:
        raise Refusal(Reason.UNKNOWN, f"Face {face} not found")
    speaker = mapping(video.hidden.get("links")).get(str(face))
    audio = audio_of(call, video)
    if speaker is not None and audio is not None and is_completed(audio):
        known = voices_in(audio).speakers
        speaker = speaker if speaker in known else None  # another transcript has other speakers
    elif speaker is not None:
        raise Refusal(Reason.CONFLICT, "The audio of the linked speaker is not completed.")
    check_credit(video)
    kind = call.field("analysis_type", "overall") or "overall"
    callback = call.field("callback_url")
    parts = PARTS if kind == "combined" else (kind,)
    for part in parts:
        job = job_of(call, video, LIFECYCLE, f"{face} {part}")
        if job is None or job.task is None or job.task.finished:
            start(
                call, video, LIFECYCLE, personality_entered,
                part=f"{face} {part}", callback=callback, face=face, kind=part,
                asked=kind, speaker=speaker, results=_results(video, face, part),
            )  # fmt: skip
    told: dict[str, Json] = {
        "video_id": video.id,
        "face_id": face,
        "speaker_id": speaker,
        "analysis_type": kind,
        "status": "processing",
        "message": f"The personality of face {face} is being judged.",
    }
    return Answer(200, told)


def read_personality(call: Call) -> Answer:
    """Where each part is, and the results of those that are completed."""
    video = found(call, "videos")
    face = int(str(call.reading.path["face_id"]))
    if not is_completed(video) or face not in cast_in(video).faces:
        raise Refusal(Reason.UNKNOWN, f"Face {face} not found")
    jobs = [job for part in PARTS if (job := job_of(call, video, LIFECYCLE, f"{face} {part}"))]
    return Answer(200, _told(video.id, face, jobs, call.now))


def personality_entered(tenant: Tenant, job: Resource, status: str, at: float) -> None:
    """At the end of a part everybody who wanted to know is told its results; of a combined
    analysis once, when the second part has ended."""
    if status not in ("completed", "failed"):
        return
    jobs = tenant.collection("imentiv", "jobs", filters=("medium",))
    twins = [
        each
        for each in jobs.page(where={"medium": text(job.fields["medium"])}).items
        if each.fields.get("face") == job.fields["face"] and each.fields["asked"] == "combined"
    ]
    together = twins if job.fields["asked"] == "combined" else [job]
    if all(each.task is not None and each.task.finished for each in together):
        face = int(str(job.fields["face"]))
        content = _told(text(job.fields["medium"]), face, together, at)
        content["status"] = "failed" if any(status_of(j) == "failed" for j in together) else status
        tell(tenant, job, content, at)


def forget_personality(call: Call, video: Resource, gone: Callable[[int], bool]) -> None:
    """The personality of faces that `gone` says are no more, or are others now."""
    jobs = jobs_of(call)
    for job in jobs.page(where={"medium": video.id}).items:
        if job.fields["lifecycle"] == LIFECYCLE and gone(int(str(job.fields["face"]))):
            jobs.remove(job)


def _told(video: str, face: int, jobs: "list[Resource]", now: float) -> dict[str, Json]:
    told: dict[str, Json] = {"video_id": video, "face_id": face}
    if not jobs:
        return {**told, "analysis_status": None}
    states: dict[str, Json] = {}
    for job in jobs:
        part, status = text(job.fields["kind"]), status_of(job)
        state: dict[str, Json] = {"status": status}
        if status == "processing" and job.task is not None:
            state["percentage"] = min(99, int(100 * job.task.progress(now)))
        states[part] = state
        if status == "completed":
            told[part] = job.fields["results"]
    return {**told, "analysis_status": states}


def _results(video: Resource, face: int, part: str) -> Json:
    if part == "overall":
        return {"ocean_metrics": _traits(video, face, "overall")}
    last = int(medium_of(video).duration * 1000)
    interval = max(INTERVAL, -(-last // _MOST_SEGMENTS))
    segments: list[Json] = [
        {
            "segment_id": number + 1,
            "start_millis": start,
            "end_millis": min(start + interval, max(last, 1)),
            "ocean_metrics": _traits(video, face, str(number)),
        }
        for number, start in enumerate(range(0, max(last, 1), interval))
    ]
    return {"segment_interval_millis": interval, "segments": segments}


def _traits(video: Resource, face: int, place: str) -> dict[str, Json]:
    text = f"{seed_of(video)} {medium_of(video).identity} {face} {place}"
    noise = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return {trait: round(0.1 + noise[at] / 320, 4) for at, trait in enumerate(TRAITS)}
