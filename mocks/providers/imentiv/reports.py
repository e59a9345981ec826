"""Reports: tables of every kind of medium, and a paper about a video."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.generate.paper import Paper, printed
from understudy.mocks.kind import text
from understudy.mocks.polling import polled
from understudy.mocks.providers.imentiv.films import filename
from understudy.mocks.providers.imentiv.images import portraits
from understudy.mocks.providers.imentiv.jobs import (
    job_of,
    start,
    status_of,
    subscribe,
    tell,
    told_at_end,
)
from understudy.mocks.providers.imentiv.paragraphs import paragraphs_of
from understudy.mocks.providers.imentiv.scores import (
    FACE,
    VOICE,
    WORDS,
    Scores,
    arousal,
    dominant,
    intensity,
    shown,
    valence,
)
from understudy.mocks.providers.imentiv.subject import (
    audio_of,
    cast_in,
    completed,
    face_names,
    found,
    is_completed,
    medium_of,
    seed_of,
    step_of,
    voices_in,
    watched,
)
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

Table = Callable[[Resource], bytes]
"""Writes the table of a completed medium."""

CSV, PDF = "csv-report", "pdf-report"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def make_tables(call: Call) -> Answer:
    """Have the tables of a video made; asked again, how far they are."""
    video = completed(call, "videos")
    callback = call.field("callback_url")
    job = job_of(call, video, CSV)
    if job is None or status_of(job) == "failed":
        start(call, video, CSV, told_at_end, callback=callback)
        return _progress(video, "queue", "The report is in the queue.")
    status = status_of(job)
    subscribe(job, callback)
    if status == "completed":
        told: dict[str, Json] = {"id": video.id, "video_id": video.id, "status": status}
        tell(call.tenant, job, told, call.now)
        return _progress(video, status, "The report is ready.")
    return _progress(video, "processing", "The report is being made.")


def download_tables(call: Call) -> Answer:
    """The zip with both tables, once it was asked for and made."""
    video = found(call, "videos")
    job = job_of(call, video, CSV)
    if job is None:
        raise Refusal(Reason.UNKNOWN, "Report not found: ask for it with a POST first")
    status = status_of(job)
    if status == "failed":
        reason = job.task.reason if job.task is not None else ""
        raise Refusal(Reason.CONFLICT, reason or "The report could not be made.")
    if status != "completed":
        # The first POST alone says queue: whoever asks again is told that it goes on.
        return _progress(video, "processing", "The report is being made.", code=202)
    return Answer(200, None, "application/zip", raw=_zipped(call, video))


def _progress(medium: Resource, status: str, message: str, *, code: int = 200) -> Answer:
    return Answer(code, {"id": medium.id, "status": status, "message": message})


def _zipped(call: Call, video: Resource) -> bytes:
    audio = audio_of(call, video)
    tables = {f"video_{video.id}_analysis.csv": face_table(video)}
    if audio is not None and is_completed(audio):
        tables[f"audio_emotions_{video.id}.csv"] = voice_table(audio)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tables.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return kept.getvalue()


def face_table(video: Resource) -> bytes:
    """One row for each detection."""
    cast, names, step = cast_in(video), face_names(video), step_of(video)
    heads = (
        "video_time", "face_id", "face_name", "frame_index", *FACE,
        "dominant_emotion", "arousal", "valence", "intensity",
    )  # fmt: skip
    rows = (
        (round((frame - 1) * step), face, names.get(face, ""), frame, *_judged(run.at(frame)))
        for frame, face, run in cast.detections()
    )
    return _table(heads, rows)


def _judged(scores: Scores) -> tuple[object, ...]:
    axes = (arousal(FACE, scores), valence(FACE, scores), intensity(FACE, scores))
    return (*scores, dominant(shown(FACE, scores)), *axes)


def voice_table(audio: Resource) -> bytes:
    """One row for each segment."""
    voices = voices_in(audio)
    heads = ("Index", "start_time", "end_time", "speaker", *VOICE)
    rows = (
        (index, each.start, each.end, voices.speakers.get(each.speaker, ""), *voices.tone(each))
        for index, each in enumerate(voices.segments)
    )
    return _table(heads, rows)


def download_audio_table(call: Call) -> Answer:
    """One row for each segment."""
    return _downloaded(call, found(call, "audios"), voice_table)


def download_text_table(call: Call) -> Answer:
    """One row for each paragraph, or for each segment of a transcript."""
    words = found(call, "texts")
    audio = call.collection("audios").get(text(words.hidden.get("audio_id_of")))

    def table(medium: Resource) -> bytes:
        if audio is not None and "text" not in medium.fields:
            voices = voices_in(audio)
            parts = [(each.words, voices.mood(each)) for each in voices.segments]
        else:
            parts = list(paragraphs_of(text(medium.fields["text"]), seed_of(medium)).parts)
        heads = ("index", "sentence", *WORDS, "dominant_emotion")
        return _table(
            heads,
            ((at, said, *scores, dominant(shown(WORDS, scores)))
             for at, (said, scores) in enumerate(parts)),
        )  # fmt: skip

    return _downloaded(call, words, table)


def download_image_table(call: Call) -> Answer:
    """One row for each face."""

    def table(image: Resource) -> bytes:
        heads = ("face_id", "x", "y", "width", "height", *FACE, "dominant_emotion",
                 "arousal", "valence", "intensity")  # fmt: skip
        return _table(
            heads,
            ((each.face, each.place.x, each.place.y, each.place.width, each.place.height,
              *_judged(each.scores)) for each in portraits(image)),
        )  # fmt: skip

    return _downloaded(call, found(call, "images"), table)


def _downloaded(call: Call, medium: Resource, table: Table) -> Answer:
    with polled(call, watched(call, medium)):
        status = text(medium.fields["status"])
    if status == "completed":
        return Answer(200, None, "text/csv", raw=table(medium))
    if status == "failed":
        raise Refusal(Reason.CONFLICT, "The analysis has failed; there is nothing to report.")
    return _progress(medium, status, "The analysis still runs.", code=202)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return kept.getvalue().encode()


def _cell(value: object) -> object:
    """Spreadsheets run what begins like a formula; a quotation mark keeps it a text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return f"{value:.6f}" if isinstance(value, float) else value


