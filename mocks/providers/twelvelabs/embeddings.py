"""Vectors of a text, an image and a sound, made at once, in the space that videos share."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.timeline import Span, clips
from understudy.mocks.generate.tokens import count, head, tail
from understudy.mocks.generate.vectors import Space
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.images import image_at, image_file
from understudy.mocks.providers.twelvelabs.number import number
from understudy.mocks.providers.twelvelabs.sounds import LONGEST, sound_at, sound_file
from understudy.mocks.providers.twelvelabs.spaces import most_tokens, space_of

CLIP = 10.0
"""Seconds of sound in one vector."""


def embed(call: Call) -> Answer:
    """The vectors of each kind that was sent.

    What came with the request is checked and refused; what an address leads to shows only when
    it is fetched, so a failure there is told in its own part of the reply.
    """
    model = call.field("model_name")
    space = space_of(model)
    parts: dict[str, Json] = {
        "text_embedding": _text(call, space, most_tokens(model)),
        "image_embedding": _image(call, space),
        "audio_embedding": _audio(call, space),
    }
    made = {name: part for name, part in parts.items() if part is not None}
    if not made:
        message = "one of text, image_url, image_file, audio_url and audio_file is required"
        raise refuse("parameter_not_provided", message)
    return Answer(200, {"model_name": model, **made})


def _text(call: Call, space: Space, most: int) -> Json:
    if "text" not in call.body:
        return None
    return {"segments": [{"float": _vector_of(call, space, most)}]}


def text_vector(call: Call, model: str) -> list[float]:
    """The vector of the text that was sent, in the space of that model."""
    return _vector_of(call, space_of(model), most_tokens(model))


def _vector_of(call: Call, space: Space, most: int) -> list[float]:
    wording = call.field("text")
    side = call.field("text_truncate", "end")
    if side == "none" and count(wording, most) > most:
        message = f"text has more than {most} tokens, which text_truncate 'none' does not accept"
        raise refuse("parameter_invalid", message)
    cut = tail(wording, most) if side == "start" else head(wording, most)
    return space.text(cut)


def _image(call: Call, space: Space) -> Json:
    url = call.field("image_url")
    if url:
        image, problem = image_at("image_url", url)
        if problem:
            return _failed(image, problem)
    else:
        sent = image_file(call, "image_file")
        if sent is None:
            return None
        image = sent
    return {"segments": [{"float": space.medium(image)}], "metadata": _source(image)}


def _audio(call: Call, space: Space) -> Json:
    url = call.field("audio_url")
    if url:
        sound, problem = sound_at("audio_url", url)
        if problem:
            return _failed(sound, problem)
    else:
        sent = sound_file(call, "audio_file")
        if sent is None:
            return None
        sound = sent
    start = number(call, "audio_start_offset_sec", 0.0)
    segments: list[Json] = [
        {"float": space.segment(sound, begin, end, "audio"), "start_offset_sec": begin}
        for begin, end in _pieces(sound, start)
    ]
    return {"segments": segments, "metadata": _source(sound)}


def _pieces(sound: Medium, start: float) -> list[Span]:
    """Pieces of ten seconds from `start` on; what is shorter stays whole."""
    if sound.duration > LONGEST:
        message = f"the audio lasts {sound.duration:g} s; the longest accepted is {LONGEST:g} s"
        raise refuse("parameter_invalid", message)
    if start >= sound.duration:
        message = (
            f"audio_start_offset_sec is {start:g}, expected less than the"
            f" {sound.duration:g} s that the audio lasts"
        )
        raise refuse("parameter_invalid", message)
    return clips(start, sound.duration, CLIP) or [(start, sound.duration)]


def _failed(medium: Medium, problem: str) -> Mapping[str, Json]:
    return {"error_message": problem, "metadata": _source(medium)}


def _source(medium: Medium) -> Mapping[str, Json]:
    """Where the medium came from."""
    if medium.url:
        return {"input_url": medium.url}
    return {"input_filename": medium.name}
