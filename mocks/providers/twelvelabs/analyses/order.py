"""What a task is to do: the request of one, or a request of a batch, checked and put in order.

Rules and bounds are documented in the field texts of Python SDK 1.3.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate import tokens
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.analyses.definitions import check_definitions
from understudy.mocks.providers.twelvelabs.analyses.dialect import understood
from understudy.mocks.providers.twelvelabs.analyses.segments import (
    LONGEST,
    SHORTEST,
    Lengths,
    segments,
)
from understudy.mocks.providers.twelvelabs.analyses.shapes import written
from understudy.mocks.providers.twelvelabs.analyses.subject import (
    HOUR,
    Subject,
    prompted,
    subject_of,
)
from understudy.mocks.providers.twelvelabs.errors import refuse

LONGEST_VIDEO, LONGEST_WINDOW = 4 * HOUR, 2 * HOUR
GENERAL, SEGMENTED = "general", "time_based_metadata"
TOKENS: Mapping[str, tuple[int, int]] = {GENERAL: (512, 4_096), SEGMENTED: (2_048, 32_768)}
"""The fewest tokens that may be asked for, and how many it is otherwise, by mode."""

_DURATIONS = ("min_segment_duration", "max_segment_duration")
_WINDOW = ("start_time", "end_time")


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a result follows from; `most` is None where no limit of tokens holds."""

    medium: Medium
    window: Span
    images: int
    prompt: str
    mode: str
    response_format: Mapping[str, Json]
    most: int | None
    lengths: Lengths

    @property
    def overlong(self) -> str:
        """Why the part that is to be analyzed is too long; empty where it is not."""
        start, end = self.window
        if end - start <= LONGEST_WINDOW:
            return ""
        return f"the window lasts {end - start:g} s; {LONGEST_WINDOW:g} s are the limit"

    def read(self) -> int:
        """How many tokens are read for it."""
        return Subject(self.medium, self.window, self.images).read(self.prompt)

    def data(self, seed: int) -> str:
        """The whole result as text, whatever its length."""
        draw = Seeded(seed, "text", self.medium.identity, "task", self.prompt, *self.window)
        if self.mode == SEGMENTED:
            return segments(self.response_format, self.medium, self.window, self.lengths, draw)
        schema = self.response_format.get("json_schema")
        return written(self.prompt, self.medium, draw, schema, self.window)

    def exceeds(self, data: str) -> bool:
        """Whether a result has more tokens than are allowed."""
        return self.most is not None and tokens.count(data, self.most) > self.most


def order_of(call: Call, body: Mapping[str, Json], mode: str, model: str) -> Order:
    """The order of a request whose form was checked; refused where it breaks a rule."""
    response_format = mapping(body.get("response_format"))
    if mode == SEGMENTED:
        _check_segmented(body, response_format)
    else:
        _check_general(body, response_format)
    subject = subject_of(call, body, LONGEST_VIDEO)
    _check_length(body, subject)
    if mode == SEGMENTED:
        ranged = not any(name in body for name in (*_DURATIONS, *_WINDOW))
        ranged = ranged and body.get("max_tokens") != "unlimited"
        definitions = elements(response_format["segment_definitions"])
        check_definitions(call, definitions, model, subject.medium.duration, ranged=ranged)
    elif response_format:
        understood(response_format["json_schema"])
    return Order(
        subject.medium,
        subject.window,
        subject.images,
        prompted(call, body),
        mode,
        response_format,
        _most(body, mode, model),
        _lengths(body, subject.window),
    )


def _check_general(body: Mapping[str, Json], response_format: Mapping[str, Json]) -> None:
    if "prompt" in body and "prompt_v2" in body:
        raise refuse("parameter_invalid", "prompt and prompt_v2 exclude each other; both came")
    if "prompt" not in body and "prompt_v2" not in body:
        raise refuse("parameter_not_provided", "the mode general needs prompt or prompt_v2")
    if response_format.get("type") == "segment_definitions":
        _off("response_format.type segment_definitions", GENERAL)
    for name in _DURATIONS:
        if name in body:
            _off(name, GENERAL)
    if body.get("max_tokens") == "unlimited":
        _off("max_tokens unlimited", GENERAL)