def pdf_report(call: Call) -> Answer:
    """Have the paper about a video made, tell how far it is, or where."""
    video = completed(call, "videos", call.path("media_id"))
    callback = text(call.query("callback_url"))
    job = job_of(call, video, PDF)
    told: dict[str, Json] = {"media_id": video.id}
    if job is None or (status_of(job) == "failed" and job.fields.get("told")):
        start(call, video, PDF, told_at_end, callback=callback)
        return Answer(202, {**told, "status": "queue", "message": "The report is in the queue."})
    status = status_of(job)
    subscribe(job, callback)
    if status == "failed":
        job.fields["told"] = True  # the next call begins it anew
        message = "The report could not be made. Ask again."
        return Answer(200, {**told, "media_type": "video", "status": "failed", "message": message})
    if status != "completed":
        return Answer(202, {**told, "status": status, "message": "The report is being made."})
    tell(call.tenant, job, {"id": video.id, "video_id": video.id, "status": status}, call.now)
    made = job.task.entered if job.task is not None else call.now
    url = call.link(f"paper {job.id}", "application/pdf", lambda: printed(_paper(video)))
    return Answer(
        200,
        {
            **told,
            "media_type": "video",
            "status": "completed",
            "report_url": url,
            "filename": filename(video, "pdf"),
            "created_at": stamp(made),
        },
    )


def _paper(video: Resource) -> Paper:
    cast, names, medium = cast_in(video), face_names(video), medium_of(video)
    rows = [
        [
            names.get(face) or f"face {face}",
            str(sum(run.count for run in runs)),
            dominant(shown(FACE, cast.average(face))),
        ]
        for face, runs in cast.faces.items()
    ]
    facts = {
        "Video": video.id,
        "Duration": f"{medium.duration:g} s",
        "Frames analysed": str(cast.frames),
        "Faces": str(len(cast.faces)),
    }
    return Paper(
        text(video.fields["title"]),
        facts,
        "Emotions over all faces and frames",
        shown(FACE, cast.average()),
        ("Face", "Frames", "Mostly"),
        rows,
    )
