# From client/imentiv/aio/insights.py, by `python -m tools.twins`: edit that file, not this.
"""`client.videos.insights` and its like: talk about one medium."""

from collections.abc import Iterator

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
from understudy.client.sync.session import Session
from understudy.client.sync.stream import Stream


class InsightStream(Stream[InsightEvent]):
    """An answer as it is written: its events, its pieces, or all of it."""

    def __init__(self, session: Session, call: Call) -> None:
        super().__init__(
            session,
            call,
            read=event_of,
            last=lambda event: isinstance(event, InsightDone),
            lines=Events,
        )

    def pieces(self) -> Iterator[str]:
        """The text, cut anywhere."""
        for event in self:
            if isinstance(event, InsightText):
                yield event.text

    def text(self) -> str:
        """The whole text, once it is written."""
        return "".join(list(self.pieces()))


class Insights:
    """Conversations, one for each medium. A question is never asked twice by a retry: it would
    be in the conversation twice."""

    def __init__(self, session: Session, media_type: MediaType) -> None:
        self._session = session
        self._media_type = media_type

    def ask(self, id: str, message: str) -> Insight:
        """The answer to a question, in one piece."""
        return self._session.fetch(self._question(id, message, stream=False), Insight)

    def stream(self, id: str, message: str) -> InsightStream:
        """The answer to a question, while it is written."""
        return InsightStream(self._session, self._question(id, message, stream=True))

    def history(self, id: str) -> Conversation:
        """What was said about the medium so far."""
        return self._session.fetch(Call("GET", self._place(id)), Conversation)

    def _question(self, id: str, message: str, *, stream: bool) -> Call:
        accept = "text/event-stream" if stream else "application/json"
        where, query = self._place(id), {"stream": stream}
        return Call("POST", where, query, json={"message": message}, accept=accept)

    def _place(self, id: str) -> str:
        return path("/v2/{}/{}/ai-insights", self._media_type, id)
