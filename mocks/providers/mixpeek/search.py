"""Search by meaning: one query ranks by similarity, several are fused by reciprocal rank."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from understudy.contracts.exchange import Part
from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import medium_of_part, medium_of_url
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.mixpeek.errors import rule
from understudy.mocks.providers.mixpeek.features import addresses, matching, models, vector_of
from understudy.mocks.providers.mixpeek.filters import passes
from understudy.mocks.providers.mixpeek.models import Vector, model_of, near, of_medium, of_text
from understudy.mocks.providers.mixpeek.ordering import Told, grouped, selected, sorted_by
from understudy.mocks.providers.mixpeek.pages import placed

K = 60
"""The constant of reciprocal rank fusion (docs of January 2025)."""

_MOST_FEATURES = 10


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to look for: a point in the space of a model, and what narrows it."""

    model: str
    vector: Vector
    filters: Json
    limit: int | None
    least: float
    modality: str
    weight: float


def search_features(call: Call) -> Answer:
    """One page of what the queries find, the best first."""
    queries = [_query(call, mapping(each)) for each in elements(call.body.get("queries"))]
    found = matching(call, call.body.get("filters"))
    scores = _scores(call, queries, found)
    hits = [
        (feature, {**fields, "score": scores[feature.id]})
        for feature, fields in found
        if feature.id in scores
    ]
    hits.sort(key=lambda hit: -scores[hit[0].id])
    if call.body.get("return_url") is True:
        hits = [(feature, {**fields, **addresses(call, feature)}) for feature, fields in hits]
    results, pagination = _paged(call, sorted_by(hits, call.body.get("sort")), scores)
    return Answer(200, {"results": results, "pagination": pagination})


def vector_for(model: str, kind: str, value: str) -> Vector:
    """The vector of a text, of what is at an address, or of a file in base64."""
    if kind == "text":
        return of_text(model, value)
    if kind == "base64":
        return of_medium(model, medium_of_part(Part("value", _decoded(value))))
    return of_medium(model, medium_of_url(value))


def _query(call: Call, said: Mapping[str, Json]) -> Query:
    model = model_of(said)
    settings = mapping(said.get("settings"))
    limit, least = settings.get("limit"), settings.get("min_score")
    return Query(
        model=model,
        vector=vector_for(model, text(said.get("type")), text(said.get("value"))),
        filters=said.get("filters"),
        limit=limit if isinstance(limit, int) else None,
        least=float(least) if isinstance(least, int | float) else -1.0,
        modality=text(settings.get("modality")),
        weight=_weight(call, said),
    )


def _weight(call: Call, said: Mapping[str, Json]) -> float:
    """What a query counts, by either name of its model; one unless reranking is on."""
    options = mapping(call.body.get("reranking_options"))
    if options.get("enable_reranking") is not True:
        return 1.0
    weights = mapping(options.get("weights"))
    names = (text(said.get("vector_index")), text(said.get("embedding_model")), model_of(said))
    found = next((weights[name] for name in names if name in weights), 1.0)
    return float(found) if isinstance(found, int | float) else 1.0


def _scores(call: Call, queries: list[Query], found: list[Told]) -> dict[str, float]:
    """The score of each feature that any query found."""
    rankings = [_ranking(call, query, found) for query in queries]
    if len(rankings) == 1:
        return {identity: round(score, 6) for score, identity in rankings[0]}
    fused: defaultdict[str, float] = defaultdict(float)
    for query, ranking in zip(queries, rankings, strict=True):
        for rank, (_, identity) in enumerate(ranking, 1):
            fused[identity] += query.weight / (K + rank)
    return {identity: round(score, 9) for identity, score in fused.items()}


def _ranking(call: Call, query: Query, found: list[Told]) -> list[tuple[float, str]]:
    """Similarity and id of the features that have a vector of the model, the nearest first."""
    ranked: list[tuple[float, int, str]] = []
    for place, (feature, fields) in enumerate(found):
        if query.model not in models(feature) or not passes(fields, query.filters):
            continue
        if query.modality and fields["modality"] != query.modality:
            continue
        score = near(query.vector, vector_of(call, feature, query.model))
        if score >= query.least:
            ranked.append((-score, place, feature.id))
    ranked.sort()
    return [(-score, identity) for score, _, identity in ranked[: query.limit]]


def _paged(call: Call, hits: list[Told], scores: Mapping[str, float]) -> tuple[list[Json], Json]:
    if call.body.get("group_by") is None:
        page, pagination = placed(call, hits)
        return [selected(fields, call.body) for _, fields in page], pagination
    group_by = mapping(call.body["group_by"])
    most = group_by.get("max_features")
    limit = most if isinstance(most, int) else _MOST_FEATURES
    groups, pagination = placed(call, grouped(hits, text(group_by.get("field")) or "asset_id"))
    results: list[Json] = []
    for value, members in groups:
        inside = sorted_by(members, group_by.get("sort"))[:limit]
        features: list[Json] = [selected(fields, call.body) for _, fields in inside]
        best = max(scores[feature.id] for feature, _ in members)
        group: dict[str, Json] = {"group": value, "count": len(members), "score": best}
        results.append({**group, "features": features})
    return results, pagination


def _decoded(value: str) -> bytes:
    """The bytes of base64, also within a `data:` address; refused when it is none."""
    content = value.partition(",")[2] if value.startswith("data:") else value
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        message = f"value {value[:40]!r} is no base64, which the type base64 asks for"
        raise rule(message) from None
