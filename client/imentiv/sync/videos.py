# From client/imentiv/aio/videos.py, by `python -m tools.twins`: edit that file, not this.
"""`client.videos`: upload, read and correct videos; jobs about them are in groups of their own."""

from understudy.client.call import Call, Value, path
from understudy.client.fields import form, one_of
from understudy.client.file import Source
from understudy.client.imentiv.medium import Analytics, Metadata, Mood
from understudy.client.imentiv.sync.annotated import Annotated
from understudy.client.imentiv.sync.faces import Faces
from understudy.client.imentiv.sync.frames import Frames
from understudy.client.imentiv.sync.highlights import Highlights
from understudy.client.imentiv.sync.media import Analysis, Kind, Media
from understudy.client.imentiv.sync.personality import Personality
from understudy.client.imentiv.sync.reports import Reports
from understudy.client.imentiv.sync.speakers import VideoSpeakers
from understudy.client.imentiv.video import Scores, Video
from understudy.client.multipart import Progress
from understudy.client.sync.session import Session

VIDEOS: Kind[Video] = Kind("video", "offset_video_id", Video)


class Emotions:
    """What a whole video shows of emotions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def average(self, video_id: str, *, face_id: int | None = None) -> Scores:
        """The mean over all frames, of all faces or of one."""
        call = Call("GET", path("/v2/videos/{}/emotions/average", video_id), {"face_id": face_id})
        return self._session.fetch(call, Scores)

    def valence_arousal(self, video_id: str) -> Mood:
        """How pleasant, aroused and intense the video is."""
        call = Call("GET", path("/v1/videos/{}/valence_arousal", video_id))
        return self._session.fetch(call, Mood)


class Videos(Media[Video]):
    """The account's videos; frames, faces and what is made of a video have groups of their own."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, VIDEOS)
        self.emotions = Emotions(session)
        self.frames = Frames(session)
        self.faces = Faces(session)
        self.speakers = VideoSpeakers(session)
        self.personality = Personality(session)
        self.highlights = Highlights(session)
        self.annotated = Annotated(session)
        self.reports = Reports(session)

    def upload(
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
    ) -> Analysis[Video]:
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
        return self._uploaded(Call("POST", "/v2/videos", form=body))

    def update(
        self, video_id: str, *, title: str | None = None, description: str | None = None
    ) -> Metadata:
        """Change title (50 characters at most) or description (300), or both."""
        return self._rename(video_id, title=title, description=description)

    def analytics(self, video_id: str) -> Analytics:
        """All there is about the video, its sound and its text, whatever its status."""
        call = Call("GET", path("/v2/videos/{}/multimodal-analytics", video_id))
        return self._session.fetch(call, Analytics)
