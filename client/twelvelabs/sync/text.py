# From client/twelvelabs/aio/text.py, by `python -m tools.twins`: edit that file, not this.
"""`client.gist`, `summarize`, `analyze` and `generate`: texts about a video."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Unpack, cast, overload

from understudy.client.call import Call
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.sync.session import Session
from understudy.client.sync.stream import Stream
from understudy.client.twelvelabs.text import (
    Answer,
    Chapters,
    Gist,
    GistType,
    Highlights,
    PromptedWording,
    StreamEnd,
    StreamEvent,
    StreamText,
    Summary,
    SummaryType,
    Wording,
    event_of,
)


class TextStream(Stream[StreamEvent]):
    """A text as it is written: its events, its pieces, or all of it."""

    def __init__(self, session: Session, call: Call) -> None:
        super().__init__(
            session, call, read=event_of, last=lambda event: isinstance(event, StreamEnd)
        )

    def pieces(self) -> Iterator[str]:
        """The text, cut anywhere."""
        for event in self:
            if isinstance(event, StreamText):
                yield event.text

    def text(self) -> str:
        """The whole text, once it is written."""
        return "".join(list(self.pieces()))


class Texts:
    """Texts about one video. Nothing is stored, so a lost request is made again."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def gist(self, video_id: str, types: Sequence[GistType]) -> Gist:
        """Title, topics and hashtags, as asked for."""
        body = given(video_id=video_id, types=[*types])
        return self._session.fetch(Call("POST", "/gist", json=body, again=True), Gist)

    @overload
    def summarize(
        self, video_id: str, type: Literal["summary"], **how: Unpack[PromptedWording]
    ) -> Summary: ...
    @overload
    def summarize(
        self, video_id: str, type: Literal["chapter"], **how: Unpack[PromptedWording]
    ) -> Chapters: ...
    @overload
    def summarize(
        self, video_id: str, type: Literal["highlight"], **how: Unpack[PromptedWording]
    ) -> Highlights: ...
    def summarize(
        self, video_id: str, type: SummaryType, **how: Unpack[PromptedWording]
    ) -> Summary | Chapters | Highlights:
        """A summary, chapters or highlights; `type` decides which."""
        body: Mapping[str, Json] = given(video_id=video_id, type=type, **_plain(how))
        call = Call("POST", "/summarize", json=body, again=True)
        if type == "summary":
            return self._session.fetch(call, Summary)
        if type == "chapter":
            return self._session.fetch(call, Chapters)
        return self._session.fetch(call, Highlights)

    def analyze(self, video_id: str, prompt: str, **how: Unpack[Wording]) -> Answer:
        """The answer to a prompt, in one piece."""
        call = _prompt("/analyze", video_id, prompt, how, stream=False)
        return self._session.fetch(call, Answer)

    def analyze_stream(self, video_id: str, prompt: str, **how: Unpack[Wording]) -> TextStream:
        """The answer to a prompt, while it is written."""
        call = _prompt("/analyze", video_id, prompt, how, stream=True)
        return TextStream(self._session, call)

    def generate(self, video_id: str, prompt: str, **how: Unpack[Wording]) -> Answer:
        """`analyze` by its old name, which the service means to drop."""
        call = _prompt("/generate", video_id, prompt, how, stream=False)
        return self._session.fetch(call, Answer)

    def generate_stream(self, video_id: str, prompt: str, **how: Unpack[Wording]) -> TextStream:
        """`analyze_stream` by its old name."""
        call = _prompt("/generate", video_id, prompt, how, stream=True)
        return TextStream(self._session, call)


def _plain(how: Wording) -> Mapping[str, Json]:
    """The wording as JSON, which a TypedDict is, though no type checker can see that."""
    return cast("Mapping[str, Json]", how)


def _prompt(where: str, video_id: str, prompt: str, how: Wording, *, stream: bool) -> Call:
    body: Mapping[str, Json] = given(video_id=video_id, prompt=prompt, stream=stream, **_plain(how))
    return Call("POST", where, json=body, again=True)
