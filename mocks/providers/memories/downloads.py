"""Downloads: a small file that stands for the video."""

from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.footage import segment
from understudy.mocks.providers.memories.videos import named

BYTES = "application/octet-stream"


def download(call: Call) -> Answer:
    """The bytes of a video in whatever status; refused in the envelope when there is none."""
    named(call, call.field("video_no"))
    return Answer(200, None, BYTES, raw=segment())
