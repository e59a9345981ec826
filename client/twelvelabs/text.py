"""Texts that the service writes about a video."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from understudy.client.errors import BadReply, StreamBroken
from understudy.client.json import Json, parse
from understudy.client.model import Model

GistType = Literal["title", "topic", "hashtag"]
SummaryType = Literal["summary", "chapter", "highlight"]


class Wording(TypedDict, total=False):
    """How to write: `temperature` from 0 to 1; `response_format` holds a JSON Schema."""

    temperature: float
    response_format: Mapping[str, Json]
    max_tokens: int


class PromptedWording(Wording, total=False):
    """The same, with a `prompt` that says what to look at."""

    prompt: str


class AnalysisWording(Wording, total=False):
    """The same with today's choices: the model, and a window of the video, in seconds."""

    model_name: str
    start_time: float
    end_time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage(Model):
    """How many tokens a text has, and where it is said how many went in."""

    output_tokens: int = 0
    input_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerProblem(Model):
    """Why an answer is missing, or is not all that it could be."""

    message: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist(Model):
    """What was asked for of title, topics and hashtags; the rest is empty."""

    id: str
    title: str | None = None
    topics: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Model):
    """A video in a few sentences."""

    id: str
    summary: str
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter(Model):
    """A part of a video, in seconds; the first has the number 0."""

    chapter_number: int
    start: float
    end: float
    chapter_title: str
    chapter_summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapters(Model):
    """A video's parts, in order."""

    id: str
    chapters: tuple[Chapter, ...]
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight(Model):
    """A moment worth seeing, in seconds."""

    start: float
    end: float
    highlight: str
    highlight_summary: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights(Model):
    """A video's best moments."""

    id: str
    highlights: tuple[Highlight, ...]
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Model):
    """The text that a prompt was answered with; `finish_reason` is stop or length, if said.

    `error` warns of a text that was cut off.
    """

    id: str
    data: str
    finish_reason: str | None = None
    usage: Usage = field(default_factory=Usage)
    error: AnswerProblem | None = None

    @property
    def parsed(self) -> Json:
        """The value that `data` says; `BadReply` when it is no JSON, or was cut off."""
        return value_of(self.data, self.finish_reason)


def value_of(said: str, ended: str | None) -> Json:
    """The value that an answer in JSON says; `ended` is why it ended, for the `BadReply`."""
    try:
        return parse(said.encode())
    except ValueError:
        raise BadReply(f"The result is {said[:120]!r} (ended by {ended}); expected JSON.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation(Model):
    """Which text a stream carries, and at its end how many tokens it has."""

    generation_id: str | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStart(Model):
    """The first line of a stream."""

    metadata: Generation = field(default_factory=Generation)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamText(Model):
    """The next piece of the text, cut anywhere."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEnd(Model):
    """The last line of a stream that went well; `error` warns of a text that was cut off."""

    metadata: Generation = field(default_factory=Generation)
    finish_reason: str | None = None
    error: AnswerProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOther(Model):
    """A line of a kind that is new; see `raw`."""

    event_type: str | None = None


StreamEvent = StreamStart | StreamText | StreamEnd | StreamOther

_EVENTS: Mapping[str, Callable[[Json, str], StreamEvent]] = {
    "stream_start": StreamStart.read,
    "text_generation": StreamText.read,
    "stream_end": StreamEnd.read,
}


def event_of(line: Mapping[str, Json]) -> StreamEvent:
    """One line of a stream; one that reports an error raises `StreamBroken` with its words."""
    kind = line.get("event_type")
    error = line.get("error", line if "code" in line else None)
    if kind == "stream_error" or (isinstance(error, Mapping) and kind != "stream_end"):
        said = error if isinstance(error, Mapping) else line
        code, message = said.get("code"), said.get("message")
        raise StreamBroken(f"The service ended the stream: {code or 'error'}: {message!r}.")
    read = _EVENTS.get(kind) if isinstance(kind, str) else None
    return (read or StreamOther.read)(line, "stream")
