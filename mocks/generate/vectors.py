"""One vector space per model, shared by text and media, without a model.

A vector is the weighted sum of its features' directions: the words, their stems and, faintly,
the whole. A direction comes from hashing the feature's name. So equal texts have equal vectors,
texts that share words are near, and a medium lies near the words of its title and URL.
"""

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import shake_128
from operator import mul

from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.words import name_words, telling_words

_MOST_WORDS = 400
_WORD, _STEM, _WHOLE, _PLACE = 10, 8, 3, 5
_SUFFIXES = ("ings", "ing", "ers", "er", "ies", "ed", "es", "ly", "s", "y", "e")

Feature = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of one model: `length` numbers each, of norm 1.

    >>> space = Space("a-model", 8)
    >>> space.text("Red fox") == space.text("red  fox")
    True
    """

    name: str
    length: int

    def text(self, text: str) -> list[float]:
        """The vector of a text."""
        found = telling_words(text)[:_MOST_WORDS]
        if not found:
            return self._vector([(f"raw {text}", 1)])
        return self._vector([*_features(found, _WORD), (f"whole {' '.join(found)}", _WHOLE)])

    def medium(self, medium: Medium) -> list[float]:
        """The vector of a whole medium, near the words of its title and URL."""
        return self._vector(_of_medium(medium))

    def segment(self, medium: Medium, *place: object) -> list[float]:
        """The vector of a part of a medium, a little away from the whole.

        `place` tells the parts apart: start, end, option.
        """
        features = _of_medium(medium)
        strength = math.isqrt(sum(weight * weight for _, weight in features))
        names = [(f"place {medium.identity} {place!r}", max(_PLACE, strength * 4 // 10))]
        return self._vector([*features, *names])

    def _vector(self, features: Sequence[Feature]) -> list[float]:
        """Sums directions as one long integer of 32-bit lanes: a few large additions are many
        times faster than `length` small ones in a loop."""
        mask = int.from_bytes(b"\xff\0\0\0" * self.length, "little")
        lanes, total = 0, 0
        for name, weight in features:
            content = f"{self.name}\0{name}".encode("utf-8", "surrogatepass")
            digest = shake_128(content).digest(4 * self.length)
            lanes += (int.from_bytes(digest, "little") & mask) * weight
            total += weight
        sums = struct.unpack(f"<{self.length}I", lanes.to_bytes(4 * self.length, "little"))
        middle = total * 127.5  # lanes hold 0..255: shift them around zero
        centred = [value - middle for value in sums]
        scale = math.sqrt(sum(map(mul, centred, centred)))
        if not scale:
            return [1.0] + [0.0] * (self.length - 1)
        return [value / scale for value in centred]


def similarity(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of two unit vectors, from -1 to 1."""
    cosine: float = sum(map(mul, one, other))
    return max(-1.0, min(1.0, cosine))


def _of_medium(medium: Medium) -> list[Feature]:
    told = tuple(dict.fromkeys((*name_words(medium.title), *name_words(medium.name))))
    beside = [word for word in medium.words if word not in told]
    features = [*_features(told, _WORD), *_features(beside, _WORD // 3)]
    # The identity tells media of one title apart, and stands alone for one without words.
    return [*features[: 2 * _MOST_WORDS], (f"medium {medium.identity}", _WHOLE)]


def _features(found: Iterable[str], weight: int) -> list[Feature]:
    features: list[Feature] = []
    for word in dict.fromkeys(found):
        features.append((f"word {word}", weight))
        features.append((f"stem {_stem(word)}", weight * _STEM // _WORD))
    return features


def _stem(word: str) -> str:
    """What remains without a common ending, so that "foxes" and "fox" meet."""
    for suffix in _SUFFIXES:
        if len(word) - len(suffix) >= 3 and word.endswith(suffix):
            stem = word[: -len(suffix)]
            return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem
    return word
