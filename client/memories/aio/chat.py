"""`client.chat`: talk about videos, whole or streamed, and read the sessions."""

from collections.abc import AsyncIterator, Sequence

from understudy.client.aio.pager import AsyncPager, Cursor
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.stream import AsyncStream
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


class AsyncChatStream(AsyncStream[ChatEvent]):
    """An answer as it is written: its events, its pieces, or all of it."""

    def __init__(self, session: AsyncSession, call: Call) -> None:
        super().__init__(
            session,
            call,
            read=event_of,
            last=lambda event: isinstance(event, ChatDone),
            lines=Events,
        )

    async def pieces(self) -> AsyncIterator[str]:
        """The text, cut anywhere."""
        async for event in self:
            if isinstance(event, ChatText):
                yield event.content

    async def text(self) -> str:
        """The whole text, once it is written."""
        return "".join([piece async for piece in self.pieces()])


class AsyncChat:
    """Conversations. Each question grows a session, so a lost request is not made again."""

    def __init__(self, session: AsyncSession, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    async def ask(
        self, video_nos: Sequence[str], prompt: str, *, session_id: str | None = None
    ) -> Reply:
        """The answer about these videos; `session_id` goes on with an earlier conversation."""
        call = Call("POST", "/chat", json=self._about(video_nos, prompt, session_id))
        return (await self._session.fetch(call, ChatReply)).data

    def stream(
        self, video_nos: Sequence[str], prompt: str, *, session_id: str | None = None
    ) -> AsyncChatStream:
        """The same while it is written."""
        body = self._about(video_nos, prompt, session_id)
        return self._streamed("/chat_stream", body)

    async def ask_public(
        self, prompt: str, *, type: Platform | None = None, session_id: str | None = None
    ) -> Reply:
        """The answer from the public videos of a platform, TIKTOK by default."""
        body = given(prompt=prompt, type=type, session_id=session_id, unique_id=self._scope)
        call = Call("POST", "/marketer_chat", json=body)
        return (await self._session.fetch(call, ChatReply)).data

    def stream_public(
        self, prompt: str, *, type: Platform | None = None, session_id: str | None = None
    ) -> AsyncChatStream:
        """The same while it is written."""
        body = given(prompt=prompt, type=type, session_id=session_id, unique_id=self._scope)
        return self._streamed("/marketer_chat_stream", body)

    def sessions(self, *, page: int = 1) -> AsyncPager[SessionPage, SessionEntry]:
        """The conversations, the newest first, from `page` on."""

        async def read(cursor: Cursor | None) -> SessionPage:
            number = page if cursor is None else cursor
            query: dict[str, Value] = {"page": number, "unique_id": self._scope}
            call = Call("GET", "/list_sessions", query)
            return (await self._session.fetch(call, SessionPageReply)).data

        return AsyncPager(
            read, items=lambda found: found.sessions, following=lambda found: found.following
        )

    async def session(self, session_id: str) -> Conversation:
        """A conversation with all its messages."""
        query: dict[str, Value] = {"sessionId": session_id, "unique_id": self._scope}
        call = Call("GET", "/get_session_detail", query)
        return (await self._session.fetch(call, ConversationReply)).data

    def _about(self, video_nos: Sequence[str], prompt: str, session_id: str | None) -> Json:
        return given(
            video_nos=[*video_nos], prompt=prompt, session_id=session_id, unique_id=self._scope
        )

    def _streamed(self, where: str, body: Json) -> AsyncChatStream:
        call = Call("POST", where, json=body, accept="text/event-stream")
        return AsyncChatStream(self._session, call)
