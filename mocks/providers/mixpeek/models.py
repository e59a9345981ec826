"""The models that make vectors: their names, lengths and spaces."""

from collections.abc import Mapping, Sequence
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.sparse import SparseSpace, overlap
from understudy.mocks.generate.vectors import Space, similarity
from understudy.mocks.kind import text

SHORT: Mapping[str, str] = {
    "image": "image",
    "openai-clip-vit-base-patch32": "image",
    "multimodal": "multimodal",
    "video": "multimodal",
    "vertex-multimodal": "multimodal",
    "google-vertex-multimodal-embeddings": "multimodal",
    "text": "text",
    "baai-bge-m3": "text",
    "keyword": "keyword",
    "naver-splade-v3": "keyword",
}
"""Every name of a model, and the name that its vectors have in answers."""

LENGTHS: Mapping[str, int | None] = {
    "image": 512,
    "multimodal": 1408,
    "text": 1024,
    "keyword": None,
}
"""Numbers in a vector (docs of 27 December 2024); None for a sparse one."""

TAKES: Mapping[str, tuple[str, ...]] = {
    "image": ("image", "text"),
    "multimodal": ("image", "video", "text"),
    "text": ("text",),
    "keyword": ("text",),
}
"""What a model makes vectors of."""

SPARSE = SparseSpace("mixpeek keyword", 30_522)

Vector = Sequence[float] | Mapping[int, float]


def model_of(said: Mapping[str, Json]) -> str:
    """The short name of the model that a wish names under any of three keys; empty without one."""
    for key in ("vector_index", "embedding_model", "model_id"):
        if name := text(said.get(key)):
            return SHORT[name]
    return ""


def of_text(model: str, value: str) -> Vector:
    """The vector of a text."""
    return SPARSE.text(value) if model == "keyword" else _space(model).text(value)


def of_medium(model: str, medium: Medium, *place: object) -> Vector:
    """The vector of a medium, or with `place` of a part of it."""
    if model == "keyword":
        return SPARSE.words(medium.words)
    space = _space(model)
    return space.segment(medium, *place) if place else space.medium(medium)


def near(one: Vector, other: Vector) -> float:
    """How similar two vectors of one model are, at most 1."""
    if isinstance(one, Mapping):
        return overlap(one, cast("Mapping[int, float]", other))
    return similarity(one, cast("Sequence[float]", other))


def shown(vector: Vector) -> Json:
    """A vector as an answer names it: a list, or indices and values."""
    if isinstance(vector, Mapping):
        return {"indices": list(vector), "values": list(vector.values())}
    return list(vector)


def _space(model: str) -> Space:
    return Space(f"mixpeek {model}", LENGTHS[model] or 1)
