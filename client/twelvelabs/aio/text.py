"""`client.gist`, `summarize`, `analyze` and `generate`: texts about a video."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, Unpack, cast, overload

from understudy.client.aio.session import AsyncSession
from understudy.client.aio.stream import AsyncStream
from understudy.client.call import Call
from understudy.client.fields import given, one_of
from understudy.client.json import Json
from understudy.client.twelvelabs.source import NamedImage, Prompt, VideoSource
from understudy.client.twelvelabs.text import (
    AnalysisWording,
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


class AsyncTextStream(AsyncStream[StreamEvent]):
    """A text as it is written: its events, its pieces, or all of it."""

    def __init__(self, session: AsyncSession, call: Call) -> None:
        super().__init__(
            session, call, read=event_of, last=lambda event: isinstance(event, StreamEnd)
        )

    async def pieces(self) -> AsyncIterator[str]:
        """The text, cut anywhere."""
        async for event in self:
            if isinstance(event, StreamText):
                yield event.text

    async def text(self) -> str:
        """The whole text, once it is written."""
        return "".join([piece async for piece in self.pieces()])


class AsyncTexts:
    """Texts about one video. Nothing is stored, so a lost request is made again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def gist(self, video_id: str, types: Sequence[GistType]) -> Gist:
        """Title, topics and hashtags, as asked for. Withdrawn on 2026-03-11; `analyze` can it."""
        body = given(video_id=video_id, types=[*types])
        return await self._session.fetch(Call("POST", "/gist", json=body, again=True), Gist)

    @overload
    async def summarize(
        self, video_id: str, type: Literal["summary"], **how: Unpack[PromptedWording]
    ) -> Summary: ...
    @overload
    async def summarize(
        self, video_id: str, type: Literal["chapter"], **how: Unpack[PromptedWording]
    ) -> Chapters: ...
    @overload
    async def summarize(
        self, video_id: str, type: Literal["highlight"], **how: Unpack[PromptedWording]
    ) -> Highlights: ...
    async def summarize(
        self, video_id: str, type: SummaryType, **how: Unpack[PromptedWording]
    ) -> Summary | Chapters | Highlights:
        """A summary, chapters or highlights; `type` decides which.

        Withdrawn on 2026-03-11; `analyze` with a `response_format` came instead.
        """
        body: Mapping[str, Json] = given(video_id=video_id, type=type, **_plain(how))
        call = Call("POST", "/summarize", json=body, again=True)
        if type == "summary":
            return await self._session.fetch(call, Summary)
        if type == "chapter":
            return await self._session.fetch(call, Chapters)
        return await self._session.fetch(call, Highlights)

    async def analyze(
        self,
        video_id: str | None = None,
        prompt: str | None = None,
        *,
        video: VideoSource | None = None,
        image: Sequence[NamedImage] | None = None,
        prompt_v2: Prompt | None = None,
        **how: Unpack[AnalysisWording],
    ) -> Answer:
        """The answer to a prompt about a video or some images, in one piece.

        `video_id` was withdrawn on 2026-07-30; a `video` is an asset, an address or inline.
        """
        asked = _subject(video_id, prompt, video, image, prompt_v2)
        call = _analysis({**asked, **_plain(how)}, stream=False)
        return await self._session.fetch(call, Answer)

    def analyze_stream(
        self,
        video_id: str | None = None,
        prompt: str | None = None,
        *,
        video: VideoSource | None = None,
        image: Sequence[NamedImage] | None = None,
        prompt_v2: Prompt | None = None,
        **how: Unpack[AnalysisWording],
    ) -> AsyncTextStream:
        """The same while it is written."""
        asked = _subject(video_id, prompt, video, image, prompt_v2)
        return AsyncTextStream(self._session, _analysis({**asked, **_plain(how)}, stream=True))

    async def generate(self, video_id: str, prompt: str, **how: Unpack[Wording]) -> Answer:
        """`analyze` by its old name, withdrawn on 2026-02-12."""
        call = _prompt("/generate", video_id, prompt, how, stream=False)
        return await self._session.fetch(call, Answer)

    def generate_stream(
        self, video_id: str, prompt: str, **how: Unpack[Wording]
    ) -> AsyncTextStream:
        """`analyze_stream` by its old name, withdrawn on 2026-02-12."""
        call = _prompt("/generate", video_id, prompt, how, stream=True)
        return AsyncTextStream(self._session, call)


def _subject(
    video_id: str | None,
    prompt: str | None,
    video: VideoSource | None,
    image: Sequence[NamedImage] | None,
    prompt_v2: Prompt | None,
) -> dict[str, Json]:
    """What is asked, and about what."""
    one_of(video_id=video_id, video=video, image=image)
    one_of(prompt=prompt, prompt_v2=prompt_v2)
    images = None if image is None else [cast("Json", each) for each in image]
    return given(
        video_id=video_id,
        prompt=prompt,
        video=cast("Json", video),
        image=images,
        prompt_v2=cast("Json", prompt_v2),
    )


def _analysis(body: Mapping[str, Json], *, stream: bool) -> Call:
    return Call("POST", "/analyze", json={**body, "stream": stream}, again=True)


def _plain(how: Wording) -> Mapping[str, Json]:
    """The wording as JSON, which a TypedDict is, though no type checker can see that."""
    return cast("Mapping[str, Json]", how)


def _prompt(where: str, video_id: str, prompt: str, how: Wording, *, stream: bool) -> Call:
    body: Mapping[str, Json] = given(video_id=video_id, prompt=prompt, stream=stream, **_plain(how))
    return Call("POST", where, json=body, again=True)
