"""Films made from a video: the annotated one, and its highlights. Both are small MP4s that play."""

from collections.abc import Sequence

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.generate.film import Frame, film
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.imentiv.credit import check_credit
from understudy.mocks.providers.imentiv.jobs import (
    job_of,
    start,
    status_of,
    subscribe,
    tell,
    told_at_end,
)
from understudy.mocks.providers.imentiv.pictures import boxes_in
from understudy.mocks.providers.imentiv.scores import FACE, intensity
from understudy.mocks.providers.imentiv.subject import (
    cast_in,
    completed,
    found,
    is_completed,
    medium_of,
    step_of,
)
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

ANNOTATED, HIGHLIGHTS = "annotated-video", "highlights"
LINK_MINUTES = 60
MOST_FRAMES = 24
"""Pictures in a film, however long the video: each stays for its share of the time."""

Span = tuple[float, float]


def annotated_video(call: Call) -> Answer:
    """Begin it, tell how far it is, or link to it for an hour."""
    video = completed(call, "videos")
    callback = text(call.query("callback_url"))
    job = job_of(call, video, ANNOTATED)
    if job is not None and status_of(job) not in ("completed", "failed"):
        subscribe(job, callback)
    if job is None or (status_of(job) == "failed" and job.fields.get("told")):
        start(call, video, ANNOTATED, told_at_end, callback=callback)
        return _annotation(video, "pending")
    status = status_of(job)
    if status != "completed":
        if status == "failed":
            job.fields["told"] = True  # the next call begins it anew
        return _annotation(video, status)
    if callback:
        subscribe(job, callback)
        told: dict[str, Json] = {"id": video.id, "video_id": video.id, "status": "completed"}
        tell(call.tenant, job, told, call.now)
    url = _linked(call, video, job)
    job.fields["url"] = url
    return Answer(
        200,
        {
            "video_id": video.id,
            "download_url": url,
            "filename": f"{_safe(video)}.mp4",
            "expires_in_minutes": LINK_MINUTES,
            "expires_at": stamp(call.now + 60 * LINK_MINUTES),
            "note": "The link expires; ask again for a new one.",
        },
    )


def _annotation(video: Resource, status: str) -> Answer:
    message = (
        "The annotated video could not be made; the next call begins it anew."
        if status == "failed"
        else "The annotated video is being made."
    )
    return Answer(200, {"video_id": video.id, "message": message, "status": status})


def _linked(call: Call, video: Resource, job: Resource) -> str:
    """A new link each time; it expires with the tenant's clock."""
    count = int(str(job.hidden.get("links", 0))) + 1
    job.hidden["links"] = count
    spans: list[Span] = [(0.0, medium_of(video).duration)]
    return call.link(
        f"annotated {job.id} {count}",
        "video/mp4",
        lambda: drawn_film(video, spans),
        lasts=60.0 * LINK_MINUTES,
    )


def make_highlights(call: Call) -> Answer:
    """The strongest moments of a completed video become one."""
    video = _creditable(call, call.field("video_id"))
    start(call, video, HIGHLIGHTS, told_at_end, spans=_strongest(video))
    return _begun(video)


def change_highlights(call: Call) -> Answer:
    """Chosen segments become the highlights instead."""
    given = [mapping(each) for each in elements(call.reading.body)]
    if not given:
        raise Refusal(Reason.RULE, "The list is empty; it has one segment at least.", status=400)
    video = _creditable(call, call.path("video_id"))
    last = medium_of(video).duration * 1000
    spans: list[Json] = []
    for place, each in enumerate(given):
        begin, end = float(str(each["start_millis"])), float(str(each["end_millis"]))
        if not 0 <= begin < end <= last:
            raise Refusal(
                Reason.RULE,
                f"Segment {place} goes from {begin:g} to {end:g}; it starts before it ends, and"
                f" lies between 0 and {last:g}.",
            )
        spans.append([begin / 1000, end / 1000])
    start(call, video, HIGHLIGHTS, told_at_end, spans=spans)
    return _begun(video)


def _begun(video: Resource) -> Answer:
    told = "The highlights are being made."
    return Answer(200, {"video_id": video.id, "message": told, "status": "queue"})


def _creditable(call: Call, id: str) -> Resource:
    """A completed video of the account, which has credit left."""
    if call.collection("videos").get(id) is None and call.elsewhere("videos", id):
        raise Refusal(Reason.WRONG_KEY, "Invalid User or Not Authorized")
    video = found(call, "videos", id)
    if not is_completed(video):
        raise Refusal(Reason.UNKNOWN, "Video not found: its analysis is not completed")
    check_credit(video)
    return video


def read_highlights(call: Call) -> Answer:
    """Where they are, and their address once they are made."""
    video = found(call, "videos")
    job = job_of(call, video, HIGHLIGHTS)
    if job is None:
        return Answer(200, {"highlight_status": None, "highlight_url": None})
    status = status_of(job)
    url = call.link(f"highlights {job.id}", "video/mp4", lambda: _highlight(video, job))
    ready = url if status == "completed" else None
    return Answer(200, {"highlight_status": status, "highlight_url": ready})


def download_highlights(call: Call) -> Answer:
    """The file itself."""
    video = found(call, "videos")
    job = job_of(call, video, HIGHLIGHTS)
    if job is None or status_of(job) != "completed":
        raise Refusal(Reason.UNKNOWN, "Highlight video not found: it is not completed")
    return Answer(200, None, "video/mp4", raw=_highlight(video, job))


def _highlight(video: Resource, job: Resource) -> bytes:
    spans = [elements(each) for each in elements(job.fields["spans"])]
    return drawn_film(video, [(float(str(a)), float(str(b))) for a, b in spans])


def _strongest(video: Resource) -> list[Json]:
    """A tenth of the video: where faces are least neutral, in order."""
    cast, duration = cast_in(video), medium_of(video).duration
    pieces = 10
    length = duration / (pieces * 3)
    strength: list[tuple[float, float]] = []
    for piece in range(pieces):
        begin = piece * duration / pieces
        frame = min(cast.frames, 1 + round(begin * 1000 / step_of(video)))
        strength.append((-intensity(FACE, cast.mood(frame)), begin))
    chosen = sorted(begin for _, begin in sorted(strength)[:3])
    return [[begin, min(duration, begin + length)] for begin in chosen]


def drawn_film(video: Resource, spans: Sequence[Span]) -> bytes:
    """An MP4 that lasts as long as the spans together, with boxes and labels on its pictures."""
    cast, medium, step = cast_in(video), medium_of(video), step_of(video)
    total = sum(end - begin for begin, end in spans)
    piece = max(total / MOST_FRAMES, 0.04)
    frames: list[Frame] = []
    for begin, end in spans:
        count = max(1, round((end - begin) / piece))
        for at in range(count):
            instant = begin + (end - begin) * at / count
            number = min(cast.frames, 1 + int(instant * 1000 / step))
            boxes = boxes_in(cast, video, number, labelled=True)
            frames.append(Frame(tuple(boxes), (end - begin) / count))
    return film(frames, medium.width, medium.height, Seeded("film", video.id))


def _safe(video: Resource) -> str:
    """The title and the id as a file's name."""
    title = "".join(each if each.isalnum() else "_" for each in text(video.fields["title"]))
    return f"{title}_{video.id}"


def filename(video: Resource, suffix: str) -> str:
    """What a file about a video is called."""
    return f"{_safe(video)}.{suffix}"
