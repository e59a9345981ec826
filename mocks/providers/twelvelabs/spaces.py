"""Which vector space a model has, and how long a text it takes."""

from collections.abc import Mapping

from understudy.mocks.generate.vectors import Space
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.engines import family
from understudy.mocks.store import Resource

EMBEDDING_MODELS: Mapping[str, str] = {
    "marengo2.6": "Marengo-retrieval-2.6",
    "marengo2.7": "Marengo-retrieval-2.7",
    "marengo3.0": "marengo3.0",
    "marengo3.5": "marengo3.5",
}
"""The model of an index, and the name under which it makes vectors."""

LENGTHS: Mapping[str, int] = {
    "Marengo-retrieval-2.6": 1024,
    "Marengo-retrieval-2.7": 1024,
    "marengo3.0": 512,
    "marengo3.5": 512,
}
TOKENS: Mapping[str, int] = {
    "Marengo-retrieval-2.6": 77,
    "Marengo-retrieval-2.7": 77,
    "marengo3.0": 500,
    "marengo3.5": 2000,
}


def space_of(model_name: str) -> Space:
    """The space of an embedding model; indexes and embeddings of one model share it."""
    return Space(model_name, LENGTHS[model_name])


def most_tokens(model_name: str) -> int:
    """How many tokens of a text the embedding model takes."""
    return TOKENS[model_name]


def marengo(index: Resource) -> tuple[str, tuple[str, ...]] | None:
    """The embedding model of an index and its options; None on an index without Marengo."""
    for model in elements(index.fields.get("models")):
        name = text(mapping(model).get("model_name"))
        if family(name) == "marengo":
            options = elements(mapping(model).get("model_options"))
            return EMBEDDING_MODELS[name], tuple(map(str, options))
    return None
