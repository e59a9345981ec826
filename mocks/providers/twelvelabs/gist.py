"""The gist of a video: title, topics and hashtags, whichever are asked for."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate import text, tokens
from understudy.mocks.kind import texts
from understudy.mocks.providers.twelvelabs.subject import described_video, drawn


def gist(call: Call) -> Answer:
    """What `types` names, and no more."""
    medium = described_video(call)
    asked = texts(call.body.get("types"))
    draw = drawn(call, medium, "gist")
    shown: dict[str, Json] = {}
    if "title" in asked:
        shown["title"] = text.title(medium, draw.child("title"))
    if "topic" in asked:
        shown["topics"] = [*text.topics(medium, draw.child("topics"))]
    if "hashtag" in asked:
        found = text.hashtags(medium, draw.child("hashtags"))
        shown["hashtags"] = [tag.removeprefix("#") for tag in found]
    said = " ".join(str(each) for each in shown.values())
    usage: Json = {"output_tokens": tokens.count(said)}
    return Answer(200, {"id": call.tenant.ids.uuid(), **shown, "usage": usage})
