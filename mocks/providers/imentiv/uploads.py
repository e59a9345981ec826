"""Uploads: a file or an address becomes a medium, all of it or a window of its time."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.kind import text
from understudy.mocks.providers.imentiv.analysis import begin, stored
from understudy.mocks.providers.imentiv.paragraphs import word_count
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

SOURCES: Mapping[str, tuple[str, ...]] = {
    "youtube": ("youtube.com", "youtu.be"),
    "dropbox": ("dropbox.com", "dropboxusercontent.com"),
    "instagram": ("instagram.com",),
    "facebook": ("facebook.com", "fb.watch"),
    "twitter": ("twitter.com", "x.com"),
}
"""Which hosts are which source; any other is a public URL."""

FORMATS: Mapping[str, tuple[str, ...]] = {
    "videos": ("mp4", "avi", "mov", "webm", "mpeg", "mpg"),
    "audios": ("mp3", "wav", "aac", "m4a"),
    "images": ("jpg", "jpeg", "png", "webp"),
}
KNOWN: Mapping[str, tuple[str, ...]] = {
    "videos": tuple(SOURCES),
    "audios": ("youtube", "dropbox"),
    "images": ("dropbox",),
}
"""The sources that a kind of medium tells; from elsewhere it is a public URL."""

SHORTEST_WINDOW = 1000.0
PACE = 2.5
"""Words a second: how long a text takes to say."""


def upload_video(call: Call) -> Answer:
    """A video, with the sound and the text that it will own."""
    medium = _sent(call, "videos", "video_file", "video_url")
    video = _stored(call, "videos", medium, "video_url")
    audio = _owned_sound(call, video, medium)
    video.hidden["audio_id"] = audio.id
    begin(call, video)
    return _answer(video)


def upload_audio(call: Call) -> Answer:
    """A sound, with the text that it will own; of a video the sound alone."""
    medium = _sent(call, "audios", "audio_file", "media_url")
    audio = _stored(call, "audios", medium, "media_url")
    _heard(call, audio)
    begin(call, audio)
    from_video = bool(medium.url) and medium.kind == "video"
    audio.fields["media_source_type"] = "video" if from_video else "audio"
    return _answer(audio, "media_source_type")


def upload_image(call: Call) -> Answer:
    """A picture."""
    medium = _sent(call, "images", "image_file", "image_url")
    image = _stored(call, "images", medium, "image_url")
    image.fields["media_source_type"] = "image"
    begin(call, image)
    return _answer(image, "media_source_type")


def upload_text(call: Call) -> Answer:
    """A text of one's own."""
    words = call.field("text")
    if not words.strip():
        raise Refusal(Reason.RULE, f"text is {words[:40]!r}; a text has one word at least.")
    title = call.field("title")
    medium = medium_of_url("text", title=title)
    fields: dict[str, Json] = {"title": title, "text": words, "word_count": word_count(words)}
    hidden: dict[str, Json] = {
        "seconds": word_count(words) / PACE,
        "callback": call.field("callback_url"),
    }
    made = stored(call, "texts", fields, medium, hidden)
    begin(call, made)
    names = ("id", "title", "status", "word_count", "user_id", "created_at")
    return Answer(200, {name: made.fields[name] for name in names})


def source_of(url: str) -> str:
    """Where an address leads, as the vendor names it."""
    host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    for source, hosts in SOURCES.items():
        if any(host == each or host.endswith(f".{each}") for each in hosts):
            return source
    return "public_url"


def _sent(call: Call, kind: str, file: str, url: str) -> Medium:
    """The medium of an upload: a file counts before an address, and one of them has to come."""
    title = call.field("title")
    part, address = call.file(file), call.field(url).strip()
    if part is not None and (part.size or part.filename):
        medium = medium_of_part(part, title=title)
        _, dot, suffix = (part.filename or "").rpartition(".")
        # A name without an ending says nothing; then the content does.
        fits = suffix.lower() in FORMATS[kind] if dot else f"{medium.kind}s" == kind
        if not fits:
            allowed = ", ".join(FORMATS[kind])
            raise Refusal(Reason.RULE, f"{file} is {part.filename!r}; it may be {allowed}.")
    elif address:
        medium = medium_of_url(address, title=title)
    else:
        raise Refusal(Reason.RULE, f"A file ({file}) or an address ({url}) is needed.")
    return medium if kind == "images" else _window(call, medium)


def _window(call: Call, medium: Medium) -> Medium:
    """What of its time is asked for; an end beyond the medium's is its end."""
    start, end = (_millis(call.body.get(name)) for name in ("start_millis", "end_millis"))
    if not start and not end:
        return medium
    if not end:
        raise Refusal(Reason.RULE, f"start_millis is {start:g}; it needs an end_millis.")
    if end - start < SHORTEST_WINDOW:
        raise Refusal(
            Reason.RULE,
            f"The window is {end - start:g} milliseconds long, from {start:g} to {end:g};"
            f" it has {SHORTEST_WINDOW:g} at least.",
        )
    last = min(end / 1000, medium.duration) if medium.known else end / 1000
    seconds = max(SHORTEST_WINDOW / 1000, last - start / 1000)
    window = f"{medium.identity} {start:g} {end:g}"
    return replace(medium, identity=window, duration=seconds)


def _millis(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _stored(call: Call, kind: str, medium: Medium, url: str) -> Resource:
    source = source_of(medium.url) if medium.url else "file_upload"
    if medium.url and source not in KNOWN[kind]:
        source = "public_url"
    fields: dict[str, Json] = {
        "title": call.field("title"),
        "description": call.field("description"),
        "media_source": source,
        "media_source_url": medium.url,
    }
    if kind != "images":
        fields["duration"] = int(medium.duration)
    hidden: dict[str, Json] = {"callback": call.field("callback_url")}
    return stored(call, kind, fields, medium, hidden)


def _owned_sound(call: Call, video: Resource, medium: Medium) -> Resource:
    """The sound of a video: it has the video's status and no task of its own."""
    fields: dict[str, Json] = {
        "title": video.fields["title"],
        "description": video.fields["description"],
        "media_source": _sound_source(video),
        "media_source_url": medium.url,
        "media_source_type": "video",
        "duration": video.fields["duration"],
    }
    audio = stored(call, "audios", fields, medium, {"video_id": video.id})
    _heard(call, audio)
    return audio


def _sound_source(video: Resource) -> Json:
    source = video.fields["media_source"]
    return source if source in (*KNOWN["audios"], "file_upload") else "public_url"


def _heard(call: Call, audio: Resource) -> None:
    """Give a sound its text, and remember how it is to be analysed."""
    fields: dict[str, Json] = {"title": audio.fields["title"], "parent_id": audio.id}
    words = stored(call, "texts", fields, medium_of_url(audio.id), {"audio_id_of": audio.id})
    audio.hidden["text_id"] = words.id
    audio.hidden["apart"] = call.body.get("speaker_diarization") is not False
    audio.hidden["judged"] = call.body.get("text_emotion_analysis") is not False


def _answer(medium: Resource, *more: str) -> Answer:
    names = (
        "id", "title", "status", "duration", "media_source", "media_source_url", *more,
        "user_id", "created_at",
    )  # fmt: skip
    shown: dict[str, Json] = {n: medium.fields[n] for n in names if n in medium.fields}
    return Answer(200, {**shown, "status": "queue", "title": text(medium.fields["title"])})
