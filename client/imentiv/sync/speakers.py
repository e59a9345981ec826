# From client/imentiv/aio/speakers.py, by `python -m tools.twins`: edit that file, not this.
"""`client.videos.speakers` and `client.audios.speakers`: who speaks."""

from collections.abc import Mapping, Sequence

from understudy.client.call import Call, path
from understudy.client.imentiv.audio import Speakers
from understudy.client.imentiv.medium import Speaker
from understudy.client.imentiv.speaker import AutoMatch, Matched, Pair
from understudy.client.json import Json
from understudy.client.sync.session import Session


class VideoSpeakers:
    """Which face of a video speaks with which voice."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def match(self, video_id: str, pairs: Sequence[Pair]) -> Matched:
        """Link faces to speakers, all of them or none.

        A name is given to both; without one the face takes the speaker's. Results about the
        personality of these faces are dropped.
        """
        body: Json = [
            {"speaker_id": pair.speaker_id, "face_id": pair.face_id, "name": pair.name}
            for pair in pairs
        ]
        return self._session.fetch(Call("PUT", _place(video_id), json=body), Matched)

    def auto_match(self, video_id: str) -> AutoMatch:
        """Have faces and speakers matched. Nothing tells that it has ended but names and links."""
        return self._session.fetch(Call("POST", _place(video_id)), AutoMatch)


class AudioSpeakers:
    """The speakers of a sound."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rename(self, audio_id: str, names: Mapping[int, str]) -> tuple[Speaker, ...]:
        """Give speakers names, by their ids, all of them or none."""
        body: Json = [{"speaker_id": id, "name": name} for id, name in names.items()]
        call = Call("PUT", path("/v1/audios/{}/speakers/names", audio_id), json=body)
        return (self._session.fetch(call, Speakers)).speakers


def _place(video_id: str) -> str:
    return path("/v2/videos/{}/speaker-face-match", video_id)
