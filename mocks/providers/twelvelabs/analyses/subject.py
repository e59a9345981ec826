"""What an analysis is about: a video, of which a part is looked at, or some images; and the prompt.

Limits are documented in the field texts of Python SDK 1.3.6.
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate import tokens
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.timeline import Span
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.vectors.source import source_of

SHORTEST = 1.0
ROUNDING = 1e-6  # seconds: a start and a second more are rarely a second apart in floats
HOUR = 3600.0
SMALLEST, WIDEST, HIGHEST, RATIO = 360, 5184, 2160, 2.4
IMAGE_BYTES, IMAGE_PIXELS = 20 * 1024**2, 16_777_216
IMAGE_TOKENS = 256
"""Tokens that reading an image takes: ours, as is the one for each second of a video."""

_IMAGES = ("jpg", "jpeg", "png", "webp", "gif", "bmp")
_REFERENCE = re.compile(r"<@([^<>\s]{1,200})>")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at, and how many images are among it; the window is empty for images."""

    medium: Medium
    window: Span
    images: int = 0

    def read(self, prompt: str) -> int:
        """How many tokens were read for an answer."""
        start, end = self.window
        return tokens.count(prompt) + math.ceil(end - start) + self.images * IMAGE_TOKENS


def subject_of(call: Call, body: Mapping[str, Json], longest: float) -> Subject:
    """The video or the images of a request whose form was checked; refused outside the limits.

    A video lasts at most `longest` seconds.
    """
    if "image" in body:
        return _images(call, body)
    medium = source_of(call, mapping(body["video"]), kinds=("video",), name="video").medium
    check_video(medium, longest)
    return Subject(medium, window_of(body, medium))


def check_video(medium: Medium, longest: float) -> None:
    """Refuses a video that is too short, too long, or has too few, too many or odd pixels."""
    if medium.duration < SHORTEST:
        message = f"the video lasts {medium.duration:g} s; the shortest accepted is {SHORTEST:g} s"
        raise refuse("video_duration_too_short", message)
    if medium.duration > longest:
        message = f"the video lasts {medium.duration:g} s; the longest accepted is {longest:g} s"
        raise refuse("video_duration_too_long", message)
    shown = f"the resolution is {medium.width}x{medium.height}"
    short, long = sorted((medium.width, medium.height))
    if short < SMALLEST:
        raise refuse("video_resolution_too_low", f"{shown}; the lowest accepted is 360x360")
    if long > WIDEST or short > HIGHEST:
        raise refuse("video_resolution_too_high", f"{shown}; the highest accepted is 5184x2160")
    if long > RATIO * short:
        message = f"{shown}; sides of at most {RATIO} to 1 are accepted"
        raise refuse("video_resolution_invalid_aspect_ratio", message)


def window_of(body: Mapping[str, Json], medium: Medium) -> Span:
    """The part that is looked at, in seconds: at least one, within the video."""
    start = _seconds(body, "start_time", 0.0)
    end = _seconds(body, "end_time", medium.duration)
    if end > medium.duration:
        message = f"end_time is {end:g}; the video lasts {medium.duration:g} s"
        raise refuse("parameter_invalid", message)
    if end - start < SHORTEST - ROUNDING:
        message = f"the window from {start:g} to {end:g} s is shorter than {SHORTEST:g} s"
        raise refuse("parameter_invalid", message)
    return start, end


def prompted(call: Call, body: Mapping[str, Json]) -> str:
    """The prompt as a model reads it, whichever way it came; its references lead to images."""
    structured = mapping(body.get("prompt_v2"))
    if structured:
        names = references(call, elements(structured.get("media_sources")), "prompt_v2")
        prompt = text(structured["input_text"])
        _check_known(prompt, names, "prompt_v2.input_text", "prompt_v2.media_sources")
    else:
        prompt = text(body.get("prompt"))
    return _REFERENCE.sub(lambda found: found[1], prompt)


def references(call: Call, sources: Sequence[Json], place: str) -> list[str]:
    """The names of images that a prompt or a definition brings along, all of them to be had."""
    names: list[str] = []
    for number, each in enumerate(sources):
        where = f"{place}.media_sources.{number}"
        source = mapping(each)
        source_of(call, _padded(source), kinds=("image",), name=where)
        names.append(text(source["name"]))
        if names[-1] in names[:-1]:
            message = f"{where}.name is {names[-1]!r:.80}, which another has already"
            raise refuse("parameter_invalid", message)
    return names


def _images(call: Call, body: Mapping[str, Json]) -> Subject:
    if body.get("model_name") != "pegasus1.6":
        raise refuse("parameter_invalid", "image needs the model_name pegasus1.6")
    if "prompt_v2" in body or "prompt" not in body:
        raise refuse("parameter_invalid", "image needs a prompt, and takes no prompt_v2")
    named: dict[str, Medium] = {}
    for number, each in enumerate(elements(body["image"])):
        where, image = f"image.{number}", mapping(each)
        name = text(image["name"])
        if name in named:
            message = f"{where}.name is {name!r:.80}, which another has already"
            raise refuse("parameter_invalid", message)
        medium = source_of(call, _padded(image), kinds=("image",), name=where).medium
        _check_image(medium, where)
        named[name] = medium
    prompt = text(body["prompt"])
    used = _check_known(prompt, list(named), "prompt", "image")
    left = [name for name in named if name not in used]
    if used and left:
        message = f"prompt refers to some images and not to {', '.join(left)}; name all or none"
        raise refuse("parameter_invalid", message)
    return Subject(_together(list(named.values())), (0.0, 0.0), len(named))


def _check_known(prompt: str, names: list[str], place: str, sources: str) -> set[str]:
    """The names that a prompt refers to, all of which are known."""
    used = set(_REFERENCE.findall(prompt))
    for name in sorted(used - set(names)):
        message = f"{place} refers to <@{name:.80}>, which is not among {sources}"
        raise refuse("parameter_invalid", message)
    return used


def _check_image(medium: Medium, where: str) -> None:
    extension = medium.name.rpartition(".")[2].lower() if "." in medium.name else ""
    if extension and extension not in _IMAGES:
        message = f"{where} is a file {medium.name!r:.80}, expected JPEG, PNG, WebP, GIF or BMP"
        raise refuse("parameter_invalid", message)
    if medium.size > IMAGE_BYTES and not medium.url:
        message = f"{where} has {medium.size} bytes; the largest accepted has {IMAGE_BYTES}"
        raise refuse("parameter_invalid", message)
    if medium.width * medium.height > IMAGE_PIXELS:
        shown = f"{medium.width}x{medium.height}"
        message = f"{where} has {shown} pixels; {IMAGE_PIXELS} are the most accepted"
        raise refuse("parameter_invalid", message)


def _together(images: Sequence[Medium]) -> Medium:
    """Several images as one medium to write about."""
    first = images[0]
    if len(images) == 1:
        return first
    identity = hashlib.sha256(" ".join(each.identity for each in images).encode()).hexdigest()
    title = " and ".join(dict.fromkeys(each.title for each in images if each.title))
    telling = next((each for each in images if each.outcome != "ok"), first)
    return replace(first, identity=identity, title=title, outcome=telling.outcome)


def _padded(source: Mapping[str, Json]) -> Mapping[str, Json]:
    """The source with base64 text that ends as it should; unpadded text is accepted."""
    encoded = source.get("base64_string")
    if not isinstance(encoded, str):
        return source
    return {**source, "base64_string": encoded + "=" * (-len(encoded) % 4)}


def _seconds(body: Mapping[str, Json], name: str, otherwise: float) -> float:
    return float(cast(float, body.get(name, otherwise)))
