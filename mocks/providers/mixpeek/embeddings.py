"""Vectors without storing anything."""

from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.providers.mixpeek.errors import rule
from understudy.mocks.providers.mixpeek.models import TAKES, model_of, shown
from understudy.mocks.providers.mixpeek.scope import scope
from understudy.mocks.providers.mixpeek.search import vector_for

ELAPSED = 0.05
"""Seconds that a vector is said to have taken."""


def embed(call: Call) -> Answer:
    """The vector of a text, or of what is at an address or in base64."""
    scope(call)
    model, kind = model_of(call.body), call.field("type")
    if kind != "text" and TAKES[model] == ("text",):
        message = f"type is {kind!r}, but the model {model!r} makes vectors of texts only"
        raise rule(message)
    made = shown(vector_for(model, kind, call.field("value")))
    embedding = made if isinstance(made, dict) else {"vector": made}
    return Answer(200, {"embedding": embedding, "elapsed_time": ELAPSED})
