"""What a request is about: the resource that a parameter names, and how it is to be written of."""

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate import tokens
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.prompt import SchemaError, checked
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.indexes import has_family
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import OBJECT_ID
from understudy.mocks.store import Resource

MOST_TOKENS = 2000
"""How long a prompt may be."""


def named(call: Call, kind: str, parameter: str, identity: str) -> Resource:
    """The stored resource of that id; refused otherwise, in words that name the parameter."""
    if not OBJECT_ID.fullmatch(identity):
        shown = repr(identity[:80])
        message = f"{parameter} {shown} is no id: expected 24 hexadecimal digits"
        raise Refusal(Reason.MALFORMED, message)
    resource = call.collection(kind).get(identity)
    if resource is None:
        message = f"there is nothing with the {parameter} {identity!r} in {kind}"
        raise Refusal(Reason.UNKNOWN, f"{message}{_yet(call, kind, identity)}")
    return resource


def _yet(call: Call, kind: str, identity: str) -> str:
    """The end of a sentence about a video that is not there: what was to become it."""
    if kind != "videos":
        return ""
    task = call.collection("tasks").first({"video_id": identity})
    maker = task or call.collection("indexed-assets").get(identity)
    status = text(maker.fields.get("status")) if maker else "ready"
    noun = "task" if task else "indexed asset"
    if maker is None or status == "ready":
        return ""
    if status == "failed":
        return f": its {noun} {maker.id} failed"
    return f" yet: its {noun} {maker.id} is {status}, wait until it is ready"


def described_video(call: Call) -> Medium:
    """The video that text is to be written about; its index must have a Pegasus model."""
    video = named(call, "videos", "video_id", call.field("video_id"))
    index = call.collection("indexes").get(video.parent or "")
    if index is None or not has_family(index, "pegasus"):
        message = f"the index of the video_id {video.id!r} has no Pegasus model, which writes texts"
        raise refuse("index_not_supported_for_generate", message)
    return known(video.hidden)


def prompted(call: Call) -> str:
    """The prompt, refused when it is too long; empty when none came."""
    prompt = call.field("prompt")
    if tokens.count(prompt, MOST_TOKENS) > MOST_TOKENS:
        message = f"prompt has more than {MOST_TOKENS} tokens, the most accepted"
        raise refuse("token_limit_exceeded", message)
    return prompt


def asked_schema(call: Call) -> Json:
    """The JSON Schema that the answer is to have; None without one, refused when it is unfit."""
    schema = mapping(call.body.get("response_format")).get("json_schema")
    if schema is None:
        return None
    try:
        return checked(schema)
    except SchemaError as error:
        message = f"response_format.json_schema cannot be used: {error}"
        raise refuse("parameter_invalid", message) from None


def unfit(error: SchemaError) -> Refusal:
    """The refusal of a schema for which no answer can be made."""
    return refuse("parameter_invalid", f"response_format.json_schema cannot be used: {error}")


def limited(call: Call, text: str) -> tuple[str, bool]:
    """The text within `max_tokens`, and whether it was cut."""
    most = call.body.get("max_tokens")
    if isinstance(most, bool) or not isinstance(most, int | float):
        return text, False
    cut = tokens.head(text, int(most))
    return cut, len(cut) < len(text)


def drawn(call: Call, medium: Medium, *names: object) -> Seeded:
    """The draw for a text: the same for the same seed, operation's subject and medium."""
    return Seeded(call.seed, "text", medium.identity, *names)


def made_by_fern(call: Call) -> bool:
    """Whether the client is one of the generated SDKs that look for the newer fields.

    Others decode strictly, and fail on every field that their document does not have.
    """
    headers = call.request.headers
    return headers.get("x-fern-language") is not None or headers.get("x-fern-sdk-name") is not None
