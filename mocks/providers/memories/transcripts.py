"""What is seen and what is said in a video: sentences with their times, which are text."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate import text
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.providers.memories.errors import success
from understudy.mocks.providers.memories.moments import Moment, moments
from understudy.mocks.providers.memories.videos import parsed
from understudy.mocks.store import Resource


def get_video_transcription(call: Call) -> Answer:
    """What is seen, from the beginning to the end."""
    video = parsed(call, str(call.query("video_no")))
    medium = known(video.hidden)
    told = [(moment, seen(call, medium, moment)) for moment in moments(medium, "sight")]
    return success(_shown(video, told))


def get_audio_transcription(call: Call) -> Answer:
    """What is said; null where nobody speaks (recorded). Each sentence begins with a space."""
    video = parsed(call, str(call.query("video_no")))
    medium = known(video.hidden)
    if not medium.has_audio:
        return success(None)
    told = [(moment, f" {heard(call, medium, moment)}") for moment in moments(medium, "speech")]
    return success(_shown(video, told))


def seen(call: Call, medium: Medium, moment: Moment) -> str:
    """The sentence about what is seen at that moment, wherever it is shown."""
    return text.sentence(medium, Seeded(call.seed, medium.identity, "seen", moment[0]))


def heard(call: Call, medium: Medium, moment: Moment) -> str:
    """The sentence that is said at that moment."""
    return text.spoken(medium, Seeded(call.seed, medium.identity, "heard", moment[0]))


def _shown(video: Resource, told: list[tuple[Moment, str]]) -> Json:
    pieces: list[Json] = [
        {"index": index, "content": content, "startTime": str(start), "endTime": str(end)}
        for index, ((start, end), content) in enumerate(told)
    ]
    return {"videoNo": video.id, "transcriptions": pieces}
