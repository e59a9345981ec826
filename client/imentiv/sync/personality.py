# From client/imentiv/aio/personality.py, by `python -m tools.twins`: edit that file, not this.
"""`client.videos.personality`: what a face, and a voice linked to it, tell of a person."""

from collections.abc import Callable

from understudy.client.call import Call, Value, path
from understudy.client.imentiv.personality import (
    AnalysisType,
    PersonalityReading,
    PersonalityStarted,
    parts_of,
    signs_of,
)
from understudy.client.patience import Patience
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work


class Judgement(Work[PersonalityReading]):
    """A personality that is being judged; it ends when every part that was asked for has."""

    def __init__(
        self,
        session: Session,
        video_id: str,
        face_id: int,
        analysis_type: AnalysisType,
        started: PersonalityStarted | None = None,
    ) -> None:
        super().__init__(
            session,
            f"{video_id}/{face_id}",
            signs_of(parts_of(analysis_type)),
            lambda once: Personality(once).retrieve(video_id, face_id),
            noun="Personality of face",
        )
        self.started = started


class Personality:
    """Overall, by segments of the video, or both (`combined`)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def analyze(
        self,
        video_id: str,
        face_id: int,
        *,
        analysis_type: AnalysisType = "overall",
        callback_url: str | None = None,
    ) -> Judgement:
        """Have the personality of a face judged."""
        fields: dict[str, Value] = {
            "face_id": face_id,
            "analysis_type": analysis_type,
            "callback_url": callback_url,
        }
        call = Call("POST", path("/v2/videos/{}/personality/analyze", video_id), fields=fields)
        started = self._session.fetch(call, PersonalityStarted)
        return Judgement(self._session, video_id, face_id, analysis_type, started)

    def retrieve(self, video_id: str, face_id: int) -> PersonalityReading:
        """How far each part is, and the result of each part that is completed."""
        where = path("/v2/videos/{}/faces/{}/personality-analysis", video_id, str(face_id))
        return self._session.fetch(Call("GET", where), PersonalityReading)

    def wait(
        self,
        video_id: str,
        face_id: int,
        *,
        analysis_type: AnalysisType = "overall",
        patience: Patience | None = None,
        on_status: Callable[[PersonalityReading], None] | None = None,
    ) -> PersonalityReading:
        """The personality once these parts are completed; it ends as `client.videos.wait` does."""
        work = Judgement(self._session, video_id, face_id, analysis_type)
        return work.wait(patience=patience, on_status=on_status)
