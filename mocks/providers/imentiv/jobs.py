"""Jobs about a completed video: annotated film, highlights, reports, personality, matching.

A job is a resource with a task of its own; a video has one of each kind (of personality one for
each face and part). A job that has failed begins anew when it is asked for again.
"""

from collections.abc import Mapping
from functools import partial

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import ending
from understudy.mocks.kind import Kind, elements, text
from understudy.mocks.polling import polled
from understudy.mocks.provider import Behaviour, Hook
from understudy.mocks.providers.imentiv.analysis import JOBS, NAME
from understudy.mocks.providers.imentiv.subject import medium_of
from understudy.mocks.store import Collection, Resource
from understudy.mocks.task import Plan, Task
from understudy.mocks.tenant import Tenant

KIND = Kind(JOBS, id_form="uuid", filters=("medium",), lifecycle="jobs")


def jobs_of(call: Call) -> Collection:
    """Every job of the account."""
    return call.tenant.collection(NAME, JOBS, filters=("medium",))


def job_of(call: Call, video: Resource, lifecycle: str, part: str = "") -> Resource | None:
    """The job of that kind about a video, if one was begun."""
    for job in jobs_of(call).page(where={"medium": video.id}).items:
        if (job.fields["lifecycle"], job.fields["part"]) == (lifecycle, part):
            return job
    return None


def finished_job(call: Call, video: Resource, lifecycle: str) -> Resource | None:
    """The same if it has ended well."""
    job = job_of(call, video, lifecycle)
    return job if job is not None and status_of(job) == "completed" else None


def status_of(job: Resource) -> str:
    """Where a job is."""
    return job.task.status if job.task is not None else ""


def polling(behaviour: Behaviour) -> Behaviour:
    """The same, as a poll of the jobs that were begun before about what the path names.

    A poll tells a job that it is read and, once the answer is made, that it was: in `auto` time
    that is what makes it go on.
    """

    def poll(call: Call) -> Answer:
        with polled(call, _begun(call)):
            return behaviour(call)

    return poll


def _begun(call: Call) -> list[Resource]:
    """The jobs about the video that the path names, or that owns its sound; of one face only."""
    medium = call.path("video_id") or call.path("media_id")
    audio = call.collection("audios").get(call.path("audio_id"))
    if audio is not None:
        medium = text(audio.hidden.get("video_id"))
    found = jobs_of(call).page(where={"medium": medium}).items
    face = call.path("face_id")
    return [job for job in found if not face or str(job.fields.get("face", face)) == face]


def start(
    call: Call,
    video: Resource,
    lifecycle: str,
    hook: Hook,
    *,
    part: str = "",
    callback: str = "",
    **fields: Json,
) -> Resource:
    """Begin a job; one of the kind that is there already gives way to it."""
    jobs, life = jobs_of(call), call.provider.lifecycles[lifecycle]
    before = job_of(call, video, lifecycle, part)
    if before is not None:
        jobs.remove(before)
    told: dict[str, Json] = {
        "medium": video.id,
        "lifecycle": lifecycle,
        "part": part,
        "created_at": stamp(call.now),
        **fields,
    }
    job = Resource(JOBS, call.tenant.ids.uuid(), told, call.now)
    job.hidden["callbacks"] = [callback] if callback else []
    jobs.add(job)
    medium = medium_of(video)
    plan = Plan.of(
        life,
        medium.duration,
        speed=call.tenant.clock.speed,
        outcome=ending(medium, life),
    )
    Task.begin(
        job,
        plan,
        collection=jobs,
        agenda=call.tenant.agenda,
        on_enter=partial(hook, call.tenant),
        at=call.now,
    )
    return job


def subscribe(job: Resource, callback: str) -> None:
    """One more address that is told of the end."""
    known = elements(job.hidden["callbacks"])
    if callback and callback not in known:
        job.hidden["callbacks"] = [*known, callback]


def tell(tenant: Tenant, job: Resource, content: Mapping[str, Json], at: float) -> None:
    """Tell everybody who wanted to know, once."""
    told = dict(content)
    for url in elements(job.hidden["callbacks"]):
        event = text(job.fields["lifecycle"])
        about = text(job.fields["medium"])
        tenant.deliveries.queue(NAME, text(url), told, event=event, about=about, at=at)
    job.hidden["callbacks"] = []


def told_at_end(tenant: Tenant, job: Resource, status: str, at: float) -> None:
    """The hook of jobs that only tell how they ended."""
    if status in ("completed", "failed"):
        told: dict[str, Json] = {
            "id": job.fields["medium"],
            "video_id": job.fields["medium"],
            "status": status,
        }
        if status == "failed" and job.task is not None:
            told["message"] = job.task.reason
        tell(tenant, job, told, at)
