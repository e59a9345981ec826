# From client/memories/aio/chat.py, by `python -m tools.twins`: edit that file, not this.
"""`client.chat`: talk about videos, whole or streamed, and read the sessions."""

from collections.abc import Iterator, Sequence

from understudy.client.call import Call, Value
from understudy.client.events import Events
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.memories.talk import (
    ChatDone,
    ChatEvent,
    ChatReply,
    ChatText,
    Conversation,
    ConversationReply,
    Platform,
    Reply,
    SessionEntry,
    SessionPage,
    SessionPageReply,
    event_of,
)
from understudy.client.sync.pager import Cursor, Pager
from understudy.client.sync.session import Session
from understudy.client.sync.stream import Stream


class ChatStream(Stream[ChatEvent]):
    """An answer as it is written: its events, its pieces, or all of it."""

    def __init__(self, session: Session, call: Call) -> None:
        super().__init__(
            session,
            call,
            read=event_of,
            last=lambda event: isinstance(event, ChatDone),
            lines=Events,
        )

    def pieces(self) -> Iterator[str]:
        """The text, cut anywhere."""
        for event in self:
            if isinstance(event, ChatText):
                yield event.content

    def text(self) -> str:
        """The whole text, once it is written."""
        return "".join(list(self.pieces()))


class Chat:
    """Conversations. Each question grows a session, so a lost request is not made again."""

    def __init__(self, session: Session, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    def ask(self, video_nos: Sequence[str], prompt: str, *, session_id: str | None = None) -> Reply:
        """The answer about these videos; `session_id` goes on with an earlier conversation."""
        call = Call("POST", "/chat", json=self._about(video_nos, prompt, session_id))
        return (self._session.fetch(call, ChatReply)).data

    def stream(
        self, video_nos: Sequence[str], prompt: str, *, session_id: str | None = None
    ) -> ChatStream:
        """The same while it is written."""
        body = self._about(video_nos, prompt, session_id)
        return self._streamed("/chat_stream", body)

    def ask_public(
        self, prompt: str, *, type: Platform | None = None, session_id: str | None = None
    ) -> Reply:
        """The answer from the public videos of a platform, TIKTOK by default."""
        body = given(prompt=prompt, type=type, session_id=session_id, unique_id=self._scope)
        call = Call("POST", "/marketer_chat", json=body)
        return (self._session.fetch(call, ChatReply)).data

    def stream_public(
        self, prompt: str, *, type: Platform | None = None, session_id: str | None = None
    ) -> ChatStream:
        """The same while it is written."""
        body = given(prompt=prompt, type=type, session_id=session_id, unique_id=self._scope)
        return self._streamed("/marketer_chat_stream", body)

    def sessions(self, *, page: int = 1) -> Pager[SessionPage, SessionEntry]:
        """The conversations, the newest first, from `page` on."""

        def read(cursor: Cursor | None) -> SessionPage:
            number = page if cursor is None else cursor
            query: dict[str, Value] = {"page": number, "unique_id": self._scope}
            call = Call("GET", "/list_sessions", query)
            return (self._session.fetch(call, SessionPageReply)).data

        return Pager(
            read, items=lambda found: found.sessions, following=lambda found: found.following
        )

    def session(self, session_id: str) -> Conversation:
        """A conversation with all its messages."""
        query: dict[str, Value] = {"sessionId": session_id, "unique_id": self._scope}
        call = Call("GET", "/get_session_detail", query)
        return (self._session.fetch(call, ConversationReply)).data

    def _about(self, video_nos: Sequence[str], prompt: str, session_id: str | None) -> Json:
        return given(
            video_nos=[*video_nos], prompt=prompt, session_id=session_id, unique_id=self._scope
        )

    def _streamed(self, where: str, body: Json) -> ChatStream:
        call = Call("POST", where, json=body, accept="text/event-stream")
        return ChatStream(self._session, call)
