"""Features: what was found in an asset, read with everything that follows from their settings."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.mixpeek.extraction import Extraction, answer
from understudy.mocks.providers.mixpeek.filters import passes
from understudy.mocks.providers.mixpeek.models import Vector, model_of, of_text, shown
from understudy.mocks.providers.mixpeek.moments import zoned
from understudy.mocks.providers.mixpeek.ordering import selected, sorted_by
from understudy.mocks.providers.mixpeek.pages import following
from understudy.mocks.providers.mixpeek.scope import collections_of, member
from understudy.mocks.store import Resource


def read_feature(call: Call) -> Answer:
    """One feature, with its vectors when either flag asks for them."""
    feature = member(call, "features", call.path("feature_id"))
    fields = described(call, feature)
    if True in (call.query("include_vectors"), call.query("return_vectors")):
        fields["vectors"] = {
            name: shown(vector_of(call, feature, name)) for name in models(feature)
        }
    return Answer(200, fields)


def list_features(call: Call) -> Answer:
    """One page of the features of some collections."""
    found = matching(call, call.body.get("filters"))
    ordered = sorted_by(found, call.body.get("sort"))
    page, pagination = following(call, [feature for feature, _ in ordered])
    fields = {feature.id: shape for feature, shape in ordered}
    urls = call.body.get("return_urls") is True
    results: list[Json] = [
        selected({**fields[each.id], **(addresses(call, each) if urls else {})}, call.body)
        for each in page
    ]
    return Answer(200, {"results": results, "pagination": pagination})


def replace_feature(call: Call) -> Answer:
    """Gives a feature other metadata."""
    feature = member(call, "features", call.path("feature_id"))
    metadata = dict(mapping(call.body.get("metadata")))
    call.collection("features").change(feature, {"metadata": metadata}, at=call.now)
    return Answer(200, described(call, feature))


def delete_feature(call: Call) -> Answer:
    """Removes one feature; its asset stays."""
    feature = member(call, "features", call.path("feature_id"))
    call.collection("features").remove(feature)
    return Answer(200, {"message": f"Feature {feature.id} was deleted"})


def matching(call: Call, filters: Json) -> list[tuple[Resource, dict[str, Json]]]:
    """The features of the named collections that a filter lets through, the oldest first."""
    stored = call.collection("features").page(where={"parent": collections_of(call)}).items
    told = ((feature, described(call, feature)) for feature in stored)
    return [(feature, fields) for feature, fields in told if passes(fields, filters)]


def described(call: Call, feature: Resource) -> dict[str, Json]:
    """A feature's fields without vectors."""
    made: dict[str, Json] = {**feature.fields, "created_at": zoned(feature.created)}
    if feature.fields["modality"] == "text":
        output = _text_output(call, feature)
        return {**made, **({"json_output": dict(output)} if output else {})}
    return {**made, **_extraction(feature, call.seed).fields()}


def models(feature: Resource) -> tuple[str, ...]:
    """The names of a feature's vectors."""
    if feature.fields["modality"] == "text":
        wishes = elements(mapping(feature.hidden["settings"]).get("embed"))
        named = [model_of(mapping(wish)) for wish in wishes]
        return tuple(dict.fromkeys(name or "multimodal" for name in named))
    return _extraction(feature, 0).models()


def vector_of(call: Call, feature: Resource, model: str) -> Vector:
    """The vector of a feature under one of its names."""
    if feature.fields["modality"] == "text":
        return of_text(model, text(feature.fields["text"]))
    return _extraction(feature, call.seed).vector(model)


def addresses(call: Call, feature: Resource) -> dict[str, Json]:
    """Where the asset of a feature is; null for a text."""
    asset = call.collection("assets").get(text(feature.fields["asset_id"]))
    return {"url": asset.fields.get("url") if asset else None, "preview_url": None}


def medium_of(feature: Resource) -> Medium:
    """The medium that a feature was found in."""
    return known(feature.hidden)


def _extraction(feature: Resource, seed: int) -> Extraction:
    settings = mapping(feature.hidden["settings"])
    return Extraction(medium_of(feature), settings, _span(feature.fields), seed)


def _span(fields: Mapping[str, Json]) -> Span | None:
    start, end = fields.get("start_time"), fields.get("end_time")
    if isinstance(start, int | float) and isinstance(end, int | float):
        return float(start), float(end)
    return None


def _text_output(call: Call, feature: Resource) -> Mapping[str, Json]:
    asked = mapping(mapping(feature.hidden["settings"]).get("json_output"))
    shape, prompt = mapping(asked.get("response_shape")), text(asked.get("prompt"))
    if not shape and not prompt:
        return {}
    medium = medium_of(feature)
    return answer(shape, prompt, medium, Seeded(call.seed, "json", medium.identity))
