"""A text, paragraph by paragraph."""

import re
from dataclasses import dataclass
from functools import lru_cache

from understudy.mocks.providers.imentiv.scores import WORDS, Scores, added, drawn, mean

_BREAK = re.compile(r"\n\s*\n|\r\n\s*\r\n")


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of a text with what each says; at least one."""

    parts: tuple[tuple[str, Scores], ...]

    @property
    def mood(self) -> Scores:
        """The mean over the paragraphs."""
        return mean(added((scores for _, scores in self.parts), len(WORDS)), len(self.parts))


@lru_cache(maxsize=64)
def paragraphs_of(text: str, seed: int) -> Paragraphs:
    """The paragraphs, which empty lines part; without one, each line is a paragraph."""
    found = [part.strip() for part in _BREAK.split(text) if part.strip()]
    if len(found) == 1:
        found = [line.strip() for line in text.splitlines() if line.strip()] or found
    return Paragraphs(tuple((part, drawn(WORDS, seed, part)) for part in found))


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(text.split())
