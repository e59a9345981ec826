"""One vector as embed v2 shows it, and what a caller may wish of all of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate.timeline import Span
from understudy.mocks.generate.vectors import Space
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.spaces import space_of

LATEST = "marengo3.5"
"""The model that takes media of all kinds together, and grants wishes."""

_UNSURE = 0.1  # how unsure a number of no size is


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a request asks of all its vectors: their model, their length, and how sure they are."""

    model: str
    dimension: int | None = None
    uncertainty: bool = False

    @classmethod
    def of(cls, call: Call) -> "Wishes":
        """The wishes of a request; refused where its model does not grant them."""
        model = call.field("model_name")
        dimension = call.body.get("embedding_dimension")
        uncertainty = call.body.get("embedding_uncertainty") is True
        asked = {
            "auto_truncate": call.body.get("auto_truncate") is True,
            "embedding_uncertainty": uncertainty,
            "embedding_dimension": dimension is not None,
        }
        for name, wanted in asked.items():
            if wanted and model != LATEST:
                message = f"{name} needs the model {LATEST}, but model_name is {model!r}"
                raise refuse("parameter_invalid", message)
        length = int(dimension) if isinstance(dimension, int | float) else None
        return cls(model, length, uncertainty)

    @property
    def latest(self) -> bool:
        """Whether the model is the one that tells of tokens and of the vectors' length."""
        return self.model == LATEST

    @property
    def space(self) -> Space:
        """The space of the model."""
        return space_of(self.model)

    @property
    def length(self) -> int:
        """How many numbers each vector will have."""
        return self.dimension or self.space.length

    def piece(
        self,
        vector: Sequence[float],
        option: str | None = None,
        scope: str | None = None,
        span: Span | None = None,
    ) -> dict[str, Json]:
        """A vector with what it tells of. A shorter one is the head of the whole, as it is:
        the vendor promises the first values, and says nothing of scaling them anew."""
        head: list[Json] = list(vector[: self.length])
        shown: dict[str, Json] = {"embedding": head}
        if self.uncertainty:
            shown["embedding_uncertainty"] = unsure(vector)[: self.length]
        shown["embedding_option"] = option
        shown["embedding_scope"] = scope
        shown["start_sec"], shown["end_sec"] = span or (None, None)
        return shown


def unsure(vector: Sequence[float]) -> list[Json]:
    """How unsure each number of a vector is: the less, the larger the number."""
    scale = math.sqrt(len(vector))
    return [_UNSURE * max(0.0, 1.0 - abs(value) * scale / 4) for value in vector]


def blended(vectors: Sequence[Sequence[float]]) -> list[float]:
    """The one vector, of norm 1, that lies between several."""
    sums = [sum(values) for values in zip(*vectors, strict=True)]
    norm = math.sqrt(sum(value * value for value in sums))
    return [value / norm for value in sums] if norm else list(vectors[0])
