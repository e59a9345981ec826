"""Chats: answers, their streams, and the sessions that keep them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from understudy.client.errors import StreamBroken
from understudy.client.json import Json
from understudy.client.memories.wire import NUMBER
from understudy.client.model import Model, Name

Platform = Literal["TIKTOK", "YOUTUBE", "INSTAGRAM"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking(Model):
    """A thought before an answer."""

    title: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefVideo(Model):
    """The video that an answer rests on."""

    video_no: str
    video_name: str | None = None
    duration: Annotated[float | None, NUMBER] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefItem(Model):
    """A moment of it, in seconds; `type` is keyframe, visual_ts or audio_ts."""

    video_no: Annotated[str | None, Name("videoNo")] = None
    start: Annotated[float | None, Name("startTime"), NUMBER] = None
    end: Annotated[float | None, Name("endTime"), NUMBER] = None
    type: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref(Model):
    """What of one video an answer rests on."""

    video: RefVideo
    items: Annotated[tuple[RefItem, ...], Name("refItems")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Model):
    """An answer in one piece; `session_id` is what the next question goes on with."""

    role: str
    content: str
    thinkings: tuple[Thinking, ...] = ()
    refs: tuple[Ref, ...] = ()
    session_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReply(Model):
    """The envelope of an answer."""

    data: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Model):
    """A question (`user`) or an answer (`assistant`) of a session."""

    role: str
    content: str
    thinkings: tuple[Thinking, ...] = ()
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(Model):
    """A whole conversation."""

    session_id: str
    title: str
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReply(Model):
    """The envelope of a session."""

    data: Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEntry(Model):
    """A session in a list."""

    session_id: Annotated[str, Name("sessionId")]
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage(Model):
    """A page of sessions."""

    sessions: tuple[SessionEntry, ...]
    current_page: int
    page_size: int
    total_count: Annotated[int, NUMBER]

    @property
    def following(self) -> int | None:
        """The number of the page after this one, if there is one."""
        more = self.sessions and self.current_page * self.page_size < self.total_count
        return self.current_page + 1 if more else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPageReply(Model):
    """The envelope of a page of sessions."""

    data: SessionPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatThought(Model):
    """A thought, as it is had."""

    title: str
    content: str
    session_id: Annotated[str | None, Name("sessionId")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRefs(Model):
    """What the answer will rest on."""

    refs: Annotated[tuple[Ref, ...], Name("ref")] = ()
    session_id: Annotated[str | None, Name("sessionId")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatText(Model):
    """The next piece of the answer, cut anywhere."""

    content: str
    session_id: Annotated[str | None, Name("sessionId")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDone(Model):
    """The last event of a stream that went well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOther(Model):
    """An event of a kind that is new; see `raw`."""

    type: str | None = None


ChatEvent = ChatThought | ChatRefs | ChatText | ChatDone | ChatOther

_EVENTS: Mapping[str, Callable[[Json, str], ChatEvent]] = {
    "thinking": ChatThought.read,
    "ref": ChatRefs.read,
    "content": ChatText.read,
}
_ENDS = frozenset({"done", "[done]"})


def event_of(event: Mapping[str, Json]) -> ChatEvent:
    """One event of a stream; a text other than the end is an error, and raises `StreamBroken`."""
    kind = event.get("type")
    said = event.get("data")
    if kind is None and isinstance(said, str):
        told = said.strip('" ')
        if told.lower() in _ENDS:
            return ChatDone(raw=event)
        raise StreamBroken(f"The service ended the stream: {told!r}.")
    read = _EVENTS.get(kind) if isinstance(kind, str) else None
    return (read or ChatOther.read)(event, "stream")
