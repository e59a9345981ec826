"""`client.videos.speakers` and `client.audios.speakers`: who speaks."""

from collections.abc import Mapping, Sequence

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, path
from understudy.client.imentiv.audio import Speakers
from understudy.client.imentiv.medium import Speaker
from understudy.client.imentiv.speaker import AutoMatch, Matched, Pair
from understudy.client.json import Json


class AsyncVideoSpeakers:
    """Which face of a video speaks with which voice."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def match(self, video_id: str, pairs: Sequence[Pair]) -> Matched:
        """Link faces to speakers, all of them or none.

        A name is given to both; without one the face takes the speaker's. Results about the
        personality of these faces are dropped.
        """
        body: Json = [
            {"speaker_id": pair.speaker_id, "face_id": pair.face_id, "name": pair.name}
            for pair in pairs
        ]
        return await self._session.fetch(Call("PUT", _place(video_id), json=body), Matched)

    async def auto_match(self, video_id: str) -> AutoMatch:
        """Have faces and speakers matched. Nothing tells that it has ended but names and links."""
        return await self._session.fetch(Call("POST", _place(video_id)), AutoMatch)


class AsyncAudioSpeakers:
    """The speakers of a sound."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def rename(self, audio_id: str, names: Mapping[int, str]) -> tuple[Speaker, ...]:
        """Give speakers names, by their ids, all of them or none."""
        body: Json = [{"speaker_id": id, "name": name} for id, name in names.items()]
        call = Call("PUT", path("/v1/audios/{}/speakers/names", audio_id), json=body)
        return (await self._session.fetch(call, Speakers)).speakers


def _place(video_id: str) -> str:
    return path("/v2/videos/{}/speaker-face-match", video_id)
