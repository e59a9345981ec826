"""Analysis at once: the answer to a prompt about a video or images, whole or as a stream."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate import tokens
from understudy.mocks.kind import mapping
from understudy.mocks.lines import streamed
from understudy.mocks.providers.twelvelabs.analyses.shapes import written
from understudy.mocks.providers.twelvelabs.analyses.subject import HOUR, prompted, subject_of
from understudy.mocks.providers.twelvelabs.analysis import events
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.subject import drawn, limited

TRUNCATED = "the answer was cut at max_tokens; ask for more tokens to have all of it"


def analyze(call: Call) -> Answer:
    """The answer to the prompt: a stream unless `stream` is false."""
    subject = subject_of(call, call.body, HOUR)
    prompt = prompted(call, call.body)
    medium = subject.medium
    if medium.outcome == "fail":
        raise refuse("parameter_invalid", f"{medium.url or medium.name!r} could not be read")
    draw = drawn(call, medium, "answer", prompt, *subject.window)
    schema = mapping(call.body.get("response_format")).get("json_schema")
    said, cut = limited(call, written(prompt, medium, draw, schema, subject.window))
    identity = call.tenant.ids.uuid()
    usage: Json = {"output_tokens": tokens.count(said), "input_tokens": subject.read(prompt)}
    finish: dict[str, Json] = {"finish_reason": "stop"}
    if cut:
        finish = {"finish_reason": "length", "error": {"message": TRUNCATED}}
    if call.body.get("stream") is False:
        return Answer(200, {"id": identity, "data": said, "usage": usage, **finish})
    return streamed(events(identity, said, finish, usage, draw.child("pieces")))
