"""`client.audios`: upload, read and correct sounds."""

from collections.abc import Sequence
from typing import cast

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, path
from understudy.client.download import Download, Target
from understudy.client.fields import form, one_of
from understudy.client.file import Source
from understudy.client.imentiv.aio.media import AsyncAnalysis, AsyncMedia, Kind
from understudy.client.imentiv.aio.speakers import AsyncAudioSpeakers
from understudy.client.imentiv.audio import (
    Audio,
    DeletedSegment,
    Transcript,
    Utterance,
    WrittenSegment,
)
from understudy.client.imentiv.medium import Analytics, Metadata
from understudy.client.json import Json
from understudy.client.multipart import Progress

AUDIOS: Kind[Audio] = Kind("audio", "offset_audio_id", Audio)


class AsyncTranscripts:
    """What is said in sounds that are completed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def update(
        self, audio_id: str, segments: Sequence[Utterance]
    ) -> tuple[WrittenSegment, ...]:
        """Put these segments in the place of all."""
        body: Json = [cast("Json", each) for each in segments]
        call = Call("PUT", path("/v1/audios/{}/transcript", audio_id), json=body)
        return await self._session.fetch_all(call, WrittenSegment)

    async def replace(self, audio_id: str, transcript: str) -> Transcript:
        """Put a text in the place of all segments: a segment for each line, `Name: ` before it."""
        body: Json = {"transcript": transcript, "format": "text"}
        call = Call("PUT", path("/v1/audios/{}/transcript/replace", audio_id), json=body)
        return await self._session.fetch(call, Transcript)

    async def delete_segment(self, audio_id: str, index: int) -> DeletedSegment:
        """Delete the segment at a place, from 0 on; later ones close up."""
        where = path("/v1/audios/{}/{}", audio_id, str(index))
        return await self._session.fetch(Call("DELETE", where, again=False), DeletedSegment)


class AsyncAudios(AsyncMedia[Audio]):
    """The account's sounds; transcripts and speakers have groups of their own."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, AUDIOS)
        self.transcript = AsyncTranscripts(session)
        self.speakers = AsyncAudioSpeakers(session)

    async def upload(
        self,
        title: str,
        *,
        audio_file: Source | None = None,
        media_url: str | None = None,
        description: str | None = None,
        start_millis: float | None = None,
        end_millis: float | None = None,
        callback_url: str | None = None,
        speaker_diarization: bool | None = None,
        text_emotion_analysis: bool | None = None,
        language: str | None = None,
        progress: Progress | None = None,
    ) -> AsyncAnalysis[Audio]:
        """Upload a sound, or have it or a video fetched, and analyse all or a part of it.

        `progress` is told how many bytes are sent; see `client.videos.upload`.
        """
        one_of(audio_file=audio_file, media_url=media_url)
        fields: dict[str, Value] = {
            "title": title,
            "description": description,
            "media_url": media_url,
            "start_millis": start_millis,
            "end_millis": end_millis,
            "callback_url": callback_url,
            "speaker_diarization": speaker_diarization,
            "text_emotion_analysis": text_emotion_analysis,
            "language": language,
        }
        body = form(fields, files={"audio_file": audio_file}, progress=progress)
        return await self._uploaded(Call("POST", "/v2/audios", form=body))

    async def update(
        self, audio_id: str, *, title: str | None = None, description: str | None = None
    ) -> Metadata:
        """Change title or description, or both."""
        return await self._rename(audio_id, title=title, description=description)

    async def analytics(self, audio_id: str) -> Analytics:
        """All there is about the sound and its text, whatever its status."""
        call = Call("GET", path("/v2/audios/{}/multimodal-analytics", audio_id))
        return await self._session.fetch(call, Analytics)

    async def report(self, audio_id: str, to: Target | None = None) -> Download:
        """A table with a row for each segment: in memory, or saved at `to`; `NotReady` while the
        sound is analysed."""
        return await self._session.download(Call("GET", path("/v1/audios/{}/report", audio_id)), to)
