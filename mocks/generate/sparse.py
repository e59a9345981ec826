"""Sparse vectors of texts: a weight for each word, at an index that follows from the word."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from understudy.mocks.generate.words import telling_words

_MOST_WORDS = 400


@dataclass(frozen=True, slots=True)
class SparseSpace:
    """The sparse vectors of one model: indices below `size`, weights of norm 1.

    >>> space = SparseSpace("a-model", 1000)
    >>> space.text("fox and fox") == space.text("fox")
    True
    """

    name: str
    size: int

    def text(self, text: str) -> dict[int, float]:
        """The weights of a text by index, in the order of indices."""
        return self.words(telling_words(text)[:_MOST_WORDS])

    def words(self, words: Iterable[str]) -> dict[int, float]:
        """The weights of words; a word that comes often weighs more, but not much."""
        counts = Counter(self._index(word) for word in words)
        if not counts:
            counts = Counter({self._index(""): 1})
        weights = {index: 1.0 + math.log(count) for index, count in sorted(counts.items())}
        scale = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {index: weight / scale for index, weight in weights.items()}

    def _index(self, word: str) -> int:
        content = f"{self.name}\0{word}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(content, digest_size=8).digest()) % self.size


def overlap(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """The cosine of two sparse vectors of norm 1, from 0 to 1."""
    return min(1.0, sum(weight * other.get(index, 0.0) for index, weight in one.items()))
