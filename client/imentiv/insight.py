"""Conversations about a medium, whole and streamed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from understudy.client.errors import StreamBroken
from understudy.client.json import Json
from understudy.client.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUsage(Model):
    """How many tokens a question and its answer have."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight(Model):
    """An answer in one piece."""

    conversation_id: str
    message_id: int
    response: str
    token_usage: TokenUsage | None = None
    is_quota_exceeded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage(Model):
    """A question (`user`) or an answer (`ai_assistant`); the two share their number."""

    role: str
    text: str
    message_id: int
    timestamp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(Model):
    """A whole conversation, oldest first."""

    conversation_id: str
    messages: tuple[ChatMessage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightStart(Model):
    """The stream has begun."""

    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightNames(Model):
    """Which conversation and which message this is."""

    message_id: int
    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightText(Model):
    """The next piece of the answer, cut anywhere."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightEnd(Model):
    """The whole answer."""

    message_id: int
    full_text: str
    token_usage: TokenUsage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightDone(Model):
    """The last event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightOther(Model):
    """An event of a kind that is new; see `raw`."""

    event: str | None = None


InsightEvent = InsightStart | InsightNames | InsightText | InsightEnd | InsightDone | InsightOther

_EVENTS: Mapping[str, Callable[[Json, str], InsightEvent]] = {
    "stream_start": InsightStart.read,
    "metadata": InsightNames.read,
    "stream_chunk": InsightText.read,
    "stream_end": InsightEnd.read,
    "done": InsightDone.read,
}


def event_of(event: Mapping[str, Json]) -> InsightEvent:
    """One event of a stream; one that reports an error raises `StreamBroken` with its words."""
    kind = event.get("event")
    if kind == "error":
        number, message = event.get("error_id"), event.get("message")
        raise StreamBroken(f"The service ended the stream: {number}: {message!r}.")
    read = _EVENTS.get(kind) if isinstance(kind, str) else None
    return (read or InsightOther.read)(event, "stream")
