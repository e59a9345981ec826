"""`client.videos`: upload, read and correct videos; jobs about them are in groups of their own."""

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, path
from understudy.client.fields import form, one_of
from understudy.client.file import Source
from understudy.client.imentiv.aio.annotated import AsyncAnnotated
from understudy.client.imentiv.aio.faces import AsyncFaces
from understudy.client.imentiv.aio.frames import AsyncFrames
from understudy.client.imentiv.aio.highlights import AsyncHighlights
from understudy.client.imentiv.aio.media import AsyncAnalysis, AsyncMedia, Kind
from understudy.client.imentiv.aio.personality import AsyncPersonality
from understudy.client.imentiv.aio.reports import AsyncReports
from understudy.client.imentiv.aio.speakers import AsyncVideoSpeakers
from understudy.client.imentiv.medium import Analytics, Metadata, Mood
from understudy.client.imentiv.video import Scores, Video
from understudy.client.multipart import Progress

VIDEOS: Kind[Video] = Kind("video", "offset_video_id", Video)


class AsyncEmotions:
    """What a whole video shows of emotions."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def average(self, video_id: str, *, face_id: int | None = None) -> Scores:
        """The mean over all frames, of all faces or of one."""
        call = Call("GET", path("/v2/videos/{}/emotions/average", video_id), {"face_id": face_id})
        return await self._session.fetch(call, Scores)

    async def valence_arousal(self, video_id: str) -> Mood:
        """How pleasant, aroused and intense the video is."""
        call = Call("GET", path("/v1/videos/{}/valence_arousal", video_id))
        return await self._session.fetch(call, Mood)


class AsyncVideos(AsyncMedia[Video]):
    """The account's videos; frames, faces and what is made of a video have groups of their own."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, VIDEOS)
        self.emotions = AsyncEmotions(session)
        self.frames = AsyncFrames(session)
        self.faces = AsyncFaces(session)
        self.speakers = AsyncVideoSpeakers(session)
        self.personality = AsyncPersonality(session)
        self.highlights = AsyncHighlights(session)
        self.annotated = AsyncAnnotated(session)
        self.reports = AsyncReports(session)

    async def upload(
        self,
        title: str,
        *,
        video_file: Source | None = None,
        video_url: str | None = None,
        description: str | None = None,
        start_millis: float | None = None,
        end_millis: float | None = None,
        callback_url: str | None = None,
        project_id: str | None = None,
        progress: Progress | None = None,
    ) -> AsyncAnalysis[Video]:
        """Upload a video, or have it fetched from its address, and analyse all or a part of it.

        `progress` is told how many bytes are sent. A second video is never made by a retry: the
        request is repeated only when the service has refused it.
        """
        one_of(video_file=video_file, video_url=video_url)
        fields: dict[str, Value] = {
            "title": title,
            "description": description,
            "video_url": video_url,
            "start_millis": start_millis,
            "end_millis": end_millis,
            "callback_url": callback_url,
            "project_id": project_id,
        }
        body = form(fields, files={"video_file": video_file}, progress=progress)
        return await self._uploaded(Call("POST", "/v2/videos", form=body))

    async def update(
        self, video_id: str, *, title: str | None = None, description: str | None = None
    ) -> Metadata:
        """Change title (50 characters at most) or description (300), or both."""
        return await self._rename(video_id, title=title, description=description)

    async def analytics(self, video_id: str) -> Analytics:
        """All there is about the video, its sound and its text, whatever its status."""
        call = Call("GET", path("/v2/videos/{}/multimodal-analytics", video_id))
        return await self._session.fetch(call, Analytics)
