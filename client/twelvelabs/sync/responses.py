# From client/twelvelabs/aio/responses.py, by `python -m tools.twins`: edit that file, not this.
"""`client.responses`: talk about a knowledge store, whole or streamed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypedDict, Unpack, cast

from understudy.client.call import Call
from understudy.client.errors import StreamBroken
from understudy.client.events import Events
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.sync.session import Session
from understudy.client.sync.stream import Stream
from understudy.client.twelvelabs.response import (
    Response,
    ResponseChanged,
    ResponseEvent,
    Selection,
    TextDelta,
    TextFormat,
    event_of,
    last,
)


class Talk(TypedDict, total=False):
    """How to answer. `session_id` goes on with a talk about the same store."""

    session_id: str
    instructions: str
    include: Sequence[Literal["intermediate_outputs"]]
    selections: Sequence[Selection]
    format: TextFormat


class ResponseStream(Stream[ResponseEvent]):
    """An answer as it is written: its events, its pieces, or all of it."""

    def __init__(self, session: Session, call: Call) -> None:
        super().__init__(session, call, read=event_of, last=last, lines=Events)

    def pieces(self) -> Iterator[str]:
        """The texts of the answer, cut anywhere, its commentary too."""
        for event in self:
            if isinstance(event, TextDelta):
                yield event.delta
            else:
                _refuse(event)

    def response(self) -> Response:
        """The whole answer, once it is written."""
        for event in self:
            _refuse(event)
            if isinstance(event, ResponseChanged) and event.ended:
                return event.response
        raise StreamBroken("The stream ended without the answer.")

    def text(self) -> str:
        """The words of the whole answer, without its commentary."""
        return (self.response()).text


class Responses:
    """Questions about a store, each with an answer; none is asked twice by a retry."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(
        self, knowledge_store_id: str, said: str | Sequence[str], **talk: Unpack[Talk]
    ) -> Response:
        """The answer in one piece; several texts are several messages."""
        body = _body(knowledge_store_id, said, talk, stream=False)
        return self._session.fetch(Call("POST", "/responses", json=body), Response)

    def stream(
        self, knowledge_store_id: str, said: str | Sequence[str], **talk: Unpack[Talk]
    ) -> ResponseStream:
        """The same while it is written; the question goes out with the first step."""
        body = _body(knowledge_store_id, said, talk, stream=True)
        call = Call("POST", "/responses", json=body, accept="text/event-stream")
        return ResponseStream(self._session, call)


def _body(
    knowledge_store_id: str, said: str | Sequence[str], talk: Talk, *, stream: bool
) -> Mapping[str, Json]:
    messages: list[Json] = [
        {"type": "message", "role": "user", "content": content}
        for content in ([said] if isinstance(said, str) else said)
    ]
    wishes = cast("dict[str, Json]", dict(talk))
    form = wishes.pop("format", None)
    asked: dict[str, Json] = {"knowledge_store_id": knowledge_store_id, "input": messages}
    written = None if form is None else {"format": form}
    return given(**{**asked, "text": written, **wishes, "stream": stream})


def _refuse(event: ResponseEvent) -> None:
    if isinstance(event, ResponseChanged) and event.type == "response.failed":
        raise StreamBroken(f"Response {event.response.id} has failed.")
