"""What v1.2 calls an engine is a model to v1.3: names are shared, options are not.

That `visual` took in the texts and logos of v1.2, and `audio` its conversation, is told by the
vendor's migration guide; so an account of one version reads sensibly through the other.
"""

from collections.abc import Mapping, Sequence

from understudy.contracts.json import Json
from understudy.mocks.kind import text, texts

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "marengo": ("visual", "conversation", "text_in_video", "logo"),
    "pegasus": ("visual", "conversation"),
}
"""The options of each family's engines."""

MODEL_OPTION: Mapping[str, str] = {
    "visual": "visual",
    "text_in_video": "visual",
    "logo": "visual",
    "conversation": "audio",
}
"""The option of a model that an engine's option became."""


def family(model: str) -> str:
    """`marengo` or `pegasus`: the name of a model without its version."""
    return model.rstrip("0123456789.").lower()


def model_options(options: Sequence[str]) -> tuple[str, ...]:
    """The options of a model that an engine's options stand for, each once."""
    return tuple(dict.fromkeys(MODEL_OPTION[option] for option in options))


def engine_of(model: Mapping[str, Json]) -> dict[str, Json]:
    """The engine that v1.2 shows for a model of v1.3."""
    name = text(model.get("model_name"))
    present = texts(model.get("model_options"))
    options = [each for each in ALLOWED[family(name)] if MODEL_OPTION[each] in present]
    return {"engine_name": name, "engine_options": list(options)}


def model_of(engine: Mapping[str, Json]) -> dict[str, Json]:
    """The model that v1.3 shows for an engine of v1.2."""
    options = model_options(texts(engine.get("engine_options")))
    return {"model_name": engine.get("engine_name"), "model_options": list(options)}
