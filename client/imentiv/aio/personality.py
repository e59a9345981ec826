"""`client.videos.personality`: what a face, and a voice linked to it, tell of a person."""

from collections.abc import Callable

from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value, path
from understudy.client.imentiv.personality import (
    AnalysisType,
    PersonalityReading,
    PersonalityStarted,
    parts_of,
    signs_of,
)
from understudy.client.patience import Patience


class AsyncJudgement(AsyncWork[PersonalityReading]):
    """A personality that is being judged; it ends when every part that was asked for has."""

    def __init__(
        self,
        session: AsyncSession,
        video_id: str,
        face_id: int,
        analysis_type: AnalysisType,
        started: PersonalityStarted | None = None,
    ) -> None:
        super().__init__(
            session,
            f"{video_id}/{face_id}",
            signs_of(parts_of(analysis_type)),
            lambda once: AsyncPersonality(once).retrieve(video_id, face_id),
            noun="Personality of face",
        )
        self.started = started


class AsyncPersonality:
    """Overall, by segments of the video, or both (`combined`)."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def analyze(
        self,
        video_id: str,
        face_id: int,
        *,
        analysis_type: AnalysisType = "overall",
        callback_url: str | None = None,
    ) -> AsyncJudgement:
        """Have the personality of a face judged."""
        fields: dict[str, Value] = {
            "face_id": face_id,
            "analysis_type": analysis_type,
            "callback_url": callback_url,
        }
        call = Call("POST", path("/v2/videos/{}/personality/analyze", video_id), fields=fields)
        started = await self._session.fetch(call, PersonalityStarted)
        return AsyncJudgement(self._session, video_id, face_id, analysis_type, started)

    async def retrieve(self, video_id: str, face_id: int) -> PersonalityReading:
        """How far each part is, and the result of each part that is completed."""
        where = path("/v2/videos/{}/faces/{}/personality-analysis", video_id, str(face_id))
        return await self._session.fetch(Call("GET", where), PersonalityReading)

    async def wait(
        self,
        video_id: str,
        face_id: int,
        *,
        analysis_type: AnalysisType = "overall",
        patience: Patience | None = None,
        on_status: Callable[[PersonalityReading], None] | None = None,
    ) -> PersonalityReading:
        """The personality once these parts are completed; it ends as `client.videos.wait` does."""
        work = AsyncJudgement(self._session, video_id, face_id, analysis_type)
        return await work.wait(patience=patience, on_status=on_status)
