"""Indexes: what their models and add-ons rule out, and what is counted when one is read."""

from collections.abc import Mapping, Sequence

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource


def create_index(call: Call) -> Answer:
    """Stores an index with its models; an add-on shows at the index and at its Marengo model."""
    models = [mapping(model) for model in elements(call.body.get("models"))]
    addons = list(texts(call.body.get("addons")))
    _check(models, addons)
    fields: dict[str, Json] = {
        "index_name": call.field("index_name"),
        "models": [_shown(model, addons) for model in models],
        "addons": addons,
        "expires_at": None,
    }
    index = prepared(call, call.edition.cast.kinds["indexes"], fields, None)
    call.collection("indexes").add(index)
    return Answer(201, {"_id": index.id})


def counted(call: Call, index: Resource) -> Mapping[str, Json]:
    """How many videos an index has and how long they are together.

    Kept until a video comes or goes, because every page of indexes asks for it.
    """
    videos = call.collection("videos")
    kept = mapping(index.hidden.get("counted"))
    revision = list(videos.revision)
    if kept and kept["revision"] == revision:
        return mapping(kept["fields"])
    members = videos.page(where={"parent": index.id})
    durations = (video.field("system_metadata.duration") for video in members.items)
    total = sum(each for each in durations if isinstance(each, int | float))
    fields = {"video_count": members.total, "total_duration": round(total, 3)}
    index.hidden["counted"] = {"revision": revision, "fields": fields}
    return fields


def family(model: str) -> str:
    """`marengo` or `pegasus`: the name of a model without its version."""
    return model.rstrip("0123456789.").lower()


def has_family(index: Resource, name: str) -> bool:
    """Whether a model of that family is on the index."""
    models = elements(index.fields.get("models"))
    return any(family(text(mapping(model).get("model_name"))) == name for model in models)


def _check(models: Sequence[Mapping[str, Json]], addons: Sequence[str]) -> None:
    families = [family(text(model.get("model_name"))) for model in models]
    if len(set(families)) < len(families):
        message = f"models names the family {families[0]!r} twice; one model of each is accepted"
        raise refuse("parameter_invalid", message)
    for model in models:
        options = texts(model.get("model_options"))
        if len(set(options)) < len(options):
            message = f"models.model_options is {list(options)!r}; each option may occur once"
            raise refuse("parameter_invalid", message)
    if "thumbnail" in addons and "marengo" not in families:
        message = "addons has 'thumbnail', which needs a Marengo model on the index"
        raise refuse("parameter_invalid", message)


def _shown(model: Mapping[str, Json], addons: list[str]) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "model_name": model.get("model_name"),
        "model_options": list(texts(model.get("model_options"))),
    }
    if addons and family(text(model.get("model_name"))) == "marengo":
        shown["addons"] = addons
    return shown
