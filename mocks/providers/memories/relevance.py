"""How near a video or an image is to some words: in one space, from 0 to 1."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.vectors import Space, similarity
from understudy.mocks.generate.words import telling_words

SPACE = Space("memories", 256)
LEVELS = {"low": 0.15, "medium": 0.225, "high": 0.4}
"""The least score that each filtering level lets through (the vendor's later document)."""

_UNRELATED = 0.06  # the score of what has nothing in common with the words
_NAMED = 0.5  # how much of what is missing to certainty the words of a name make up for


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, as a point of the space."""

    asked: str
    words: frozenset[str]
    vector: Sequence[float]

    @classmethod
    def of(cls, asked: str) -> "Question":
        """The question of a text."""
        return cls(asked, frozenset(telling_words(asked)), SPACE.text(asked))

    def score(self, medium: Medium) -> float:
        """How near the medium is; nearer when the words of its name are among those asked for."""
        near = max(0.0, similarity(self.vector, SPACE.medium(medium)))
        named = len(self.words & set(medium.words)) / max(1, len(self.words))
        return _UNRELATED + (1 - _UNRELATED) * (near + _NAMED * named * (1 - near)) * 0.95
