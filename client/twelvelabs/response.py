"""Responses: answers about a knowledge store, whole or event by event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NotRequired, TypedDict

from understudy.client.errors import StreamBroken
from understudy.client.json import Json
from understudy.client.model import Model
from understudy.client.twelvelabs.text import Usage, value_of


class Selection(TypedDict):
    """An item or a collection; `{{sel:N}}` in what is said means the selection number N."""

    kind: Literal["item", "collection"]
    id: str


class TextFormat(TypedDict):
    """What the answer is written as: words, or JSON by a schema."""

    type: Literal["text", "json_schema"]
    name: NotRequired[str]
    schema: NotRequired[Mapping[str, Json]]
    description: NotRequired[str]
    strict: NotRequired[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Model):
    """What a marker in a text rests on; `end_index` is that of its last character.

    `type` is video_citation (with seconds), image_citation or collection_citation.
    """

    type: str
    start_index: int
    end_index: int
    item_id: str | None = None
    collection_id: str | None = None
    start_sec: float | None = None
    end_sec: float | None = None
    title: str | None = None
    thumbnail_url: str | None = None
    hls_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputText(Model):
    """A text, and what it rests on."""

    text: str
    type: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputItem(Model):
    """A part of an answer, by `type`: a message, whose `phase` is commentary or final_answer, a
    function_call, or a function_call_output; the latter two only when they were asked for.
    """

    type: str
    id: str
    status: str | None = None
    role: str | None = None
    phase: str | None = None
    content: tuple[OutputText, ...] = ()
    name: str | None = None
    call_id: str | None = None
    arguments: str | None = None
    output: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete(Model):
    """Why an answer is not whole."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Model):
    """An answer. `status` is completed, failed, in_progress or incomplete; the next question goes
    on with `session_id`.
    """

    id: str
    status: str
    session_id: str | None = None
    knowledge_store_id: str | None = None
    output: tuple[OutputItem, ...] = ()
    incomplete_details: Incomplete | None = None
    usage: Usage = field(default_factory=Usage)
    created_at: datetime | None = None

    @property
    def text(self) -> str:
        """The words of the answer, without its commentary."""
        return "".join(
            part.text
            for item in self.output
            if item.type == "message" and item.phase != "commentary"
            for part in item.content
        )

    @property
    def parsed(self) -> Json:
        """The value that an answer in JSON says; `BadReply` when it is none, or was cut off."""
        return value_of(self.text, self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEvent(Model):
    """An event of a stream; those of a kind that is new are no more than this, and `raw`."""

    type: str = ""
    sequence_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseChanged(ResponseEvent):
    """The answer was begun (created, in_progress) or has ended (completed, failed)."""

    response: Response

    @property
    def ended(self) -> bool:
        """Whether nothing comes after this."""
        return self.type in _ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged(ResponseEvent):
    """A part of the answer was begun (added) or has ended (done)."""

    item: OutputItem
    output_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChanged(ResponseEvent):
    """A text was begun (added) or has ended (done); only then it has annotations."""

    part: OutputText
    item_id: str | None = None
    output_index: int = 0
    content_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta(ResponseEvent):
    """The next piece of a text, cut anywhere."""

    delta: str
    item_id: str | None = None
    output_index: int = 0
    content_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDone(ResponseEvent):
    """A whole text, once it is written."""

    text: str
    item_id: str | None = None
    output_index: int = 0
    content_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentsDone(ResponseEvent):
    """What a function was called with, as JSON text."""

    arguments: str
    item_id: str | None = None
    output_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDone(ResponseEvent):
    """The line after the last event."""


_EVENTS: Mapping[str, Callable[[Json, str], ResponseEvent]] = {
    "response.created": ResponseChanged.read,
    "response.in_progress": ResponseChanged.read,
    "response.completed": ResponseChanged.read,
    "response.failed": ResponseChanged.read,
    "response.incomplete": ResponseChanged.read,
    "response.output_item.added": ItemChanged.read,
    "response.output_item.done": ItemChanged.read,
    "response.content_part.added": TextChanged.read,
    "response.content_part.done": TextChanged.read,
    "response.output_text.delta": TextDelta.read,
    "response.output_text.done": TextDone.read,
    "response.function_call_arguments.done": ArgumentsDone.read,
}
_ENDS = frozenset({"response.completed", "response.failed", "response.incomplete"})


def event_of(event: Mapping[str, Json]) -> ResponseEvent:
    """One event of a stream; one that reports an error raises `StreamBroken` with its words."""
    kind = event.get("type", event.get("event"))
    if kind is None and event.get("data") == "[DONE]":
        return StreamDone(type="done", raw=event)
    if kind == "error" or (kind is None and "code" in event):
        raise StreamBroken(
            f"The service ended the stream: {event.get('code', 'error')}: {event.get('message')!r}."
        )
    read = _EVENTS.get(kind) if isinstance(kind, str) else None
    return (read or ResponseEvent.read)({**event, "type": kind}, "stream")


def last(event: ResponseEvent) -> bool:
    """Whether nothing comes after this event."""
    return isinstance(event, StreamDone) or (isinstance(event, ResponseChanged) and event.ended)
