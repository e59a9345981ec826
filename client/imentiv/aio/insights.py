"""`client.videos.insights` and its like: talk about one medium."""

from collections.abc import AsyncIterator

from understudy.client.aio.session import AsyncSession
from understudy.client.aio.stream import AsyncStream
from understudy.client.call import Call, path
from understudy.client.events import Events
from understudy.client.imentiv.insight import (
    Conversation,
    Insight,
    InsightDone,
    InsightEvent,
    InsightText,
    event_of,
)
from understudy.client.imentiv.medium import MediaType


class AsyncInsightStream(AsyncStream[InsightEvent]):
    """An answer as it is written: its events, its pieces, or all of it."""

    def __init__(self, session: AsyncSession, call: Call) -> None:
        super().__init__(
            session,
            call,
            read=event_of,
            last=lambda event: isinstance(event, InsightDone),
            lines=Events,
        )

    async def pieces(self) -> AsyncIterator[str]:
        """The text, cut anywhere."""
        async for event in self:
            if isinstance(event, InsightText):
                yield event.text

    async def text(self) -> str:
        """The whole text, once it is written."""
        return "".join([piece async for piece in self.pieces()])


class AsyncInsights:
    """Conversations, one for each medium. A question is never asked twice by a retry: it would
    be in the conversation twice."""

    def __init__(self, session: AsyncSession, media_type: MediaType) -> None:
        self._session = session
        self._media_type = media_type

    async def ask(self, id: str, message: str) -> Insight:
        """The answer to a question, in one piece."""
        return await self._session.fetch(self._question(id, message, stream=False), Insight)

    def stream(self, id: str, message: str) -> AsyncInsightStream:
        """The answer to a question, while it is written."""
        return AsyncInsightStream(self._session, self._question(id, message, stream=True))

    async def history(self, id: str) -> Conversation:
        """What was said about the medium so far."""
        return await self._session.fetch(Call("GET", self._place(id)), Conversation)

    def _question(self, id: str, message: str, *, stream: bool) -> Call:
        accept = "text/event-stream" if stream else "application/json"
        where, query = self._place(id), {"stream": stream}
        return Call("POST", where, query, json={"message": message}, accept=accept)

    def _place(self, id: str) -> str:
        return path("/v2/{}/{}/ai-insights", self._media_type, id)
