"""Indexes: what their models and add-ons rule out, and what is counted when one is read."""

from collections.abc import Mapping, Sequence

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.engines import engine_of, family
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource


def create_index(call: Call) -> Answer:
    """Stores an index with its models; an add-on shows at the index and at its Marengo model."""
    models = [mapping(model) for model in elements(call.body.get("models"))]
    _check(models)
    engines = [engine_of(model) for model in models]
    return stored(call, models, engines)


def stored(
    call: Call, models: Sequence[Mapping[str, Json]], engines: Sequence[Mapping[str, Json]]
) -> Answer:
    """An index of models that fit each other, and of the engines that v1.2 calls them.

    Both are kept, because neither can change later and each says what the other cannot.
    """
    addons = list(texts(call.body.get("addons")))
    if "thumbnail" in addons and "marengo" not in map(_family_of, models):
        message = "addons has 'thumbnail', which needs a Marengo model on the index"
        raise refuse("parameter_invalid", message)
    fields: dict[str, Json] = {
        "index_name": call.field("index_name"),
        "models": [_with_addons(model, "model", addons) for model in models],
        "engines": [_with_addons(engine, "engine", addons) for engine in engines],
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


def has_family(index: Resource, name: str) -> bool:
    """Whether a model of that family is on the index."""
    models = elements(index.fields.get("models"))
    return any(_family_of(mapping(model)) == name for model in models)


def need_marengo(index: Resource) -> None:
    """Refuses an index of Pegasus alone, to which nothing can be added nowadays."""
    if not has_family(index, "marengo"):
        message = f"the index {index.id!r} has no Marengo model; nothing can be added to it"
        raise refuse("parameter_invalid", f"{message} any more")


def check_families(models: Sequence[Mapping[str, Json]], called: str) -> None:
    """Refuses two models of one family, under the name that the caller gave the list."""
    families = [_family_of(model) for model in models]
    if len(set(families)) < len(families):
        message = f"{called} names the family {families[0]!r} twice; one of each is accepted"
        raise refuse("parameter_invalid", message)


def _check(models: Sequence[Mapping[str, Json]]) -> None:
    check_families(models, "models")
    for model in models:
        options = texts(model.get("model_options"))
        if len(set(options)) < len(options):
            message = f"models.model_options is {list(options)!r}; each option may occur once"
            raise refuse("parameter_invalid", message)


def _family_of(model: Mapping[str, Json]) -> str:
    return family(text(model.get("model_name")))


def _with_addons(model: Mapping[str, Json], noun: str, addons: list[str]) -> dict[str, Json]:
    name, options = f"{noun}_name", f"{noun}_options"
    shown: dict[str, Json] = {name: model.get(name), options: list(texts(model.get(options)))}
    if addons and family(text(model.get(name))) == "marengo":
        shown["addons"] = addons
    return shown