def _check_segmented(body: Mapping[str, Json], response_format: Mapping[str, Json]) -> None:
    if response_format.get("type") != "segment_definitions":
        message = f"the mode {SEGMENTED} needs a response_format of the type segment_definitions"
        raise refuse("parameter_invalid", message)
    for name in ("prompt", "prompt_v2", "image"):
        if name in body:
            _off(name, SEGMENTED)
    least, most = (_number(body, name) for name in _DURATIONS)
    if least is not None and most is not None and most < least:
        message = f"max_segment_duration is {most:g}, less than min_segment_duration, {least:g}"
        raise refuse("parameter_invalid", message)


def _off(what: str, mode: str) -> None:
    raise refuse("parameter_invalid", f"{what} is not supported in the mode {mode}")


def _check_length(body: Mapping[str, Json], subject: Subject) -> None:
    """Bytes and HLS last two hours at most; other videos four, of which a part is analyzed."""
    medium = subject.medium
    encoded = mapping(body.get("video")).get("type") == "base64_string"
    if medium.duration > LONGEST_WINDOW and (encoded or ".m3u8" in medium.name.lower()):
        message = f"the video lasts {medium.duration:g} s; bytes and HLS last 7200 s at most"
        raise refuse("video_duration_too_long", message)


def _most(body: Mapping[str, Json], mode: str, model: str) -> int | None:
    least, usual = TOKENS[mode]
    most = body.get("max_tokens", usual)
    if most == "unlimited":
        if model != "pegasus1.6":
            raise refuse("parameter_invalid", "max_tokens unlimited needs the model pegasus1.6")
        return None
    number = int(cast(float, most))  # a whole number may come with a fraction of nothing
    if number < least:
        message = f"max_tokens is {number}; the fewest in the mode {mode} are {least}"
        raise refuse("parameter_invalid", message)
    return number


def _lengths(body: Mapping[str, Json], window: Span) -> Lengths:
    """The bounds that were asked for; without a lower one a short window is one segment."""
    start, end = window
    least, most = (_number(body, name) for name in _DURATIONS)
    usual = min(SHORTEST, max(end - start, 0.001))
    least = usual if least is None else least
    return Lengths(least, max(LONGEST, least) if most is None else max(most, least))


def _number(body: Mapping[str, Json], name: str) -> float | None:
    value = body.get(name)
    return None if value is None else float(cast(float, value))


def shown(body: Mapping[str, Json], mode: str) -> dict[str, Json]:
    """The request as a task tells of it: without bytes, and with what was filled in.

    Trap: `prompt` is a string here; a prompt that came as an object stands in `prompt_v2`.
    """
    told: dict[str, Json] = {"analysis_mode": mode}
    for name in ("prompt", "image", "response_format", *_DURATIONS, *_WINDOW):
        if name in body:
            told[name] = _bare(body[name])
    if "prompt_v2" in body:
        told["prompt_v2"] = _bare(body["prompt_v2"])
    if "image" in told:
        told["image"] = [
            {"media_type": "image", **mapping(each)} for each in elements(told["image"])
        ]
    told["temperature"] = body.get("temperature", 0.2)
    told["max_tokens"] = body.get("max_tokens", TOKENS[mode][1])
    return told


def _bare(node: Json) -> Json:
    """A copy without the bytes of media; a schema stays as it came."""
    if isinstance(node, list | tuple):
        return [_bare(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    return {
        name: held if name == "json_schema" else _bare(held)
        for name, held in node.items()
        if name != "base64_string"
    }


def cut(told: Mapping[str, Json]) -> dict[str, Json]:
    """What a list shows of it: 30 characters of a prompt, no JSON Schema, one definition."""
    short = dict(told)
    if "prompt" in told:
        short["prompt"] = text(told["prompt"])[:30]
    if "prompt_v2" in told:
        structured = mapping(told["prompt_v2"])
        short["prompt_v2"] = {**structured, "input_text": text(structured["input_text"])[:30]}
    if "response_format" in told:
        held = {**mapping(told["response_format"])}
        held.pop("json_schema", None)
        if "segment_definitions" in held:
            held["segment_definitions"] = list(elements(held["segment_definitions"])[:1])
        short["response_format"] = held
    return short
